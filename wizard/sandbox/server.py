"""A small HTTP/1.1 server on 127.0.0.1: the ground that every stand-in of this package stands on.

One thread a connection, keep-alive, chunked streaming, TCP_NODELAY. Every request is recorded before it is
answered. Stopping a server ends its connections and joins its threads, so that nothing outlives a test.
"""

import contextlib
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Self

from wizard.sandbox.http_messages import Answer, CutConnectionError, RawConnection, RawReply, Reply, Request, parse_json

if TYPE_CHECKING:
    import ssl

LOOPBACK = "127.0.0.1"
HEADER_LIMIT = 16 * 1024  # bytes of all headers together; Node's default, above it the answer is 431
_BODY_KEPT = 64 * 1024 * 1024  # bytes; what lies beyond is read and dropped, only its size is known
_WAKE = 0.5  # seconds until a server notices that it is to stop, where nothing wakes it
_JOIN_LIMIT = 5.0  # seconds a connection's thread has to end after its socket was shut


class LoopbackServer(ABC):
    """A server on 127.0.0.1 that answers each request by `respond`; a context manager.

    Args:
        port: The port to listen on; 0 takes a free one. A restart keeps the port.
        tls: Speak TLS with this context.
        record: Keep every request in `requests`.

    Attributes:
        stopping: Set while the server stops; what waits, waits on it.
        on_answer: Where set, called after each answer with the request and the status (0 for a raw reply).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tls: "ssl.SSLContext | None" = None,
        record: bool = True,
    ) -> None:
        self.port = port
        self.stopping = threading.Event()
        self._tls = tls
        self._record = record
        self.on_answer: Callable[[Request, int], None] | None = None
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    def respond(self, request: Request) -> Reply:
        """Answers one request; called from the connection's own thread."""

    @property
    def url(self) -> str:
        """The origin, without a trailing slash; known once started."""
        return f"{'https' if self._tls else 'http'}://{LOOPBACK}:{self.port}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far, oldest first."""
        with self._lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empties `requests`."""
        with self._lock:
            self._requests.clear()

    def start(self) -> Self:
        """Binds the port and serves in the background.

        Raises:
            OSError: The port is taken or not allowed.
        """
        self.stopping.clear()
        self._server = _Server(self, self._tls)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_until_stopped,
            name=f"{type(self).__name__}:{self.port}",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends every connection and thread of this server; does nothing when it is not running.

        Raises:
            RuntimeError: A connection's thread did not end within 5 s.
        """
        server, self._server = self._server, None
        thread, self._thread = self._thread, None
        if server is None or thread is None:
            return
        self.stopping.set()
        with contextlib.suppress(OSError):
            # A connection wakes the accepting thread at once.
            socket.create_connection((LOOPBACK, self.port), _WAKE).close()
        thread.join()
        server.server_close()
        server.end_connections()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def handle(self, request: Request) -> Reply:
        """Records the request and answers it."""
        if self._record:
            with self._lock:
                self._requests.append(request)
        return self.respond(request)

    def answered(self, request: Request, status: int) -> None:
        """Tells the observer, if there is one."""
        if self.on_answer is not None:
            self.on_answer(request, status)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    timeout = _WAKE

    def __init__(self, owner: LoopbackServer, tls: "ssl.SSLContext | None") -> None:
        self.owner = owner
        self._tls = tls
        self._open: dict[threading.Thread, socket.socket] = {}
        self._open_lock = threading.Lock()
        super().__init__((LOOPBACK, owner.port), _Handler)

    def server_bind(self) -> None:
        # The parent looks the host's name up, which can hang for seconds where DNS is broken.
        TCPServer.server_bind(self)

    def serve_until_stopped(self) -> None:
        while not self.owner.stopping.is_set():
            self.handle_request()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self._tls is not None:
            # The handshake belongs to the connection's thread: one silent client must not stop the rest.
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self._serve_connection,
            args=(request, client_address),
            name=f"{type(self.owner).__name__}:{self.owner.port}:connection",
            daemon=True,
        )
        with self._open_lock:
            self._open[thread] = request
        thread.start()

    def _serve_connection(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                self._open.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that leaves early, or does not trust the certificate, is no fault of the server.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        with self._open_lock:
            remaining = dict(self._open)
        for connection in remaining.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in remaining:
            thread.join(_JOIN_LIMIT)
            if thread.is_alive():
                raise RuntimeError(f"{thread.name} did not end within {_JOIN_LIMIT:.0f} s")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        handshake = getattr(self.request, "do_handshake", None)
        if handshake is not None:
            self.request.settimeout(_JOIN_LIMIT)
            handshake()
            self.request.settimeout(None)
        super().setup()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing: the owner records requests, and a terminal is not a log."""

    def _serve(self) -> None:
        request = self._read_request()
        reply = self.server.owner.handle(request)
        if isinstance(reply, RawReply):
            self._send_raw(reply)
            self.server.owner.answered(request, 0)
        else:
            self._send(reply)
            self.server.owner.answered(request, reply.status)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The parent looks for a method named after the verb; every verb is served alike.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _read_request(self) -> Request:
        if "chunked" in (self.headers.get("transfer-encoding") or "").lower():
            body, size = self._read_chunked()
        else:
            length = self.headers.get("content-length") or "0"
            body, size = self._read_pieces(int(length) if length.isdecimal() else 0)
        return Request(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=body,
            body_size=size,
            json=parse_json(body),
            received_at=time.time(),
        )

    def _read_pieces(self, length: int) -> tuple[bytes, int]:
        pieces: list[bytes] = []
        left = length
        while left > 0:
            piece = self.rfile.read(min(left, 1 << 20))
            if not piece:
                raise ConnectionAbortedError("the client left within its body")
            left -= len(piece)
            if length <= _BODY_KEPT:
                pieces.append(piece)
        return b"".join(pieces), length

    def _read_chunked(self) -> tuple[bytes, int]:
        pieces: list[bytes] = []
        size = 0
        while length := self._chunk_length():
            piece, _ = self._read_pieces(length)
            self.rfile.readline(8)
            size += length
            if size <= _BODY_KEPT:
                pieces.append(piece)
        while self.rfile.readline(65536).strip():
            pass
        return (b"".join(pieces) if size <= _BODY_KEPT else b""), size

    def _chunk_length(self) -> int:
        try:
            return int(self.rfile.readline(1024).partition(b";")[0], 16)
        except ValueError as error:
            raise ConnectionAbortedError("the client broke off its chunked body") from error

    def _send_raw(self, reply: RawReply) -> None:
        self.close_connection = True
        self.wfile.flush()
        reply.write(RawConnection(self.connection, self.server.owner.stopping))

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("date", self.date_time_string())
        for name, value in answer.headers:
            self.send_header(name, value)
        if isinstance(answer.body, bytes):
            if answer.status not in {204, 304}:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.wfile.flush()
        else:
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            self._send_chunks(answer.body)

    def _send_chunks(self, body: Iterator[bytes]) -> None:
        try:
            self.wfile.flush()
            for piece in body:
                if piece and self.command != "HEAD":
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    self.wfile.flush()
        except CutConnectionError:
            self.close_connection = True
            return
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        if self.command != "HEAD":
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()
