"""A key that does not come out of the keyring leaves the verdict open, and the report says why."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.diagnosis.model import Scope
from wizard.doctor.examine import Request, examine
from wizard.report.model import Report

REF = {"source": "exec", "provider": "portkey-claw", "id": "portkey-api-key:1f9c22ab"}
NULL = "keyring.backends.null.Keyring"


def offline(home: Path, api_key: object, **variables: str) -> Report:
    provider = {
        "baseUrl": "https://api.portkey.ai/v1",
        "apiKey": api_key,
        "models": [{"id": "@anthropic-prod/claude-opus-4-5", "name": "Opus"}],
    }
    declared = {"source": "exec", "command": str(home / "resolver"), "passEnv": ["HOME", "PYTHON_KEYRING_BACKEND"]}
    config = {
        "agents": {"defaults": {"model": {"primary": "portkey/@anthropic-prod/claude-opus-4-5"}}},
        "models": {"mode": "merge", "providers": {"portkey": provider}},
        "secrets": {"providers": {"portkey-claw": declared}},
    }
    (home / ".openclaw").mkdir()
    (home / ".openclaw" / "openclaw.json").write_text(json.dumps(config))
    streams = (io.StringIO(), io.StringIO(), io.StringIO())
    environment = Environment({"HOME": str(home), **variables}, home, home, *streams, "linux")
    return examine(environment, Request(Scope(offline=True))).report


@pytest.mark.parametrize("backend", [NULL, "keyring.backends.fail.Keyring"])
def test_offline_too_a_keyring_that_refuses_leaves_the_verdict_open(tmp_path: Path, backend: str) -> None:
    report = offline(tmp_path, REF, PYTHON_KEYRING_BACKEND=backend)
    assert report.verdict == "unknown"
    # Offline nothing was left to ask.
    assert report.exit_code == 0
    assert report.routes[0].key.layer == "secret-exec"


def test_another_persons_provider_is_as_before(tmp_path: Path) -> None:
    report = offline(tmp_path, {**REF, "provider": "company-vault"}, PYTHON_KEYRING_BACKEND=NULL)
    assert report.verdict == "healthy"
    assert report.routes[0].key.layer == "secret-exec"
