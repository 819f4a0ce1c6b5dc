"""Our own state: where it is, and the gateways that the user confirmed."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.state import state_folder
from wizard.change.trusted_hosts import remembered_origins, remembering
from wizard.portkey import hosts


def origin(url: str) -> hosts.Origin:
    found = hosts.origin(url)
    assert found is not None
    return found


def remember(bench: Any, url: str) -> None:
    change = remembering(origin(url), bench.environment)
    if change is not None:
        bench.change(change)


def test_the_folder_is_where_platformdirs_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for stated in (None, str(tmp_path / "state")):
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        if stated is not None:
            monkeypatch.setenv("XDG_STATE_HOME", stated)
        assert state_folder(Environment.current()) == Path(platformdirs.user_state_dir("portkey-claw"))


def test_other_systems_have_their_own_places(surroundings: Environment) -> None:
    home = surroundings.home
    assert state_folder(replace(surroundings, system="darwin")) == home / "Library/Application Support/portkey-claw"
    assert state_folder(replace(surroundings, system="win32")) == home / "AppData/Local/portkey-claw"
    stated = replace(surroundings, system="win32", variables={"LOCALAPPDATA": str(home / "Local")})
    assert state_folder(stated) == home / "Local/portkey-claw"


def test_a_relative_xdg_folder_does_not_count(surroundings: Environment) -> None:
    stated = replace(surroundings, variables={"XDG_STATE_HOME": "state"})
    assert state_folder(stated) == surroundings.home / ".local/state/portkey-claw"


def test_confirmed_gateways_are_remembered_with_scheme_and_port(surroundings: Environment, bench: Any) -> None:
    assert remembered_origins(surroundings) == ()
    remember(bench, "https://gateway.acme.com/v1")
    remember(bench, "http://portkey.internal:8787/v1")
    remember(bench, "https://gateway.acme.com/other")
    assert remembered_origins(surroundings) == ("http://portkey.internal:8787", "https://gateway.acme.com")
    path = state_folder(surroundings) / "trusted-hosts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert hosts.may_receive_key("https://gateway.acme.com/v1", remembered_origins(surroundings))
    assert not hosts.may_receive_key("http://gateway.acme.com/v1", remembered_origins(surroundings))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"origins": 1}', '{"origins": [1, null, "no url", "ftp://x"]}', "[" * 10_000, "\udcff"],
)
def test_a_file_that_is_junk_remembers_nothing_and_is_replaced(
    surroundings: Environment, bench: Any, text: str
) -> None:
    folder = state_folder(surroundings)
    folder.mkdir(parents=True)
    (folder / "trusted-hosts.json").write_bytes(text.encode("utf-8", errors="surrogateescape"))
    assert remembered_origins(surroundings) == ()
    remember(bench, "https://gateway.acme.com")
    assert remembered_origins(surroundings) == ("https://gateway.acme.com",)


def test_a_wider_entry_than_an_origin_trusts_the_origin_only(surroundings: Environment) -> None:
    folder = state_folder(surroundings)
    folder.mkdir(parents=True)
    entries = {"origins": ["https://gateway.acme.com:443/v1?x=1", "HTTPS://Gateway.ACME.com"]}
    (folder / "trusted-hosts.json").write_text(json.dumps(entries))
    assert remembered_origins(surroundings) == ("https://gateway.acme.com",)


def test_a_failed_write_is_told(surroundings: Environment, bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def fail(source: Any, target: Any) -> None:
        if Path(target).name == "trusted-hosts.json":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(UserError) as caught:
        remember(bench, "https://gateway.acme.com")
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert remembered_origins(surroundings) == ()
    assert not list(state_folder(surroundings).glob("*trusted*"))


def test_what_is_remembered_goes_with_an_undo(surroundings: Environment, bench: Any) -> None:
    remember(bench, "https://gateway.acme.com")
    remember(bench, "https://other.acme.com")
    bench.undo()
    assert remembered_origins(surroundings) == ("https://gateway.acme.com",)
    bench.undo()
    assert not (state_folder(surroundings) / "trusted-hosts.json").exists()
