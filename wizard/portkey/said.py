"""What an answer's body says, whatever its shape: JSON of the gateway, of a provider, a stream, or a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wizard.portkey.exchange import Exchange

# A comment is matched so that it ends at its first `-->`: several ways to match would take for ever on hostile text.
_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE: Final = re.compile(r"<title[^<>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_CONTROL_PLANE_CODE: Final = re.compile(r"AB\d\d")
_CODE_IN_TEXT: Final = re.compile(r"Error Code: (\w+)")
_INVALID_KEYS: Final = re.compile(r"Following keys are not valid:\s*(.*)")
_MESSAGE_LIMIT: Final = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in parts; what it does not say is empty, None or False.

    Attributes:
        status: the HTTP status.
        message: its sentence, at most 2000 characters.
        code: its error code, `03` or `model_not_found`, as text.
        type: its error type.
        errors: the list of a failed validation.
        is_page: whether it is an HTML page.
        is_gateway_shape: whether it has one of the gateway's own shapes, which no other program is known to use.
        is_model_list: whether it is a list of models.
        has_slugs: whether that list names models as `@slug/model`.
        is_model_answer: whether it is a model's answer in one of the three formats.
        text: the model's words.
        tokens: how many tokens it used in all, or None where it does not say.
        stream_error: whether an error stands inside a stream that began well.
    """

    status: int = 0
    message: str = ""
    code: str | None = None
    type: str | None = None
    errors: tuple[str, ...] = ()
    is_page: bool = False
    is_gateway_shape: bool = False
    is_model_list: bool = False
    has_slugs: bool = False
    is_model_answer: bool = False
    text: str = ""
    tokens: int | None = None
    stream_error: bool = False

    @property
    def invalid_keys(self) -> tuple[str, ...]:
        """The slugs that the gateway calls invalid; older gateways print `null` instead."""
        found = _INVALID_KEYS.search(self.message)
        names = (name.strip() for name in found[1].split(",")) if found else ()
        return tuple(name for name in names if name and name != "null")


def read_said(exchange: Exchange) -> Said:
    """What an exchange's body says."""
    status = exchange.status or 0
    body = exchange.body
    kind = exchange.header.get("content-type", "").lower()
    if _PAGE.match(body) or ("text/html" in kind and body.lstrip().startswith("<")):
        title = _TITLE.search(body)
        return Said(status, title[1].strip() if title else "", is_page=True)
    if kind.startswith("text/event-stream") or body.startswith(("data:", "event:", ":")):
        return _read_stream(status, body)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Said(status, body.strip()[:_MESSAGE_LIMIT] if "json" not in kind else "")
    if not isinstance(data, Mapping):
        return Said(status)
    return _read_object(status, data)


def _read_object(status: int, data: Mapping[str, Any]) -> Said:
    error = data.get("error")
    inner = error if isinstance(error, Mapping) else {}
    listed = data.get("data")
    nested = listed if isinstance(listed, Mapping) else {}
    message = _first_text(
        inner.get("message"), data.get("message"), nested.get("message"), data.get("html-message"), error
    )
    code = _first_text(inner.get("code"), nested.get("errorCode"), data.get("code"))
    in_text = _CODE_IN_TEXT.search(message)
    errors = data.get("errors")
    models = listed if data.get("object") == "list" and isinstance(listed, list) else None
    return Said(
        status=status,
        message=message[:_MESSAGE_LIMIT],
        code=code or (in_text[1] if in_text else None),
        type=_first_text(inner.get("type")) or None,
        errors=tuple(filter(None, map(_first_text, errors))) if isinstance(errors, list) else (),
        is_gateway_shape=_is_gateway_shape(data, message),
        is_model_list=models is not None,
        has_slugs=any(_is_slug_model(item) for item in models or ()),
        is_model_answer=_is_model_answer(data),
        text=_plain_text(data),
        tokens=_tokens(data.get("usage")),
    )


def _is_gateway_shape(data: Mapping[str, Any], message: str) -> bool:
    """The shapes of the data plane, of its 404, and of the control plane; field reports have seen one cut to its words.

    Chat programs also say `"ok": false`, but never beside a `message`.
    """
    nested = data.get("data")
    code = nested.get("errorCode") if isinstance(nested, Mapping) else None
    return (
        data.get("status") == "failure"
        or (data.get("ok") is False and isinstance(data.get("message"), str))
        or (data.get("success") is False and isinstance(code, str) and _CONTROL_PLANE_CODE.fullmatch(code) is not None)
        or message.startswith("Portkey Error")
    )


def _read_stream(status: int, body: str) -> Said:
    text: list[str] = []
    tokens: int | None = None
    seen = False
    for data in _events(body):
        if data.get("error") or data.get("type") in ("error", "response.failed"):
            failed = data.get("response") if isinstance(data.get("response"), Mapping) else data
            said = _read_object(status, failed or data)
            return Said(status, said.message, said.code, said.type, stream_error=True, text="".join(text))
        seen = seen or _is_model_event(data)
        text.append(_event_text(data))
        tokens = _add_tokens(tokens, data)
    return Said(status, is_model_answer=seen, text="".join(text), tokens=tokens)


def _events(body: str) -> Iterator[Mapping[str, Any]]:
    for line in body.splitlines():
        if not line.startswith("data:"):
            continue
        try:
            data = json.loads(line[5:])
        except (ValueError, RecursionError):
            continue
        if isinstance(data, Mapping):
            yield data


def _is_model_event(data: Mapping[str, Any]) -> bool:
    kind = data.get("type")
    named = isinstance(kind, str) and kind.startswith(("message_", "content_", "response."))
    return named or isinstance(data.get("choices"), list)


def _event_text(data: Mapping[str, Any]) -> str:
    if data.get("type") == "response.output_text.delta":
        return _first_text(data.get("delta"))
    delta = data.get("delta")
    if isinstance(delta, Mapping):
        return _first_text(delta.get("text"))
    choices = data.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        inner = choices[0].get("delta")
        return _first_text(inner.get("content")) if isinstance(inner, Mapping) else ""
    return ""


def _add_tokens(tokens: int | None, data: Mapping[str, Any]) -> int | None:
    """The count so far: Anthropic tells input at the start and output at the end, the others a total at the end."""
    for holder in (data, data.get("response"), data.get("message")):
        found = _tokens(holder.get("usage")) if isinstance(holder, Mapping) else None
        if found is not None:
            is_anthropic_end = data.get("type") == "message_delta"
            return (tokens or 0) + found if is_anthropic_end else found
    return tokens


def _tokens(usage: Any) -> int | None:
    if not isinstance(usage, Mapping):
        return None
    total = usage.get("total_tokens")
    if type(total) is int:
        return total
    parts = [usage[name] for name in ("input_tokens", "output_tokens") if type(usage.get(name)) is int]
    return sum(parts) if parts else None


def _is_model_answer(data: Mapping[str, Any]) -> bool:
    return isinstance(data.get("choices"), list) or data.get("type") == "message" or data.get("object") == "response"


def _plain_text(data: Mapping[str, Any]) -> str:
    choices = data.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        message = choices[0].get("message")
        return _first_text(message.get("content")) if isinstance(message, Mapping) else ""
    holders = [data, *(item for item in _list(data.get("output")) if isinstance(item, Mapping))]
    parts = (part for holder in holders for part in _list(holder.get("content")) if isinstance(part, Mapping))
    return "".join(_first_text(part.get("text")) for part in parts)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_slug_model(item: Any) -> bool:
    return isinstance(item, Mapping) and _first_text(item.get("id")).startswith("@")


def _first_text(*values: Any) -> str:
    for value in values:
        if isinstance(value, str) and value:
            # JSON may spell half a character, which no terminal and no file could take.
            return _SURROGATE.sub("\ufffd", value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""
