"""A running gateway is recognised by its lock, and by the process that took it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.openclaw.conftest import Surroundings
from wizard.openclaw.locate import locate_config
from wizard.openclaw.running_gateway import RunningGateway, running_gateway

USER = f"openclaw-{os.getuid()}"


def _start_time(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The newer version fills the file up with white space.
    path.write_text(json.dumps(value, indent=2) + "\n\t  \t")


def _found(home: Path, surroundings: Surroundings, system: str = sys.platform) -> RunningGateway | None:
    environment = replace(surroundings({"TMPDIR": str(home / "tmp")}), system=system)
    return running_gateway(locate_config(environment), environment)


def _state_lock(home: Path) -> Path:
    return home / ".openclaw/tmp" / USER / "gateway.state.lock"


def test_no_lock(home: Path, surroundings: Surroundings) -> None:
    assert _found(home, surroundings) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the start time is read from /proc")
def test_the_lock_in_the_state_folder(home: Path, surroundings: Surroundings) -> None:
    pid = os.getpid()
    _write(_state_lock(home), {"pid": pid, "port": 18789, "startTime": _start_time(pid)})
    assert _found(home, surroundings) == RunningGateway(pid, 18789)


@pytest.mark.skipif(sys.platform != "linux", reason="the start time is read from /proc")
def test_the_lock_of_the_config_in_the_temporary_folder(home: Path, surroundings: Surroundings) -> None:
    config = home / ".openclaw/openclaw.json"
    digest = hashlib.sha256(str(config).encode()).hexdigest()[:8]
    pid = os.getpid()
    _write(home / "tmp" / USER / f"gateway.{digest}.lock", {"pid": pid, "startTime": _start_time(pid)})
    assert _found(home, surroundings) == RunningGateway(pid, None)


@pytest.mark.skipif(sys.platform != "linux", reason="the start time is read from /proc")
def test_a_process_that_has_the_number_now_is_not_the_gateway(home: Path, surroundings: Surroundings) -> None:
    pid = os.getpid()
    _write(_state_lock(home), {"pid": pid, "startTime": _start_time(pid) - 1})
    assert _found(home, surroundings) is None


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_a_process_that_is_gone(home: Path, surroundings: Surroundings, system: str) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    _write(_state_lock(home), {"pid": ended.pid, "port": 18789})
    assert _found(home, surroundings, system=system) is None


def test_without_proc_a_living_process_is_the_gateway(home: Path, surroundings: Surroundings) -> None:
    _write(_state_lock(home), {"pid": os.getpid(), "port": 18789, "startTime": 1})
    assert _found(home, surroundings, system="darwin") == RunningGateway(os.getpid(), 18789)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "1"}', '{"pid": 0}', '{"pid": -1}', '{"pid": true}'])
def test_a_lock_that_says_nothing(home: Path, surroundings: Surroundings, content: str) -> None:
    path = _state_lock(home)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert _found(home, surroundings) is None
