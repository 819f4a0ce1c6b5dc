"""Portkey, or another model, is there already: what is kept, changed, added; and what would win over the key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wizard.base.errors import UserError
from wizard.setup import flow
from wizard.setup.prompter.scripted import DEFAULT

OPUS = "@anthropic-prod/claude-opus-4-5"
SONNET = "@anthropic-prod/claude-sonnet-4-5"
GPT = "@openai-prod/gpt-5.2"
OTHER_KEY = "pk-another-key-of-somebody-0001"

# Enter on everything, as somebody who changes an entry and then leaves it.
ENTER = {
    "gateway": DEFAULT,
    "gateway_url": None,
    "key_source": DEFAULT,
    "api_key": None,
    "provider": DEFAULT,
    "model": DEFAULT,
    "fallback": DEFAULT,
    "key_storage": DEFAULT,
    "apply": None,
}


def listed(value: Any, provider_id: str = "portkey") -> list[str]:
    return [model["id"] for model in value["models"]["providers"][provider_id]["models"]]


# Keep, change, add, remove


def test_what_is_there_can_be_kept(second_run: Any) -> None:
    interviewed = second_run.talks(start="keep")
    assert interviewed.finished is not None
    assert interviewed.finished.keep
    assert second_run.ids == ("start",)


def test_what_is_there_can_be_removed(second_run: Any) -> None:
    interviewed = second_run.talks(start="remove")
    assert interviewed.finished is not None
    assert not interviewed.finished.keep
    assert interviewed.finished.provider_id is None


def test_enter_on_everything_changes_nothing(second_run: Any) -> None:
    interviewed = second_run.talks(start="change:portkey", **ENTER)
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes == ()
    assert "is already set up: nothing to change." in second_run.shown


@pytest.mark.parametrize("storage", ["openclaw-env", "dotenv"])
def test_enter_on_everything_changes_nothing_in_any_store(person: Any, storage: str) -> None:
    person.writes(key_storage=storage, model=(OPUS, SONNET), primary=SONNET, fallback=(GPT,))
    interviewed = person.talks(start="change:portkey", primary=DEFAULT, **ENTER)
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes == ()


def test_changing_adds_and_takes_away_models(second_run: Any) -> None:
    value = second_run.writes(
        **{**ENTER, "start": "change:portkey", "model": (SONNET,), "apply": True, "fallback": (GPT,)}
    )
    assert listed(value) == [SONNET, GPT]
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{SONNET}", "fallbacks": [f"portkey/{GPT}"]}
    assert OPUS in second_run.shown
    value = second_run.writes(**{**ENTER, "start": "change:portkey", "apply": True, "fallback": (), "primary": SONNET})
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{SONNET}", "fallbacks": []}


def test_a_second_entry_stands_beside_the_first(second_run: Any) -> None:
    value = second_run.writes(
        start="add",
        gateway=DEFAULT,
        gateway_url=None,
        key_source=DEFAULT,
        provider="@openai-prod",
        provider_id=DEFAULT,
        model=(GPT,),
        use_as="listed",
        fallback=None,
        key_storage=DEFAULT,
    )
    assert sorted(value["models"]["providers"]) == ["portkey", "portkey-openai"]
    assert listed(value, "portkey-openai") == [GPT]
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}
    interviewed = second_run.talks(start="change:portkey-openai", **{**ENTER, "use_as": "listed", "fallback": None})
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes == ()


def test_a_name_that_is_taken_is_refused(second_run: Any) -> None:
    second_run.talks(
        start="add",
        gateway=DEFAULT,
        gateway_url=None,
        key_source=DEFAULT,
        provider_id="x",
        use_as="listed",
        fallback=None,
    )
    judge = second_run.prompt("provider_id").judge
    assert "there already" in judge("portkey").refused
    assert judge("portkey-eu").refused is None


def test_a_change_from_a_config_to_a_provider_takes_the_header_away(person: Any) -> None:
    person.writes(provider="config", config_id="pc-single-91c4e2", model="m", fallback=None)
    answers = {**ENTER, "start": "change:portkey", "apply": True}
    person.talks(**{**answers, "config_id": DEFAULT, "apply": None, "fallback": None})
    assert "nothing to change" in person.shown
    value = person.writes(**{**answers, "provider": "@anthropic-prod", "model": (OPUS,)})
    assert "headers" not in value["models"]["providers"]["portkey"]
    assert listed(value) == [OPUS]


def test_headers_of_an_entry_can_be_dropped(by_flags: Any, person: Any) -> None:
    by_flags(model=[OPUS], trace_id="mine", metadata=["a=b"])
    person.variables.clear()
    person.talks(start="change:portkey", headers=DEFAULT, **ENTER)
    assert "nothing to change" in person.shown
    value = person.writes(**{**ENTER, "start": "change:portkey", "headers": ("metadata",), "apply": True})
    assert list(value["models"]["providers"]["portkey"]["headers"]) == ["x-portkey-metadata"]


def test_what_must_not_be_written_is_said_before_the_first_question(person: Any, tmp_path: Path) -> None:
    (tmp_path / "openclaw").mkdir()
    package = tmp_path / "openclaw" / "package.json"
    package.write_text('{"name": "openclaw", "version": "2026.5.7"}')
    program = tmp_path / "openclaw" / "openclaw.mjs"
    program.write_text("#!/usr/bin/env node\n")
    program.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "openclaw").symlink_to(program)
    person.variables["PATH"] = str(tmp_path / "bin")
    person.has({"meta": {"lastTouchedVersion": "2026.9.6"}})
    with pytest.raises(UserError, match="was last written by OpenClaw") as caught:
        person.talks()
    assert caught.value.code == 4
    assert person.ids == ()


def test_an_included_entry_is_changed_where_it_stands(person: Any) -> None:
    person.has("// main\n{ models: { $include: './models.json5' } }\n")
    part = person.config.with_name("models.json5")
    part.write_text("{ mode: 'merge', providers: {}, } // mine\n")
    value = person.writes()
    assert value["models"] == {"$include": "./models.json5"}
    assert person.sandbox.base_url in part.read_text()
    assert part.read_text().endswith("// mine\n")
    interviewed = person.talks(start="change:portkey", **ENTER)
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes == ()


# Another model in use


def test_nothing_is_switched_without_a_word(person: Any) -> None:
    person.has({"agents": {"defaults": {"model": "anthropic/claude"}}})
    value = person.writes(use_as="primary")
    assert "OpenClaw uses anthropic/claude now." in person.shown
    assert value["agents"]["defaults"]["model"] == f"portkey/{OPUS}"


def test_portkey_beside_the_present_model(person: Any) -> None:
    person.has({"agents": {"defaults": {"model": "anthropic/claude"}}})
    value = person.writes(use_as="listed", fallback=None)
    assert "not tried: no agent uses it yet" in person.shown
    assert value["agents"]["defaults"]["model"] == "anthropic/claude"
    assert listed(value) == [OPUS]


@pytest.mark.parametrize("present", ["anthropic/claude", {"primary": "anthropic/claude", "fallbacks": ["x/y"]}])
def test_portkey_as_fallback(person: Any, present: Any) -> None:
    person.has({"agents": {"defaults": {"model": present}}})
    model = person.writes(use_as="fallback")["agents"]["defaults"]["model"]
    assert model["primary"] == "anthropic/claude"
    assert model["fallbacks"][-1] == f"portkey/{OPUS}"
    assert model["fallbacks"][:-1] == (["x/y"] if isinstance(present, dict) else [])


@pytest.mark.parametrize("use_as", ["listed", "fallback"])
def test_enter_on_everything_leaves_portkey_behind_the_present_model(person: Any, use_as: str) -> None:
    person.has({"agents": {"defaults": {"model": {"primary": "anthropic/claude"}}}})
    asked = {"fallback": None} if use_as == "listed" else {}
    person.writes(use_as=use_as, model=(OPUS, SONNET), primary=SONNET, **asked)
    interviewed = person.talks(start="change:portkey", use_as=DEFAULT, primary=DEFAULT, **{**ENTER, **asked})
    assert person.prompt("use_as").default == use_as
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes == ()


def test_what_was_answered_is_in_the_request_that_is_carried_out(person: Any) -> None:
    person.has({"agents": {"defaults": {"model": "anthropic/claude"}}})
    assert person.talks(use_as="listed", fallback=None).request.given["use_as"] == "listed"


def test_a_present_model_that_is_portkeys_is_not_set_against_portkey(second_run: Any) -> None:
    answers = {"gateway": DEFAULT, "gateway_url": None, "key_source": DEFAULT, "provider": "@openai-prod"}
    second_run.talks(start="add", provider_id=DEFAULT, model=(GPT,), use_as="listed", fallback=None, **answers)
    assert second_run.prompt("use_as").choices[0].label == f"Make {GPT} the default"
    assert "not tried: no agent uses it yet" in second_run.shown


def test_fallbacks_that_go_are_a_minus(person: Any) -> None:
    person.writes(fallback=(GPT,))
    person.talks(**{**ENTER, "start": "change:portkey", "primary": DEFAULT, "fallback": (), "apply": False})
    gone = f"- no fallbacks of every agent without a model of its own any more (were portkey/{GPT})"
    assert gone in " ".join(person.shown.split())


AGENTS = {"list": [{"id": "main", "model": "anthropic/claude"}, {"id": "other"}]}


def test_an_agent_whose_own_model_hides_the_default_is_said(person: Any) -> None:
    person.has({"agents": AGENTS})
    value = person.writes(agent="main", use_as="primary")
    assert "The agent main, which answers by default, has a model of its own: anthropic/claude" in person.shown
    assert value["agents"]["list"][0]["model"] == f"portkey/{OPUS}"
    assert "defaults" not in value["agents"]


def test_the_default_can_be_set_all_the_same(person: Any) -> None:
    person.has({"agents": AGENTS})
    value = person.writes(agent="everybody")
    assert value["agents"]["list"][0]["model"] == "anthropic/claude"
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}


# Storage, and what would win


def test_every_store_is_shown_with_gain_and_cost_or_the_reason_against_it(person: Any) -> None:
    person.talks()
    choices = {choice.value: choice for choice in person.prompt("key_storage").choices}
    assert list(choices) == ["openclaw-env", "keyring", "dotenv", "env"]
    assert choices["keyring"].refused
    assert "nothing that OpenClaw reads has PORTKEY_API_KEY" in choices["env"].refused
    assert "readable in openclaw.json" in choices["openclaw-env"].detail


def test_the_dotenv_store_keeps_the_key_out_of_the_config(person: Any) -> None:
    value = person.writes(key_storage="dotenv")
    assert person.key not in person.config.read_text()
    assert "env" not in value
    assert f"PORTKEY_API_KEY={person.key}" in (person.config.parent / ".env").read_text()


def test_a_key_of_a_weaker_file_is_found_before_the_write(person: Any) -> None:
    person.has({})
    dotenv = person.config.parent / ".env"
    dotenv.write_text(f"OTHER=1\nPORTKEY_API_KEY={OTHER_KEY}\n")
    value = person.writes(key_source="type", rival="take-out")
    assert "holds another key" in person.shown
    assert OTHER_KEY not in person.shown
    assert dotenv.read_text() == "OTHER=1\n"
    assert value["env"]["vars"]["PORTKEY_API_KEY"] == person.key


def test_a_key_of_the_working_folder_is_named_and_never_taken_out(person: Any) -> None:
    """It belongs to a project, and `key remove` leaves it alone as well."""
    dotenv = person.home / ".env"
    dotenv.write_text(f"PORTKEY_API_KEY={OTHER_KEY}\n")
    person.writes(key_source="type", rival="leave")
    assert "take-out" not in [choice.value for choice in person.prompt("rival").choices]
    assert dotenv.read_text() == f"PORTKEY_API_KEY={OTHER_KEY}\n"


def test_a_key_in_the_shell_can_be_left_or_used(person: Any) -> None:
    other = person.sandbox.account.key("inference-only").value
    person.variables["PORTKEY_API_KEY"] = other
    value = person.writes(key_source="type", rival="use")
    assert value["env"]["vars"]["PORTKEY_API_KEY"] == other
    values = [choice.value for choice in person.prompt("rival").choices]
    assert values == ["use", "back", "leave"]


def test_a_rival_can_send_back_to_the_stores(person: Any) -> None:
    person.has({})
    (person.config.parent / ".env").write_text(f"PORTKEY_API_KEY={OTHER_KEY}\n")
    person.writes(key_source="type", rival="back", key_storage=["openclaw-env", "dotenv"])
    assert (person.config.parent / ".env").read_text() == f"PORTKEY_API_KEY={person.key}\n"


def test_a_saved_profile_is_found_and_another_name_offered(person: Any) -> None:
    person.has({})
    folder = person.config.parent / "agents" / "main" / "agent"
    folder.mkdir(parents=True)
    saved = {"profiles": {"portkey:manual": {"type": "api_key", "provider": "portkey", "key": OTHER_KEY}}}
    (folder / "auth-profiles.json").write_text(json.dumps(saved))
    value = person.writes(
        rival="rename",
        provider_id="portkey-two",
        key_storage=["openclaw-env", DEFAULT],
        model=[(OPUS,), DEFAULT],
        fallback=[(), DEFAULT],
    )
    assert "It takes that one before any other" in person.shown
    assert list(value["models"]["providers"]) == ["portkey-two"]


# Flags of later runs


@pytest.fixture
def by_flags(person: Any) -> Any:
    def run(**given: Any) -> Any:
        person.talks  # noqa: B018 - the fixture is a person
        from wizard.base.limits import Deadline
        from wizard.keys.vault import Vault
        from wizard.portkey.client import Client

        vault = Vault()
        client = Client(vault, Deadline.after(60))
        person.variables["PORTKEY_API_KEY"] = person.key
        flags = {"yes": True, "gateway_url": person.sandbox.base_url, **given}
        request = flow.Request(flags, person.environment, vault, client.send)
        try:
            prepared = flow.prepare(request)
            flow.carry_out(prepared, request)
            assert flow.prepare(request).plan.changes == ()
        finally:
            client.close()
        return person.value

    return run


def test_a_second_run_adds_a_model_and_leaves_the_primary(by_flags: Any) -> None:
    by_flags(model=[OPUS])
    value = by_flags(model=[GPT])
    assert listed(value) == [OPUS, GPT]
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}
    assert by_flags(primary=GPT)["agents"]["defaults"]["model"] == {"primary": f"portkey/{GPT}"}


def test_fallbacks_add_up(by_flags: Any) -> None:
    by_flags(model=[OPUS], fallback=[GPT])
    value = by_flags(fallback=[SONNET])
    assert value["agents"]["defaults"]["model"]["fallbacks"] == [f"portkey/{GPT}", f"portkey/{SONNET}"]


def test_headers_can_be_taken_away_again(by_flags: Any) -> None:
    value = by_flags(model=[OPUS], trace_id="t", metadata=["a=b"], config_id="pc-single-91c4e2")
    assert len(value["models"]["providers"]["portkey"]["headers"]) == 3
    value = by_flags(model=[OPUS], clear_trace_id=True)
    assert set(value["models"]["providers"]["portkey"]["headers"]) == {"x-portkey-config", "x-portkey-metadata"}
    value = by_flags(model=[OPUS], clear_config_id=True, clear_metadata=True)
    assert "headers" not in value["models"]["providers"]["portkey"]


def test_a_header_is_not_set_and_cleared_at_once(by_flags: Any) -> None:
    with pytest.raises(UserError, match="--trace-id and --clear-trace-id contradict each other"):
        by_flags(model=[OPUS], trace_id="t", clear_trace_id=True)


def test_a_config_that_does_not_exist_is_refused_before_the_write(by_flags: Any, person: Any) -> None:
    with pytest.raises(UserError, match="--config-id pc-single-91c4e3: this key's workspace has no such") as caught:
        by_flags(model=["m"], config_id="pc-single-91c4e3")
    assert "pc-single-91c4e2" in caught.value.hint
    assert not person.config.exists()


def test_the_store_stays_where_it_is(by_flags: Any, person: Any) -> None:
    by_flags(model=[OPUS], key_storage="dotenv")
    value = by_flags(model=[GPT])
    assert "env" not in value
    assert person.key in (person.config.parent / ".env").read_text()


def test_the_wire_format_stays_where_it_works(by_flags: Any) -> None:
    by_flags(model=[OPUS], api="anthropic-messages")
    assert by_flags(model=[SONNET])["models"]["providers"]["portkey"]["api"] == "anthropic-messages"


def test_a_slug_without_its_at_is_suggested(by_flags: Any) -> None:
    with pytest.raises(UserError) as caught:
        by_flags(model=["anthropic-prod/claude-opus-4-5"])
    assert f"Did you mean {OPUS}?" in caught.value.hint
