"""A home, a gateway that answers from a list, and the whole way to a plan in one call."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.keys.vault import Vault
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.flow import Prepared, Request, prepare

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
CATALOGUE = (
    "@anthropic-prod/claude-opus-4-5",
    "@anthropic-prod/claude-sonnet-4-5",
    "@openai-prod/gpt-5.2",
    "@eu/claude-opus-4-5",
)


@pytest.fixture
def surroundings(tmp_path: Path) -> Environment:
    """An environment with the key in its variables, a fresh home, and no openclaw on PATH."""
    home = tmp_path / "home"
    home.mkdir()
    return Environment(
        variables={"PORTKEY_API_KEY": KEY},
        home=home,
        cwd=home,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        system="linux",
    )


@pytest.fixture
def config(surroundings: Environment) -> Path:
    """The config's path; its folder is there, the file is not."""
    folder = surroundings.home / ".openclaw"
    folder.mkdir(mode=0o700)
    return folder / "openclaw.json"


@pytest.fixture
def install_openclaw(surroundings: Environment, tmp_path: Path) -> Callable[[str], Environment]:
    """Puts an openclaw of a version on PATH, as npm would, and gives the environment that has it."""

    def install(version: str) -> Environment:
        package = tmp_path / "lib" / "node_modules" / "openclaw"
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"name": "openclaw", "version": version}))
        (package / "openclaw.mjs").write_text("#!/usr/bin/env node\n")
        (package / "openclaw.mjs").chmod(0o755)
        (tmp_path / "bin").mkdir(mode=0o755)
        (tmp_path / "bin" / "openclaw").symlink_to(package / "openclaw.mjs")
        return replace(surroundings, variables={**surroundings.variables, "PATH": str(tmp_path / "bin")})

    return install


@pytest.fixture
def gateway() -> Callable[..., Callable[[Probe, Transport], Exchange]]:
    """Makes a gateway that lists models, or answers with a status and a body."""

    def make(*models: str, status: int = 200, body: str | None = None) -> Callable[[Probe, Transport], Exchange]:
        rows = [{"id": name, "object": "model"} for name in (models or CATALOGUE)]
        text = json.dumps({"object": "list", "total": len(rows), "data": rows}) if body is None else body

        def send(probe: Probe, transport: Transport) -> Exchange:
            assert transport.proxy is None
            kind = "text/html" if text.startswith("<") else "application/json"
            return Exchange(
                probe.id,
                probe.kind,
                (),
                probe.method,
                probe.url,
                status=status,
                headers=(("content-type", kind),),
                body=text,
            )

        return send

    return make


@pytest.fixture
def plan_setup(
    surroundings: Environment, gateway: Callable[..., Callable[[Probe, Transport], Exchange]]
) -> Callable[..., Prepared]:
    """Plans a setup from flags given as keywords; `environment`, `vault` and `send` may be given as well."""

    def plan(**given: Any) -> Prepared:
        environment = given.pop("environment", surroundings)
        vault = given.pop("vault", None) or Vault()
        send = given.pop("send", None) or gateway()
        return prepare(Request({"yes": True, **given}, environment, vault, send))

    return plan
