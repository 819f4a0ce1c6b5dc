"""The config in OpenClaw's own vocabulary: entries, agents and the models they name, in every shape it accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.openclaw.conftest import Parse
from wizard.base.files import FileText
from wizard.keys.vault import Vault
from wizard.openclaw import config_view
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.config_view import Agent, Selection

ENTRY = """{ models: { providers: {
  portkey: {
    baseUrl: "https://gateway.acme.com/v1", api: "openai-completions",
    headers: { "x-portkey-trace-id": "entry", "x-only": "entry" },
    request: { headers: { "X-Portkey-Trace-Id": "request" } },
    models: [ { id: "@a/one", name: "One" }, { id: "@a/two", api: "openai-responses", headers: { "x-m": "two" } },
              "no object", { name: "no id" }, { id: 7 } ],
  },
  Other: { models: null },
  broken: "no object",
} } }"""


def test_entries_with_their_models_and_places(parse: Parse) -> None:
    entries = config_view.provider_entries(parse(ENTRY))
    assert [(entry.id, [model.id for model in entry.models]) for entry in entries] == [
        ("portkey", ["@a/one", "@a/two"]),
        ("Other", []),
    ]
    first = entries[0]
    assert first.path == ("models", "providers", "portkey")
    assert first.models[1].path == ("models", "providers", "portkey", "models", 1)
    assert first.model("@a/two") is first.models[1]
    assert first.model("two") is None


def test_a_models_own_setting_wins(parse: Parse) -> None:
    entry = config_view.provider_entries(parse(ENTRY))[0]
    one, two = entry.models
    assert entry.setting("api", one) == ("openai-completions", (*entry.path, "api"))
    assert entry.setting("api", two) == ("openai-responses", (*two.path, "api"))
    assert entry.setting("api", None)[0] == "openai-completions"
    assert entry.setting("nothing", two) == (None, (*entry.path, "nothing"))


def test_headers_come_in_the_order_in_which_they_are_laid_over_each_other(parse: Parse) -> None:
    entry = config_view.provider_entries(parse(ENTRY))[0]
    assert [(name, path[-2:]) for name, _, path in entry.headers(entry.models[1])] == [
        ("x-portkey-trace-id", ("headers", "x-portkey-trace-id")),
        ("x-only", ("headers", "x-only")),
        ("X-Portkey-Trace-Id", ("headers", "X-Portkey-Trace-Id")),
        ("x-m", ("headers", "x-m")),
    ]
    assert len(list(entry.headers(None))) == 3


MODEL = ("agents", "defaults", "model")
SELECTIONS: dict[str, tuple[str, Selection]] = {
    "a string": ('"portkey/@a/m"', Selection(("portkey/@a/m", MODEL))),
    "a string with blanks": ('"  portkey/@a/m "', Selection(("portkey/@a/m", MODEL))),
    "an object": ('{primary: "p/m"}', Selection(("p/m", (*MODEL, "primary")))),
    "with fallbacks": (
        '{primary: "p/m", fallbacks: ["p/n", " p/o "]}',
        Selection(
            ("p/m", (*MODEL, "primary")),
            (("p/n", (*MODEL, "fallbacks", 0)), ("p/o", (*MODEL, "fallbacks", 1))),
        ),
    ),
    "fallbacks alone": ('{fallbacks: ["p/n"]}', Selection(None, (("p/n", (*MODEL, "fallbacks", 0)),))),
    "fallbacks of other kinds": (
        '{primary: "p/m", fallbacks: [1, null, "", "p/n"]}',
        Selection(("p/m", (*MODEL, "primary")), (("p/n", (*MODEL, "fallbacks", 3)),)),
    ),
    "a blank": ('" "', Selection(None)),
    "an empty object": ("{}", Selection(None)),
    "another kind": ("[1]", Selection(None)),
    "a primary of another kind": ("{primary: 7}", Selection(None)),
}


@pytest.mark.parametrize(("text", "selection"), SELECTIONS.values(), ids=SELECTIONS)
def test_the_defaults_selection(parse: Parse, text: str, selection: Selection) -> None:
    assert config_view.default_selection(parse(f"{{agents: {{defaults: {{model: {text}}}}}}}")) == selection


def own(model: str, *path: str | int) -> Selection:
    return Selection((model, ("agents", *path, "model")))


AGENTS: dict[str, tuple[str, tuple[Agent, ...]]] = {
    "none": ("{}", (Agent("main", is_default=True, own=None),)),
    "defaults only": ('{defaults: {model: "p/m"}}', (Agent("main", is_default=True, own=None),)),
    "entries": (
        '{entries: {helper: {model: "p/h"}, main: {}}}',
        (
            Agent("main", is_default=True, own=None),
            Agent("helper", is_default=False, own=own("p/h", "entries", "helper")),
        ),
    ),
    "entries without main": (
        '{entries: {one: {model: "p/1"}, two: {}}}',
        (Agent("one", is_default=True, own=own("p/1", "entries", "one")), Agent("two", is_default=False, own=None)),
    ),
    "a list with a marker": (
        '{list: [{id: "one"}, {id: "two", default: true, model: "p/2"}]}',
        (Agent("two", is_default=True, own=own("p/2", "list", 1)), Agent("one", is_default=False, own=None)),
    ),
    "a list with main": (
        '{list: [{id: "one"}, {id: "main"}]}',
        (Agent("main", is_default=True, own=None), Agent("one", is_default=False, own=None)),
    ),
    "a list of other things": ("{list: [1, {}, {id: 7}], entries: [1]}", (Agent("main", is_default=True, own=None),)),
    "an agent in the old place": ('{main: {model: "p/m"}}', (Agent("main", is_default=True, own=None),)),
}


@pytest.mark.parametrize(("text", "agents"), AGENTS.values(), ids=AGENTS)
def test_agents(parse: Parse, text: str, agents: tuple[Agent, ...]) -> None:
    assert config_view.agents(parse(f"{{agents: {text}}}")) == agents


def test_aliases_in_small_letters(parse: Parse) -> None:
    text = '{agents: {defaults: {models: {"p/m": {alias: " Opus "}, "p/n": {alias: 7}, "p/o": {}, "p/q": null}}}}'
    assert config_view.aliases(parse(text)) == {"opus": "p/m"}
    assert config_view.aliases(parse("{agents: {defaults: {models: []}}}")) == {}


names = st.sampled_from(
    [
        *("models", "providers", "portkey", "agents", "defaults", "model", "primary", "fallbacks", "list", "entries"),
        *("main", "id", "default", "alias", "headers", "request", "api", "baseUrl"),
    ]
)
configs: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["models", "agents"]), configs))
def test_any_config_can_be_looked_at(value: dict[str, Any]) -> None:
    config = parse_config(FileText(json.dumps(value), 0o600, symlink=False), "", "", Vault())
    found = config_view.agents(config)
    assert found[0].is_default
    assert {agent.id for agent in found if agent.is_default} == {found[0].id}
    config_view.default_selection(config)
    config_view.aliases(config)
    for entry in config_view.provider_entries(config):
        for model in (None, *entry.models):
            list(entry.headers(model))
            entry.setting("api", model)
