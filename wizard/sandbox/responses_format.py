"""OpenAI's responses: requests, replies and streams, after OpenAI's public API reference."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.sandbox.replies import End, ModelReply, Prompt, Turn, new_id, sse, to_turns


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Reads a responses request."""
    given = body.get("input")
    system, turns = ("", (Turn("user", given),)) if isinstance(given, str) else to_turns(given)
    instructions = body.get("instructions")
    limit = body.get("max_output_tokens")
    return Prompt(
        model=str(body.get("model", "")),
        system=instructions if isinstance(instructions, str) else system,
        turns=turns,
        max_tokens=limit if isinstance(limit, int) else None,
        stream=body.get("stream") is True,
    )


class _Response:
    """The object that every event of one response repeats."""

    def __init__(self, model: str) -> None:
        self.item_id = new_id("msg_")
        self._base = {
            "id": new_id("resp_"),
            "object": "response",
            "created_at": int(time.time()),
            "error": None,
            "instructions": None,
            "max_output_tokens": None,
            "model": model,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "store": False,
            "temperature": 1,
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1,
            "truncation": "disabled",
            "metadata": {},
        }

    def started(self) -> dict[str, Any]:
        """The response before any output."""
        return {
            **self._base,
            "status": "in_progress",
            "incomplete_details": None,
            "output": [],
            "usage": None,
        }

    def item(self, text: str, *, status: str, empty: bool = False) -> dict[str, Any]:
        """The one output message."""
        content = [] if empty else [self.part(text)]
        return {
            "id": self.item_id,
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content,
        }

    def part(self, text: str) -> dict[str, Any]:
        """The message's one piece of content."""
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}

    def finished(self, text: str, end: End) -> dict[str, Any]:
        """The response with its output and usage."""
        whole = end.finish == "stop"
        status = "completed" if whole else "incomplete"
        return {
            **self._base,
            "status": status,
            "incomplete_details": None if whole else {"reason": "max_output_tokens"},
            "output": [self.item(text, status=status)],
            "usage": {
                "input_tokens": end.input_tokens,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": end.output_tokens,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": end.input_tokens + end.output_tokens,
            },
        }


def write_reply(reply: ModelReply) -> dict[str, Any]:
    """Writes a whole reply."""
    return _Response(reply.model).finished(reply.text, reply.end)


def write_stream(model: str, events: Iterable[str | End]) -> Iterator[bytes]:
    """Writes a stream, `response.created` to `response.completed` (or `response.incomplete`).

    Events that stop without an `End` leave the stream without its last events, as a cut connection would.
    """
    response = _Response(model)
    place = {"item_id": response.item_id, "output_index": 0, "content_index": 0}
    number = 0
    text = ""

    def named(kind: str, **fields: Any) -> bytes:
        nonlocal number
        number += 1
        return sse({"type": kind, "sequence_number": number - 1, **fields}, kind)

    yield named("response.created", response=response.started())
    yield named("response.in_progress", response=response.started())
    item = response.item("", status="in_progress", empty=True)
    yield named("response.output_item.added", output_index=0, item=item)
    yield named("response.content_part.added", **place, part=response.part(""))
    for event in events:
        if isinstance(event, str):
            text += event
            yield named("response.output_text.delta", **place, delta=event, logprobs=[])
            continue
        whole = response.finished(text, event)
        yield named("response.output_text.done", **place, text=text, logprobs=[])
        yield named("response.content_part.done", **place, part=response.part(text))
        yield named("response.output_item.done", output_index=0, item=whole["output"][0])
        yield named(f"response.{whole['status']}", response=whole)
