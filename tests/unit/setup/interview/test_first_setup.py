"""Somebody new: from nothing to a plan that is confirmed, and everything that is said on the way."""

from __future__ import annotations

import stat
from typing import Any

import pytest

from wizard.change.state import state_folder
from wizard.sandbox.accounts import ProviderEntry
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Answer, Request, json_answer
from wizard.setup.prompter.scripted import BACK, DEFAULT, LEAVE

OPUS = "@anthropic-prod/claude-opus-4-5"
SONNET = "@anthropic-prod/claude-sonnet-4-5"
GPT = "@openai-prod/gpt-5.2"


def test_from_nothing_to_a_config_that_routes(person: Any) -> None:
    value = person.writes()
    assert value["env"]["vars"]["PORTKEY_API_KEY"] == person.key
    entry = value["models"]["providers"]["portkey"]
    assert entry["baseUrl"] == person.sandbox.base_url
    assert [model["id"] for model in entry["models"]] == [OPUS]
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}
    assert person.ids == (
        "gateway", "gateway_url", "api_key", "provider", "model", "fallback", "key_storage", "apply"
    )  # fmt: skip
    assert not person.left
    assert person.key not in person.shown


def test_every_step_says_where_it_stands(person: Any) -> None:
    person.talks()
    for number in range(1, 6):
        assert f"step {number} of 5" in person.shown
    assert "OpenClaw is not installed here. Its config is written all the same" in person.shown
    assert "npm install -g openclaw@latest" in person.shown
    assert "works, may use 4 providers and 9 models." in person.shown
    assert "check the route with one model call (about 40 tokens)" in person.shown


def test_what_is_not_confirmed_is_not_written(person: Any) -> None:
    assert person.talks(apply=False).prepared is None
    assert not person.config.exists()


def test_ctrl_c_leaves_everything_as_it_was(person: Any) -> None:
    for name in ("gateway", "api_key", "provider", "model", "key_storage", "apply"):
        with pytest.raises(KeyboardInterrupt):
            person.talks(**{name: LEAVE, "resume": "over"})
        assert not person.config.exists()


# The key


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expired", "says that the key has expired"),
        ("exhausted", "says that the key's budget is used up."),
        ("no-scope", "Tick the permission completions.write or models.list for this key at"),
    ],
)
def test_a_refused_key_says_why_and_is_asked_again(person: Any, name: str, words: str) -> None:
    wrong = person.sandbox.account.key(name).value
    person.writes(api_key=[wrong, person.key], key_trouble="key")
    assert words in person.shown
    assert wrong not in person.shown
    assert person.prompt("key_trouble").choices[0].label == "Another key"
    assert person.ids.count("api_key") == 2


def test_an_unknown_key_can_be_left_unchecked(person: Any) -> None:
    value = person.writes(
        api_key="nobody-knows-this-key-9",
        key_trouble="unchecked",
        provider=None,
        route_by="named",
        model=GPT,
        fallback=None,
    )
    assert "refuses the key" in person.shown
    assert value["models"]["providers"]["portkey"]["models"][0]["id"] == GPT


def test_a_gateway_that_is_not_there_offers_another(person: Any) -> None:
    value = person.writes(
        gateway_url=["http://127.0.0.1:9/v1", person.sandbox.base_url],
        gateway=["other", "other"],
        key_trouble=["again", "gateway"],
        key_source="0",
    )
    assert person.shown.count("could not be asked for its models") == 2
    assert value["models"]["providers"]["portkey"]["baseUrl"] == person.sandbox.base_url


def test_the_key_in_the_shell_is_offered_with_its_fingerprint(person: Any) -> None:
    person.variables["PORTKEY_API_KEY"] = person.key
    value = person.writes(key_source="0", api_key=None)
    assert value["env"]["vars"]["PORTKEY_API_KEY"] == person.key
    assert "sha256:" in person.prompt("key_source").choices[0].detail
    assert "the variable PORTKEY_API_KEY" in person.prompt("key_source").choices[0].label


def test_a_key_in_the_shell_that_is_none_is_said_and_not_offered(person: Any) -> None:
    person.variables["PORTKEY_API_KEY"] = "YOUR_PORTKEY_API_KEY"
    person.talks(rival="leave")
    assert "is a placeholder, not a key" in person.shown
    assert "key_source" not in person.ids


# Providers and models


def test_providers_come_with_vendor_and_status(person: Any) -> None:
    person.talks()
    details = {choice.value: choice.detail for choice in person.prompt("provider").choices}
    assert details["@anthropic-prod"] == "anthropic · active · 3 models"
    assert "budget used up" in details["@bedrock-eu"]
    slugs = [value for value in details if value.startswith("@")]
    assert slugs[-1] == "@bedrock-eu", "what cannot work now stands last"


def test_a_key_that_may_not_list_providers_still_gets_the_slugs(person: Any) -> None:
    key = person.sandbox.account.key("inference-only").value
    person.talks(api_key=key)
    details = {choice.value: choice.detail for choice in person.prompt("provider").choices}
    assert details["@anthropic-prod"] == "3 models"


def test_several_models_one_primary_and_fallbacks(person: Any) -> None:
    value = person.writes(model=(OPUS, SONNET), primary=SONNET, fallback=(OPUS, GPT))
    listed = [model["id"] for model in value["models"]["providers"]["portkey"]["models"]]
    assert listed == [OPUS, SONNET, GPT]
    assert value["agents"]["defaults"]["model"] == {
        "primary": f"portkey/{SONNET}",
        "fallbacks": [f"portkey/{OPUS}", f"portkey/{GPT}"],
    }
    assert SONNET not in [choice.value for choice in person.prompt("fallback").choices]


def test_a_list_of_models_is_never_left_empty(person: Any) -> None:
    person.talks()
    assert person.prompt("model").least == 1


def test_a_typed_slug_and_model(person: Any) -> None:
    value = person.writes(provider="typed", slug="@elsewhere", model="some-model", fallback=())
    assert value["models"]["providers"]["portkey"]["models"][0]["id"] == "@elsewhere/some-model"
    assert "@elsewhere/some-model is not in this key's catalogue." in person.shown


def test_a_saved_config_chooses_the_provider(person: Any) -> None:
    value = person.writes(provider="config", config_id="pc-fallback-3fa0b7", model=DEFAULT, fallback=None)
    entry = value["models"]["providers"]["portkey"]
    assert entry["headers"] == {"x-portkey-config": "pc-fallback-3fa0b7"}
    assert person.prompt("config_id").choices[0].label == "pc-single-91c4e2"
    assert value["agents"]["defaults"]["model"]["primary"].startswith("portkey/")


def test_a_config_is_typed_where_the_key_may_not_list_them(person: Any) -> None:
    key = person.sandbox.account.key("inference-only").value
    value = person.writes(api_key=key, provider="config", config_id="pc-single-91c4e2", model="m", fallback=None)
    assert value["models"]["providers"]["portkey"]["headers"] == {"x-portkey-config": "pc-single-91c4e2"}
    assert "could not be checked" in person.shown


def test_no_provider_yet_shows_the_page_and_checks_again(person: Any) -> None:
    asked: list[str] = []

    def empty_at_first(request: Request) -> Answer | None:
        asked.append(request.path)
        return json_answer(200, {"object": "list", "total": 0, "data": []}) if len(asked) <= 2 else None

    with Sandbox() as sandbox:
        sandbox.override = empty_at_first
        person.talks(gateway_url=sandbox.base_url, provider=["none", "@anthropic-prod"], provider_added="again")
    assert asked[:2] == ["/v1/models", "/v1/providers"]
    assert person.shown.count("This key may use no provider yet.") == 1
    assert "https://app.portkey.ai/model-catalog" in person.shown
    assert "works, may use 4 providers and 9 models." in person.shown
    assert person.ids.count("provider") == 2


def test_thousands_of_models_are_offered(person: Any) -> None:
    account = person.sandbox.account.with_models(3000)
    with Sandbox(account, record=False) as sandbox:
        person.talks(gateway_url=sandbox.base_url)
    assert "and 3,000 models" in person.shown or "and 3000 models" in person.shown
    assert len(person.prompt("fallback").choices) == 2999


def test_a_provider_without_listed_models_takes_a_typed_one(person: Any) -> None:
    account = person.sandbox.account.adding(ProviderEntry("local", "openai", (), "k"))
    with Sandbox(account, record=False) as sandbox:
        interviewed = person.talks(gateway_url=sandbox.base_url, provider="@local", model="my-model")
    assert interviewed.prepared is not None
    assert interviewed.prepared.selection.primary == "@local/my-model"


# Flags


def test_what_a_flag_answers_is_not_asked(person: Any) -> None:
    person.variables["PORTKEY_API_KEY"] = person.key
    person.flags = {
        "gateway_url": person.sandbox.base_url,
        "model": [GPT, OPUS],
        "primary": OPUS,
        "fallback": [GPT],
        "key_storage": "openclaw-env",
    }
    value = person.writes(key_source="0")
    assert person.ids == ("key_source", "apply")
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}", "fallbacks": [f"portkey/{GPT}"]}


def test_a_dry_run_asks_and_confirms_nothing(person: Any) -> None:
    person.flags = {"dry_run": True}
    interviewed = person.talks(apply=None)
    assert interviewed.prepared is not None
    assert interviewed.prepared.plan.changes
    assert not person.config.exists()


# What is kept between runs


def test_an_interrupted_setup_goes_on_where_it_was_left(person: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(model=LEAVE)
    kept = state_folder(person.environment) / "setup.json"
    text = kept.read_text()
    assert person.key not in text
    assert "sha256" not in text
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    value = person.writes(resume="on", gateway=None, gateway_url=None, provider=None)
    assert person.ids == ("resume", "api_key", "model", "fallback", "key_storage", "apply")
    assert person.prompt("resume").choices[0].label == "Go on where you left (step 3)"
    assert value["models"]["providers"]["portkey"]["baseUrl"] == person.sandbox.base_url


def left_with_flags(person: Any, **flags: Any) -> None:
    person.flags = flags
    with pytest.raises(KeyboardInterrupt):
        person.talks(key_storage=LEAVE)


def test_a_run_without_the_flags_goes_on_with_them(person: Any) -> None:
    left_with_flags(person, gateway_url=person.sandbox.base_url, trace_id="mine")
    person.flags = {}
    value = person.writes(resume="on", gateway=None, gateway_url=None, provider=None, model=None, fallback=None)
    assert person.ids == ("resume", "api_key", "key_storage", "apply")
    assert f"Portkey gateway        {person.sandbox.base_url}" in person.shown
    entry = value["models"]["providers"]["portkey"]
    assert entry["baseUrl"] == person.sandbox.base_url
    assert entry["headers"] == {"x-portkey-trace-id": "mine"}


def test_a_run_with_the_same_flags_goes_on_as_well(person: Any) -> None:
    left_with_flags(person, gateway_url=person.sandbox.base_url)
    person.talks(resume="on")
    assert person.ids == ("resume", "api_key", "key_storage", "apply")


def test_flags_kept_are_kept_after_another_interruption(person: Any) -> None:
    left_with_flags(person, gateway_url=person.sandbox.base_url)
    person.flags = {}
    with pytest.raises(KeyboardInterrupt):
        person.talks(resume="on", key_storage=LEAVE)
    interviewed = person.talks(resume="on")
    assert interviewed.prepared is not None
    assert interviewed.prepared.answers.gateway.base_url == person.sandbox.base_url


def test_another_gateway_by_flag_is_another_setup(person: Any) -> None:
    left_with_flags(person, gateway_url=person.sandbox.base_url)
    with Sandbox(record=False) as other:
        person.flags = {"gateway_url": other.base_url}
        person.talks()
    assert "resume" not in person.ids


def test_kept_answers_are_shown_by_their_titles(person: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(apply=LEAVE)
    person.talks(resume="on")
    assert "OpenClaw's config (env.vars)" in person.shown.partition("step 2 of 5")[0]
    assert "openclaw-env" not in person.shown.partition("step 2 of 5")[0]
    assert person.prompt("resume").choices[0].detail == "the key is asked for again"


def test_a_key_in_the_config_is_not_said_to_be_lost(second_run: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        second_run.talks(start="change:portkey", gateway=DEFAULT, key_source=DEFAULT, key_storage=LEAVE)
    second_run.talks(resume="over", start="change:portkey", gateway=DEFAULT, key_source=DEFAULT)
    assert second_run.prompt("resume").choices[0].detail == "the key that OpenClaw has is still there"


def test_a_short_key_is_told_by_its_length(person: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(
            api_key="abc12", key_trouble="gateway", gateway=["other", "other"],
            gateway_url=[person.sandbox.base_url, person.sandbox.base_url], key_source=LEAVE,
        )  # fmt: skip
    assert person.prompt("key_source").choices[0].detail == "5 characters"


# The confirmation


def test_a_long_diff_is_shown_on_demand_and_enter_writes_nothing(person: Any) -> None:
    interviewed = person.talks(apply=[DEFAULT, DEFAULT, "leave"], key_storage=["openclaw-env", DEFAULT])
    assert interviewed.prepared is None
    first, second, _ = (prompt for prompt in person.prompts if prompt.id == "apply")
    assert (first.default, second.default) == ("diff", "back")
    assert person.shown.count('"baseUrl"') == 1
    assert person.ids[-4:] == ("apply", "apply", "key_storage", "apply")


def test_a_no_to_a_short_diff_is_no_end(person: Any) -> None:
    person.writes(fallback=(SONNET,))
    change = {
        "start": "change:portkey", "gateway": DEFAULT, "gateway_url": None, "key_source": DEFAULT, "api_key": None,
        "provider": DEFAULT, "model": DEFAULT, "primary": DEFAULT,
    }  # fmt: skip
    value = person.writes(
        **change,
        fallback=(),
        key_storage=[DEFAULT, DEFAULT],
        apply=[DEFAULT, True],
        apply_not="back",
    )
    assert person.prompt("apply_not").default == "back"
    assert value["agents"]["defaults"]["model"]["fallbacks"] == []


def test_starting_over_forgets(person: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(model=LEAVE)
    person.talks(resume="over")
    assert person.ids[:2] == ("resume", "gateway")


def test_another_config_is_another_setup(person: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        person.talks(model=LEAVE)
    person.variables["OPENCLAW_CONFIG_PATH"] = str(person.home / "other.json")
    person.talks()
    assert "resume" not in person.ids


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema_version": 1, "config": 1}', "\x00", '{"schema_version": 9}']
)
def test_a_kept_file_that_cannot_be_understood_is_none(person: Any, text: str) -> None:
    kept = state_folder(person.environment) / "setup.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    person.talks()
    assert "resume" not in person.ids


# Back


def test_back_leads_through_every_step_and_keeps_what_was_said(person: Any) -> None:
    value = person.writes(
        gateway=["other", DEFAULT],
        gateway_url=[person.sandbox.base_url, BACK, DEFAULT],
        key_source=[BACK, DEFAULT],
        provider=["@anthropic-prod", BACK, DEFAULT],
        model=[(OPUS, SONNET), BACK, DEFAULT],
        primary=[SONNET, BACK, DEFAULT],
        fallback=[(GPT,), BACK, DEFAULT],
        key_storage=["openclaw-env", BACK, DEFAULT],
        apply=[BACK, True],
    )
    assert value["agents"]["defaults"]["model"] == {
        "primary": f"portkey/{SONNET}",
        "fallbacks": [f"portkey/{GPT}"],
    }
    assert not person.left


def test_back_from_the_first_question_stays_there(person: Any) -> None:
    person.talks(gateway=[BACK, "other"])
    assert "This is the first question." in person.shown


def test_the_catalogue_is_asked_for_once(person: Any) -> None:
    with Sandbox() as sandbox:
        person.talks(gateway_url=sandbox.base_url)
        asked = [request.path for request in sandbox.requests]
    assert asked.count("/v1/models") == 1
    assert asked.count("/v1/providers") == 1


def test_a_keyring_that_works_is_offered(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.setup.interview.storage.describe_keyring", lambda _: "GNOME Keyring")
    person.talks()
    choices = {choice.value: choice for choice in person.prompt("key_storage").choices}
    assert choices["keyring"].refused is None
    interviewed = person.talks(resume="over", key_storage="keyring")
    assert interviewed.prepared is not None
    assert person.key not in repr(interviewed.prepared.plan)
    assert "store in the system's keyring" in person.shown


def test_a_cut_catalogue_takes_a_typed_model(person: Any) -> None:
    def cut(request: Request) -> Answer | None:
        rows = [{"id": OPUS, "object": "model"}]
        page = json_answer(200, {"object": "list", "total": 500, "data": rows})
        return page if request.path == "/v1/models" else None

    with Sandbox(record=False) as sandbox:
        sandbox.override = cut
        interviewed = person.talks(
            gateway_url=sandbox.base_url, model=("typed",), model_name="anthropic-prod/other", fallback=()
        )
    assert interviewed.prepared is not None
    assert interviewed.prepared.selection.primary == "@anthropic-prod/other"
    assert person.prompt("model_name").judge("anthropic-prod/x").note == "becomes @anthropic-prod/x"


def test_a_gateway_without_a_catalogue_takes_a_typed_model(person: Any) -> None:
    from wizard.sandbox.opensource_standin import OpenSourceStandIn

    with OpenSourceStandIn() as gateway:
        interviewed = person.talks(
            gateway_url=f"{gateway.url}/v1",
            provider=None,
            route_by="named",
            model="claude-opus-4-5",
            fallback=None,
            api_key=person.key,
        )
    assert "keeps no catalogue" in person.shown or "without a model catalogue" in person.shown
    assert interviewed.prepared is not None
    assert "config" not in [choice.value for choice in person.prompt("route_by").choices], "it keeps no configs either"


def test_an_open_source_gateway_is_told_the_provider_in_a_header(person: Any) -> None:
    from wizard.sandbox.opensource_standin import OpenSourceStandIn

    with OpenSourceStandIn() as gateway:
        value = person.writes(
            gateway_url=f"{gateway.url}/v1",
            provider=None,
            route_by=DEFAULT,
            vendor="openai",
            model="gpt-5.2",
            fallback=None,
        )
    entry = value["models"]["providers"]["portkey"]
    assert entry["headers"] == {"x-portkey-provider": "openai"}
    assert [model["id"] for model in entry["models"]] == ["gpt-5.2"]
    assert "wins over the model's @slug" not in person.shown


def test_without_a_check_a_saved_config_can_still_choose(person: Any) -> None:
    value = person.writes(
        api_key="nobody-knows-this-key-9",
        key_trouble="unchecked",
        provider=None,
        route_by="config",
        config_id="pc-single-91c4e2",
        model=DEFAULT,
        fallback=None,
    )
    assert value["models"]["providers"]["portkey"]["headers"] == {"x-portkey-config": "pc-single-91c4e2"}


def test_without_verification_nobody_is_sent_to_the_page_of_providers(person: Any) -> None:
    person.flags = {"no_verify": True}
    person.writes(provider=None, route_by="named", model=GPT, fallback=None)
    assert "may use no provider yet" not in person.shown
