"""A change that another program wrote over is noticed by looking again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change.apply import apply
from wizard.change.lost import lost
from wizard.change.plan import Append, Delete, EditConfig, EditDotenv, Plan, PutFile, Set, SetVariable
from wizard.change.raw import read_now
from wizard.json5doc import Document
from wizard.keys.vault import Vault

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


@pytest.fixture
def made(surroundings: Environment, config: Path, keyring: Any) -> str:
    config.write_text('{"a": 1, "l": [], "gone": 1}')
    vault = Vault()
    operations = (Set(("a",), 2.0, ""), Append(("l",), {"id": "m"}, ""), Delete(("gone",), ""))
    plan = Plan(
        (
            EditConfig(config, read_now(config, surroundings).digest, operations),
            EditDotenv(config.with_name(".env"), None, (SetVariable("K", vault.take(KEY, "").handle, ""),)),
            PutFile(config.with_name("resolver"), None, "x", 0o700, ""),
        )
    )
    entry_id = apply(plan, surroundings, vault, keyring=keyring).entry_id
    assert entry_id is not None
    return entry_id


def rewritten(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def rewrite(config: Path) -> None:
        value = Document.parse(config.read_text()).value
        change(value)
        config.write_text(json.dumps(value))

    return rewrite


@pytest.mark.parametrize(
    ("meanwhile", "places"),
    [
        (Path.touch, ()),
        (rewritten(lambda value: value.update(theirs=1, a=2)), ()),
        (rewritten(lambda value: value.update(a=1)), ("a in ~/.openclaw/openclaw.json",)),
        (rewritten(lambda value: value.update(l=[])), ("l in ~/.openclaw/openclaw.json",)),
        (rewritten(lambda value: value.update(gone=2)), ("gone in ~/.openclaw/openclaw.json",)),
        (lambda config: config.write_text("{"), ("a in ~/.openclaw/openclaw.json", "l in ~/.openclaw/openclaw.json")),
        (lambda config: config.unlink(), ("~/.openclaw/openclaw.json",)),
        (lambda config: config.with_name(".env").write_text("K=x"), ("K in ~/.openclaw/.env",)),
        (lambda config: config.with_name("resolver").write_text("y"), ("~/.openclaw/resolver",)),
    ],
)  # fmt: skip
def test_what_is_lost_is_named(
    surroundings: Environment, config: Path, made: str, meanwhile: Callable[[Path], Any], places: tuple[str, ...]
) -> None:
    meanwhile(config)
    assert set(lost(made, surroundings)) == set(places)


def test_nothing_was_done_and_nothing_is_lost(surroundings: Environment) -> None:
    assert lost(None, surroundings) == ()
