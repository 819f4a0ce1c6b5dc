"""The program as a user starts it, with keys that must turn up nowhere: no output, no file, no started program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.diagnosis_live.writing import by_hand, by_machine, config, entry
from wizard.sandbox.accounts import Account, ApiKey, default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Reply, Request, json_answer
from wizard.sandbox.misbehave import MisbehavingHost

CANARY = "pk-c4n4ryK3yTh4tM4yStandN0wh3re7"
OTHER = "sk-ant-api03-0th3rC4n4ry0th3rC4n4ry0th3rC4n4ry"
PROGRAM = (sys.executable, "-c", "from wizard.cli.main import run; run()")


@pytest.fixture(scope="module")
def workspace() -> Account:
    return default_account().adding(ApiKey("canary", CANARY))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    entry_file = tmp_path / "lib/node_modules/openclaw/openclaw.mjs"
    entry_file.parent.mkdir(parents=True)
    entry_file.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    entry_file.chmod(0o755)
    (entry_file.parent / "package.json").write_text('{"name":"openclaw","version":"2026.9.6"}')
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/openclaw").symlink_to(entry_file)
    (tmp_path / "home/.openclaw").mkdir(parents=True)
    return tmp_path / "home"


def run(home: Path, text: str, *flags: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    (home / ".openclaw/openclaw.json").write_text(text, encoding="utf-8")
    variables = {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "PATH": f"{home.parent / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "PYTHONUTF8": "1",
        **(env or {}),
    }
    command = [*PROGRAM, "doctor", "--timeout", "20", *flags]
    return subprocess.run(command, env=variables, cwd=home, capture_output=True, text=True, timeout=60, check=False)


def assert_nothing_leaked(home: Path, done: subprocess.CompletedProcess[str], *mine: Path) -> None:
    """No canary in the outputs, nor in any file but those that the user wrote."""
    written = [path for path in home.rglob("*") if path.is_file() and path not in mine]
    texts = {path.name: path.read_bytes().decode("utf-8", "replace") for path in written}
    for name, text in {"stdout": done.stdout, "stderr": done.stderr, **texts}.items():
        for secret in (CANARY, OTHER):
            assert secret not in text, name
            assert secret[8:-4] not in text, name
    assert not (home.parent / "started").exists()
    assert done.returncode in (0, 1, 3), done.stderr


def test_healthy_route_in_every_dress(home: Path, workspace: Account) -> None:
    with Sandbox(workspace) as gateway:
        text = by_hand(config(entry(baseUrl=gateway.base_url, apiKey="${PORTKEY_API_KEY}")))
        for flags in (("--json",), ("--verbose",), ("--plain", "--verbose"), ("--json", "--output", "report.json")):
            done = run(home, text, *flags, env={"PORTKEY_API_KEY": CANARY})
            assert done.returncode == 0, done.stdout + done.stderr
            assert_nothing_leaked(home, done)


def test_keys_everywhere_a_user_may_put_them(home: Path, workspace: Account) -> None:
    with Sandbox(workspace) as gateway:
        text = by_machine(
            config(
                entry(
                    baseUrl=gateway.base_url,
                    apiKey=OTHER,
                    headers={"x-portkey-api-key": CANARY, "x-portkey-metadata": f'{{"key":"{OTHER}"}}'},
                    request={"auth": {"mode": "header", "headerName": "x-extra", "value": CANARY}},
                ),
                env={"vars": {"ANTHROPIC_API_KEY": OTHER, "NOTE": f"was {CANARY}"}},
                channels={"telegram": {"botToken": OTHER}},
            )
        ).replace("{\n", f"{{\n  // old: {CANARY}\n", 1)
        env_file = home / ".env"
        env_file.write_text(f"PORTKEY_API_KEY={CANARY}\n")
        for flags in (("--json",), ("--verbose",)):
            done = run(home, text, *flags)
            assert_nothing_leaked(home, done, env_file, home / ".openclaw/openclaw.json")


def test_broken_file_with_keys_in_it(home: Path) -> None:
    text = by_hand(config(entry(apiKey=CANARY, headers={"x-api-key": OTHER}))).replace("api:", "api")
    for flags in (("--json",), ("--verbose",)):
        done = run(home, text, *flags)
        assert done.returncode == 1
        assert_nothing_leaked(home, done, home / ".openclaw/openclaw.json")


def test_host_that_sends_the_key_back(home: Path) -> None:
    def echo(request: Request) -> Reply:
        given = request.header("authorization") or request.header("x-portkey-api-key") or ""
        body = {"status": "failure", "message": f"no such key: {given}", "error": {"code": given, "type": given}}
        return json_answer(401, body, (("x-portkey-trace-id", given), ("location", f"/?key={given}")))

    with MisbehavingHost(echo) as host:
        text = by_machine(config(entry(baseUrl=f"{host.url}/v1", apiKey="${PORTKEY_API_KEY}")))
        for flags in (("--json",), ("--verbose",)):
            assert_nothing_leaked(home, run(home, text, *flags, env={"PORTKEY_API_KEY": CANARY}))
        assert any(CANARY in str(request.headers) for request in host.requests)
