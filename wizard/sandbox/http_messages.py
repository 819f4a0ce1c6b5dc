"""Requests, answers and raw replies: what the servers of this package take in and give out."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_LOOK_UP = 0.05  # seconds; how soon a waiting reply notices that its server stops

Headers = tuple[tuple[str, str], ...]


class CutConnectionError(Exception):
    """Raised inside a streamed body to break the connection off without ending the body."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in.

    Attributes:
        method: As sent.
        target: Path and query as sent.
        headers: All of them, in order, names as sent.
        body: Decoded from chunked transfer; empty when longer than 64 MB.
        body_size: Bytes of the body, kept or not.
        json: The body as JSON, or None where it is none.
        received_at: Unix time in seconds.
    """

    method: str
    target: str
    headers: Headers
    body: bytes
    body_size: int
    json: Any
    received_at: float

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's values by name; of a repeated name the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def header(self, name: str) -> str | None:
        """The values of a header joined by a comma, or None where it was not sent; any case matches."""
        wanted = name.lower()
        values = [value for key, value in self.headers if key.lower() == wanted]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: a whole body, or an iterator of pieces that are sent as they come."""

    status: int
    body: bytes | Iterator[bytes] = b""
    headers: Headers = ()

    def adding(self, headers: Iterable[tuple[str, str]]) -> "Answer":
        """The same answer with more headers behind its own."""
        return replace(self, headers=(*self.headers, *headers))

    def header(self, name: str) -> str | None:
        """The first value of a header, any case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class RawReply:
    """A reply written byte by byte onto the connection, for what no well-behaved server sends."""

    write: Callable[["RawConnection"], None]


Reply = Answer | RawReply


@dataclass(frozen=True, slots=True)
class RawConnection:
    """The socket of one request, for a `RawReply`; it is closed when the reply returns."""

    socket: socket.socket
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        """Sends all of the bytes."""
        self.socket.sendall(data)

    def reset(self) -> None:
        """Ends the connection at once by a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Closing this object would wait for the files made of it; a detached descriptor closes now.
        socket.socket(fileno=self.socket.detach()).close()

    def wait_for_end(self, seconds: float) -> None:
        """Waits until the peer leaves, the server stops, or the seconds are over."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.stopping.is_set():
            self.socket.settimeout(min(left, _LOOK_UP))
            try:
                if not self.socket.recv(4096):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def json_answer(status: int, body: Any, headers: Headers = ()) -> Answer:
    """An answer with a JSON body."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, text.encode(), (("content-type", "application/json"), *headers))


def text_answer(status: int, text: str, content_type: str = "text/plain; charset=UTF-8") -> Answer:
    """An answer with a text body."""
    return Answer(status, text.encode(), (("content-type", content_type),))


def parse_json(body: bytes) -> Any:
    """The body as JSON, or None where it is none."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None
