"""OpenAI's chat completions: requests, replies and streams, after OpenAI's public API reference."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.sandbox.replies import End, ModelReply, Prompt, new_id, read_sse, sse, to_turns


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Reads a chat completions request."""
    system, turns = to_turns(body.get("messages"))
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    return Prompt(
        model=str(body.get("model", "")),
        system=system,
        turns=turns,
        max_tokens=limit if isinstance(limit, int) else None,
        stream=body.get("stream") is True,
    )


def write_prompt(prompt: Prompt) -> dict[str, Any]:
    """Writes a chat completions request."""
    messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
    messages += [{"role": turn.role, "content": turn.text} for turn in prompt.turns]
    body: dict[str, Any] = {"model": prompt.model, "messages": messages, "stream": prompt.stream}
    if prompt.max_tokens is not None:
        body["max_completion_tokens"] = prompt.max_tokens
    if prompt.stream:
        body["stream_options"] = {"include_usage": True}
    return body


def _usage(end: End) -> dict[str, Any]:
    return {
        "prompt_tokens": end.input_tokens,
        "completion_tokens": end.output_tokens,
        "total_tokens": end.input_tokens + end.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def write_reply(reply: ModelReply, **extra: Any) -> dict[str, Any]:
    """Writes a whole reply; `extra` are further top-level fields."""
    return {
        "id": new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": reply.model,
        **extra,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": reply.text, "refusal": None},
                "logprobs": None,
                "finish_reason": reply.end.finish,
            }
        ],
        "usage": _usage(reply.end),
    }


def read_reply(body: Mapping[str, Any]) -> ModelReply:
    """Reads a whole reply."""
    choice = body["choices"][0]
    usage = body.get("usage") or {}
    return ModelReply(
        model=str(body.get("model", "")),
        pieces=(choice["message"]["content"] or "",),
        end=End(
            finish="length" if choice["finish_reason"] == "length" else "stop",
            input_tokens=usage.get("prompt_tokens", 0),
            output_tokens=usage.get("completion_tokens", 0),
        ),
    )


def write_stream(model: str, events: Iterable[str | End], *, include_usage: bool, **extra: Any) -> Iterator[bytes]:
    """Writes a stream: a role chunk, text chunks, a finish chunk, usage where asked for, `[DONE]`.

    Events that stop without an `End` leave the stream without its last chunks, as a cut connection would.
    """
    head = {
        "id": new_id("chatcmpl-"),
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": model,
        **extra,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if include_usage else {}
        return sse({**head, "choices": [choice], **usage})

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    for event in events:
        if isinstance(event, str):
            yield chunk({"content": event})
            continue
        yield chunk({}, event.finish)
        if include_usage:
            yield sse({**head, "choices": [], "usage": _usage(event)})
        yield sse("[DONE]")


def read_stream(pieces: Iterable[bytes]) -> Iterator[str | End]:
    """Reads a stream; its end comes with `[DONE]`, with the usage where a chunk carried it."""
    finish, used, produced = "stop", 0, 0
    for data in read_sse(pieces):
        if data == "[DONE]":
            yield End("length" if finish == "length" else "stop", used, produced)
            return
        chunk = json.loads(data)
        if usage := chunk.get("usage"):
            used, produced = usage["prompt_tokens"], usage["completion_tokens"]
        for choice in chunk.get("choices", ()):
            finish = choice.get("finish_reason") or finish
            if text := choice.get("delta", {}).get("content"):
                yield text
