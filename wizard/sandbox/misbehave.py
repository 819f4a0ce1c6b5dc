"""Servers that are no gateway, or a broken one: what a base URL can really point at."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from wizard.sandbox.http_messages import Answer, RawConnection, RawReply, Reply, Request, json_answer, text_answer
from wizard.sandbox.server import LoopbackServer

if TYPE_CHECKING:
    import ssl

Behaviour = Callable[[Request], Reply]

# Escape sequences that move the cursor and set the title, a bell, a C1 control, and a right-to-left override.
HOSTILE_TEXT: Final = "\x1b[2J\x1b]0;owned\x07\x9b31mred\r\x08\u202egnp.exe\u2066\u200b<script>alert(1)</script>"
_HTML: Final = "text/html; charset=utf-8"


class MisbehavingHost(LoopbackServer):
    """A host that answers every request by one behaviour; a context manager.

    Args:
        behaviour: One of this module's functions, called, or any function from a request to a reply.
        port: As for `LoopbackServer`.
        tls: As for `LoopbackServer`.
    """

    def __init__(self, behaviour: Behaviour, *, port: int = 0, tls: "ssl.SSLContext | None" = None) -> None:
        super().__init__(port=port, tls=tls)
        self.behaviour = behaviour

    def respond(self, request: Request) -> Reply:
        """Behaves."""
        return self.behaviour(request)


def dashboard_page() -> Behaviour:
    """A single-page application's shell with status 200 on every path, as a dashboard's host serves it."""
    page = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Portkey</title></head>'
        '<body><div id="root"></div><script src="/static/js/main.js"></script></body></html>'
    )
    return lambda _: text_answer(200, page, _HTML)


def captive_portal(status: int = 200) -> Behaviour:
    """The sign-in page of a guest network, or with status 403 a company's block page."""
    page = "<html><head><title>Sign in to the network</title></head><body><form action='/login'></form></body></html>"
    return lambda _: text_answer(status, page, _HTML)


def redirect(to: str, status: int = 302) -> Behaviour:
    """Sends every request elsewhere; the path and query are appended."""

    def behave(request: Request) -> Reply:
        return Answer(status, b"", (("location", to + request.target),))

    return behave


def silent(seconds: float = 600.0) -> Behaviour:
    """Takes the request and never answers, until the client leaves."""
    return lambda _: RawReply(lambda connection: connection.wait_for_end(seconds))


def closes() -> Behaviour:
    """Ends the connection without an answer."""
    return lambda _: RawReply(lambda _connection: None)


def resets() -> Behaviour:
    """Resets the connection without an answer."""
    return lambda _: RawReply(RawConnection.reset)


def not_http() -> Behaviour:
    """Answers in another protocol."""
    return lambda _: RawReply(lambda connection: connection.send(b"SSH-2.0-OpenSSH_9.6\r\n"))


def endless_body(megabytes: int = 100, content_type: str = "application/json") -> Behaviour:
    """Sends far more than anyone wants, as one JSON string."""

    def pieces() -> Iterator[bytes]:
        yield b'{"message":"'
        block = b"a" * (1 << 20)
        for _ in range(megabytes):
            yield block
        yield b'"}'

    return lambda _: Answer(200, pieces(), (("content-type", content_type),))


def hostile_text(status: int = 400) -> Behaviour:
    """Control characters, escape sequences and direction marks in a body and a header."""
    body = {"status": "failure", "message": HOSTILE_TEXT, "error": {"message": HOSTILE_TEXT, "code": "03"}}
    # A header's bytes are Latin-1 to most readers; a line break cannot be sent at all.
    header = HOSTILE_TEXT.replace("\r", "").encode().decode("latin-1")
    headers = (
        ("x-portkey-trace-id", header),
        ("x-portkey-provider", header),
        ("x-portkey-last-used-option-index", "config"),
    )
    return lambda _: json_answer(status, body, headers)


def wrong_content_type(content_type: str = "text/plain") -> Behaviour:
    """A well-formed model list under another type."""
    return lambda _: Answer(200, b'{"object":"list","data":[]}', (("content-type", content_type),))


def invalid_json(status: int = 200) -> Behaviour:
    """Breaks off in the middle of its JSON, and calls it JSON."""
    return lambda _: Answer(status, b'{"object":"list","data":[{"id":"@a', (("content-type", "application/json"),))


def plain_404() -> Behaviour:
    """A web server that has no such page."""
    page = (
        "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
        "<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n"
    )
    return lambda _: text_answer(404, page, "text/html").adding((("server", "nginx/1.24.0"),))


def bad_gateway(status: int = 502) -> Behaviour:
    """A load balancer whose backend is away."""
    page = f"<html><head><title>{status} Bad Gateway</title></head><body><center>cloudflare</center></body></html>"
    return lambda _: text_answer(status, page, "text/html").adding((("server", "cloudflare"),))


def empty(status: int = 204) -> Behaviour:
    """No body; with status 401 as some gateways answered in 2024."""
    return lambda _: Answer(status)


def drip(seconds_per_byte: float = 0.2, total: int = 10_000) -> Behaviour:
    """Announces a body and sends it byte by byte."""

    def write(connection: RawConnection) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {total}\r\n\r\n"
        connection.send(head.encode())
        for _ in range(total):
            connection.send(b" ")
            started = time.monotonic()
            connection.wait_for_end(seconds_per_byte)
            if connection.stopping.is_set() or time.monotonic() - started < seconds_per_byte:
                return

    return lambda _: RawReply(write)


def other_gateway(key: str, models: tuple[str, ...] = ("gpt-4o",)) -> Behaviour:
    """An OpenAI-compatible gateway that is not Portkey: it reads `Authorization: Bearer` only."""

    def behave(request: Request) -> Reply:
        if request.header("authorization") != f"Bearer {key}":
            message = "Authentication Error, Invalid proxy server token passed."
            error = {"message": message, "type": "auth_error", "param": "None", "code": "401"}
            return json_answer(401, {"error": error})
        if request.path.endswith("/models"):
            data = [{"id": model, "object": "model", "created": 0, "owned_by": "openai"} for model in models]
            return json_answer(200, {"object": "list", "data": data})
        if request.path.endswith("/chat/completions"):
            return json_answer(200, _completion(request.json))
        return json_answer(404, {"detail": "Not Found"})

    return behave


def _completion(body: Any) -> dict[str, Any]:
    model = body.get("model", "") if isinstance(body, dict) else ""
    message = {"role": "assistant", "content": "Hello from another gateway."}
    return {
        "id": "chatcmpl-other",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 5, "total_tokens": 6},
    }
