"""Anthropic's messages: requests, replies and streams, after Anthropic's public API reference."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.sandbox.replies import End, Finish, ModelReply, Prompt, flatten, new_id, read_sse, sse, to_turns


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Reads a messages request."""
    system, turns = to_turns(body.get("messages"))
    limit = body.get("max_tokens")
    return Prompt(
        model=str(body.get("model", "")),
        system="\n".join(text for text in (flatten(body.get("system")), system) if text),
        turns=turns,
        max_tokens=limit if isinstance(limit, int) else None,
        stream=body.get("stream") is True,
    )


def write_prompt(prompt: Prompt) -> dict[str, Any]:
    """Writes a messages request; without a token limit where the prompt has none, as the gateway does."""
    body: dict[str, Any] = {
        "model": prompt.model,
        "messages": [{"role": turn.role, "content": turn.text} for turn in prompt.turns],
        "stream": prompt.stream,
    }
    if prompt.system:
        body["system"] = prompt.system
    if prompt.max_tokens is not None:
        body["max_tokens"] = prompt.max_tokens
    return body


def _stop_reason(finish: Finish) -> str:
    return "max_tokens" if finish == "length" else "end_turn"


def _usage(input_tokens: int, output_tokens: int) -> dict[str, Any]:
    return {
        "input_tokens": input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
    }


def write_reply(reply: ModelReply) -> dict[str, Any]:
    """Writes a whole reply."""
    return {
        "id": new_id("msg_01"),
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [{"type": "text", "text": reply.text}],
        "stop_reason": _stop_reason(reply.end.finish),
        "stop_sequence": None,
        "usage": _usage(reply.end.input_tokens, reply.end.output_tokens),
    }


def read_reply(body: Mapping[str, Any]) -> ModelReply:
    """Reads a whole reply."""
    usage = body.get("usage") or {}
    return ModelReply(
        model=str(body.get("model", "")),
        pieces=(flatten(body.get("content")),),
        end=End(
            finish="length" if body.get("stop_reason") == "max_tokens" else "stop",
            input_tokens=usage.get("input_tokens", 0),
            output_tokens=usage.get("output_tokens", 0),
        ),
    )


def write_stream(model: str, events: Iterable[str | End], *, input_tokens: int = 0) -> Iterator[bytes]:
    """Writes a stream, `message_start` to `message_stop`.

    Events that stop without an `End` leave the stream without its last events, as a cut connection would.

    Args:
        model: The model's id.
        events: The pieces of text, and the end.
        input_tokens: What `message_start` reports; 0 where it is only known at the end.
    """

    def named(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, **fields}, kind)

    message: dict[str, Any] = {
        "id": new_id("msg_01"),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": _usage(input_tokens, 1),
    }
    yield named("message_start", message=message)
    yield named("content_block_start", index=0, content_block={"type": "text", "text": ""})
    yield named("ping")
    for event in events:
        if isinstance(event, str):
            yield named("content_block_delta", index=0, delta={"type": "text_delta", "text": event})
            continue
        yield named("content_block_stop", index=0)
        yield named(
            "message_delta",
            delta={"stop_reason": _stop_reason(event.finish), "stop_sequence": None},
            usage=_usage(event.input_tokens, event.output_tokens),
        )
        yield named("message_stop")


def read_stream(pieces: Iterable[bytes]) -> Iterator[str | End]:
    """Reads a stream; its end comes with `message_stop`."""
    used, produced = 0, 0
    finish: Finish = "stop"
    for data in read_sse(pieces):
        event = json.loads(data)
        kind = event["type"]
        usage = event.get("usage") or event.get("message", {}).get("usage") or {}
        used = usage.get("input_tokens", used)
        produced = usage.get("output_tokens", produced)
        if kind == "content_block_delta" and event["delta"]["type"] == "text_delta":
            yield event["delta"]["text"]
        elif kind == "message_delta" and event["delta"].get("stop_reason") == "max_tokens":
            finish = "length"
        elif kind == "message_stop":
            yield End(finish, used, produced)
