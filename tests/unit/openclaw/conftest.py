"""A home of its own for every test, and the parts of an OpenClaw installation to put there."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.base.files import FileText
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.seen import ConfigFile

Surroundings = Callable[..., Environment]
Parse = Callable[[str], ConfigFile]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "project").mkdir(parents=True)
    return folder


@pytest.fixture
def surroundings(home: Path) -> Surroundings:
    """An environment of that home with these variables; the working folder is `project` below it."""

    def make(variables: Mapping[str, str] | None = None, **named: str) -> Environment:
        streams = {name: io.StringIO() for name in ("stdin", "stdout", "stderr")}
        return Environment(
            variables={**(variables or {}), **named},
            home=home,
            cwd=home / "project",
            system="linux",
            **streams,
        )

    return make


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def parse(vault: Vault) -> Parse:
    """A config's text as evidence, secrets in the test's vault."""

    def parse_text(text: str) -> ConfigFile:
        return parse_config(FileText(text, 0o600, symlink=False), "~/.openclaw/openclaw.json", "default", vault)

    return parse_text
