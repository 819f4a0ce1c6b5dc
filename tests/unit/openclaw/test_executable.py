"""Finding OpenClaw and its version in the layouts of the package managers, without starting anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.unit.openclaw.conftest import Surroundings
from wizard.base.environment import Environment
from wizard.openclaw.executable import find_install
from wizard.openclaw.seen import Install
from wizard.openclaw.versions import parse_version

# Would leave a mark if it were ever started.
SCRIPT = '#!/bin/sh\ntouch "$0.started"\n'


def package(folder: Path, version: object = "2026.9.6", name: str = "openclaw") -> Path:
    """An installed package; gives its entry file."""
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": version}))
    return program(folder / "openclaw.mjs")


def program(path: Path, text: str = SCRIPT, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def on_path(surroundings: Surroundings, *folders: Path | str) -> Environment:
    return surroundings(PATH=os.pathsep.join(map(str, folders)))


def npm(prefix: Path, version: object = "2026.9.6") -> Path:
    """The layout of `npm install --global`; gives the folder for PATH."""
    entry = package(prefix / "lib/node_modules/openclaw", version)
    (prefix / "bin").mkdir()
    (prefix / "bin/openclaw").symlink_to(os.path.relpath(entry, prefix / "bin"))
    return prefix / "bin"


def test_npms_link(home: Path, surroundings: Surroundings) -> None:
    folder = npm(home / "prefix")
    install = find_install(on_path(surroundings, "/nowhere", folder))
    assert install == Install(str(folder / "openclaw"), "2026.9.6")
    assert not list(home.rglob("*.started"))


def test_a_link_to_a_link(home: Path, surroundings: Surroundings) -> None:
    folder = npm(home / "prefix")
    (home / "bin").mkdir()
    (home / "bin/openclaw").symlink_to(folder / "openclaw")
    assert find_install(on_path(surroundings, home / "bin")).version == "2026.9.6"


PNPM = """#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")
if [ -z "$NODE_PATH" ]; then
  export NODE_PATH="{home}/pnpm/global/5/.pnpm/openclaw@2026.5.7/node_modules/other"
fi
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "{entry}" "$@"
else
  exec node  "{entry}" "$@"
fi
"""


@pytest.mark.parametrize(
    "entry",
    [
        "$basedir/global/5/node_modules/openclaw/openclaw.mjs",
        "${{basedir}}/global/5/node_modules/openclaw/openclaw.mjs",
        "{home}/pnpm/global/5/node_modules/openclaw/openclaw.mjs",
        "$basedir/../pnpm/global/5/node_modules/openclaw/dist/entry.js",
    ],
)
def test_pnpms_shim(home: Path, surroundings: Surroundings, entry: str) -> None:
    package(home / "pnpm/global/5/node_modules/openclaw", "2026.5.7")
    shim = PNPM.replace("{entry}", entry.format(home=home)).replace("{home}", str(home))
    program(home / "pnpm/openclaw", shim)
    assert find_install(on_path(surroundings, home / "pnpm")) == Install(str(home / "pnpm/openclaw"), "2026.5.7")


def test_a_package_beside_its_program(home: Path, surroundings: Surroundings) -> None:
    package(home / "npm/node_modules/openclaw", "2026.9.1")
    program(home / "npm/openclaw.cmd", "@echo off\n")
    environment = Environment({"PATH": str(home / "npm")}, home, home / "project", system="win32")
    assert find_install(environment) == Install(str(home / "npm/openclaw.cmd"), "2026.9.1")


def test_on_windows_the_mode_says_nothing(home: Path) -> None:
    folder = npm(home / "prefix")
    folder.chmod(0o777)
    windows = Environment({"PATH": str(folder)}, home, home / "project", system="win32")
    assert find_install(windows).version == "2026.9.6"


@pytest.mark.parametrize(
    "path",
    ["", "/nowhere", "relative/bin", ".", os.pathsep * 3],
    ids=["empty", "missing", "relative", "dot", "empties"],
)
def test_none(surroundings: Surroundings, path: str) -> None:
    assert find_install(surroundings(PATH=path)) == Install()
    assert find_install(surroundings()) == Install()


def test_the_first_on_path_counts(home: Path, surroundings: Surroundings) -> None:
    old, new = npm(home / "old", "2026.5.7"), npm(home / "new", "2026.9.6")
    assert find_install(on_path(surroundings, old, new)).version == "2026.5.7"
    assert find_install(on_path(surroundings, new, old)).version == "2026.9.6"


def test_nothing_from_the_working_folder(home: Path, surroundings: Surroundings) -> None:
    good = npm(home / "prefix")
    program(home / "project/openclaw")
    (home / "here").symlink_to(home / "project")
    for folder in (home / "project", home / "here"):
        assert find_install(on_path(surroundings, folder)) == Install()
        assert find_install(on_path(surroundings, folder, good)).executable == str(good / "openclaw")


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "found"),
    [(0o755, 0o755, True), (0o775, 0o775, True), (0o777, 0o755, False), (0o1777, 0o755, False), (0o755, 0o757, False)],
)
def test_nothing_that_everybody_may_write(
    home: Path, surroundings: Surroundings, folder_mode: int, file_mode: int, found: bool
) -> None:
    executable = program(home / "bin/openclaw", mode=file_mode)
    (home / "bin").chmod(folder_mode)
    wanted = Install(str(executable), None) if found else Install()
    assert find_install(on_path(surroundings, home / "bin")) == wanted


def test_nothing_that_is_no_program(home: Path, surroundings: Surroundings) -> None:
    (home / "a/openclaw").mkdir(parents=True)
    program(home / "b/openclaw", mode=0o644)
    (home / "c").mkdir()
    (home / "c/openclaw").symlink_to(home / "gone")
    (home / "d").mkdir()
    os.mkfifo(home / "d/openclaw", 0o755)
    assert find_install(on_path(surroundings, *(home / name for name in "abcd"))) == Install()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"name":"openclaw"}',
        '{"name":"other","version":"1.2.3"}',
        '{"version":"1.2.3"}',
        "[" * 99_999,
    ],
    ids=lambda text: text[:12],
)
def test_a_package_file_that_says_nothing(home: Path, surroundings: Surroundings, text: str) -> None:
    folder = npm(home / "prefix")
    (home / "prefix/lib/node_modules/openclaw/package.json").write_text(text)
    assert find_install(on_path(surroundings, folder)) == Install(str(folder / "openclaw"), None)


@pytest.mark.parametrize("version", [None, 2026, ["2026.9.6"]])
def test_a_version_that_is_none(home: Path, surroundings: Surroundings, version: object) -> None:
    folder = npm(home / "prefix", version)
    assert find_install(on_path(surroundings, folder)).version is None


def test_a_package_file_that_is_a_pipe_is_not_waited_for(home: Path, surroundings: Surroundings) -> None:
    executable = program(home / "bin/openclaw")
    os.mkfifo(home / "bin/package.json")
    assert find_install(on_path(surroundings, home / "bin")) == Install(str(executable), None)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2026.9.6", (2026, 9, 6)),
        ("v2026.9.6", (2026, 9, 6)),
        ("2026.9.6-beta.2", (2026, 9, 6)),
        ("2026.10.12", (2026, 10, 12)),
        ("2026.9", None),
        ("latest", None),
        ("", None),
        (None, None),
    ],
)
def test_versions_are_numbers(text: str | None, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version
