"""Plans for the key: it is where it should be afterwards, nowhere else of ours, and everything else is as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.stores.places import ENTRY, KEY, OTHER, PRIMARY, Place
from wizard.change.plan import EditConfig, EditDotenv, ForgetSecret, StoreSecret
from wizard.json5doc import Document
from wizard.keys.keyring_store import SERVICE
from wizard.stores.model import KeyCopy, Storage
from wizard.stores.moving import REMOVABLE, Moving, plan_move, plan_remove, plan_set, storage_of
from wizard.stores.winners import winners

STORES = (Storage.OPENCLAW_ENV, Storage.DOTENV, Storage.KEYRING)


def moves(place: Place, storage: Storage, value: str = KEY) -> Moving:
    """Plans and carries out a move."""
    handle = place.takes(value)
    moving = plan_move(place.source, handle, storage, place.copies(), place.context(handle), place.vault)
    place.applies(moving.plan)
    return moving


def sets(place: Place, storage: Storage, value: str = KEY) -> Moving:
    """Plans and carries out a `key set`."""
    handle = place.takes(value)
    moving = plan_set(place.source, handle, storage, place.copies(), place.context(), place.vault)
    place.applies(moving.plan)
    return moving


def removes(place: Place, *layers: str) -> Moving:
    moving = plan_remove(place.source, layers or REMOVABLE, place.copies(), place.context(), place.vault)
    place.applies(moving.plan)
    return moving


def where(place: Place) -> set[str]:
    """The layers that hold the key, backups aside."""
    return {copy.layer for copy in place.copies() if copy.handle is not None and copy.layer != "backup"}


def in_use(place: Place) -> KeyCopy | None:
    return next((copy for copy in place.copies() if copy.wins), None)


@pytest.mark.parametrize("storage", STORES)
def test_a_key_that_is_set_is_the_one_that_openclaw_takes(place: Place, storage: Storage) -> None:
    place.configures()
    sets(place, storage)
    copy = in_use(place)
    assert copy is not None
    assert (storage_of(copy), copy.handle) == (storage, place.takes(KEY))


@pytest.mark.parametrize("storage", STORES)
def test_setting_the_same_key_again_writes_nothing(place: Place, storage: Storage) -> None:
    place.configures()
    sets(place, storage)
    before = {path: path.read_bytes() for path in place.home.rglob("*") if path.is_file()}
    sets(place, storage)
    after = {path: path.read_bytes() for path in before}
    assert after == before


@pytest.mark.parametrize(("start", "end"), list(permutations(STORES, 2)))
def test_a_move_leaves_the_key_in_its_new_place_alone(place: Place, start: Storage, end: Storage) -> None:
    place.configures()
    sets(place, start)
    moving = moves(place, end)
    copy = in_use(place)
    assert copy is not None
    assert (storage_of(copy), copy.handle) == (end, place.takes(KEY))
    assert [each for each in place.copies() if each.layer != "backup"] == [copy]
    assert [storage_of(each) for each in moving.gone] == [start]
    assert moving.left == ()


@pytest.mark.parametrize(("start", "end"), list(permutations(STORES, 2)))
def test_the_key_is_put_before_it_is_taken_away(place: Place, start: Storage, end: Storage) -> None:
    place.configures()
    sets(place, start)
    handle = place.takes(KEY)
    moving = plan_move(place.source, handle, end, place.copies(), place.context(handle), place.vault)
    puts = [
        number
        for number, change in enumerate(moving.plan.changes)
        if isinstance(change, StoreSecret)
        or (isinstance(change, EditConfig) and change.private)
        or (isinstance(change, EditDotenv) and any(hasattr(each, "value") for each in change.operations))
    ]
    takes = [
        number
        for number, change in enumerate(moving.plan.changes)
        if isinstance(change, ForgetSecret | EditDotenv | EditConfig) and number not in puts
    ]
    assert len(puts) == 1
    assert all(puts[0] < number for number in takes)


def test_a_literal_key_becomes_a_reference_and_leaves_the_config(place: Place) -> None:
    place.configures(entry={"apiKey": KEY})
    moves(place, Storage.DOTENV)
    assert KEY not in place.config.read_text()
    assert place.source.value["models"]["providers"]["portkey"]["apiKey"] == "${PORTKEY_API_KEY}"
    assert where(place) == {"state-dotenv"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"x-portkey-api-key": KEY},
        {"X-Portkey-Api-Key": KEY, "Authorization": f"Bearer {KEY}"},
    ],
)
@pytest.mark.parametrize("storage", STORES)
def test_a_key_in_headers_moves_whatever_the_header(place: Place, headers: dict[str, str], storage: Storage) -> None:
    place.configures(entry={"apiKey": KEY, "headers": headers})
    moves(place, storage)
    assert KEY not in place.config.read_text() or storage is Storage.OPENCLAW_ENV
    assert place.config.read_text().count(KEY) == (1 if storage is Storage.OPENCLAW_ENV else 0)
    won = winners(place.seen)[0]
    assert won.handle == place.takes(KEY)


def test_another_vendors_key_beside_the_portkey_header_stays(place: Place) -> None:
    place.configures(entry={"apiKey": OTHER, "headers": {"x-portkey-api-key": KEY, "x-portkey-provider": "openai"}})
    moves(place, Storage.DOTENV)
    entry = place.source.value["models"]["providers"]["portkey"]
    assert entry["apiKey"] == OTHER
    assert entry["headers"]["x-portkey-api-key"] == "${PORTKEY_API_KEY}"


def test_a_key_in_a_models_own_headers_goes_to_the_entry_where_only_a_reference_is_left(place: Place) -> None:
    model = {"id": "@anthropic-prod/claude-opus-4-5", "name": "M", "headers": {"x-portkey-api-key": KEY}}
    place.configures(entry={"apiKey": "unused-but-wanted", "models": [model]})
    moves(place, Storage.KEYRING)
    entry = place.source.value["models"]["providers"]["portkey"]
    assert entry["models"][0]["headers"] == {}
    assert entry["headers"]["x-portkey-api-key"]["source"] == "exec"
    assert entry["apiKey"] == "unused-but-wanted"


def test_an_entry_with_a_key_of_its_own_keeps_it(place: Place) -> None:
    second = {**ENTRY, "apiKey": OTHER}
    place.configures(key=KEY, models={"providers": {"portkey": ENTRY, "portkey-openai": second}})
    moves(place, Storage.DOTENV)
    assert place.source.value["models"]["providers"]["portkey-openai"]["apiKey"] == OTHER


def test_two_entries_that_share_a_key_move_together(place: Place) -> None:
    place.configures(key=KEY, models={"providers": {"portkey": ENTRY, "portkey-openai": ENTRY}})
    moves(place, Storage.KEYRING)
    providers = place.source.value["models"]["providers"]
    assert providers["portkey"]["apiKey"] == providers["portkey-openai"]["apiKey"]
    assert providers["portkey"]["apiKey"]["source"] == "exec"


def test_the_old_place_right_below_env_goes(place: Place) -> None:
    place.configures(env={"PORTKEY_API_KEY": KEY})
    moves(place, Storage.OPENCLAW_ENV)
    assert place.source.value["env"] == {"vars": {"PORTKEY_API_KEY": KEY}}


def test_a_variable_of_another_name_goes_where_only_the_key_settings_read_it(place: Place) -> None:
    place.configures(entry={"apiKey": "${TEAM_PORTKEY}"})
    place.write(".openclaw/.env", f"A=1\nTEAM_PORTKEY={KEY}\nB=2\n")
    moves(place, Storage.DOTENV)
    assert place.dotenv.read_text() == f"A=1\nB=2\nPORTKEY_API_KEY={KEY}\n"


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "TEAM_PORTKEY"])
def test_a_variable_that_something_else_may_read_stays_and_is_named(place: Place, name: str) -> None:
    place.configures(entry={"apiKey": f"${{{name}}}"}, hooks={"token": "${TEAM_PORTKEY}"})
    place.write(".openclaw/.env", f"{name}={KEY}\n")
    moving = moves(place, Storage.OPENCLAW_ENV)
    assert f"{name}={KEY}" in place.dotenv.read_text()
    assert [copy.name for copy in moving.left] == [name]


def test_what_is_not_ours_is_left_and_named(place: Place) -> None:
    place.configures(key=KEY)
    place.variables["PORTKEY_API_KEY"] = KEY
    place.cwd = place.write("project/.env", f"PORTKEY_API_KEY={KEY}\n").parent
    place.write(".config/openclaw/gateway.env", f"PORTKEY_API_KEY={KEY}\n")
    place.write(".profile", f"export PORTKEY_API_KEY={KEY}\n")
    place.config.write_text(f"// {KEY}\n" + place.config.read_text())
    moving = moves(place, Storage.DOTENV)
    assert [copy.layer for copy in moving.left] == [
        *("process-env", "cwd-dotenv", "gateway-env-file"),
        *("other-setting", "login-shell"),
    ]
    assert [copy.layer for copy in moving.gone] == ["config-env"]


def test_backups_are_told_apart_from_what_is_left(place: Place) -> None:
    place.configures(key=KEY)
    place.write(".openclaw/openclaw.json.bak", place.config.read_text())
    moving = moves(place, Storage.DOTENV)
    assert [copy.location for copy in moving.backups] == ["~/.openclaw/openclaw.json.bak"]
    assert moving.left == ()


@pytest.mark.parametrize("storage", [Storage.OPENCLAW_ENV, Storage.DOTENV])
def test_a_stronger_layer_with_another_key_is_told(place: Place, storage: Storage) -> None:
    place.configures()
    place.variables["PORTKEY_API_KEY"] = OTHER
    moving = plan_set(place.source, place.takes(KEY), storage, place.copies(), place.context(), place.vault)
    assert [(each.layer, each.handle) for each in moving.stronger] == [("process-env", place.takes(OTHER))]


@pytest.mark.parametrize(("storage", "told"), [(Storage.OPENCLAW_ENV, []), (Storage.DOTENV, ["process-env"])])
def test_an_empty_variable_is_stronger_than_a_file_and_not_than_the_config(
    place: Place, storage: Storage, told: list[str]
) -> None:
    place.configures()
    place.variables["PORTKEY_API_KEY"] = ""
    moving = plan_set(place.source, place.takes(KEY), storage, place.copies(), place.context(), place.vault)
    assert [each.layer for each in moving.stronger] == told
    assert all(each.handle is None for each in moving.stronger)


@pytest.mark.parametrize("storage", STORES)
def test_a_saved_profile_is_stronger_than_every_store(place: Place, storage: Storage) -> None:
    place.configures()
    profile = {"type": "api_key", "provider": "portkey", "key": OTHER}
    place.write(".openclaw/agents/main/agent/auth-profiles.json", {"profiles": {"portkey:manual": profile}})
    moving = plan_set(place.source, place.takes(KEY), storage, place.copies(), place.context(), place.vault)
    assert [(each.layer, each.name) for each in moving.stronger] == [("auth-profile", "portkey:manual")]


def test_a_stronger_layer_with_the_same_key_is_none(place: Place) -> None:
    place.configures()
    place.variables["PORTKEY_API_KEY"] = KEY
    moving = plan_set(place.source, place.takes(KEY), Storage.DOTENV, (), place.context(), place.vault)
    assert moving.stronger == ()


def test_a_move_empties_the_weaker_layers_and_so_has_nothing_stronger(place: Place) -> None:
    place.configures(key=OTHER)
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    moving = moves(place, Storage.OPENCLAW_ENV)
    assert moving.stronger == ()
    assert in_use(place) is not None
    assert where(place) == {"config-env"}


def test_a_saved_profile_in_a_file_goes_with_everything_that_names_it(place: Place) -> None:
    place.configures()
    mine = {"type": "api_key", "provider": "portkey", "key": KEY}
    yours = {"type": "api_key", "provider": "openai", "key": OTHER}
    store = {
        "version": 1,
        "profiles": {"portkey:manual": mine, "openai:manual": yours},
        "order": {"portkey": ["portkey:manual", "portkey:old"], "openai": ["openai:manual"]},
        "lastGood": {"portkey": "portkey:manual", "openai": "openai:manual"},
        "usageStats": {"portkey:manual": {"errorCount": 0}, "openai:manual": {"errorCount": 1}},
    }
    path = place.write(".openclaw/agents/main/agent/auth-profiles.json", store)
    moves(place, Storage.DOTENV)
    assert json.loads(path.read_text()) == {
        "version": 1,
        "profiles": {"openai:manual": yours},
        "order": {"portkey": ["portkey:old"], "openai": ["openai:manual"]},
        "lastGood": {"openai": "openai:manual"},
        "usageStats": {"openai:manual": {"errorCount": 1}},
    }
    assert where(place) == {"state-dotenv"}


@pytest.mark.parametrize("storage", STORES)
def test_removing_takes_the_key_out_of_every_store_and_leaves_the_reference(place: Place, storage: Storage) -> None:
    place.configures()
    sets(place, storage)
    reference = place.source.value["models"]["providers"]["portkey"]["apiKey"]
    removes(place)
    assert where(place) == set()
    assert place.source.value["models"]["providers"]["portkey"]["apiKey"] == reference


def test_removing_a_literal_key_leaves_a_reference(place: Place) -> None:
    place.configures(entry={"apiKey": KEY, "headers": {"authorization": f"Bearer {KEY}"}})
    removes(place)
    entry = place.source.value["models"]["providers"]["portkey"]
    assert entry["apiKey"] == "${PORTKEY_API_KEY}"
    assert entry["headers"]["authorization"] == "Bearer ${PORTKEY_API_KEY}"


def test_removing_from_one_layer_leaves_the_others(place: Place) -> None:
    place.configures(key=KEY)
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    removes(place, "state-dotenv")
    assert where(place) == {"config-env"}


def test_removing_from_a_keyring_that_does_not_serve_is_not_tried(place: Place) -> None:
    place.configures(key=KEY)
    removes(place)
    assert place.keyring.entries == {}
    assert where(place) == set()


def test_moving_away_from_the_keyring_forgets_our_entry_only(place: Place) -> None:
    place.configures()
    sets(place, Storage.KEYRING)
    place.keyring.write(SERVICE, "another-profile", OTHER)
    moves(place, Storage.DOTENV)
    kept = {account for (_, account) in place.keyring.entries if not account.startswith("undo")}
    assert "another-profile" in kept
    assert place.source.value.get("secrets") is None
    assert not list((place.home / ".openclaw").glob("portkey-claw-*"))


# --- properties -------------------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True).filter(lambda name: name != "PORTKEY_API_KEY")
WORDS = st.from_regex(r"[a-z0-9 ]{0,12}", fullmatch=True).map(str.strip)
ASSIGNMENTS = st.builds(lambda name, value: f"{name}={value}", NAMES, WORDS)
LINES = st.lists(st.one_of(ASSIGNMENTS, WORDS.map(lambda word: f"# {word}"), st.just("")), max_size=6)
KEY_LINES = st.sampled_from(["PORTKEY_API_KEY={}", "export PORTKEY_API_KEY={}", 'PORTKEY_API_KEY="{}"  # mine'])


@st.composite
def configs(draw: st.DrawFn) -> str:
    """A config's text with the key in `env.vars`, other members and comments in every place."""
    rest = draw(st.dictionaries(NAMES, WORDS, max_size=3))
    first = draw(st.booleans())
    variables = {"PORTKEY_API_KEY": KEY, **rest} if first else {**rest, "PORTKEY_API_KEY": KEY}
    indent = draw(st.sampled_from([None, 2, 4, "\t"]))
    config: dict[str, Any] = {
        "meta": {"note": draw(WORDS)},
        "env": {"vars": variables, "shellEnv": {"enabled": False}},
        "models": {"providers": {"portkey": ENTRY}},
        **PRIMARY,
    }
    order = draw(st.permutations(list(config)))
    text = json.dumps({name: config[name] for name in order}, indent=indent)
    comment = draw(st.sampled_from(["", "// above\n", "/* above */ "]))
    return comment + text + draw(st.sampled_from(["", "\n", "\n// below\n"]))


def without_env(text: str) -> str:
    """A config's text without what stands between the braces of `env.vars`."""
    node = Document.parse(text).node(("env", "vars"))
    assert node is not None
    return text[: node.start] + text[node.end :]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=configs(), through=st.sampled_from([Storage.DOTENV, Storage.KEYRING]))
def test_a_move_and_back_leaves_every_other_byte_of_the_config(
    make_place: Callable[[], Place], text: str, through: Storage
) -> None:
    place = make_place()
    place.write(".openclaw/openclaw.json", text)
    moves(place, through)
    assert KEY not in place.config.read_text()
    moves(place, Storage.OPENCLAW_ENV)
    after = place.config.read_text()
    assert Document.parse(after).value == Document.parse(text).value
    assert re.sub(r"\s+", "", without_env(after)) == re.sub(r"\s+", "", without_env(text))
    if through is Storage.DOTENV:
        assert without_env(after) == without_env(text)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LINES, after=LINES, written=KEY_LINES, end=st.sampled_from(["", "\n"]))
def test_a_move_and_back_leaves_every_other_line_of_the_dotenv(
    make_place: Callable[[], Place], before: list[str], after: list[str], written: str, end: str
) -> None:
    place = make_place()
    place.configures()
    text = "\n".join((*before, written.format(KEY), *after)) + end
    place.write(".openclaw/.env", text)
    moves(place, Storage.OPENCLAW_ENV)
    assert KEY not in place.dotenv.read_text()
    assert [line for line in place.dotenv.read_text().split("\n") if line] == [line for line in before + after if line]
    moves(place, Storage.DOTENV)
    lines = [line for line in place.dotenv.read_text().split("\n") if line]
    assert lines == [*(line for line in before + after if line), f"PORTKEY_API_KEY={KEY}"]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=configs(), way=st.lists(st.sampled_from(STORES), min_size=1, max_size=3))
def test_no_plan_and_no_file_of_ours_says_the_key_in_another_place_than_its_store(
    make_place: Callable[[], Place], text: str, way: list[Storage]
) -> None:
    place = make_place()
    place.write(".openclaw/openclaw.json", text)
    for storage in way:
        moving = moves(place, storage)
        assert KEY not in repr(moving)
    holders = {path for path in place.home.rglob("*") if path.is_file() and KEY in path.read_text(errors="replace")}
    named = {copy.path for copy in place.copies() if copy.handle == place.takes(KEY)}
    assert holders <= named
