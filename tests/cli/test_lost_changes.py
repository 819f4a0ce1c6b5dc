"""Every command that writes looks again at its end, and says what another program wrote over meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change import apply, undo
from wizard.cli.main import main

KEY, NEXT_KEY = "Zq8vT3nLw5Rk2Jd7Ym4x", "Next3nLw5Rk2Jd7Ym4x9"
OLD = '{\n  "a": 1,\n  "env": {"vars": {"OURS": "x"}}\n}\n'
SETUP = ("setup", "--yes", "--no-verify", "--gateway-url", "http://127.0.0.1:9/v1", "--model", "@a/b")

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "home" / ".openclaw" / "openclaw.json"
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text(OLD)
    return path


@pytest.fixture
def run(config: Path) -> Run:
    """Runs a command with `--json`; gives its exit status, its document and what people read, on one line."""

    def run(*arguments: str, stdin: str = "", **variables: str) -> tuple[int, Any, str]:
        home, out, err = config.parent.parent, io.StringIO(), io.StringIO()
        environment = Environment(variables, home, home, stdin=io.StringIO(stdin), stdout=out, stderr=err)
        code = main((*arguments, "--json"), environment)
        return code, json.loads(out.getvalue()), " ".join(err.getvalue().split())

    return run


@pytest.fixture
def overwritten(config: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Has a program that had read the config before our write put its own version there once we are done."""

    def arm() -> None:
        before = config.read_text()
        for module in (apply, undo):
            real = module.retire

            def late(*arguments: Any, real: Callable[..., None] = real) -> None:
                real(*arguments)
                config.write_text(f"{before}// theirs\n")

            monkeypatch.setattr(module, "retire", late)

    return arm


COMMANDS = {
    "setup": (*SETUP, "--model", "@a/c"),
    "setup --remove": ("setup", "--remove", "--yes"),
    "key set": ("key", "set", "--yes", "--no-verify"),
    "key move": ("key", "move", "--to", "dotenv", "--yes"),
    "key remove": ("key", "remove", "--yes"),
    "undo": ("undo", "--yes"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_loss_is_said_and_in_the_document(
    run: Run, config: Path, overwritten: Callable[[], None], command: str
) -> None:
    assert run(*SETUP, PORTKEY_API_KEY=KEY)[0] == 0
    overwritten()
    stdin = NEXT_KEY if command == "key set" else ""
    code, document, said = run(*COMMANDS[command], stdin=stdin, **({} if stdin else {"PORTKEY_API_KEY": KEY}))
    assert code == 0
    assert document["written"]
    assert document["lost"]
    assert all("~/.openclaw/openclaw.json" in place for place in document["lost"])
    assert f"Another program wrote over this change meanwhile: {', '.join(document['lost'])}." in said
    assert ("setup --remove, or by hand" if command == "undo" else "run this command again") in said


@pytest.mark.parametrize("command", COMMANDS)
def test_where_nothing_is_lost_nothing_is_said(run: Run, config: Path, command: str) -> None:
    assert run(*SETUP, PORTKEY_API_KEY=KEY)[0] == 0
    stdin = NEXT_KEY if command == "key set" else ""
    code, document, said = run(*COMMANDS[command], stdin=stdin, **({} if stdin else {"PORTKEY_API_KEY": KEY}))
    assert code == 0
    assert document["written"]
    assert document["lost"] == []
    assert "Another program" not in said
