"""The store `keyring`: what it puts, what it takes away again, and what it leaves alone."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.stores.places import ENTRY, KEY, OTHER, Place
from wizard.base.errors import ExitCode, UserError
from wizard.change.edits import ConfigEdits
from wizard.change.plan import Change, EditConfig, ForgetSecret, Plan, PutFile, RemoveFile, StoreSecret
from wizard.keys.keyring_store import SERVICE
from wizard.openclaw.locate import locate_config
from wizard.openclaw.resolver_file import ResolverState, resolver_path, resolver_state
from wizard.openclaw.seen import KeyringKey
from wizard.stores import keyring
from wizard.stores.model import StoreContext


def context(place: Place, *ids: str, **changed: Any) -> StoreContext:
    return StoreContext(
        place.located, replace(place.seen, **changed), ids or ("portkey",), place.environment, "standard input"
    )


def edits(place: Place) -> ConfigEdits:
    return ConfigEdits(place.source.value, place.vault.reveal)


def put(place: Place, *ids: str, key: str = KEY) -> None:
    """Plans and carries out."""
    wanted = edits(place)
    outside = keyring.put(wanted, place.takes(key), context(place, *ids))
    apply(place, wanted, *outside)


def take_away(place: Place, *ids: str) -> tuple[Change, ...]:
    wanted = edits(place)
    outside = keyring.take_away(wanted, context(place, *ids))
    apply(place, wanted, *outside)
    return outside


def apply(place: Place, wanted: ConfigEdits, *outside: Change) -> None:
    source = place.source
    edit = (EditConfig(source.path, source.digest, tuple(wanted.operations)),) if wanted.operations else ()
    place.applies(Plan((*outside, *edit)))


def value(place: Place) -> Any:
    return json.loads(place.config.read_text())


def kept(place: Place) -> dict[tuple[str, str], str]:
    """The keyring's entries, but for what undo has put by."""
    return {name: value for name, value in place.keyring.entries.items() if not name[1].startswith("undo/")}


def account(place: Place) -> str:
    return keyring.account_of(place.located)


def test_the_key_goes_into_the_keyring_and_into_no_file(place: Place) -> None:
    place.configures()
    put(place)
    assert kept(place) == {(SERVICE, account(place)): KEY}
    config = value(place)
    ref = {"source": "exec", "provider": "portkey-claw", "id": account(place)}
    assert config["models"]["providers"]["portkey"]["apiKey"] == ref == keyring.reference(context(place))
    declared = config["secrets"]["providers"]["portkey-claw"]
    resolver = place.home / ".openclaw" / f"portkey-claw-resolver-{account(place).rpartition(':')[2]}"
    assert (declared["source"], declared["command"]) == ("exec", str(resolver))
    assert {"HOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"} <= set(declared["passEnv"])
    # The resolver gives up after 3 s and must have had time to start.
    assert declared["timeoutMs"] > 5000
    assert resolver_state(place.located) is ResolverState.OK
    assert not [path for path in place.home.rglob("*") if path.is_file() and KEY in path.read_text(errors="replace")]


def test_what_chooses_the_keyring_is_written_down_and_not_taken_from_openclaws_environment(place: Place) -> None:
    """OpenClaw reads variables from a working folder's .env too, which may be anybody's."""
    place.configures()
    plain = keyring.provider_settings(context(place))
    assert "env" not in plain
    place.variables.update(PYTHON_KEYRING_BACKEND="keyring.backends.SecretService.Keyring", XDG_CONFIG_HOME="/c")
    chosen = keyring.provider_settings(context(place))
    assert chosen["env"] == {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        "XDG_CONFIG_HOME": "/c",
    }
    assert not {"PYTHON_KEYRING_BACKEND", "XDG_CONFIG_HOME"} & {*plain["passEnv"], *chosen["passEnv"]}


def test_putting_the_same_key_again_changes_nothing(place: Place) -> None:
    place.configures()
    put(place)
    handle = place.takes(KEY)
    wanted = edits(place)
    seen = context(place, keyring_keys=(KeyringKey(account(place), handle),))
    assert keyring.put(wanted, handle, seen) == ()
    assert wanted.operations == []


def test_another_key_is_stored_and_nothing_else_changes(place: Place) -> None:
    place.configures()
    put(place)
    handle = place.takes(OTHER)
    wanted = edits(place)
    seen = context(place, keyring_keys=(KeyringKey(account(place), place.takes(KEY)),))
    (change,) = keyring.put(wanted, handle, seen)
    assert isinstance(change, StoreSecret)
    assert (change.service, change.account, change.value) == (SERVICE, account(place), handle)
    assert wanted.operations == []
    assert OTHER not in change.effect


@pytest.mark.parametrize("spoil", ["gone", "mode", "interpreter", "edited"])
def test_a_broken_resolver_is_written_again(place: Place, spoil: str) -> None:
    place.configures()
    put(place)
    path = resolver_path(place.located)
    good = path.read_bytes()
    if spoil == "gone":
        path.unlink()
    elif spoil == "mode":
        path.chmod(0o666)
    else:
        path.write_bytes(good.replace(b"python=", b"python=/gone") if spoil == "interpreter" else good + b"echo\n")
    assert resolver_state(place.located) is not ResolverState.OK
    put(place)
    assert path.read_bytes() == good
    assert resolver_state(place.located) is ResolverState.OK
    assert path.stat().st_mode & 0o777 == 0o700


def test_another_name_of_the_same_python_is_left(place: Place) -> None:
    place.configures()
    put(place)
    path = resolver_path(place.located)
    mine, other = sys.executable, str(Path(sys.executable).with_name("python3"))
    path.write_text(path.read_text().replace(f"python={mine}\n", f"python={other}\n"))
    assert keyring.repair(place.located, place.environment) == ()


def test_another_installations_resolver_becomes_ours(place: Place, tmp_path: Path) -> None:
    """It may go any day; the one that was used last stays."""
    place.configures()
    put(place)
    path = resolver_path(place.located)
    link = tmp_path / "python"
    link.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    link.chmod(0o755)
    good = path.read_text()
    path.write_text(good.replace(f"python={sys.executable}\n", f"python={link}\n"))
    assert resolver_state(place.located) is ResolverState.OK
    (change,) = keyring.repair(place.located, place.environment)
    assert isinstance(change, PutFile)
    assert change.content == good


def test_a_link_in_the_resolvers_place_is_not_followed(place: Place) -> None:
    place.configures()
    elsewhere = place.write("elsewhere", "precious")
    resolver_path(place.located).symlink_to(elsewhere)
    with pytest.raises(UserError, match="is a link") as caught:
        keyring.put(edits(place), place.takes(KEY), context(place))
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert elsewhere.read_text() == "precious"


def test_windows_is_told_that_there_is_no_bridge(place: Place) -> None:
    place.configures()
    on_windows = replace(context(place), environment=replace(place.environment, system="win32"))
    with pytest.raises(UserError, match="Windows") as caught:
        keyring.put(edits(place), place.takes(KEY), on_windows)
    assert "--key-storage openclaw-env" in caught.value.hint


def test_taking_away_leaves_the_file_as_it_was(place: Place) -> None:
    place.configures(key=KEY)
    before = value(place)
    put(place)
    wanted = edits(place)
    wanted.set(("models", "providers", "portkey", "apiKey"), ENTRY["apiKey"], "back")
    outside = keyring.take_away(wanted, context(place))
    apply(place, wanted, *outside)
    assert value(place) == before
    assert kept(place) == {}
    assert not resolver_path(place.located).exists()
    assert {type(change) for change in outside} == {ForgetSecret, RemoveFile}


@pytest.mark.parametrize(
    "secrets",
    [
        {"providers": {"mine": {"source": "env"}}},
        {"defaults": {"env": "default"}},
        {"providers": {"mine": {"source": "env"}}, "defaults": {"env": "default"}},
    ],
)
def test_other_secret_settings_stay(place: Place, secrets: dict[str, Any]) -> None:
    place.configures(secrets=secrets)
    put(place)
    wanted = edits(place)
    wanted.delete(("models", "providers", "portkey"), "gone")
    apply(place, wanted, *keyring.take_away(wanted, context(place)))
    assert value(place)["secrets"] == secrets


def test_an_entry_that_still_refers_to_it_keeps_the_way(place: Place) -> None:
    place.configures()
    put(place)
    outside = take_away(place)
    # `key remove`: the entry goes on referring to the keyring, and a key that is set again is found at once.
    assert [type(change) for change in outside] == [ForgetSecret]
    assert "portkey-claw" in value(place)["secrets"]["providers"]
    assert resolver_state(place.located) is ResolverState.OK
    assert kept(place) == {}


def test_another_entrys_key_stays(place: Place) -> None:
    place.configures()
    config = value(place)
    config["models"]["providers"]["portkey-openai"] = dict(ENTRY)
    place.write(".openclaw/openclaw.json", config)
    put(place, "portkey", "portkey-openai")
    wanted = edits(place)
    wanted.delete(("models", "providers", "portkey"), "gone")
    outside = keyring.take_away(wanted, context(place, "portkey"))
    assert outside == ()
    apply(place, wanted, *outside)
    assert kept(place) == {(SERVICE, account(place)): KEY}
    assert resolver_state(place.located) is ResolverState.OK


def test_an_entry_of_an_older_name_is_forgotten_too(place: Place) -> None:
    place.configures(entry={"apiKey": {"source": "exec", "provider": "portkey-claw", "id": "portkey/api-key"}})
    place.keyring.entries[SERVICE, "portkey/api-key"] = KEY
    take_away(place)
    assert kept(place) == {}


def test_nothing_to_take_away_is_fine(place: Place) -> None:
    place.configures(key=KEY)
    before = place.config.read_bytes()
    take_away(place)
    assert place.config.read_bytes() == before


def test_every_config_has_an_entry_of_its_own(place: Place, tmp_path: Path) -> None:
    usual = locate_config(place.environment)
    work = locate_config(place.environment, profile="work")
    other = locate_config(place.environment, config_path=str(tmp_path / "other.json"))
    accounts = {keyring.account_of(each) for each in (usual, work, other)}
    assert len(accounts) == 3
    # OpenClaw's own rule for an exec reference's id on 2026.5.7, which is the stricter one.
    assert all(each[0].isalnum() and set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789.:/-") for each in accounts)
    assert keyring.account_of(locate_config(place.environment)) == keyring.account_of(usual)


def test_another_config_of_the_same_folder_keeps_its_resolver(place: Place, tmp_path: Path) -> None:
    """2026.9.6 finds a config invalid whose resolver is gone, and no config knows the others of its state folder."""
    place.configures()
    other = replace(place.located, path=tmp_path / "other.json")
    (change,) = keyring.repair(other, place.environment)
    place.applies(Plan((change,)))
    put(place)
    wanted = edits(place)
    wanted.delete(("models", "providers", "portkey"), "gone")
    apply(place, wanted, *keyring.take_away(wanted, context(place)))
    assert not resolver_path(place.located).exists()
    assert resolver_state(other) is ResolverState.OK


def test_the_resolver_is_private_from_its_first_moment(place: Place) -> None:
    place.configures()
    old = os.umask(0)
    try:
        put(place)
    finally:
        os.umask(old)
    assert resolver_path(place.located).stat().st_mode & 0o777 == 0o700


def test_the_changes_hold_handles_only(place: Place) -> None:
    place.configures()
    outside = keyring.put(edits(place), place.takes(KEY), context(place))
    assert {type(change) for change in outside} == {StoreSecret, PutFile}
    assert KEY not in repr(outside)
