"""The key in a real keyring reaches a real OpenClaw turn; where it cannot, nothing is sent and the doctor says so."""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Self

import pytest

from tests.real.conftest import VERSIONS, Home
from wizard.base.environment import Environment
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.resolver_file import ResolverState, resolver_path, resolver_state
from wizard.sandbox.accounts import default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.opensource import OpenSourceGateway

pytestmark = pytest.mark.real

REPLY = "These are the fake provider's own words."
MODEL = "@anthropic-prod/claude-opus-4-5"
SERVICE = "portkey-claw"
USERS = ("root", "plain")


@dataclass
class Bridge:
    """A home whose OpenClaw is to have its key from a keyring."""

    home: Home
    session: Any
    hosted: Sandbox
    key: str

    @property
    def environment(self) -> Environment:
        path = self.home.path
        return Environment(self.home.variables, path, path, stdout=io.StringIO(), stderr=io.StringIO())

    @property
    def located(self) -> Located:
        return locate_config(self.environment)

    def setup(self) -> CompletedProcess[str]:
        key = self.home.path.parent / "key"
        key.write_text(self.key)
        key.chmod(0o644)
        arguments = ("--yes", "--key-storage", "keyring", "--gateway-url", self.hosted.base_url, "--model", MODEL)
        try:
            return self.home.portkey_claw("setup", *arguments, "--api-key-file", str(key))
        finally:
            key.unlink()

    def turn(self) -> tuple[CompletedProcess[str], list[str | None]]:
        """A turn, and the key of each model call that it made."""
        self.hosted.forget_requests()
        done = self.home.turn()
        assert self.key not in done.stdout + done.stderr
        calls = [request for request in self.hosted.requests if request.method == "POST"]
        return done, [call.header("authorization") for call in calls]

    def doctor(self, *arguments: str) -> dict[str, Any]:
        done = self.home.portkey_claw("doctor", "--json", *arguments)
        assert self.key not in done.stdout + done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report


Make = Callable[[str, str], Bridge]


@pytest.fixture
def own_gateway(open_source_gateway: OpenSourceGateway) -> Iterator[Sandbox]:
    """An account whose keys no other test has: the whole machine's processes are searched for one."""
    with Sandbox(default_account(seed=secrets.token_hex(8)), upstream=open_source_gateway) as gateway:
        gateway.provider.reply = REPLY
        yield gateway


@pytest.fixture
def make(lab: Any, keyrings: Any, plain_user: Any, own_gateway: Sandbox) -> Iterator[Make]:
    """Makes a bridge for an OpenClaw version and a user; daemons end and folders go with the test."""
    ended: list[Callable[[], object]] = []

    def build(version: str, user: str) -> Bridge:
        # Other users cannot come to pytest's own folders. The blank in the path belongs to the test.
        folder = Path(tempfile.mkdtemp(prefix="pkc home "))
        ended.append(lambda: shutil.rmtree(folder, ignore_errors=True))
        folder.chmod(0o755)
        path = folder / "home"
        path.mkdir(mode=0o700)
        as_user = plain_user.prefix() if user == "plain" else ()
        if as_user:
            plain_user.give(path)
        executable = lab.openclaw[version]
        home = Home(path, executable, lab.search_path(executable), as_user=as_user)
        session = keyrings.Session(keyrings.ensure(), path, as_user)
        session.__enter__()
        ended.append(session.__exit__)
        home.extra.update(session.variables)
        return Bridge(home, session, own_gateway, own_gateway.account.key("good").value)

    yield build
    for end in reversed(ended):
        end()


class ProcessWatch:
    """Reads the arguments and the environment of every process that lives meanwhile, and keeps those with a text."""

    def __init__(self, text: str) -> None:
        self._needle = text.encode()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.seen: set[str] = set()
        self.found: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        data = (process / name).read_bytes()
                    except OSError:
                        continue
                    if name == "cmdline":
                        self.seen.add(data.replace(b"\0", b" ").decode(errors="replace"))
                    if self._needle in data:
                        self.found.append(f"{process / name}: {data!r}")


def files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_key_in_the_keyring_is_on_the_wire_and_nowhere_else(make: Make, version: str, user: str) -> None:
    bridge = make(version, user)
    with ProcessWatch(bridge.key) as watch:
        setup = bridge.setup()
    assert setup.returncode == 0, setup.stdout + setup.stderr
    assert bridge.key not in setup.stdout + setup.stderr
    assert any("wizard.keys.keyring_worker" in line for line in watch.seen), "the watch saw no look into the keyring"
    assert watch.found == []
    resolver = resolver_path(bridge.located)
    status = resolver.lstat()
    assert (status.st_mode & 0o7777, status.st_uid) == (0o700, 65534 if bridge.home.as_user else os.getuid())

    validated = bridge.home.openclaw("config", "validate", "--json")
    assert json.loads(validated.stdout)["valid"] is True, validated.stdout

    with ProcessWatch(bridge.key) as watch:
        done, keys = bridge.turn()
    assert done.returncode == 0, done.stdout + done.stderr
    assert REPLY in done.stdout
    assert keys == [f"Bearer {bridge.key}"]
    assert any("wizard.keys.resolve_key" in line for line in watch.seen), "the watch was too slow to see the resolver"
    assert watch.found == []
    assert files_with(bridge.home.path, bridge.key) == []

    report = bridge.doctor()
    assert (report["verdict"], report["findings"]) == ("healthy", [])
    assert report["routes"][0]["key"]["layer"] == "secret-exec"
    assert report["routes"][0]["key"]["fingerprint"].startswith("sha256:")
    assert files_with(bridge.home.path, bridge.key) == []


def lock(bridge: Bridge) -> None:
    bridge.session.lock()


def remove_entry(bridge: Bridge) -> None:
    bridge.session.remove_entries(SERVICE)


def stop(bridge: Bridge) -> None:
    bridge.session.stop_keyring()


def silence(bridge: Bridge) -> None:
    bridge.session.stop_keyring()
    bridge.session.start_silent_service()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lock, "the keyring is locked"),
        (remove_entry, "the keyring has no entry for the key"),
        (stop, "no keyring can be reached"),
        (silence, "the keyring does not answer"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_without_the_key_nothing_is_sent_and_the_doctor_does_not_call_it_healthy(
    make: Make, version: str, spoil: Callable[[Bridge], None], reason: str
) -> None:
    bridge = make(version, "plain")
    setup = bridge.setup()
    assert setup.returncode == 0, setup.stdout + setup.stderr
    spoil(bridge)

    done, keys = bridge.turn()
    assert keys == []
    assert done.returncode != 0
    assert REPLY not in done.stdout

    started = time.monotonic()
    report = bridge.doctor()
    assert time.monotonic() - started < 20
    assert report["verdict"] == "unknown"
    assert report["routes"][0]["key"] == {"layer": "secret-exec", "fingerprint": None}
    assert reason in {skipped["reason"] for skipped in report["skipped"]}
    assert bridge.doctor("--offline")["verdict"] == "unknown"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_interpreter_that_is_gone_is_found_and_mended_by_setup(make: Make, version: str) -> None:
    bridge = make(version, "root")
    setup = bridge.setup()
    assert setup.returncode == 0, setup.stdout + setup.stderr
    resolver = resolver_path(bridge.located)
    good = resolver.read_text()
    line = next(line for line in good.splitlines() if line.startswith("python="))
    resolver.write_text(good.replace(line, "python=/opt/a-venv-that-was-moved/bin/python"))
    assert resolver_state(bridge.located) is ResolverState.BROKEN_INTERPRETER

    audit = bridge.home.openclaw("secrets", "audit", "--check", "--allow-exec", "--json")
    assert audit.returncode == 2
    findings = json.loads(audit.stdout)["findings"]
    # 2026.5.7 shows the message; 2026.9.6 only that the id failed.
    told = "Install it again" if version == "2026.5.7" else 'failed for id "portkey-api-key:'
    assert any(told in finding["message"] for finding in findings), findings
    assert bridge.doctor()["verdict"] == "unknown"

    again = bridge.setup()
    assert again.returncode == 0, again.stdout + again.stderr
    assert resolver.read_text() == good
    assert resolver_state(bridge.located) is ResolverState.OK
    assert bridge.doctor()["verdict"] == "healthy"
    third = bridge.setup()
    assert third.returncode == 0, third.stdout + third.stderr
    assert "Written" not in third.stdout
