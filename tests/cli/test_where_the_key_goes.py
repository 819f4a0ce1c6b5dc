"""The key: in no output, in no argument list, in no file but the one that was to have it, at no host that may not."""

from __future__ import annotations

import json
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.misbehave import MisbehavingHost, dashboard_page, redirect

MODEL = "@anthropic-prod/claude-opus-4-5"


@contextmanager
def watched_processes(secret: str) -> Iterator[list[str]]:
    """Collects every command line on this machine that holds a secret while the block runs."""
    found: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if secret in line:
                    found.append(line)
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def files_with(secret: str, folder: Path) -> list[str]:
    """The files below a folder that hold a secret."""
    hits = (path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes())
    return sorted(str(path.relative_to(folder)) for path in hits)


def test_setup_and_doctor_keep_it(user: Any) -> None:
    with Sandbox() as gateway:
        key = gateway.account.key("good").value
        with watched_processes(key) as lines:
            outputs = [
                user.runs(
                    "setup", "--yes", "--gateway-url", gateway.base_url, "--model", MODEL, *more, PORTKEY_API_KEY=key
                )
                for more in (["--dry-run"], [], ["--verbose"], ["--json"])
            ]
            outputs += [user.runs("doctor", *more) for more in ([], ["--verbose"], ["--json"], ["--plain"])]
        assert [output.returncode for output in outputs] == [0] * len(outputs), [o.stdout + o.stderr for o in outputs]
        assert not [output for output in outputs if key in output.stdout + output.stderr]
        assert lines == []
        assert files_with(key, user.home) == [".openclaw/openclaw.json"]
        assert stat.S_IMODE(user.config.stat().st_mode) == 0o600


def test_stdin_and_file_are_as_good(user: Any, tmp_path: Path) -> None:
    with Sandbox() as gateway:
        key = gateway.account.key("good").value
        arguments = ("setup", "--yes", "--gateway-url", gateway.base_url, "--model", MODEL)
        piped = user.runs(*arguments, "--api-key-stdin", stdin=key + "\n")
        assert piped.returncode == 0, piped.stdout + piped.stderr
        written = user.config.read_bytes()
        kept = tmp_path / "key.txt"
        kept.write_text(key + "\n")
        kept.chmod(0o600)
        from_file = user.runs(*arguments, "--api-key-file", str(kept))
        assert from_file.returncode == 0, from_file.stdout + from_file.stderr
        assert user.config.read_bytes() == written


def test_an_argument_is_refused_without_repeating_it(user: Any) -> None:
    done = user.runs("setup", "--yes", "--api-key", "pk-typed-as-an-argument-0001")
    assert done.returncode == 2
    assert "pk-typed" not in done.stdout + done.stderr
    assert "--api-key-stdin" in done.stderr


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(user: Any, status: int) -> None:
    with MisbehavingHost(dashboard_page()) as elsewhere, MisbehavingHost(redirect(elsewhere.url, status)) as host:
        user.routes_to(f"{host.url}/v1", key="pk-canary-canary-canary-01")
        report = user.report()
        assert report["root_cause"] == "PKC323"
        assert host.requests
        assert elsewhere.requests == ()


def test_a_proxy_gets_nothing_that_goes_to_this_machine(user: Any) -> None:
    with Sandbox() as gateway, MisbehavingHost(dashboard_page()) as proxy:
        user.routes_to(gateway.base_url, key=gateway.account.key("good").value)
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), proxy.url)
        report = user.report(**proxies)
        assert (report["verdict"], report["environment"]["proxy_set"]) == ("healthy", True)
        assert proxy.requests == ()


def test_a_crash_report_holds_no_value(user: Any, tmp_path: Path) -> None:
    """Whatever breaks inside, neither the message nor the saved report repeats what was read."""
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from wizard.base.environment import Environment\n"
        "from wizard.cli import main\n"
        "import wizard.doctor.examine as examine\n"
        "def broken(*_, **__): raise RuntimeError('pk-canary-canary-canary-01')\n"
        "examine.examine = broken\n"
        "sys.exit(main.main(['doctor', '--json'], Environment.current()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        env=user.variables,
        cwd=user.home,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 70
    assert "pk-canary" not in done.stdout + done.stderr
    assert json.loads(done.stdout)["exit_code"] == 70
    saved = list(user.home.rglob("crashes/*.txt"))
    assert len(saved) == 1
    assert "RuntimeError" in saved[0].read_text()
    assert files_with("pk-canary", user.home) == []
