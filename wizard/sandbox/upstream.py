"""Plain HTTP requests to servers on this machine: the fake vendor, or a gateway in front of it."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from wizard.sandbox.http_messages import CutConnectionError, Headers

_LOCAL = ("127.0.0.1", "localhost", "::1")
DEFAULT_TIMEOUT = 60.0  # seconds for the first byte, and between bytes
_PIECE = 64 * 1024


class NotOnThisMachineError(Exception):
    """The host is not a loopback one, so it is not asked."""


@dataclass(slots=True)
class UpstreamReply:
    """An answer whose body is still to be read."""

    status: int
    headers: Headers
    _connection: http.client.HTTPConnection
    _response: http.client.HTTPResponse

    def header(self, name: str) -> str:
        """The first value of a header, any case, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def read(self) -> bytes:
        """The whole body.

        Raises:
            OSError: The connection broke.
            http.client.HTTPException: The body was cut.
        """
        try:
            return self._response.read()
        finally:
            self.close()

    def pieces(self) -> Iterator[bytes]:
        """The body as it comes.

        Raises:
            CutConnectionError: The connection broke, or the body was cut.
        """
        try:
            while piece := self._response.read1(_PIECE):
                yield piece
        except (OSError, http.client.HTTPException) as error:
            raise CutConnectionError from error
        finally:
            self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._response.close()
        self._connection.close()

    def __del__(self) -> None:
        # A stream whose reader leaves before the first piece has run no `finally` yet.
        self.close()


def send(method: str, url: str, headers: Headers, body: bytes, timeout: float = DEFAULT_TIMEOUT) -> UpstreamReply:
    """Sends a request and waits for the head of its answer.

    Args:
        method: The HTTP method.
        url: On a loopback host, plain http.
        headers: To send; host and length are added.
        body: May be empty.
        timeout: Seconds.

    Raises:
        NotOnThisMachineError: The URL's host is not a loopback one.
        TimeoutError: No answer in time.
        OSError: No connection, or it broke.
        http.client.HTTPException: The answer is not HTTP.
    """
    parts = urlsplit(url)
    if parts.hostname not in _LOCAL or parts.scheme != "http":
        raise NotOnThisMachineError(parts.hostname or url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.putrequest(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), skip_accept_encoding=True
        )
        for name, value in headers:
            connection.putheader(name, value)
        if body or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
    except BaseException:
        connection.close()
        raise
    return UpstreamReply(response.status, tuple(response.getheaders()), connection, response)
