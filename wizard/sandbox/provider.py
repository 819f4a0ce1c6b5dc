"""The vendor behind the gateway: a server that speaks OpenAI's and Anthropic's APIs and can be made to fail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from wizard.sandbox import chat_format, messages_format, responses_format
from wizard.sandbox.http_messages import Answer, CutConnectionError, Reply, Request, json_answer
from wizard.sandbox.replies import End, Finish, ModelReply, Prompt, count_tokens
from wizard.sandbox.server import LoopbackServer
from wizard.sandbox.vendor_errors import VendorError, anthropic_error, openai_error, vendor_error
from wizard.sandbox.vendors import Dialect

DEFAULT_REPLY: Final = "Hello from the sandbox."
ANY_MODEL: Final = "*"

# OpenAI refuses fewer output tokens than this on its responses endpoint.
_LEAST_OUTPUT_TOKENS = 16
# OpenAI's reasoning models take `max_completion_tokens` only.
_REASONING_MODELS = ("gpt-5", "o1", "o3", "o4")


@dataclass(frozen=True, slots=True)
class Fault:
    """How requests for one model go wrong.

    Attributes:
        error: Answer with this refusal of the vendor.
        answer: Answer with exactly this; wins over `error`.
        delay: Seconds before the first byte.
        pace: Seconds between the events of a stream.
        cut_after: Break a stream off after so many events.
        only: Hit streamed or whole replies only.
        times: Hit so many requests, then none; None hits every one.
    """

    error: VendorError | None = None
    answer: Answer | None = None
    delay: float = 0.0
    pace: float = 0.0
    cut_after: int | None = None
    only: Literal["stream", "plain"] | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class _Endpoint:
    dialect: Dialect
    messages_field: str
    read_prompt: Callable[[Mapping[str, Any]], Prompt]
    write_reply: Callable[[ModelReply], dict[str, Any]]
    limit_field: str | None


_ENDPOINTS: Final[Mapping[str, _Endpoint]] = {
    "/v1/chat/completions": _Endpoint("openai", "messages", chat_format.read_prompt, chat_format.write_reply, None),
    "/v1/responses": _Endpoint(
        "openai", "input", responses_format.read_prompt, responses_format.write_reply, "max_output_tokens"
    ),
    "/v1/messages": _Endpoint("anthropic", "messages", messages_format.read_prompt, messages_format.write_reply, None),
}


class FakeProvider(LoopbackServer):
    """OpenAI and Anthropic in one server, without a model behind them.

    It speaks `POST /v1/chat/completions`, `/v1/responses`, `/v1/messages`, `/v1/messages/count_tokens` and
    `GET /v1/models`, whole and streamed, and refuses as the vendors do: keys, unknown models, missing fields.

    Args:
        keys: The vendor keys that are good; None takes any.
        models: The known model ids of each dialect; None knows every model.
        reply: The text of every reply.
        port: As for `LoopbackServer`.
        record: As for `LoopbackServer`.
    """

    def __init__(
        self,
        *,
        keys: Sequence[str] | None = None,
        models: Mapping[Dialect, Sequence[str]] | None = None,
        reply: str = DEFAULT_REPLY,
        port: int = 0,
        record: bool = True,
    ) -> None:
        super().__init__(port=port, record=record)
        self.reply = reply
        self._keys = None if keys is None else frozenset(keys)
        self._models = models
        self._faults: dict[str, Fault] = {}
        self._hits: dict[str, int] = {}

    @property
    def base_url(self) -> str:
        """The URL that vendor paths are appended to, with `/v1`."""
        return f"{self.url}/v1"

    def set_fault(self, fault: Fault | None, model: str = ANY_MODEL) -> None:
        """Makes requests for a model fail from now on, or with None work again."""
        with self._lock:
            self._hits.pop(model, None)
            if fault is None:
                self._faults.pop(model, None)
            else:
                self._faults[model] = fault

    def respond(self, request: Request) -> Reply:
        """Answers as the vendor whose path or headers were used."""
        anthropic = request.path.startswith("/v1/messages") or request.header("anthropic-version") is not None
        dialect: Dialect = "anthropic" if anthropic else "openai"
        refusal = self._check_key(request, dialect)
        if refusal is not None:
            return refusal
        if request.method == "GET" and request.path == "/v1/models":
            return self._list_models(dialect)
        if request.method == "POST" and request.path == "/v1/messages/count_tokens":
            return json_answer(200, {"input_tokens": count_tokens(request.json)})
        endpoint = _ENDPOINTS.get(request.path)
        if request.method != "POST" or endpoint is None:
            if dialect == "anthropic":
                return anthropic_error(404, "Not Found", "not_found_error")
            return openai_error(404, f"Invalid URL ({request.method} {request.path})")
        return self._complete(request, endpoint)

    def _check_key(self, request: Request, dialect: Dialect) -> Answer | None:
        if dialect == "anthropic":
            key = request.header("x-api-key") or ""
        else:
            key = (request.header("authorization") or "").removeprefix("Bearer ")
        if not key or key == "undefined":
            return vendor_error(dialect, "missing-key")
        if self._keys is not None and key not in self._keys:
            return vendor_error(dialect, "invalid-key", key=key)
        return None

    def _known_models(self, dialect: Dialect) -> Sequence[str] | None:
        return None if self._models is None else self._models.get(dialect, ())

    def _list_models(self, dialect: Dialect) -> Answer:
        names = self._known_models(dialect) or ()
        if dialect == "anthropic":
            created = "2026-01-01T00:00:00Z"
            data = [{"type": "model", "id": n, "display_name": n, "created_at": created} for n in names]
            ends = {"first_id": names[0] if names else None, "last_id": names[-1] if names else None}
            return json_answer(200, {"data": data, "has_more": False, **ends})
        models = [{"id": n, "object": "model", "created": 1767225600, "owned_by": "system"} for n in names]
        return json_answer(200, {"object": "list", "data": models})

    def _complete(self, request: Request, endpoint: _Endpoint) -> Answer:
        body = request.json if isinstance(request.json, dict) else {}
        prompt = endpoint.read_prompt(body)
        fault = self._fault_for(prompt)
        self.stopping.wait(fault.delay)
        if fault.answer is not None:
            return fault.answer
        if fault.error is not None:
            return vendor_error(endpoint.dialect, fault.error, model=prompt.model)
        if endpoint.dialect == "anthropic":
            refusal = self._check_anthropic(request, body, prompt)
        else:
            refusal = self._check_openai(body, prompt, endpoint)
        if refusal is not None:
            return refusal
        reply = self._reply_to(prompt, body)
        request_id = ("request-id" if endpoint.dialect == "anthropic" else "x-request-id", "req_sandbox")
        if not prompt.stream:
            return json_answer(200, endpoint.write_reply(reply), (request_id,))
        events = self._stream(request.path, reply, body)
        headers = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"))
        return Answer(200, self._faulty(events, fault), (*headers, request_id))

    def _fault_for(self, prompt: Prompt) -> Fault:
        with self._lock:
            name = prompt.model if prompt.model in self._faults else ANY_MODEL
            fault = self._faults.get(name)
            if fault is None or fault.only not in {None, "stream" if prompt.stream else "plain"}:
                return Fault()
            hits = self._hits.get(name, 0)
            if fault.times is not None and hits >= fault.times:
                return Fault()
            self._hits[name] = hits + 1
            return fault

    def _check_openai(self, body: Mapping[str, Any], prompt: Prompt, endpoint: _Endpoint) -> Answer | None:
        if not prompt.model:
            return openai_error(400, "you must provide a model parameter")
        if not prompt.turns:
            field = endpoint.messages_field
            return openai_error(
                400, f"Missing required parameter: '{field}'.", code="missing_required_parameter", param=field
            )
        if self._unknown(prompt.model, "openai"):
            return vendor_error("openai", "model-not-found", model=prompt.model)
        if "max_tokens" in body and prompt.model.startswith(_REASONING_MODELS):
            return openai_error(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                code="unsupported_parameter",
                param="max_tokens",
            )
        limit = prompt.max_tokens
        if endpoint.limit_field is not None and limit is not None and limit < _LEAST_OUTPUT_TOKENS:
            return openai_error(
                400,
                f"Invalid '{endpoint.limit_field}': integer below minimum value. "
                f"Expected a value >= {_LEAST_OUTPUT_TOKENS}, but got {limit} instead.",
                code="integer_below_min_value",
                param=endpoint.limit_field,
            )
        return None

    def _check_anthropic(self, request: Request, body: Mapping[str, Any], prompt: Prompt) -> Answer | None:
        if request.header("anthropic-version") is None:
            return anthropic_error(400, "anthropic-version: header is required")
        for field in ("model", "messages", "max_tokens"):
            if not body.get(field):
                return anthropic_error(400, f"{field}: Field required")
        if self._unknown(prompt.model, "anthropic"):
            return vendor_error("anthropic", "model-not-found", model=prompt.model)
        return None

    def _unknown(self, model: str, dialect: Dialect) -> bool:
        known = self._known_models(dialect)
        return known is not None and model not in known

    def _reply_to(self, prompt: Prompt, body: Mapping[str, Any]) -> ModelReply:
        words = self.reply.split(" ")
        pieces = tuple(word if index == 0 else f" {word}" for index, word in enumerate(words))
        finish: Finish = "stop"
        if prompt.max_tokens is not None and prompt.max_tokens < len(pieces):
            pieces, finish = pieces[: prompt.max_tokens], "length"
        return ModelReply(prompt.model, pieces, End(finish, count_tokens(body), len(pieces)))

    def _stream(self, path: str, reply: ModelReply, body: Mapping[str, Any]) -> Iterator[bytes]:
        if path == "/v1/messages":
            return messages_format.write_stream(reply.model, reply.events(), input_tokens=reply.end.input_tokens)
        if path == "/v1/responses":
            return responses_format.write_stream(reply.model, reply.events())
        options = body.get("stream_options")
        include_usage = isinstance(options, dict) and options.get("include_usage") is True
        return chat_format.write_stream(reply.model, reply.events(), include_usage=include_usage)

    def _faulty(self, events: Iterator[bytes], fault: Fault) -> Iterator[bytes]:
        for index, event in enumerate(events):
            if index == fault.cut_after:
                raise CutConnectionError
            if index:
                self.stopping.wait(fault.pace)
            yield event


def html_page(status: int = 502) -> Answer:
    """The page a load balancer in front of a vendor sends when the vendor is away."""
    page = f"<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>{status} Bad Gateway"
    page += "</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    return Answer(status, page.encode(), (("content-type", "text/html"),))
