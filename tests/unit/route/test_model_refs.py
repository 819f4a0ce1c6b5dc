"""The model string and the provider entry: every row of docs/facts/openclaw.md, section 3."""

from __future__ import annotations

import pytest

from tests.unit.route.conftest import NEW, OLD, REMOTE, Resolve, See, entry
from wizard.openclaw.seen import SavedProfile
from wizard.route.model import Refusal
from wizard.route.resolve import resolve_routes

LISTED = '[{id: "@anthropic/claude-x", name: "M"}]'


def config(primary: str | None, models: str = LISTED, more: str = "", provider: str = "portkey") -> str:
    named = f'model: {{primary: "{primary}"}}' if primary is not None else ""
    return (
        f'{{models: {{providers: {{"{provider}": {{baseUrl: "http://127.0.0.1:8787/v1", apiKey: "unused", '
        f"models: {models}}}}}}}, agents: {{defaults: {{{named}{more}}}}}}}"
    )


# Config; the model that is sent, None for no request; whether it is listed.
ROWS: dict[str, tuple[str, str | None, bool]] = {
    "the listed id": (config("portkey/@anthropic/claude-x"), "@anthropic/claude-x", True),
    "without its slug": (config("portkey/claude-x"), "claude-x", False),
    "an alias": (
        config("opus", more=', models: {"portkey/@anthropic/claude-x": {alias: "opus"}}'),
        "@anthropic/claude-x",
        True,
    ),
    "an alias in another case": (
        config("OPUS", more=', models: {"portkey/@anthropic/claude-x": {alias: "Opus"}}'),
        "@anthropic/claude-x",
        True,
    ),
    "a bare name, listed with a slug": (config("claude-x"), None, False),
    "a bare name, listed": (config("claude-x", '[{id: "claude-x"}]'), "claude-x", True),
    "a slug without a provider": (config("@anthropic/claude-x"), None, False),
    "another case in the provider": (config("Portkey/@anthropic/claude-x"), "@anthropic/claude-x", True),
    "blanks around it": (config("  portkey/@anthropic/claude-x "), "@anthropic/claude-x", True),
    "another case in the model": (config("portkey/@Anthropic/Claude-X"), "@Anthropic/Claude-X", False),
    "not listed": (config("portkey/@other/model"), "@other/model", False),
    "nothing listed": (config("portkey/@anthropic/claude-x", "[]"), "@anthropic/claude-x", False),
    "no primary": (config(None), "@anthropic/claude-x", True),
    "no primary, nothing listed": (config(None, "[]"), None, False),
    "a provider in capitals": (
        config("portkey/@anthropic/claude-x", provider="Portkey"),
        "@anthropic/claude-x",
        True,
    ),
    "listed with the provider's name": (
        config("portkey/@anthropic/claude-x", '[{id: "portkey/@anthropic/claude-x"}]'),
        "portkey/@anthropic/claude-x",
        True,
    ),
    "two that end in it": (
        config("portkey/claude-x", '[{id: "@a/claude-x"}, {id: "@b/claude-x"}]'),
        "claude-x",
        False,
    ),
    "an unknown provider": (config("nope/x"), None, False),
}


@pytest.mark.parametrize(("text", "model", "listed"), ROWS.values(), ids=ROWS)
def test_the_model_that_is_sent(see: See, version: str, text: str, model: str | None, listed: bool) -> None:
    routes = resolve_routes(see(text, version))
    requests = [route.request for route in routes if route.request is not None]
    assert [request.model for request in requests] == ([] if model is None else [model])
    assert [route.ref.listed for route in routes if route.request] == ([] if model is None else [listed])


def test_a_string_for_the_model_works_as_well(see: See, version: str) -> None:
    text = config(None).replace("defaults: {}", 'defaults: {model: "portkey/@anthropic/claude-x"}')
    (route,) = resolve_routes(see(text, version))
    assert route.ref.path == ("agents", "defaults", "model")
    assert route.request is not None


def test_without_a_primary_the_first_model_of_the_first_provider_counts(see: See, version: str) -> None:
    text = (
        '{models: {providers: {b: {baseUrl: "http://127.0.0.1:1/v1", models: [{id: "m1"}, {id: "m2"}]}, '
        'a: {baseUrl: "http://127.0.0.1:2/v1", models: [{id: "m3"}]}}}}'
    )
    (route,) = resolve_routes(see(text, version))
    assert (route.ref.provider_id, route.ref.model, route.ref.path) == ("b", "m1", ())


def test_a_models_own_api_wins(resolve: Resolve, version: str) -> None:
    models = '[{id: "@anthropic/claude-x", api: "anthropic-messages"}]'
    route = resolve(entry('apiKey: "unused"', api="openai-completions", models=models), version)
    assert route.api == "anthropic-messages"
    assert route.request is not None
    assert route.request.url.endswith("/v1/messages")


def test_no_api_means_completions(resolve: Resolve, version: str) -> None:
    assert resolve(entry('apiKey: "unused"'), version).api == "openai-completions"


@pytest.mark.parametrize("api", ["ollama", "openai", "", "OpenAI-Completions"])
def test_an_api_that_portkey_does_not_speak(resolve: Resolve, version: str, api: str) -> None:
    route = resolve(entry('apiKey: "unused"', api=api), version)
    assert (route.request, route.refusal, route.api) == (None, Refusal.UNKNOWN_API, api)


# --- Agents, roles, runtimes.

AGENTS = """{
  models: { providers: {
    portkey: { baseUrl: "http://127.0.0.1:8787/v1", apiKey: "${PORTKEY_API_KEY}", models: [{ id: "@a/m" }] },
    openai: { baseUrl: "https://api.openai.com/v1", apiKey: "sk-x", models: [{ id: "gpt" }] },
  } },
  agents: {
    defaults: { model: { primary: "portkey/@a/m", fallbacks: ["openai/gpt", "portkey/@a/n"] } },
    list: [ { id: "other", model: "openai/gpt" }, { id: "main" }, { id: "quiet" } ],
  },
}"""


def test_every_agent_that_chooses_has_its_routes(see: See, version: str) -> None:
    routes = resolve_routes(see(AGENTS, version))
    assert [(route.id, route.role, route.is_default, route.ref.provider_id) for route in routes] == [
        ("main:primary:cli", "primary", True, "portkey"),
        ("main:fallback-1:cli", "fallback", True, "openai"),
        ("main:fallback-2:cli", "fallback", True, "portkey"),
        ("other:primary:cli", "primary", False, "openai"),
    ]
    assert [bool(route.portkey_signs) for route in routes] == [True, False, True, False]


def test_runtimes_that_agree_are_one_route(see: See) -> None:
    routes = resolve_routes(see(AGENTS, service={"PORTKEY_API_KEY": "hT3k9dJ2lAq8ZxW0pRk5"}))
    assert {str(route.runtime) for route in routes} == {"both"}
    assert routes[0].id == "main:primary:both"


def test_runtimes_that_differ_are_two(see: See) -> None:
    routes = resolve_routes(see(AGENTS, service={}))
    assert [str(route.runtime) for route in routes] == ["cli"] * 4 + ["service"] * 4
    first, second = routes[0], routes[4]
    assert (first.id, second.id) == ("main:primary:cli", "main:primary:service")
    assert first.credentials[0].layer == "process-env"
    assert second.credentials[0].layer == "none"


def test_a_config_that_cannot_be_read_has_no_routes(see: See) -> None:
    assert resolve_routes(see("{")) == ()
    assert resolve_routes(see("{}")) == ()


# --- Where the key is from.


@pytest.mark.parametrize(
    ("settings", "layer", "location"),
    [
        ('apiKey: "${PORTKEY_API_KEY}"', "process-env", "the process environment"),
        ('apiKey: "${FROM_STATE}"', "state-dotenv", "~/.openclaw/.env:1"),
        ('apiKey: "${FROM_CONFIG}"', "config-env", "~/.openclaw/openclaw.json:1"),
        ('apiKey: "a-literal-key-1"', "literal", "~/.openclaw/openclaw.json:1"),
        ('apiKey: "${NOWHERE}"', "none", ""),
        ('headers: {"x-portkey-api-key": "a-literal-key-1"}', "header", "~/.openclaw/openclaw.json:1"),
        ('headers: {"x-portkey-api-key": "${FROM_STATE}"}', "state-dotenv", "~/.openclaw/.env:1"),
        (
            'request: {auth: {mode: "authorization-bearer", token: "a-literal-key-1"}}, apiKey: "x"',
            "header",
            "~/.openclaw/openclaw.json:1",
        ),
    ],
)
def test_the_layer_of_the_key(resolve: Resolve, settings: str, layer: str, location: str) -> None:
    text = entry(settings)[:-1] + ', env: {vars: {FROM_CONFIG: "a-key-of-the-config-1"}}}'
    route = resolve(text, NEW, state={"FROM_STATE": "a-key-of-the-state-1"})
    assert (route.credentials[0].layer, route.credentials[0].location) == (layer, location)


def test_credentials_come_in_the_order_in_which_portkey_reads_them(resolve: Resolve) -> None:
    settings = 'apiKey: "one-key-1", authHeader: true, headers: {"X-Portkey-Api-Key": "another-key-2"}'
    route = resolve(entry(settings, api="anthropic-messages"))
    assert [each.header for each in route.credentials] == ["x-portkey-api-key", "authorization", "x-api-key"]
    assert len({each.secret for each in route.credentials}) == 2
    assert route.credentials[1].value == f"Bearer {route.credentials[1].secret}"
    assert route.credentials[1].secret == route.credentials[2].secret


@pytest.mark.parametrize("source", ["exec", "file", "store"])
def test_a_key_that_is_kept_out_of_sight(resolve: Resolve, source: str) -> None:
    ref = f'apiKey: {{source: "{source}", provider: "p", id: "portkey/api-key"}}'
    route = resolve(entry(ref, base_url=REMOTE))
    assert route.external_key == f"secret-{source}"
    assert route.refusal is None


@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_saved_profile_comes_before_the_configs_key(resolve: Resolve, version: str) -> None:
    text = entry('apiKey: "a-literal-key-1"', base_url=REMOTE)
    saved = SavedProfile("portkey", "portkey:manual", "~/.openclaw/state/openclaw.sqlite", "‹sha256:00000000›")
    route = resolve(text, version, profiles=(saved,))
    assert (route.credentials[0].secret, route.credentials[0].layer) == ("‹sha256:00000000›", "auth-profile")
    hidden = SavedProfile("portkey", "portkey:ref", "~/.openclaw/state/openclaw.sqlite", None)
    assert resolve(text, version, profiles=(hidden,)).external_key == "auth-profile"
    elsewhere = SavedProfile("other", "other:manual", "", "‹sha256:00000000›")
    assert resolve(text, version, profiles=(elsewhere,)).credentials[0].layer == "literal"


@pytest.mark.parametrize(("version", "layer"), [(NEW, "process-env"), (OLD, "auth-profile")])
def test_a_bare_reference_comes_before_a_saved_profile_on_the_newer_line(
    resolve: Resolve, version: str, layer: str
) -> None:
    text = entry('apiKey: "${PORTKEY_API_KEY}"', base_url=REMOTE)
    saved = SavedProfile("portkey", "portkey:default", "~/.openclaw/state/openclaw.sqlite", "‹sha256:00000000›")
    assert resolve(text, version, profiles=(saved,)).credentials[0].layer == layer


def test_an_agents_old_file_stops_the_newer_line(resolve: Resolve) -> None:
    place = "~/.openclaw/agents/main/agent/auth-profiles.json"
    left = SavedProfile("portkey", "portkey:old", place, "‹sha256:00000000›", "main")
    text = entry('apiKey: "${PORTKEY_API_KEY}"', base_url=REMOTE)
    assert resolve(text, NEW, profiles=(left,)).external_key == "auth-profile"
    assert resolve(text, OLD, profiles=(left,)).credentials[0].layer == "auth-profile"


# --- Signs of Portkey.


@pytest.mark.parametrize(
    ("settings", "base_url", "models", "sign"),
    [
        ("", "https://api.portkey.ai/v1", "[]", "api.portkey.ai is Portkey's"),
        ("", "https://app.portkey.ai/v1", "[]", "app.portkey.ai is Portkey's"),
        ("", "https://api.portky.ai/v1", "[]", "api.portky.ai is nearly the name of a Portkey host"),
        ("", "https://portkey.acme.com/v1", "[]", "the base URL https://portkey.acme.com/v1 names Portkey"),
        ('headers: {"X-Portkey-Config": "pc-a"}', REMOTE, "[]", "it sends X-Portkey-Config"),
        ("", REMOTE, '[{id: "@a/m"}]', "it lists models with a provider slug (@slug/model)"),
        ('apiKey: "${MY_PORTKEY_KEY}"', REMOTE, "[]", "its key is a Portkey key by name"),
    ],
)
def test_signs(see: See, settings: str, base_url: str, models: str, sign: str) -> None:
    text = entry(settings, base_url=base_url, models=models).replace("portkey: {", "llm: {").replace("portkey/", "llm/")
    (route,) = resolve_routes(see(text))
    assert route.portkey_signs == (sign,)


@pytest.mark.parametrize("models", ["[]", '[{id: "@cf/meta/llama"}]', '[{id: "@hf/x/y"}]', '[{id: "@scope"}]'])
def test_no_signs(see: See, models: str) -> None:
    text = entry('apiKey: "${LLM_KEY}"', base_url=REMOTE, models=models)
    (route,) = resolve_routes(see(text.replace("portkey: {", "llm: {").replace("portkey/", "llm/")))
    assert route.portkey_signs == ()
