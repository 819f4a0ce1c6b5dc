"""What a good answer looks like in the three formats, streamed and whole, and how a stream fails."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.unit.portkey.answer_cases.case import EVENTS, HOSTED, JSON, ROUTED, Case
from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import NetworkFailure, ProbeKind

M = Meaning
R = Origin.PORTKEY_ROUTED
NOBODY = Origin.NOT_PORTKEY
STREAM = (*EVENTS, *ROUTED)
WHOLE = (*JSON, *ROUTED)


def data(*events: Any) -> str:
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events)


def named(*events: dict[str, Any]) -> str:
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)


def chunk(content: str | None = None, finish: str | None = None) -> dict[str, Any]:
    delta = {} if content is None else {"content": content}
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


CHAT = data(chunk("Hel"), chunk("lo"), chunk(finish="stop"))
CHAT_USAGE = data({"id": "c", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}})
DONE = "data: [DONE]\n\n"
MESSAGES = named(
    {"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 9, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
    {"type": "content_block_stop", "index": 0},
)
MESSAGES_END = named(
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
)
RESPONSES = named(
    {"type": "response.created", "response": {"id": "r", "status": "in_progress", "error": None}},
    {"type": "response.output_text.delta", "delta": "Hel"},
    {"type": "response.output_text.delta", "delta": "lo"},
)
RESPONSES_END = named({"type": "response.completed", "response": {"id": "r", "usage": {"total_tokens": 11}}})
INCOMPLETE = named(
    {"type": "response.created", "response": {"id": "r"}},
    {"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}},
)

STREAMS: Final = (
    Case("chat stream", 200, CHAT + CHAT_USAGE + DONE, R, M.ANSWERED, STREAM, text="Hello", tokens=11),
    Case("chat stream without usage", 200, CHAT + DONE, R, M.ANSWERED, STREAM, text="Hello"),
    Case("chat stream of no text", 200, data(chunk(finish="length")) + DONE, R, M.ANSWERED, STREAM, text=""),
    Case("chat stream after a comment", 200, f": PROCESSING\n\n{CHAT}{DONE}", R, M.ANSWERED, STREAM, text="Hello"),
    Case("chat stream of Windows lines", 200, CHAT.replace("\n", "\r\n"), R, M.ANSWERED, STREAM, text="Hello"),
    Case("chat stream without a type", 200, CHAT + DONE, R, M.ANSWERED, ROUTED, text="Hello"),
    Case("messages stream", 200, MESSAGES + MESSAGES_END, R, M.ANSWERED, STREAM, text="Hello", tokens=12),
    Case("responses stream", 200, RESPONSES + RESPONSES_END, R, M.ANSWERED, STREAM, text="Hello", tokens=11),
    Case("responses stream that met its limit", 200, INCOMPLETE, R, M.ANSWERED, STREAM, text=""),
    Case("chat stream of another gateway", 200, CHAT + DONE, NOBODY, M.ANSWERED, EVENTS, text="Hello"),
    Case(
        "error in a chat stream",
        200,
        CHAT + data({"error": {"message": "Overloaded", "type": "overloaded_error", "code": None}}),
        R,
        M.STREAM_FAILED,
        STREAM,
        message="Overloaded",
        type="overloaded_error",
        text="Hello",
    ),
    Case(
        "error in a messages stream",
        200,
        MESSAGES + named({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
        R,
        M.STREAM_FAILED,
        STREAM,
        message="Overloaded",
    ),
    Case(
        "error in a responses stream",
        200,
        RESPONSES + named({"type": "error", "code": "server_error", "message": "It broke", "param": None}),
        R,
        M.STREAM_FAILED,
        STREAM,
        message="It broke",
        code="server_error",
    ),
    Case(
        "responses stream that failed",
        200,
        RESPONSES
        + named({"type": "response.failed", "response": {"error": {"code": "server_error", "message": "It broke"}}}),
        R,
        M.STREAM_FAILED,
        STREAM,
        message="It broke",
        code="server_error",
    ),
    Case("error and nothing else", 200, data({"error": "No."}), NOBODY, M.STREAM_FAILED, EVENTS, message="No."),
    Case("chat stream cut", 200, CHAT[:200], R, M.STREAM_FAILED, STREAM, failure=NetworkFailure.RESET),
    Case("messages stream cut", 200, MESSAGES, R, M.STREAM_FAILED, STREAM, failure=NetworkFailure.ANSWER_TIMEOUT),
    Case("responses stream cut", 200, RESPONSES[:90], R, M.STREAM_FAILED, STREAM, failure=NetworkFailure.RESET),
    Case("run ends within a stream", 200, CHAT, R, M.NO_ANSWER, STREAM, failure=NetworkFailure.RUN_TIMEOUT),
    Case("empty stream", 200, "", R, M.UNRECOGNISED, STREAM),
    Case("stream of nothing but an end", 200, DONE, R, M.UNRECOGNISED, STREAM),
    Case("stream of broken events", 200, "data: {\n\ndata: [\n\ndata: 1\n\n", R, M.UNRECOGNISED, STREAM),
)

ANSWERS: Final = (
    Case(
        "chat answer",
        200,
        {"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}], "usage": {"total_tokens": 11}},
        R,
        M.ANSWERED,
        WHOLE,
        text="Hello",
        tokens=11,
    ),
    Case(
        "chat answer that called a tool",
        200,
        {"choices": [{"message": {"content": None, "tool_calls": []}}]},
        R,
        M.ANSWERED,
        WHOLE,
        text="",
    ),
    Case(
        "messages answer",
        200,
        {
            "type": "message",
            "content": [{"type": "thinking"}, {"type": "text", "text": "Hello"}],
            "usage": {"input_tokens": 9, "output_tokens": 2},
        },
        R,
        M.ANSWERED,
        WHOLE,
        text="Hello",
        tokens=11,
    ),
    Case(
        "responses answer",
        200,
        {"object": "response", "output": [{"content": [{"type": "output_text", "text": "Hello"}]}]},
        R,
        M.ANSWERED,
        WHOLE,
        text="Hello",
    ),
    Case(
        "guardrail flagged",
        246,
        {"choices": [{"message": {"content": "Hello"}}], "hook_results": {}},
        R,
        M.GUARDRAIL_FLAGGED,
        WHOLE,
        text="Hello",
    ),
    Case("answer of no known shape", 200, {"hello": "world"}, R, M.UNRECOGNISED, WHOLE),
    Case("answer without a body", 200, "", NOBODY, M.UNRECOGNISED, ()),
    Case("no content", 204, "", NOBODY, M.UNRECOGNISED, ()),
)


def listed(name: str, rows: list[Any], origin: Origin, meaning: Meaning = M.MODEL_LIST, **more: Any) -> Case:
    body = {"object": "list", "data": rows}
    return Case(name, 200, body, origin, meaning, kind=more.pop("kind", ProbeKind.CATALOGUE), **more)


LISTS: Final = (
    listed("catalogue", [{"id": "@anthropic-prod/claude-opus-4-5", "slug": "claude-opus-4-5"}], Origin.PORTKEY),
    listed("provider's own list, proxied", [{"id": "gpt-4o"}], Origin.PORTKEY, headers=WHOLE),
    listed("empty catalogue with a header of Portkey's", [], Origin.PORTKEY, headers=(("x-portkey-trace-id", "t"),)),
    listed("empty list of anybody", [], NOBODY),
    listed(
        "Ollama's list", [{"id": "llama3", "object": "model", "owned_by": "library"}], NOBODY, kind=ProbeKind.IDENTIFY
    ),
    listed("list with rows of other shapes", [None, 1, "a", [], {"id": 7}, {"id": None}], NOBODY),
    listed("model list where an answer was asked for", [], NOBODY, M.UNRECOGNISED, kind=ProbeKind.CALL),
    listed("bare names from the hosted gateway", [{"id": "gpt-4o"}], NOBODY, url=HOSTED),
    Case("Ollama's other list", 200, {"models": [{"name": "llama3"}]}, NOBODY, M.UNRECOGNISED, kind=ProbeKind.IDENTIFY),
)

CASES: Final = (*STREAMS, *ANSWERS, *LISTS)
