"""Heavy packages are loaded only where they are used: a quick command stays quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PROBE = """
import contextlib, io, sys
from dataclasses import replace
from wizard.base.environment import Environment
from wizard.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as out:
    main(sys.argv[1:], replace(Environment.current(), stdout=out, stderr=out))
heavy = {"httpx", "rich", "questionary", "prompt_toolkit", "keyring", "json5", "asyncio", "filelock"}
print(" ".join(sorted(heavy & set(sys.modules))))
"""


def loaded(arguments: list[str], home: Path) -> set[str]:
    """The heavy packages that a command has loaded by its end."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *arguments],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(home / "state")},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["--version"], set()),
        (["--help"], set()),
        (["explain"], set()),
        (["explain", "PKC208"], set()),
        (["doctor", "--offline", "--json"], set()),
        (["doctor", "--offline", "--plain"], set()),
        (["doctor", "--offline"], {"rich"}),
        (["doctor", "--offline", "--format", "sarif"], set()),
        (["doctor", "--offline", "--format", "junit"], set()),
        (["doctor", "--offline", "--format", "html"], set()),
        (["doctor", "--offline", "--format", "markdown"], {"rich"}),
        (["explain", "--json", "HTTP 401"], set()),
        (["explain", "--plain", "HTTP 401"], set()),
    ],
    ids=" ".join,
)
def test_what_a_command_loads(arguments: list[str], allowed: set[str], tmp_path: Path) -> None:
    assert loaded(arguments, tmp_path) <= allowed


def test_the_probe_sees_what_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / ".openclaw"
    folder.mkdir()
    (folder / "openclaw.json").write_text(
        '{models: {providers: {portkey: {baseUrl: "http://127.0.0.1:9/v1", apiKey: "k", models: [{id: "@a/b"}]}}}}'
    )
    assert "httpx" in loaded(["doctor", "--json"], tmp_path)
