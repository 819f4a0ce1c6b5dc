"""The event sequences of the three APIs, spoken by the vendor and translated by the gateway."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.provider import Fault

ANTHROPIC = "@anthropic-prod/claude-opus-4-5"
OPENAI = "@openai-prod/gpt-5.2"
REPLY = "Hello from the sandbox."
MESSAGES_EVENTS = [
    "message_start",
    "content_block_start",
    "ping",
    *["content_block_delta"] * 4,
    "content_block_stop",
    "message_delta",
    "message_stop",
]
RESPONSES_EVENTS = [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    *["response.output_text.delta"] * 4,
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
]
BOTH = pytest.mark.parametrize("model", [ANTHROPIC, OPENAI])

Bodies = dict[str, Callable[..., dict[str, Any]]]


def events(response: httpx.Response) -> list[tuple[str | None, Any]]:
    """Each event's name and data, the data parsed where it is JSON."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("\n\n")
    found: list[tuple[str | None, Any]] = []
    for block in response.text.removesuffix("\n\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        data = fields["data"]
        found.append((fields.get("event"), data if data == "[DONE]" else json.loads(data)))
    return found


@pytest.fixture
def post(sandbox: Sandbox, good: dict[str, str], http: httpx.Client, bodies: Bodies) -> Callable[..., httpx.Response]:
    def post(path: str, model: str, **more: Any) -> httpx.Response:
        return http.post(sandbox.base_url + path, headers=good, json=bodies[path](model, **more))

    return post


@BOTH
def test_chat_streams_role_text_finish_usage_done(model: str, post: Callable[..., httpx.Response]) -> None:
    seen = events(post("/chat/completions", model, stream=True, stream_options={"include_usage": True}))
    *chunks, last = [data for _, data in seen]
    assert last == "[DONE]"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks[:-1]) == REPLY
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    usage = chunks[-1]["usage"]
    assert usage["completion_tokens"] == 4
    assert usage["total_tokens"] == usage["prompt_tokens"] + 4 > 4


@BOTH
def test_chat_streams_no_usage_unless_asked(model: str, post: Callable[..., httpx.Response]) -> None:
    seen = events(post("/chat/completions", model, stream=True))
    assert all("usage" not in data for _, data in seen[:-1])
    assert seen[-2][1]["choices"][0]["finish_reason"] == "stop"


@BOTH
def test_messages_stream_from_start_to_stop(model: str, post: Callable[..., httpx.Response]) -> None:
    seen = events(post("/messages", model, stream=True))
    assert [name for name, _ in seen] == MESSAGES_EVENTS
    assert all(data["type"] == name for name, data in seen)
    assert "".join(data["delta"]["text"] for _, data in seen if data["type"] == "content_block_delta") == REPLY
    assert seen[0][1]["message"]["model"] == model.partition("/")[2]
    delta = seen[-2][1]
    assert delta["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert delta["usage"]["output_tokens"] == 4
    assert delta["usage"]["input_tokens"] > 0


@BOTH
def test_responses_stream_from_created_to_completed(model: str, post: Callable[..., httpx.Response]) -> None:
    seen = events(post("/responses", model, stream=True))
    assert [name for name, _ in seen] == RESPONSES_EVENTS
    assert [data["sequence_number"] for _, data in seen] == list(range(len(seen)))
    completed = seen[-1][1]["response"]
    assert completed["status"] == "completed"
    assert completed["output"][0]["content"][0]["text"] == REPLY
    assert completed["usage"]["output_tokens"] == 4
    item_ids = {data["item_id"] for _, data in seen if "item_id" in data}
    assert item_ids == {completed["output"][0]["id"]}


@BOTH
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/chat/completions", lambda body: body["choices"][0]["message"]["content"]),
        ("/messages", lambda body: body["content"][0]["text"]),
        ("/responses", lambda body: body["output"][0]["content"][0]["text"]),
    ],
)
def test_whole_replies_come_in_the_callers_format(
    path: str, text: Callable[[Any], str], model: str, post: Callable[..., httpx.Response]
) -> None:
    body = post(path, model).json()
    assert text(body) == REPLY
    assert body["model"] == model.partition("/")[2]


@BOTH
def test_a_reply_cut_by_its_token_limit_says_so(
    model: str, sandbox: Sandbox, post: Callable[..., httpx.Response]
) -> None:
    sandbox.provider.reply = " ".join(["word"] * 40)
    chat = post("/chat/completions", model, max_completion_tokens=20).json()
    assert chat["choices"][0]["finish_reason"] == "length"
    assert chat["usage"]["completion_tokens"] == 20
    messages = post("/messages", model, max_tokens=20).json()
    assert messages["stop_reason"] == "max_tokens"
    response = post("/responses", model, max_output_tokens=20).json()
    assert response["status"] == "incomplete"
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}
    streamed = events(post("/responses", model, max_output_tokens=20, stream=True))
    assert streamed[-1][0] == "response.incomplete"


@BOTH
@pytest.mark.parametrize("path", ["/chat/completions", "/messages", "/responses"])
def test_a_vendor_that_cuts_a_stream_cuts_it_for_the_caller(
    path: str, model: str, sandbox: Sandbox, good: dict[str, str], http: httpx.Client, bodies: Bodies
) -> None:
    sandbox.provider.set_fault(Fault(cut_after=6))
    body = bodies[path](model, stream=True)
    received: list[bytes] = []
    with http.stream("POST", sandbox.base_url + path, headers=good, json=body) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            received.extend(response.iter_raw())
    whole = b"".join(received)
    assert b"data: " in whole
    assert not any(end in whole for end in (b"[DONE]", b"message_stop", b"response.completed"))


def test_a_stream_comes_at_the_vendors_pace(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client, bodies: Bodies
) -> None:
    sandbox.provider.set_fault(Fault(pace=30))
    body = bodies["/messages"](ANTHROPIC, stream=True)
    with http.stream("POST", f"{sandbox.base_url}/messages", headers=good, json=body) as response:
        first = next(response.iter_raw())
        # Were the stream gathered up, this would take minutes.
        assert first.startswith(b"event: message_start")
        sandbox.stop()


def test_a_caller_that_leaves_within_a_stream_leaves_nothing_behind(
    sandbox: Sandbox, good: dict[str, str], bodies: Bodies
) -> None:
    sandbox.provider.reply = "word " * 20_000
    for path, model in (("/messages", ANTHROPIC), ("/messages", OPENAI), ("/chat/completions", OPENAI)):
        body = bodies[path](model, stream=True, max_tokens=100_000)
        if "chat" in path:
            del body["max_tokens"], body["max_completion_tokens"]
        with (
            httpx.Client(trust_env=False, verify=False) as client,
            client.stream("POST", sandbox.base_url + path, headers=good, json=body) as response,
        ):
            assert next(response.iter_raw())


def test_a_refused_stream_answers_as_plain_json(sandbox: Sandbox, post: Callable[..., httpx.Response]) -> None:
    sandbox.provider.set_fault(Fault("rate-limited"))
    for path in ("/chat/completions", "/messages", "/responses"):
        response = post(path, OPENAI, stream=True)
        assert response.status_code == 429
        assert response.headers["content-type"] == "application/json"
        assert response.headers["retry-after"] == "2"


def test_a_conversation_reaches_the_other_vendor_in_its_own_form(
    sandbox: Sandbox, post: Callable[..., httpx.Response]
) -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "image", "source": {}}, {"type": "text", "text": "two"}]
    turns = [{"role": "user", "content": parts}, {"role": "assistant", "content": "three"}]
    post("/chat/completions", ANTHROPIC, messages=[{"role": "system", "content": "be brief"}, *turns])
    post("/messages", OPENAI, messages=turns, system=[{"type": "text", "text": "be brief"}])
    post("/responses", ANTHROPIC, input=turns, instructions="be brief")
    flat = [{"role": "user", "content": "one\ntwo"}, {"role": "assistant", "content": "three"}]
    to_anthropic, to_openai, from_responses = (request.json for request in sandbox.provider.requests)
    assert to_anthropic == from_responses
    assert to_anthropic == {
        "model": "claude-opus-4-5",
        "system": "be brief",
        "messages": flat,
        "max_tokens": 64,
        "stream": False,
    }
    assert to_openai == {
        "model": "gpt-5.2",
        "messages": [{"role": "system", "content": "be brief"}, *flat],
        "max_completion_tokens": 64,
        "stream": False,
    }


def test_a_missing_token_limit_is_not_filled_in_for_anthropic(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    body = {"model": ANTHROPIC, "messages": [{"role": "user", "content": "hi"}, "no message"]}
    response = http.post(f"{sandbox.base_url}/chat/completions", headers=good, json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "anthropic error: max_tokens: Field required"
