"""A route whose key our own resolver hands over: followed where it reaches OpenClaw, left open where it does not."""

from __future__ import annotations

import pytest

from tests.unit.route.conftest import NEW, OLD, REMOTE, K, Resolve, See, entry, sent
from wizard.keys.vault import Vault
from wizard.openclaw.seen import KeyringKey, SavedProfile
from wizard.route.resolve import resolve_routes

ACCOUNT = "portkey-api-key:1f9c22ab"
REF = f'{{source: "exec", provider: "portkey-claw", id: "{ACCOUNT}"}}'
KEY_IN_KEYRING = "Zq8vT3nLw5Rk2Jd7Ym4x"


@pytest.fixture
def served(vault: Vault) -> KeyringKey:
    return KeyringKey(ACCOUNT, vault.take(KEY_IN_KEYRING, "a keyring").handle, backend="the Secret Service")


@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize("api", ["openai-completions", "openai-responses"])
def test_the_key_is_on_the_wire(resolve: Resolve, vault: Vault, served: KeyringKey, version: str, api: str) -> None:
    route = resolve(entry(f"apiKey: {REF}", base_url=REMOTE, api=api), version, keyring=(served,))
    assert (sent(vault, route) or {})["authorization"] == f"Bearer {KEY_IN_KEYRING}"
    assert route.external_key is None
    credential = route.credentials[0]
    assert (credential.layer, credential.location) == ("secret-exec", "the system's keyring")
    assert credential.source is not None
    assert credential.source.unresolved == ()


def test_a_header_has_the_key_too(resolve: Resolve, vault: Vault, served: KeyringKey) -> None:
    settings = f'apiKey: "unused-key-1", headers: {{"x-portkey-api-key": {REF}}}'
    route = resolve(entry(settings, base_url=REMOTE, api="anthropic-messages"), keyring=(served,))
    assert (sent(vault, route) or {})["x-portkey-api-key"] == KEY_IN_KEYRING
    assert (route.external_key, route.credentials[0].layer) == (None, "secret-exec")


@pytest.mark.parametrize("where", [f"apiKey: {REF}", f'apiKey: "unused-1", headers: {{"x-portkey-api-key": {REF}}}'])
@pytest.mark.parametrize(
    "key",
    [
        KeyringKey(ACCOUNT, trouble="locked", detail="The keyring is locked."),
        KeyringKey(ACCOUNT, trouble="no-entry"),
        KeyringKey(ACCOUNT, "‹sha256:00000000›", resolver="broken-interpreter"),
        KeyringKey("portkey-api-key:another0", "‹sha256:00000000›"),
        None,
    ],
)
def test_a_key_that_does_not_reach_openclaw_is_left_open(resolve: Resolve, where: str, key: KeyringKey | None) -> None:
    route = resolve(entry(where, base_url=REMOTE), keyring=(key,) if key else ())
    assert route.external_key == "secret-exec"
    assert not any("sha256:00000000" in each.secret for each in route.credentials)


def test_another_persons_provider_stays_out_of_sight(resolve: Resolve, served: KeyringKey) -> None:
    other = f'apiKey: {{source: "exec", provider: "company-vault", id: "{ACCOUNT}"}}'
    assert resolve(entry(other, base_url=REMOTE), keyring=(served,)).external_key == "secret-exec"


@pytest.mark.parametrize(("version", "layer"), [("2026.9.6", "secret-exec"), ("2026.5.7", "auth-profile")])
def test_a_saved_profile_comes_first_on_the_older_line_only(
    resolve: Resolve, served: KeyringKey, version: str, layer: str
) -> None:
    saved = SavedProfile("portkey", "portkey:manual", "~/.openclaw/agents/main/agent/x.sqlite", "‹sha256:11111111›")
    text = entry(f"apiKey: {REF}", base_url=REMOTE)
    route = resolve(text, version, keyring=(served,), profiles=(saved,))
    assert route.credentials[0].layer == layer


def test_both_runtimes_take_it(see: See, served: KeyringKey) -> None:
    routes = resolve_routes(see(entry(f"apiKey: {REF}"), service={"OTHER": K}, process={}, keyring=(served,)))
    assert [str(route.runtime) for route in routes] == ["both"]
