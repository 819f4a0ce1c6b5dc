"""The real OpenClaw and the real open-source Portkey gateway, and homes to run them in."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.opensource import OpenSourceGateway

VERSIONS = ("2026.9.6", "2026.5.7")
REPLY = "These are the fake provider's own words."
# One turn takes 10 s on an idle machine; tests run side by side on small ones.
TURN_SECONDS = 240.0


def _lab_module(name: str = "install") -> ModuleType:
    path = Path(__file__).parent / "lab" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"lab_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"lab_{name}"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def lab() -> Any:
    """The installed programs; where they cannot be had, a skip, and in CI a failure."""
    module = _lab_module()
    try:
        return module.ensure()
    except module.LabUnavailable as missing:
        if os.environ.get("CI"):
            pytest.fail(f"the real programs are missing: {missing}")
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def keyrings() -> Any:
    """The module that runs GNOME Keyring, the daemon fetched; where it cannot be had, a skip, and in CI a failure."""
    module = _lab_module("keyring_daemon")
    try:
        module.ensure()
    except module.KeyringUnavailable as missing:
        if os.environ.get("CI"):
            pytest.fail(f"the keyring daemon is missing: {missing}")
        pytest.skip(str(missing))
    return module


@pytest.fixture(scope="session")
def plain_user() -> Any:
    """The module that runs commands as a user who is not root."""
    return _lab_module("plain_user")


@pytest.fixture(scope="session")
def open_source_gateway(lab: Any) -> Iterator[OpenSourceGateway]:
    """The real open-source Portkey gateway, running."""
    environment = {"PATH": lab.search_path(lab.gateway), "HOME": "/nonexistent"}
    with OpenSourceGateway([str(lab.gateway)], environment=environment) as gateway:
        yield gateway


@pytest.fixture
def hosted(open_source_gateway: OpenSourceGateway) -> Iterator[Sandbox]:
    """The account layer's stand-in in front of the real gateway, a fake provider behind it."""
    with Sandbox(upstream=open_source_gateway) as gateway:
        gateway.provider.reply = REPLY
        yield gateway


@dataclass
class Home:
    """An empty home with one OpenClaw version on PATH; `as_user` stands before commands that its owner runs."""

    path: Path
    executable: Path
    search_path: str
    extra: dict[str, str] = field(default_factory=dict)
    as_user: tuple[str, ...] = ()

    @property
    def config(self) -> Path:
        return self.path / ".openclaw" / "openclaw.json"

    def write_config(self, text: str) -> None:
        self.config.parent.mkdir(mode=0o700, exist_ok=True)
        self.config.write_text(text, encoding="utf-8")

    @property
    def variables(self) -> dict[str, str]:
        return {
            "HOME": str(self.path),
            "PATH": self.search_path,
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            "OPENCLAW_NO_AUTO_UPDATE": "1",
            "OPENCLAW_SKIP_CHANNELS": "1",
            "OPENCLAW_DISABLE_BONJOUR": "1",
            **self.extra,
        }

    def openclaw(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return run([*self.as_user, str(self.executable), *arguments], self.path, {**self.variables, **variables})

    def turn(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.openclaw("agent", "--local", "--agent", "main", "--message", "hi", **variables)

    def portkey_claw(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "portkey-claw"
        return run([*self.as_user, str(program), *arguments], self.path, {**self.variables, **variables})


@pytest.fixture(params=VERSIONS)
def home(request: pytest.FixtureRequest, lab: Any, tmp_path: Path) -> Home:
    """An empty home for each OpenClaw version."""
    return make_home(lab, request.param, tmp_path)


def make_home(lab: Any, version: str, folder: Path) -> Home:
    executable = lab.openclaw[version]
    home = folder / "home"
    home.mkdir(mode=0o700)
    return Home(home, executable, lab.search_path(executable))


def run(command: list[str], cwd: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a program in a group of its own, so that a late one can be ended with its children."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=TURN_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        pytest.fail(f"{command[0]} did not end in {TURN_SECONDS} s:\n{out[-2000:]}\n{err[-2000:]}")
    return subprocess.CompletedProcess(command, process.returncode, out, err)
