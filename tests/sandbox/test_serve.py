"""The sandbox for people: what it says, and that it serves until it is told to stop."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from wizard.sandbox.accounts import default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.serve import describe, serve


def test_the_description_names_everything_a_person_needs(sandbox: Sandbox) -> None:
    lines = list(describe(sandbox))
    text = "\n".join(lines)
    assert lines[0] == f"Portkey sandbox at {sandbox.base_url}"
    for key in sandbox.account.keys:
        assert key.value in text
    assert "    @anthropic-prod/claude-opus-4-5" in lines
    assert "  @bedrock-eu  (budget used up)" in lines
    assert "  @anthropic-old  (anthropic refuses its key)" in lines
    assert "pc-fallback-3fa0b7  anthropic, then openai" in text
    assert "may not call models" in text
    assert "default config pc-single-91c4e2, which no request may change" in text
    assert not any("\x1b" in line for line in lines)


def test_the_example_works_as_printed(sandbox: Sandbox, http: httpx.Client) -> None:
    import shlex

    lines = list(describe(sandbox))
    start = lines.index("Example") + 1
    words = shlex.split(" ".join(line.removesuffix("\\") for line in lines[start : start + 4]))
    assert words[0] == "curl"
    headers = dict(words[index + 1].split(": ", 1) for index, word in enumerate(words) if word == "-H")
    response = http.post(words[1], headers=headers, content=words[words.index("-d") + 1])
    assert response.json()["choices"][0]["message"]["content"] == "Hello from the sandbox."


def test_it_serves_until_it_is_stopped_and_prints_each_request(http: httpx.Client) -> None:
    out, stop = io.StringIO(), threading.Event()
    thread = threading.Thread(target=serve, args=(0, out), kwargs={"stop": stop})
    thread.start()
    try:
        while "ctrl-C" not in out.getvalue():
            threading.Event().wait(0.01)
        url = out.getvalue().splitlines()[0].rpartition(" ")[2]
        http.get(f"{url}/models", headers={"x-portkey-api-key": "wrong"})
        while "GET" not in out.getvalue():
            threading.Event().wait(0.01)
    finally:
        stop.set()
        thread.join()
    assert out.getvalue().splitlines()[-1].endswith("401  GET /v1/models")
    with pytest.raises(httpx.ConnectError):
        http.get(f"{url}/models")


def test_an_interrupt_ends_it_in_peace(http: httpx.Client) -> None:
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt(timeout)

    out = io.StringIO()
    serve(0, out, stop=Interrupted())
    lines = out.getvalue().splitlines()
    assert lines[-1] == "Stopped."
    with pytest.raises(httpx.ConnectError):
        http.get(lines[0].rpartition(" ")[2])


def test_an_account_without_providers_is_described_without_an_example(start: Callable[..., Sandbox]) -> None:
    lines = list(describe(start(replace(default_account(), providers=(), configs=()))))
    assert "Configs" not in lines
    assert not any("curl" in line for line in lines)


def test_a_taken_port_is_an_error(start: Callable[..., Sandbox]) -> None:
    sandbox = start()
    with pytest.raises(OSError, match="in use"):
        serve(sandbox.port, io.StringIO(), account=default_account())


def test_what_a_client_sends_reaches_the_terminal_as_plain_text() -> None:
    from wizard.sandbox.http_messages import Request
    from wizard.sandbox.serve import describe_exchange

    request = Request("GET", "/v1/\x1b[2Jmodels\u202e", (), b"", 0, None, 0.0)
    assert describe_exchange(request, 404).endswith("404  GET /v1/?[2Jmodels?")
