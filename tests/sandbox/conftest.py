"""What the sandbox's tests share: a client, a running sandbox, and a check that nothing outlives a test."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from wizard.sandbox.accounts import Account
from wizard.sandbox.gateway import Sandbox

Body = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_thread_outlives_a_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    # Reading the certificate bundle for each test would cost more than all requests together.
    with httpx.Client(trust_env=False, timeout=10, verify=False) as client:
        yield client


@pytest.fixture
def start() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes that are stopped after the test."""
    running: list[Sandbox] = []

    def start(account: Account | None = None, **options: Any) -> Sandbox:
        sandbox = Sandbox(account, **options).start()
        running.append(sandbox)
        return sandbox

    yield start
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def sandbox(start: Callable[..., Sandbox]) -> Sandbox:
    return start()


@pytest.fixture
def good(sandbox: Sandbox) -> dict[str, str]:
    """Headers with a key that works."""
    return {"x-portkey-api-key": sandbox.account.key("good").value}


def chat(model: str = "@anthropic-prod/claude-opus-4-5", **more: Any) -> Body:
    return {
        "model": model,
        "max_completion_tokens": 64,
        "messages": [{"role": "user", "content": "hi"}],
        **more,
    }


def messages(model: str = "@anthropic-prod/claude-opus-4-5", **more: Any) -> Body:
    return {"model": model, "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}], **more}


def responses(model: str = "@openai-prod/gpt-5.2", **more: Any) -> Body:
    return {"model": model, "max_output_tokens": 64, "input": "hi", **more}


@pytest.fixture
def bodies() -> dict[str, Callable[..., Body]]:
    """A small request for each endpoint, by its path below the base URL."""
    return {"/chat/completions": chat, "/messages": messages, "/responses": responses}


@pytest.fixture
def routing() -> Callable[[httpx.Response], dict[str, str]]:
    """Reads the routing headers of a response, without their prefix."""

    def read(response: httpx.Response) -> dict[str, str]:
        prefix = "x-portkey-"
        return {name.removeprefix(prefix): value for name, value in response.headers.items() if name.startswith(prefix)}

    return read
