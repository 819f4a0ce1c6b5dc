"""From answers and a config to what is written: what is added, what is mended, and what stays as it is."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.change.trusted_hosts import remembered_origins
from wizard.json5doc import Document
from wizard.keys.vault import Vault
from wizard.setup.flow import Prepared, Request, carry_out, prepare

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
REFERENCE = "${PORTKEY_API_KEY}"
OPUS = "@anthropic-prod/claude-opus-4-5"
GPT = "@openai-prod/gpt-5.2"
Plan = Callable[..., Prepared]
Written = Callable[..., Any]


@pytest.fixture
def written(plan_setup: Plan, surroundings: Environment, config: Path) -> Written:
    """The config's value after a setup with these flags; the second run must find nothing to do."""

    def write(text: str | None = None, **given: Any) -> Any:
        if text is not None:
            config.write_text(text)
        vault = Vault()
        prepared = plan_setup(vault=vault, **given)
        apply(prepared.plan, surroundings, vault)
        again = plan_setup(**given)
        assert again.plan.changes == ()
        assert again.diff == ""
        return Document.parse(config.read_text()).value

    return write


def effects(prepared: Prepared) -> str:
    return "\n".join(operation.effect for operation in prepared.plan.operations)


def notes(prepared: Prepared) -> str:
    return "\n".join(prepared.plan.notes)


def entry(value: Any, provider_id: str = "portkey") -> Any:
    return value["models"]["providers"][provider_id]


def test_a_first_setup_writes_all_that_a_route_needs(written: Written, config: Path) -> None:
    assert written(model=[OPUS, GPT]) == {
        "env": {"vars": {"PORTKEY_API_KEY": KEY}},
        "models": {
            "mode": "merge",
            "providers": {
                "portkey": {
                    "baseUrl": "https://api.portkey.ai/v1",
                    "apiKey": REFERENCE,
                    "api": "openai-completions",
                    "models": [
                        {"id": OPUS, "name": "Claude Opus 4.5"},
                        {"id": GPT, "name": "GPT 5.2"},
                    ],
                }
            },
        },
        "agents": {"defaults": {"model": {"primary": f"portkey/{OPUS}"}}},
    }
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_the_plan_holds_no_secret(plan_setup: Plan, config: Path) -> None:
    config.write_text(f'{{models: {{providers: {{portkey: {{apiKey: "{KEY}", baseUrl: "x"}}}}}}}}')
    prepared = plan_setup(model=[OPUS], metadata=["a=b"], api="anthropic-messages")
    assert KEY not in repr(prepared.plan) + prepared.diff + notes(prepared)
    assert KEY not in repr(prepared)


def test_models_of_the_same_name_get_their_slugs(written: Written) -> None:
    models = entry(written(model=[OPUS, "@eu/claude-opus-4-5"]))["models"]
    assert [model["name"] for model in models] == ["Claude Opus 4.5", "Claude Opus 4.5 (eu)"]


def test_the_anthropic_format_carries_the_key_in_portkeys_header(written: Written) -> None:
    made = entry(written(model=[OPUS], api="anthropic-messages", gateway_url="https://api.portkey.ai"))
    assert made["baseUrl"] == "https://api.portkey.ai"
    assert made["headers"] == {"x-portkey-api-key": REFERENCE}


def test_headers_for_routing_and_tracing(written: Written) -> None:
    made = entry(
        written(
            model=["m"], config_id="pc-a1", trace_id="t 1", metadata=["_user=Zoë", "env=prod"], api="openai-responses"
        )
    )
    assert made["headers"] == {
        "x-portkey-config": "pc-a1",
        "x-portkey-trace-id": "t 1",
        "x-portkey-metadata": '{"_user":"Zo\\u00eb","env":"prod"}',
    }
    assert made["api"] == "openai-responses"
    assert made["models"] == [{"id": "m", "name": "M"}]


def test_a_users_mode_and_other_providers_stay(written: Written) -> None:
    text = '{models: {mode: "replace", providers: {ollama: {baseUrl: "http://x", models: []}}}, other: [1]}'
    value = written(text, model=[OPUS])
    assert value["models"]["mode"] == "replace"
    assert value["models"]["providers"]["ollama"] == {"baseUrl": "http://x", "models": []}
    assert value["other"] == [1]


def test_an_entry_is_mended_and_keeps_the_users_fields(written: Written, plan_setup: Plan, config: Path) -> None:
    text = json.dumps(
        {
            "models": {
                "mode": "merge",
                "providers": {
                    "portkey": {
                        "baseUrl": "https://api.portkey.ai",
                        "apiKey": "sk-old-literal-key-123456",
                        "api": "anthropic-messages",
                        "headers": {"X-Portkey-Trace-Id": "old", "x-mine": "1"},
                        "timeoutSeconds": 7,
                        "models": [
                            {"id": OPUS, "name": "My Opus", "contextWindow": 9},
                            {"id": "@x/gone", "name": "Gone"},
                        ],
                    }
                },
            }
        }
    )
    config.write_text(text)
    shown = effects(plan_setup(model=[GPT, OPUS], trace_id="new"))
    assert "base URL https://api.portkey.ai/v1 (was https://api.portkey.ai)" in shown
    assert "wire format openai-completions (was anthropic-messages)" in shown
    made = entry(written(model=[GPT, OPUS], trace_id="new"))
    assert made == {
        "baseUrl": "https://api.portkey.ai/v1",
        "apiKey": REFERENCE,
        "api": "openai-completions",
        "headers": {"X-Portkey-Trace-Id": "new", "x-mine": "1"},
        "timeoutSeconds": 7,
        "models": [
            {"id": OPUS, "name": "My Opus", "contextWindow": 9},
            {"id": "@x/gone", "name": "Gone"},
            {"id": GPT, "name": "GPT 5.2"},
        ],
    }


def test_the_documented_page_of_old_is_mended(written: Written) -> None:
    text = """{
      agents: { defaults: { model: { primary: "portkey/claude-opus-4-5" } } },
      env: { PORTKEY_API_KEY: "old-key-of-mine-42" },
      models: { mode: "merge", providers: { portkey: {
        baseUrl: "https://api.portkey.ai/v1", apiKey: "${PORTKEY_API_KEY}", api: "anthropic-messages",
        models: [ { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" } ] } } },
    }"""
    value = written(text, model=[OPUS], api="anthropic-messages")
    assert value["env"] == {"vars": {"PORTKEY_API_KEY": KEY}}
    assert value["agents"]["defaults"]["model"]["primary"] == f"portkey/{OPUS}"
    assert entry(value)["headers"] == {"x-portkey-api-key": REFERENCE}


@pytest.mark.parametrize("name", ["x-portkey-api-key", "X-Portkey-Api-Key", "Authorization"])
def test_a_stale_key_in_a_header_does_not_win(written: Written, name: str) -> None:
    text = json.dumps(
        {"models": {"providers": {"portkey": {"baseUrl": "https://api.portkey.ai/v1", "headers": {name: "stale"}}}}}
    )
    sent = entry(written(text, model=[OPUS]))["headers"]
    by_name = {key.lower(): value for key, value in sent.items()}
    assert by_name["x-portkey-api-key"] == REFERENCE
    assert len(by_name) == len(sent)


def test_metadata_is_merged_by_key(written: Written) -> None:
    text = json.dumps(
        {"models": {"providers": {"portkey": {"headers": {"x-portkey-metadata": '{"team": "a", "env": "dev"}'}}}}}
    )
    sent = entry(written(text, model=[OPUS], metadata=["env=prod"]))["headers"]
    assert json.loads(sent["x-portkey-metadata"]) == {"team": "a", "env": "prod"}


@pytest.mark.parametrize("before", ["not json", "[1]", '"text"', ""])
def test_metadata_that_is_no_object_is_replaced(written: Written, before: str) -> None:
    text = json.dumps({"models": {"providers": {"portkey": {"headers": {"x-portkey-metadata": before}}}}})
    sent = entry(written(text, model=[OPUS], metadata=["env=prod"]))["headers"]
    assert sent["x-portkey-metadata"] == '{"env":"prod"}'


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        (None, {}, {"primary": f"portkey/{OPUS}"}),
        ("anthropic/claude", {}, f"portkey/{OPUS}"),
        ({}, {}, {"primary": f"portkey/{OPUS}"}),
        (
            {"primary": "anthropic/claude", "fallbacks": ["openai/gpt"], "mine": 1},
            {},
            {"primary": f"portkey/{OPUS}", "fallbacks": ["openai/gpt"], "mine": 1},
        ),
        (
            "anthropic/claude",
            {"fallback": [GPT]},
            {"primary": f"portkey/{OPUS}", "fallbacks": [f"portkey/{GPT}"]},
        ),
        (
            {"primary": "a/b", "fallbacks": ["openai/gpt"]},
            {"fallback": [GPT]},
            {"primary": f"portkey/{OPUS}", "fallbacks": [f"portkey/{GPT}", "openai/gpt"]},
        ),
    ],
)
def test_the_shape_of_the_default_model_is_kept(written: Written, before: Any, given: Any, after: Any) -> None:
    text = json.dumps({"agents": {"defaults": {} if before is None else {"model": before}}})
    assert written(text, model=[OPUS], **given)["agents"]["defaults"]["model"] == after


def test_what_is_replaced_is_named(plan_setup: Plan, config: Path) -> None:
    config.write_text('{agents: {defaults: {model: {primary: "anthropic/claude", fallbacks: ["openai/gpt"]}}}}')
    shown = effects(plan_setup(model=[OPUS], fallback=[GPT]))
    assert "(was anthropic/claude)" in shown
    assert f"fallbacks of every agent without a model of its own: portkey/{GPT}, openai/gpt" in shown


def test_a_list_of_allowed_models_gets_the_selected_ones(written: Written) -> None:
    def allowed(items: list[str]) -> Any:
        text = json.dumps({"agents": {"defaults": {"modelPolicy": {"allow": items}}}})
        return written(text, model=[OPUS], fallback=[GPT])["agents"]["defaults"]["modelPolicy"]["allow"]

    assert allowed(["anthropic/*"]) == ["anthropic/*", f"portkey/{OPUS}", f"portkey/{GPT}"]
    assert allowed(["portkey/*"]) == ["portkey/*"]
    assert allowed([f"portkey/{OPUS}", "portkey/@openai-prod/*"]) == [f"portkey/{OPUS}", "portkey/@openai-prod/*"]
    assert allowed([]) == []


def test_another_name_for_the_provider(written: Written) -> None:
    value = written(model=[OPUS], provider_id="portkey-eu")
    assert entry(value, "portkey-eu")["apiKey"] == REFERENCE
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey-eu/{OPUS}"}


@pytest.mark.parametrize(
    ("provider_id", "url"),
    [
        ("ollama", "http://127.0.0.1:11434"),
        ("openai", "https://api.openai.com/v1"),
        ("mine", "https://llm.acme.com/v1"),
    ],
)
def test_somebodys_working_provider_is_not_taken_over(
    plan_setup: Plan, config: Path, provider_id: str, url: str
) -> None:
    config.write_text(json.dumps({"models": {"providers": {provider_id: {"baseUrl": url, "models": [{"id": "m"}]}}}}))
    with pytest.raises(UserError) as caught:
        plan_setup(model=[OPUS], provider_id=provider_id)
    assert caught.value.code is ExitCode.USAGE
    assert "--provider-id" in caught.value.hint


def test_an_entry_with_portkeys_signs_may_be_led_elsewhere(written: Written) -> None:
    text = json.dumps(
        {
            "models": {
                "providers": {"mine": {"baseUrl": "https://gw.acme.com/v1", "models": [{"id": "@a/b", "name": "B"}]}}
            }
        }
    )
    hosted = "https://api.portkey.ai/v1"
    assert entry(written(text, model=[OPUS], provider_id="mine", gateway_url=hosted), "mine")["baseUrl"] == hosted


def test_a_gateway_that_nobody_confirmed_is_asked_about(plan_setup: Plan, config: Path) -> None:
    config.write_text('{models: {providers: {portkey: {baseUrl: "https://gw.acme.com/v1", models: []}}}}')
    with pytest.raises(UserError) as caught:
        plan_setup(model=[OPUS])
    assert caught.value.code is ExitCode.USAGE
    assert "--gateway-url https://gw.acme.com/v1" in caught.value.hint


@pytest.mark.parametrize(
    ("standing", "kept"),
    [
        ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
        ("https://api.portkey.ai", "https://api.portkey.ai/v1"),
        ("https://app.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portkey.com/v1", "https://api.portkey.ai/v1"),
        ("${GATEWAY}", "https://api.portkey.ai/v1"),
    ],
)
def test_without_a_flag_the_gateway_in_use_stays_if_it_can_work(written: Written, standing: str, kept: str) -> None:
    text = json.dumps({"models": {"providers": {"portkey": {"baseUrl": standing, "models": []}}}})
    assert entry(written(text, model=[OPUS]))["baseUrl"] == kept


def test_a_key_that_is_replaced_is_said_and_hidden(plan_setup: Plan, config: Path) -> None:
    config.write_text('{env: {vars: {PORTKEY_API_KEY: "an-old-key-of-mine-1"}}}')
    prepared = plan_setup(model=[OPUS])
    assert "in the place of another one" in effects(prepared)
    assert "an-old-key" not in effects(prepared) + prepared.diff


def test_a_key_below_env_itself_moves_to_env_vars(written: Written, plan_setup: Plan, config: Path) -> None:
    config.write_text(f'{{env: {{PORTKEY_API_KEY: "{KEY}", vars: {{A: "1"}}}}}}')
    assert "env.PORTKEY_API_KEY taken away" in effects(plan_setup(model=[OPUS]))
    assert written(model=[OPUS])["env"] == {"vars": {"A": "1", "PORTKEY_API_KEY": KEY}}


def test_a_file_that_others_may_read_is_closed_with_the_key(written: Written, plan_setup: Plan, config: Path) -> None:
    config.write_text("{}")
    config.chmod(0o644)
    assert "Others may read ~/.openclaw/openclaw.json now (mode 644)" in notes(plan_setup(model=[OPUS]))
    written(model=[OPUS])
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_without_a_key_to_store_the_mode_stays(surroundings: Environment, plan_setup: Plan, config: Path) -> None:
    config.write_text("{}")
    config.chmod(0o644)
    prepared = plan_setup(model=[OPUS], key_storage="env")
    assert "Others may read" not in notes(prepared)
    apply(prepared.plan, surroundings, Vault())
    assert stat.S_IMODE(config.stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["x-portkey-provider", "X-Portkey-Config", "x-portkey-virtual-key"])
def test_a_header_that_routes_elsewhere_is_said(plan_setup: Plan, config: Path, name: str) -> None:
    config.write_text(json.dumps({"models": {"providers": {"portkey": {"headers": {name: "@other"}}}}}))
    assert f"header {name} also says where requests go" in notes(plan_setup(model=[OPUS]))
    if name.lower() == "x-portkey-config":
        assert "also says" not in notes(plan_setup(model=[OPUS], config_id="pc-1"))


def test_a_saved_key_of_openclaws_own_is_said(plan_setup: Plan, config: Path) -> None:
    store = config.parent / "agents" / "main" / "agent" / "auth-profiles.json"
    store.parent.mkdir(parents=True)
    store.write_text('{"profiles": {"portkey:manual": {"provider": "portkey", "key": "x"}}}')
    assert "OpenClaw has saved another key for this provider itself" in notes(plan_setup(model=[OPUS]))


def test_a_place_that_is_no_object_is_refused(plan_setup: Plan, config: Path) -> None:
    config.write_text('{"models": []}')
    with pytest.raises(UserError) as caught:
        plan_setup(model=[OPUS])
    assert caught.value.code is ExitCode.NOT_WRITTEN


def test_an_included_part_is_written_where_it_stands(written: Written, config: Path) -> None:
    part = config.with_name("models.json5")
    part.write_text("{ // mine\n  providers: {},\n}\n")
    text = '{models: {$include: "./models.json5"}, other: 1}'
    value = written(text, model=[OPUS])
    assert value["models"] == {"$include": "./models.json5"}
    included = Document.parse(part.read_text())
    assert included.text.startswith("{ // mine")
    assert included.get(("providers", "portkey", "baseUrl")) == "https://api.portkey.ai/v1"
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}


def test_an_inclusion_that_openclaw_refuses_is_refused(plan_setup: Plan, config: Path) -> None:
    config.write_text('{models: {$include: "./nowhere.json5"}}')
    with pytest.raises(UserError, match=r"nowhere\.json5") as caught:
        plan_setup(model=[OPUS])
    assert caught.value.code is ExitCode.NOT_WRITTEN


def test_a_named_gateway_is_remembered_once_it_is_written(
    surroundings: Environment, gateway: Callable[..., Any], config: Path
) -> None:
    given = {"yes": True, "model": [OPUS], "gateway_url": "https://gw.acme.com:8443"}
    request = Request(given, surroundings, Vault(), gateway())
    prepared = prepare(request)
    assert "The key goes to https://gw.acme.com:8443 because you named it" in notes(prepared)
    assert remembered_origins(surroundings) == ()
    assert carry_out(prepared, request).written
    assert remembered_origins(surroundings) == ("https://gw.acme.com:8443",)


def test_a_named_gateway_is_not_remembered_where_nothing_could_be_written(
    surroundings: Environment, gateway: Callable[..., Any], config: Path
) -> None:
    given = {"yes": True, "model": [OPUS], "gateway_url": "https://gw.acme.com:8443"}
    request = Request(given, surroundings, Vault(), gateway())
    prepared = prepare(request)
    config.write_text("{}")
    with pytest.raises(UserError) as caught:
        carry_out(prepared, request)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert remembered_origins(surroundings) == ()


def test_hosted_gateways_need_no_remembering(
    surroundings: Environment, gateway: Callable[..., Any], config: Path
) -> None:
    request = Request({"yes": True, "model": [OPUS]}, surroundings, Vault(), gateway())
    carry_out(prepare(request), request)
    assert remembered_origins(surroundings) == ()


def test_nothing_is_planned_without_yes_or_dry_run(plan_setup: Plan) -> None:
    with pytest.raises(UserError) as caught:
        plan_setup(model=[OPUS], yes=False)
    assert caught.value.code is ExitCode.USAGE
    assert "--yes" in caught.value.message
    assert "--dry-run" in caught.value.message
    assert plan_setup(model=[OPUS], yes=False, dry_run=True).plan.changes
