"""The resolver file runs wherever it and its interpreter lie, and every way in which it can be broken is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.openclaw.locate import Located
from wizard.openclaw.resolver_file import ResolverState, resolver_file, resolver_path, resolver_state

REQUEST = '{"protocolVersion":1,"provider":"portkey-claw","ids":["portkey-api-key:1f9c22ab"]}'


@pytest.fixture
def located(tmp_path: Path) -> Located:
    return located_in(tmp_path / "state")


def located_in(state: Path) -> Located:
    state.mkdir(parents=True, exist_ok=True)
    return Located(state / "openclaw.json", state, state / ".env", None, "default", None)


def put(located: Located, old: str = "", new: str = "") -> Path:
    """Writes the file, a piece of its text changed."""
    path, text, mode = resolver_file(located)
    assert old in text
    path.write_text(text.replace(old, new) if old else text)
    path.chmod(mode)
    return path


def run(path: Path, request: str = REQUEST, **variables: str) -> subprocess.CompletedProcess[str]:
    """Starts the file as OpenClaw does: no arguments, no PATH, its own folder."""
    return subprocess.run(
        [str(path)],
        input=request,
        env=variables,
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def errors(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["protocolVersion"], answer["values"]) == (0, 1, {})
    return {each: error["code"] for each, error in answer["errors"].items()}


def test_it_is_for_its_owner_alone_and_lies_in_openclaws_folder(located: Located) -> None:
    path, text, mode = resolver_file(located)
    assert (path.parent, mode) == (located.state_dir, 0o700)
    assert re.fullmatch("portkey-claw-resolver-[0-9a-f]{8}", path.name)
    assert text.startswith("#!/bin/sh\n")
    assert sys.executable in text
    put(located)
    assert resolver_state(located) is ResolverState.OK


def test_it_asks_the_keyring(located: Located, tmp_path: Path) -> None:
    done = run(put(located), HOME=str(tmp_path), PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    assert errors(done) == {"portkey-api-key:1f9c22ab": "REFUSED_BACKEND"}
    assert "forgets whatever" in done.stderr


@pytest.mark.parametrize(
    "folder",
    [
        "with blanks in it",
        'it\'s "quoted" $HOME `id` \\ &;',
        "é ü 漢",
        "/".join(["a-long-folder-name"] * 12),
        "-dash",
        "%s%n",
    ],
)
def test_any_path_of_the_interpreter_will_do(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = tmp_path / folder
    environment.mkdir(parents=True)
    python = environment / "python"
    # As in a virtual environment: a link, found beside its pyvenv.cfg.
    python.symlink_to(Path(sys.executable).resolve())
    monkeypatch.setattr(sys, "executable", str(python))
    located = located_in(tmp_path / "state" / folder)
    path = put(located, " -I -m wizard.keys.resolve_key", " -I -c 'print(\"started\")'")
    assert run(path).stdout == "started\n"


def test_an_interpreter_that_is_gone_is_told_in_the_protocol(located: Located) -> None:
    path = put(located, sys.executable, "/opt/gone/bin/python")
    done = run(path)
    assert errors(done) == {"portkey-api-key:1f9c22ab": "BROKEN"}
    assert "/opt/gone/bin/python cannot run portkey-claw" in done.stderr
    assert "portkey-claw key set" in done.stderr
    assert resolver_state(located) is ResolverState.BROKEN_INTERPRETER


def test_an_interpreter_without_portkey_claw_is_told_in_the_protocol(located: Located) -> None:
    bare = str(Path(sys.executable).resolve())
    path = put(located, sys.executable, bare)
    assert errors(run(path)) == {"portkey-api-key:1f9c22ab": "BROKEN"}
    assert resolver_state(located) is ResolverState.BROKEN_INTERPRETER


@pytest.mark.parametrize("request_text", ["", "\n", "{}", '{"ids":[]}', "no json"])
def test_even_broken_it_answers_any_request(located: Located, request_text: str) -> None:
    done = run(put(located, sys.executable, "/opt/gone/bin/python"), request_text)
    assert list(errors(done).values()) == ["BROKEN"]


def test_another_installation_of_portkey_claw_is_fine(located: Located) -> None:
    other = str(Path(sys.executable).with_name("python3"))
    assert other != sys.executable
    put(located, sys.executable, other)
    assert resolver_state(located) is ResolverState.OK


def become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def become_link(path: Path) -> None:
    path.rename(path.with_name("real"))
    path.symlink_to("real")


Spoil = Callable[[Path], object]
SPOILT: dict[str, tuple[Spoil, ResolverState]] = {
    "gone": (Path.unlink, ResolverState.MISSING),
    "a folder": (become_folder, ResolverState.NOT_A_FILE),
    "a link": (become_link, ResolverState.NOT_A_FILE),
    "for the group to write": (lambda path: path.chmod(0o770), ResolverState.WRONG_MODE),
    "for all to write": (lambda path: path.chmod(0o702), ResolverState.WRONG_MODE),
    "not to be run": (lambda path: path.chmod(0o600), ResolverState.WRONG_MODE),
    "edited": (lambda path: path.write_text(path.read_text() + "echo\n"), ResolverState.OUTDATED),
    "emptied": (lambda path: path.write_text(""), ResolverState.OUTDATED),
    "not text": (lambda path: path.write_bytes(b"\xff\xfe"), ResolverState.OUTDATED),
    "two words": (
        lambda path: path.write_text(path.read_text().replace("python=", "python=x ")),
        ResolverState.OUTDATED,
    ),
    "a quote": (lambda path: path.write_text(path.read_text().replace("python=", "python='")), ResolverState.OUTDATED),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_with_it_is_told(located: Located, name: str) -> None:
    spoil, state = SPOILT[name]
    spoil(put(located))
    assert resolver_state(located) is state


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o500])
def test_what_openclaw_accepts_is_fine(located: Located, mode: int) -> None:
    put(located).chmod(mode)
    assert resolver_state(located) is ResolverState.OK


def test_somebody_elses_file_is_told(located: Located, monkeypatch: pytest.MonkeyPatch) -> None:
    put(located)
    monkeypatch.setattr(os, "getuid", lambda: located.state_dir.stat().st_uid + 1)
    assert resolver_state(located) is ResolverState.WRONG_OWNER


def test_without_a_folder_it_is_missing(tmp_path: Path) -> None:
    nowhere = Located(
        tmp_path / "no" / "openclaw.json", tmp_path / "no", tmp_path / "no" / ".env", None, "default", None
    )
    assert resolver_path(nowhere).parent == tmp_path / "no"
    assert resolver_state(nowhere) is ResolverState.MISSING
