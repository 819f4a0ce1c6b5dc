"""The command as users meet it: against the sandbox, from nothing to a working route, and every way it can stop."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change.state import state_folder
from wizard.cli.main import main
from wizard.json5doc import Document
from wizard.sandbox.gateway import Sandbox

OPUS = "@anthropic-prod/claude-opus-4-5"
GPT = "@openai-prod/gpt-5.2"


@dataclass(frozen=True)
class Ran:
    """One run of the command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def key(sandbox: Sandbox) -> str:
    return sandbox.account.key("good").value


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def config(home: Path) -> Path:
    return home / ".openclaw" / "openclaw.json"


@pytest.fixture
def run(sandbox: Sandbox, key: str, home: Path) -> Run:
    """Runs `portkey-claw setup` with the sandbox as its gateway; `{}` in an argument stands for its URL."""

    def call(*arguments: str, variables: dict[str, str] | None = None, stdin: str = "") -> Ran:
        environment = Environment(
            variables={"HOME": str(home), "PORTKEY_API_KEY": key} if variables is None else variables,
            home=home,
            cwd=home,
            stdin=io.StringIO(stdin),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            system="linux",
        )
        flags = [] if "--remove" in arguments else ["--gateway-url", sandbox.base_url]
        code = main(["setup", *flags, *(part.format(sandbox.base_url) for part in arguments)], environment)
        assert isinstance(environment.stdout, io.StringIO)
        assert isinstance(environment.stderr, io.StringIO)
        ran = Ran(code, environment.stdout.getvalue(), environment.stderr.getvalue())
        for secret in (known.value for known in sandbox.account.keys):
            assert secret not in ran.out + ran.err, "a key was printed"
        return ran

    return call


def test_from_nothing_to_a_working_route(run: Run, config: Path, home: Path, key: str, sandbox: Sandbox) -> None:
    ran = run("--yes", "--model", OPUS, "--model", GPT)
    assert ran.code == 0, ran.err
    value: Any = Document.parse(config.read_text()).value
    assert value["env"]["vars"]["PORTKEY_API_KEY"] == key
    assert value["models"]["providers"]["portkey"]["baseUrl"] == sandbox.base_url
    assert value["agents"]["defaults"]["model"] == {"primary": f"portkey/{OPUS}"}
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    assert "Written: ~/.openclaw/openclaw.json" in ran.out
    assert "OpenClaw's requests go through Portkey." in ran.out
    assert '  openclaw agent --local --agent main --message "hi"' in ran.out
    assert [entry.name for entry in config.parent.iterdir()] == ["openclaw.json"]


def test_the_second_run_changes_nothing_and_looks_again(run: Run, config: Path) -> None:
    assert run("--yes", "--model", OPUS).code == 0
    before, status = config.read_bytes(), config.stat()
    again = run("--yes", "--model", OPUS)
    assert again.code == 0
    assert "is already set up: nothing to change." in again.out
    assert "Written" not in again.out
    assert "OpenClaw's requests go through Portkey." in again.out
    assert config.read_bytes() == before
    assert (config.stat().st_ino, config.stat().st_mtime_ns) == (status.st_ino, status.st_mtime_ns)


@pytest.mark.parametrize("api", ["openai-completions", "openai-responses", "anthropic-messages"])
@pytest.mark.parametrize("ending", ["", "/"])
def test_every_wire_format_works_on_what_was_written(run: Run, api: str, ending: str) -> None:
    model = GPT if api == "openai-responses" else OPUS
    ran = run("--yes", "--model", model, "--api", api, "--gateway-url", "{}" + ending, "--json")
    assert ran.code == 0, ran.err
    assert ran.document["doctor"]["verdict"] == "healthy"


def test_the_anthropic_format_works_without_v1_too(run: Run, sandbox: Sandbox, config: Path) -> None:
    bare = sandbox.base_url.removesuffix("/v1")
    ran = run("--yes", "--model", OPUS, "--api", "anthropic-messages", "--gateway-url", bare, "--json")
    assert ran.code == 0, ran.err
    assert Document.parse(config.read_text()).get(("models", "providers", "portkey", "baseUrl")) == bare


def test_a_saved_portkey_config_routes_bare_models(run: Run, config: Path) -> None:
    ran = run("--yes", "--config-id", "pc-single-91c4e2", "--model", "claude-opus-4-5", "--json")
    assert ran.code == 0, ran.err
    sent = Document.parse(config.read_text()).get(("models", "providers", "portkey", "headers"))
    assert sent == {"x-portkey-config": "pc-single-91c4e2"}


def test_a_dry_run_writes_nothing_and_needs_no_yes(run: Run, home: Path) -> None:
    ran = run("--dry-run", "--model", OPUS)
    assert ran.code == 0
    assert '+      "portkey": {' in ran.out
    assert "Nothing was written (--dry-run)." in ran.out
    assert list(home.iterdir()) == []


def test_the_json_document(run: Run, config: Path) -> None:
    ran = run("--yes", "--json", "--model", OPUS)
    document = ran.document
    assert list(document) == [
        "schema_version",
        "tool",
        "written",
        "config_path",
        "changes",
        "notes",
        "diff",
        "doctor",
        "exit_code",
        "lost",
    ]
    assert document["schema_version"] == 1
    assert document["tool"]["name"] == "portkey-claw"
    assert document["written"] is True
    assert document["config_path"] == "~/.openclaw/openclaw.json"
    assert [change["path"] for change in document["changes"]] == [
        "env.vars.PORTKEY_API_KEY",
        "models.mode",
        "models.providers.portkey",
        "agents.defaults.model",
    ]
    assert all(change["action"] == "set" and change["effect"] for change in document["changes"])
    assert document["diff"].startswith("--- /dev/null\n+++ ~/.openclaw/openclaw.json")
    assert document["doctor"]["verdict"] == "healthy"
    assert document["exit_code"] == ran.code == 0
    assert "Plan" in ran.err


def test_the_json_document_of_a_dry_run(run: Run) -> None:
    document = run("--dry-run", "--json", "--model", OPUS).document
    assert (document["written"], document["doctor"], document["exit_code"]) == (False, None, 0)
    assert document["changes"]


def test_without_verification_nobody_is_asked(run: Run, sandbox: Sandbox, config: Path) -> None:
    asked = len(sandbox.requests)
    ran = run("--yes", "--no-verify", "--model", "@any/thing", "--json")
    assert ran.code == 0
    assert ran.document["doctor"] is None
    assert len(sandbox.requests) == asked
    assert "portkey-claw doctor" in ran.err
    assert config.exists()


def test_without_spending_no_model_is_called(run: Run) -> None:
    document = run("--yes", "--no-spend", "--model", OPUS, "--json").document
    assert document["doctor"]["summary"]["model_calls"] == 0


def test_a_route_that_does_not_work_is_exit_1_and_stays_written(run: Run, config: Path) -> None:
    ran = run("--yes", "--model", "@anthropic-old/claude-opus-4-5", "--json")
    assert ran.code == 1
    assert ran.document["written"] is True
    assert ran.document["exit_code"] == 1
    assert ran.document["doctor"]["verdict"] == "broken"
    assert config.exists()
    assert "Send the first request" not in ran.err


# Missing and wrong answers


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--yes"),
        (("--yes",), "--model"),
        (("--yes", "--model", "claude-opus-4-5"), "--slug"),
        (("--yes", "--model", OPUS, "--key-storage", "vault"), "openclaw-env or keyring or dotenv or env"),
        (("--yes", "--model", OPUS, "--api", "grpc"), "openai-completions or openai-responses"),
        (("--yes", "--model", OPUS, "--agent", "nobody"), "no such agent"),
        (("--yes", "--model", "@anthropic-prod/claude-opus-9"), "no such model"),
        (("--yes", "--model", "@anthropic-prd/claude-opus-4-5"), "no provider @anthropic-prd"),
        (("--yes", "--mode", OPUS), "Unrecognized arguments: --mode"),
        (("--yes", "--model", OPUS, "--gateway-url", "https://app.portkey.ai"), "https://api.portkey.ai/v1"),
        (("--yes", "--model", OPUS, "--gateway-url", "https://api.portkey.com/v1"), "https://api.portkey.ai/v1"),
    ],
)
def test_what_is_missing_or_wrong_is_exit_2_and_says_how(
    run: Run, home: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.err
    assert ran.out == ""
    assert list(home.iterdir()) == []


def test_a_missing_key_names_every_way_to_give_it(run: Run, home: Path) -> None:
    ran = run("--yes", "--model", OPUS, "--json", variables={})
    assert ran.code == 2
    assert ran.document["exit_code"] == 2
    for way in ("PORTKEY_API_KEY", "--api-key-stdin", "--api-key-file"):
        assert way in ran.document["error"]["message"]
    assert list(home.iterdir()) == []


def test_the_key_comes_through_a_pipe(run: Run, config: Path, key: str) -> None:
    assert run("--yes", "--model", OPUS, "--api-key-stdin", variables={}, stdin=f"{key}\n").code == 0
    assert key in config.read_text()


@pytest.mark.parametrize("argument", ["--api-key", "--api-key="])
def test_a_key_as_an_argument_is_refused_and_not_repeated(run: Run, argument: str, home: Path) -> None:
    typed = ("--api-key=typed-by-mistake",) if argument.endswith("=") else ("--api-key", "typed-by-mistake")
    ran = run("--yes", *typed)
    assert ran.code == 2
    assert "--api-key-stdin" in ran.err
    assert "typed-by-mistake" not in ran.err


@pytest.mark.parametrize(
    ("name", "words"), [("expired", "has expired"), ("no-scope", "does not let this key list models")]
)
def test_a_key_that_is_refused_is_exit_2(run: Run, sandbox: Sandbox, home: Path, name: str, words: str) -> None:
    ran = run("--yes", "--model", OPUS, variables={"PORTKEY_API_KEY": sandbox.account.key(name).value})
    assert ran.code == 2
    assert words in ran.err
    assert list(home.iterdir()) == []


def test_a_key_that_nobody_knows_is_exit_2(run: Run, home: Path) -> None:
    ran = run("--yes", "--model", OPUS, variables={"PORTKEY_API_KEY": "nobody-knows-this-key-9"})
    assert ran.code == 2
    assert "refuses the key" in ran.err
    assert "nobody-knows-this-key-9" not in ran.err


def test_a_gateway_that_is_not_there_is_exit_3(run: Run, home: Path) -> None:
    ran = run("--yes", "--model", OPUS, "--gateway-url", "http://127.0.0.1:9/v1")
    assert ran.code == 3
    assert "--no-verify" in ran.err
    assert list(home.iterdir()) == []


# The file


def test_a_broken_config_is_shown_and_left_alone(run: Run, config: Path) -> None:
    config.parent.mkdir()
    text = '{\n  "a": 1\n  "b": 2\n}\n'
    config.write_text(text)
    ran = run("--yes", "--model", OPUS)
    assert ran.code == 4
    assert "is not valid JSON5, so nothing was changed." in ran.err
    assert re.search(r'3 [│|]   "b": 2\n.*\^ a comma is missing before this', ran.err)
    assert config.read_text() == text


def test_comments_and_style_survive(run: Run, config: Path) -> None:
    config.parent.mkdir()
    config.write_text("// mine\n{\n  gateway: { mode: 'local' }, // keep\n}\n")
    assert run("--yes", "--model", OPUS).code == 0
    text = config.read_text()
    assert text.startswith("// mine\n{\n  gateway: { mode: 'local' }, // keep\n")
    assert "'portkey/@anthropic-prod/claude-opus-4-5'" in text


def test_a_linked_config_stays_linked(run: Run, config: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.json").write_text("{}")
    config.parent.mkdir()
    config.symlink_to(tmp_path / "dotfiles.json")
    assert run("--yes", "--model", OPUS).code == 0
    assert config.is_symlink()
    assert OPUS in (tmp_path / "dotfiles.json").read_text()


def test_another_config_and_profile(run: Run, home: Path) -> None:
    ran = run("--yes", "--model", OPUS, "--openclaw-config", "other dir/claw.json")
    assert ran.code == 0, ran.err
    assert (home / "other dir" / "claw.json").exists()
    assert f"OPENCLAW_CONFIG_PATH='{home}/other dir/claw.json' openclaw" in ran.out
    ran = run("--yes", "--model", OPUS, "--profile", "work")
    assert ran.code == 0
    assert (home / ".openclaw-work" / "openclaw.json").exists()
    assert 'openclaw --profile work agent --local --agent main --message "hi"' in ran.out


def test_a_file_that_changes_meanwhile_is_exit_4(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.setup import flow

    config.parent.mkdir()
    config.write_text("{}")
    real = flow.prepare

    def prepare_and_lose(request: Any) -> Any:
        prepared = real(request)
        config.write_text('{"theirs": 1}')
        return prepared

    monkeypatch.setattr(flow, "prepare", prepare_and_lose)
    ran = run("--yes", "--model", OPUS, "--json")
    assert ran.code == 4
    assert ran.document["exit_code"] == 4
    assert "in the meantime" in ran.document["error"]["message"]
    assert config.read_text() == '{"theirs": 1}'


def test_plain_output_has_one_fact_a_line(run: Run) -> None:
    ran = run("--yes", "--model", OPUS, "--plain")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert not [line for line in ran.out.splitlines() if line != line.rstrip()]


def test_hostile_text_in_a_config_does_not_reach_the_terminal(run: Run, config: Path) -> None:
    config.parent.mkdir()
    config.write_text('{agents: {defaults: {model: "a/\\u001b]0;owned\\u0007b"}}} // \x1b[2J\u202e', encoding="utf-8")
    ran = run("--yes", "--model", OPUS)
    assert ran.code == 0, ran.err
    for character in "\x1b\x07\u202e":
        assert character not in ran.out + ran.err


# The process


def test_no_process_has_the_key_in_its_arguments(sandbox: Sandbox, home: Path, key: str) -> None:
    command = [sys.executable, "-c", "from wizard.cli.main import run; run()", "setup"]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PORTKEY_API_KEY": key}
    arguments = ["--yes", "--gateway-url", sandbox.base_url, "--model", OPUS]
    seen: list[str] = []
    with subprocess.Popen(
        [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home
    ) as process:
        watcher = threading.Thread(target=_watch, args=(process, seen))
        watcher.start()
        out, err = process.communicate(timeout=120)
        watcher.join()
    assert process.returncode == 0, err.decode()
    assert any(OPUS in line for line in seen), "the process was not seen"
    assert not [line for line in seen if key in line]
    assert key.encode() not in out + err


def test_an_interrupt_before_the_write_leaves_nothing(
    run: Run, home: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    ran = run("--yes", "--model", OPUS)
    assert ran.code == 130
    assert not config.parent.exists()
    assert state_folder(Environment(variables={}, home=home, cwd=home, system="linux")).exists()


def _watch(process: subprocess.Popen[bytes], seen: list[str]) -> None:
    while process.poll() is None:
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
        time.sleep(0.05)


# Beside another model, and away again


def test_portkey_beside_another_model_is_not_tried_and_shows_how_to_choose_it(run: Run, config: Path) -> None:
    config.parent.mkdir()
    config.write_text('{agents: {defaults: {model: "ollama/llama"}}}')
    ran = run("--yes", "--model", OPUS, "--use-as", "listed")
    assert ran.code == 0, ran.err
    assert Document.parse(config.read_text()).get(("agents", "defaults", "model")) == "ollama/llama"
    assert f"openclaw agent --local --agent main --model portkey/{OPUS} --message" in ran.out
    assert "check the route" not in ran.out


def test_a_fallback_route_is_tried(run: Run, config: Path) -> None:
    config.parent.mkdir()
    config.write_text('{agents: {defaults: {model: "ollama/llama"}}}')
    ran = run("--yes", "--model", OPUS, "--use-as", "fallback", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["doctor"]["routes"][-1]["role"] == "fallback"


@pytest.mark.parametrize("storage", ["openclaw-env", "dotenv"])
@pytest.mark.parametrize("before", [None, "// mine\n{\n  gateway: { mode: 'local' }, // keep\n}\n"])
def test_setup_and_removal_leave_the_first_bytes(run: Run, config: Path, storage: str, before: str | None) -> None:
    if before is not None:
        config.parent.mkdir()
        config.write_text(before)
    assert run("--yes", "--model", OPUS, "--key-storage", storage).code == 0
    removed = run("--remove", "--yes", "--json")
    assert removed.code == 0, removed.err
    assert removed.document["written"] is True
    assert config.exists() is (before is not None)
    assert before is None or config.read_text() == before
    assert not (config.parent / ".env").exists()


def test_nothing_to_remove_is_fine(run: Run, home: Path) -> None:
    ran = run("--remove", "--yes")
    assert ran.code == 0
    assert "nothing to remove" in ran.out


def test_a_removal_wants_a_confirmation(run: Run, config: Path) -> None:
    assert run("--yes", "--model", OPUS).code == 0
    before = config.read_bytes()
    assert run("--remove").code == 2
    dry = run("--remove", "--dry-run")
    assert dry.code == 0
    assert "Nothing was written (--dry-run)." in dry.out
    assert config.read_bytes() == before
