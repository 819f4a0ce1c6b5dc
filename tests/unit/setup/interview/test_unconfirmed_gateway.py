"""A gateway that stands in the config and that nobody confirmed: the key does not go there by pressing Enter."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox
from wizard.setup.prompter.scripted import BACK, DEFAULT, LEAVE


@pytest.fixture
def gateway() -> Any:
    with Sandbox() as running:
        yield running


@pytest.fixture
def stranger(gateway: Sandbox) -> str:
    """The gateway under an address that is not taken for this machine's own."""
    return gateway.base_url.replace("127.0.0.1", "0.0.0.0")


@pytest.fixture
def led_there(person: Any, stranger: str) -> Any:
    models = [{"id": "@anthropic-prod/claude-opus-4-5", "name": "Opus"}]
    entry = {"baseUrl": stranger, "api": "openai-completions", "apiKey": "${PORTKEY_API_KEY}", "models": models}
    person.has({"models": {"providers": {"portkey": entry}}})
    return person


def test_enter_chooses_portkeys_own_gateway(led_there: Any, gateway: Sandbox) -> None:
    with pytest.raises(KeyboardInterrupt):
        led_there.talks(start="change:portkey", gateway=DEFAULT, gateway_url=None, api_key=LEAVE)
    assert led_there.prompt("gateway").default == "https://api.portkey.ai/v1"
    assert gateway.requests == ()


def test_the_host_is_named_and_a_no_leads_back(led_there: Any, gateway: Sandbox, stranger: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        led_there.talks(
            start="change:portkey",
            gateway=[stranger, stranger, LEAVE],
            gateway_url=None,
            confirmed_gateway=[False, BACK],
        )
    assert stranger.removesuffix("/v1") in led_there.prompt("confirmed_gateway").text
    assert "plain http" in led_there.shown
    assert gateway.requests == ()


def test_enter_leads_back_to_a_typed_gateway(person: Any, stranger: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(gateway=["other", DEFAULT], gateway_url=[stranger, BACK, DEFAULT], api_key=[BACK, LEAVE])
    assert person.prompt("gateway_url").default == stranger


def test_a_yes_counts(led_there: Any, gateway: Sandbox, stranger: str) -> None:
    key = gateway.account.key("good").value
    interviewed = led_there.talks(
        start="change:portkey", gateway=stranger, gateway_url=None, confirmed_gateway=True, api_key=key
    )
    assert interviewed.prepared is not None
    assert gateway.requests
