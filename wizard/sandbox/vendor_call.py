"""One call of a gateway to a vendor: in the vendor's own format out, in the caller's format back."""

import http.client
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from wizard.sandbox import chat_format, messages_format, responses_format
from wizard.sandbox.answers import answer, body_of, invalid_response
from wizard.sandbox.http_messages import Answer, Headers, json_answer, text_answer
from wizard.sandbox.replies import End, ModelReply, Prompt
from wizard.sandbox.upstream import DEFAULT_TIMEOUT, NotOnThisMachineError, UpstreamReply, send
from wizard.sandbox.vendors import Dialect, dialect_of

EndpointName = Literal["chat", "messages", "responses", "count_tokens", "models", "proxy"]
# How errors of a vendor are worded: the hosted line leaves OpenAI's chat errors as they are, 1.15.2 prefixes them.
GatewayLine = Literal["hosted", "open-source"]

_ENDPOINTS: Final[Mapping[tuple[str, str], EndpointName]] = {
    ("POST", "/v1/chat/completions"): "chat",
    ("POST", "/v1/messages"): "messages",
    ("POST", "/v1/responses"): "responses",
    ("POST", "/v1/messages/count_tokens"): "count_tokens",
    ("GET", "/v1/models"): "models",
}
_NATIVE: Final[Mapping[EndpointName, Dialect]] = {
    "chat": "openai",
    "responses": "openai",
    "messages": "anthropic",
    "count_tokens": "anthropic",
}
_READ_PROMPT: Final[Mapping[str, Callable[[Mapping[str, Any]], Prompt]]] = {
    "chat": chat_format.read_prompt,
    "messages": messages_format.read_prompt,
    "responses": responses_format.read_prompt,
}
# Headers of a vendor's answer that the gateways pass on.
_PASSED_BACK: Final = ("retry-after", "www-authenticate", "x-request-id", "request-id")
_PASSED_ON: Final = ("anthropic-beta", "anthropic-version")


@dataclass(frozen=True, slots=True)
class VendorCall:
    """What to ask of which vendor.

    Attributes:
        endpoint: The caller's endpoint.
        method: The caller's method.
        path: The caller's path and query.
        body: The caller's JSON with the vendor's model id in it; None for a call without one.
        vendor: The vendor's name.
        base_url: Where the vendor's paths are appended, with `/v1`.
        credential: The vendor's key; empty where there is none.
        caller_headers: All of the caller's headers; few are passed on.
        timeout_ms: Milliseconds for the answer's first byte, or None.
        line: Whose error shapes to use.
    """

    endpoint: EndpointName
    method: str
    path: str
    body: Mapping[str, Any] | None
    vendor: str
    base_url: str
    credential: str
    caller_headers: Headers
    timeout_ms: int | None
    line: GatewayLine

    @property
    def dialect(self) -> Dialect:
        """The format the vendor speaks."""
        return dialect_of(self.vendor)

    @property
    def adapted(self) -> bool:
        """Whether the caller's format is another than the vendor's."""
        return self.endpoint in _NATIVE and _NATIVE[self.endpoint] != self.dialect

    @property
    def streamed(self) -> bool:
        """Whether the caller asked for a stream."""
        return self.body is not None and self.body.get("stream") is True


def endpoint_of(method: str, path: str) -> EndpointName:
    """The endpoint a request means; every path that is none goes to the vendor as it is."""
    return _ENDPOINTS.get((method, path), "proxy")


def call_vendor(call: VendorCall) -> Answer:
    """Asks the vendor and answers in the caller's format."""
    timeout = DEFAULT_TIMEOUT if call.timeout_ms is None else call.timeout_ms / 1000
    try:
        return _asked(call, timeout)
    except TimeoutError:
        return answer("timeout", milliseconds=int(timeout * 1000))
    except NotOnThisMachineError as error:
        return _fetch_failed(call, body_of("host-not-found", host=error))
    except (OSError, http.client.HTTPException):
        return _fetch_failed(call, body_of("unreachable", host=urlsplit(call.base_url).netloc))


def _asked(call: VendorCall, timeout: float) -> Answer:
    path, body = _vendor_request(call)
    payload = b"" if body is None else json.dumps(body).encode()
    reply = send(call.method, call.base_url + path, _vendor_headers(call), payload, timeout)
    if call.endpoint == "models" and reply.status == 200:
        return _model_list(call, reply)
    if call.endpoint in {"proxy", "models"}:
        return Answer(reply.status, reply.pieces(), _kept_headers(reply, "content-type"))
    if "text/event-stream" in reply.header("content-type"):
        return _stream_answer(call, reply)
    return _whole_answer(call, reply)


def _vendor_request(call: VendorCall) -> tuple[str, Mapping[str, Any] | None]:
    if call.adapted and call.body is not None:
        prompt = _READ_PROMPT[call.endpoint](call.body)
        if call.dialect == "anthropic":
            return "/messages", messages_format.write_prompt(prompt)
        return "/chat/completions", chat_format.write_prompt(prompt)
    path = call.path.removeprefix("/v1")
    if call.endpoint == "proxy" and call.vendor == "anthropic":
        # The proxy route writes /v1/v1/ as /v1/ for Anthropic only (measured: 1.15.2).
        path = path.removeprefix("/v1")
    return path, call.body


def _vendor_headers(call: VendorCall) -> Headers:
    headers = [("content-type", "application/json")]
    if call.dialect == "anthropic":
        given = {name.lower(): value for name, value in call.caller_headers}
        passed = {name: given[name] for name in _PASSED_ON if name in given}
        headers += {"anthropic-version": "2023-06-01", **passed}.items()
        headers.append(("x-api-key", call.credential))
    else:
        headers.append(("authorization", f"Bearer {call.credential or 'undefined'}"))
    return tuple(headers)


def _kept_headers(reply: UpstreamReply, *more: str) -> Headers:
    kept = (*_PASSED_BACK, *more)
    return tuple(
        (name, value)
        for name, value in reply.headers
        if name.lower() in kept or name.lower().startswith("x-ratelimit-")
    )


def _whole_answer(call: VendorCall, reply: UpstreamReply) -> Answer:
    headers = _kept_headers(reply)
    raw = reply.read()
    try:
        body = json.loads(raw)
    except ValueError:
        return _shaped_error(call, reply.status, {"html-message": raw.decode(errors="replace")}, headers)
    if reply.status >= 400:
        return _shaped_error(call, reply.status, body, headers)
    if call.adapted:
        try:
            body = _adapted_reply(call, body)
        except (KeyError, IndexError, TypeError, AttributeError):
            return invalid_response(500, call.vendor, body)
    elif call.endpoint == "responses" or (call.endpoint == "chat" and call.vendor != "openai"):
        body = {**body, "provider": call.vendor}
    return json_answer(reply.status, body, headers)


def _stream_answer(call: VendorCall, reply: UpstreamReply) -> Answer:
    pieces = reply.pieces()
    body = _adapted_stream(call, pieces) if call.adapted else pieces
    return Answer(reply.status, body, _kept_headers(reply, "content-type"))


def _shaped_error(call: VendorCall, status: int, body: Any, headers: Headers = ()) -> Answer:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or "message" not in error:
        if call.dialect == "anthropic":
            return invalid_response(status, call.vendor, body).adding(headers)
        if call.endpoint == "responses" and isinstance(body, dict):
            body = {**body, "provider": call.vendor}
        return json_answer(status, body, headers)
    if call.line == "hosted" and call.endpoint == "chat" and call.dialect == "openai":
        return json_answer(status, body, headers)
    shaped = {
        "message": f"{call.vendor} error: {error['message']}",
        "type": error.get("type"),
        "param": error.get("param"),
        "code": error.get("code"),
    }
    return json_answer(status, {"error": shaped, "provider": call.vendor}, headers)


def _fetch_failed(call: VendorCall, body: Mapping[str, Any]) -> Answer:
    if call.endpoint in {"proxy", "models"}:
        # What is passed on unchanged fails in plain text (measured: 1.15.2).
        return text_answer(500, body["html-message"], "text/plain;charset=UTF-8")
    return _shaped_error(call, 500, body)


def _model_list(call: VendorCall, reply: UpstreamReply) -> Answer:
    """A vendor's model list as the hosted gateway passes it on (measured: 2.2.3)."""
    raw = reply.read()
    try:
        data = [
            {
                "id": model["id"],
                "object": "model",
                "created": model.get("created", 0),
                "owned_by": model.get("owned_by", call.vendor),
            }
            for model in json.loads(raw)["data"]
        ]
    except (ValueError, KeyError, TypeError):
        return Answer(reply.status, raw, _kept_headers(reply, "content-type"))
    return json_answer(200, {"object": "list", "data": data, "provider": call.vendor})


def _adapted_reply(call: VendorCall, body: Mapping[str, Any]) -> dict[str, Any]:
    read = messages_format.read_reply if call.dialect == "anthropic" else chat_format.read_reply
    reply: ModelReply = read(body)
    if call.endpoint == "chat":
        return chat_format.write_reply(reply, provider=call.vendor)
    if call.endpoint == "messages":
        return messages_format.write_reply(reply)
    return responses_format.write_reply(reply)


def _adapted_stream(call: VendorCall, pieces: Iterable[bytes]) -> Iterator[bytes]:
    read = messages_format.read_stream if call.dialect == "anthropic" else chat_format.read_stream
    events: Iterator[str | End] = read(pieces)
    body = call.body or {}
    model = str(body.get("model", ""))
    if call.endpoint == "messages":
        return messages_format.write_stream(model, events)
    if call.endpoint == "responses":
        return responses_format.write_stream(model, events)
    options = body.get("stream_options")
    include_usage = isinstance(options, dict) and options.get("include_usage") is True
    return chat_format.write_stream(model, events, include_usage=include_usage, provider=call.vendor)
