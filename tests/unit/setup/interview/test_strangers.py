"""Somebody's own provider under the name that setup would use stays as it is, and never gets the key."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.sandbox.gateway import Sandbox
from wizard.setup import flow

OPUS = "@anthropic-prod/claude-opus-4-5"


def ollama(url: str, name: str = "portkey") -> dict[str, Any]:
    entry = {
        "baseUrl": url,
        "apiKey": "ollama-local",
        "api": "openai-completions",
        "models": [{"id": "llama3", "name": "Llama 3"}],
    }
    return {"models": {"providers": {name: entry}}}


@pytest.fixture
def other() -> Any:
    with Sandbox() as running:
        yield running


def plans(person: Any, **given: Any) -> flow.Prepared:
    from wizard.base.limits import Deadline
    from wizard.portkey.client import Client

    person.variables["PORTKEY_API_KEY"] = person.key
    client = Client(person.vault, Deadline.after(60))
    try:
        return flow.prepare(flow.Request({"yes": True, **given}, person.environment, person.vault, client.send))
    finally:
        client.close()


def test_a_local_provider_of_our_name_is_not_given_the_key(person: Any, other: Sandbox) -> None:
    person.has(ollama(other.base_url))
    with pytest.raises(UserError, match=r"already leads to http://127\.0\.0\.1") as caught:
        plans(person, model=[OPUS])
    assert caught.value.code is ExitCode.USAGE
    assert "--provider-id" in caught.value.hint
    assert f"--gateway-url {other.base_url}" in caught.value.hint
    assert not other.requests


def test_it_is_refused_before_the_key_is_looked_for(person: Any, other: Sandbox) -> None:
    person.has(ollama(other.base_url, "local"))
    with pytest.raises(UserError, match="The provider local already leads to"):
        plans(person, model=[OPUS], provider_id="local", gateway_url=person.sandbox.base_url, api_key_file="/nowhere")
    person.flags = {"provider_id": "local"}
    with pytest.raises(UserError, match="The provider local already leads to"):
        person.talks()
    assert person.ids == ()
    assert not other.requests


def test_the_wizard_makes_an_entry_beside_it(person: Any, other: Sandbox) -> None:
    person.has(ollama(other.base_url))
    value = person.writes(provider_id="portkey-2")
    assert "It stays as it is, and the new entry gets another name." in person.shown
    assert value["models"]["providers"]["portkey"] == ollama(other.base_url)["models"]["providers"]["portkey"]
    assert value["models"]["providers"]["portkey-2"]["baseUrl"] == person.sandbox.base_url
    assert value["agents"]["defaults"]["model"]["primary"] == f"portkey-2/{OPUS}"
    assert not other.requests


def test_a_gateway_that_is_named_may_take_the_entry_over(person: Any, other: Sandbox) -> None:
    person.has(ollama(other.base_url))
    prepared = plans(person, model=["@openai-prod/gpt-5.2"], gateway_url=other.base_url, no_verify=True)
    assert prepared.plan.changes


@pytest.mark.parametrize(
    "entry",
    [
        {"apiKey": "a-key-of-my-own-at-openai"},
        {"baseUrl": "${OLLAMA_URL}", "apiKey": "x", "models": [{"id": "llama3"}]},
        {"baseUrl": "https://api.openai.com/v1", "models": [{"id": "gpt-5.2"}]},
        {"baseUrl": "http://10.1.2.3:11434/v1", "models": [{"id": "llama3"}]},
    ],
    ids=["built-in", "variable", "vendor", "private"],
)
def test_providers_of_other_names_are_not_taken_over(person: Any, entry: dict[str, Any]) -> None:
    person.has({"models": {"providers": {"openai": entry}}})
    before = person.config.read_bytes()
    with pytest.raises(UserError, match="The provider openai already leads to"):
        plans(person, model=[OPUS], provider_id="openai", gateway_url=person.sandbox.base_url)
    assert person.config.read_bytes() == before


@pytest.mark.parametrize(
    "sign",
    [
        {"apiKey": "${PORTKEY_API_KEY}"},
        {"apiKey": {"source": "exec", "provider": "portkey-claw", "id": "some-account"}},
        {"headers": {"x-portkey-config": "pc-single-91c4e2"}},
        {"models": [{"id": OPUS}]},
    ],
    ids=["variable", "keyring", "header", "slug"],
)
def test_an_entry_with_a_sign_of_portkey_is_changed(person: Any, sign: dict[str, Any]) -> None:
    entry = {"baseUrl": person.sandbox.base_url, "apiKey": "a-key", "models": [{"id": "llama3"}], **sign}
    person.has({"models": {"providers": {"mine": entry}}})
    assert plans(person, model=[OPUS], provider_id="mine").plan.changes
