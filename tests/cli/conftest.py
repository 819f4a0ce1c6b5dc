"""The real console script in a home of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wizard.sandbox.accounts import made_up_secret

MODEL = "@anthropic-prod/claude-opus-4-5"
PROGRAM = str(Path(sys.executable).parent / "portkey-claw")


@dataclass
class User:
    """A person with a home folder and a shell."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.home / ".openclaw" / "openclaw.json"

    @property
    def variables(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "80", **self.extra}

    def runs(self, *arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env={**self.variables, **variables},
            cwd=self.home,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def starts(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            env={**self.variables, **variables},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def report(self, *arguments: str, **variables: str) -> dict[str, Any]:
        """The doctor's JSON report."""
        document: dict[str, Any] = json.loads(self.runs("doctor", "--json", *arguments, **variables).stdout)
        return document

    def routes_to(self, base_url: str, key: str = "", **entry: Any) -> None:
        """Has a config that leads to a base URL."""
        settings = {
            "baseUrl": base_url,
            "apiKey": key or made_up_secret("pk-", "cli tests"),
            "api": "openai-completions",
            "models": [{"id": MODEL, "name": "Opus"}],
            **entry,
        }
        config = {
            "agents": {"defaults": {"model": {"primary": f"portkey/{MODEL}"}}},
            "models": {"mode": "merge", "providers": {"portkey": settings}},
        }
        self.config.parent.mkdir(mode=0o700, exist_ok=True)
        self.config.write_text(json.dumps(config, indent=2), encoding="utf-8")


@pytest.fixture
def user(tmp_path: Path) -> User:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return User(home)
