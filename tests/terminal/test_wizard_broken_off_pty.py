"""The wizard broken off from outside: a terminal that vanishes, a kill, a stop, a window with no room."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from wizard.sandbox.gateway import Sandbox

PROGRAM = str(Path(sys.executable).parent / "portkey-claw")
ENTER, DOWN, LEAVE = "\r", "\x1b[B", "\x03"
SECONDS = 30

Start = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Sandbox]:
    with Sandbox(record=False) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    started: list[pexpect.spawn[str]] = []

    def run(*arguments: str, rows: int = 40, columns: int = 80, ignore_sighup: bool = False) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            PROGRAM,
            list(arguments or ("setup",)),
            dimensions=(rows, columns),
            cwd=str(home),
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(home)},
            encoding="utf-8",
            timeout=SECONDS,
            ignore_sighup=ignore_sighup,
        )
        child.delaybeforesend = None
        started.append(child)
        return child

    yield run
    for child in started:
        if not child.closed:
            child.close(force=True)


def to_the_key(child: pexpect.spawn[str], gateway: Sandbox) -> None:
    child.expect_exact("Another one")
    child.send(DOWN + DOWN + ENTER)
    child.expect_exact("Such as https")
    child.send(gateway.base_url + ENTER)
    child.expect_exact("while you type or paste it")


def vanish(child: pexpect.spawn[str]) -> int:
    """Takes the terminal away and gives the exit status; minus the signal's number where one killed it."""
    os.close(child.child_fd)
    child.closed = True
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        ended, status = os.waitpid(child.pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    raise AssertionError("it goes on without a terminal")


@pytest.mark.parametrize("ignore_sighup", [False, True], ids=["sighup", "sighup-ignored"])
@pytest.mark.parametrize("arguments", [("setup",), ("setup", "--plain")], ids=["screen", "plain"])
def test_a_terminal_that_vanishes_ends_it_quietly(
    start: Start, home: Path, arguments: tuple[str, ...], ignore_sighup: bool
) -> None:
    child = start(*arguments, ignore_sighup=ignore_sighup)
    child.expect_exact("Another one")
    assert vanish(child) in (129, 130)
    assert not list(home.rglob("crashes"))
    assert not (home / ".openclaw").exists()


def test_a_kill_loses_no_answer_and_keeps_no_key(start: Start, home: Path, gateway: Sandbox) -> None:
    key = gateway.account.key("good").value
    child = start()
    to_the_key(child, gateway)
    child.send(key)
    time.sleep(0.5)
    child.kill(signal.SIGKILL)
    child.close()
    assert not [path for path in home.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    again = start()
    again.expect_exact("Unfinished setup")
    again.send(ENTER)
    again.expect_exact("while you type or paste it")
    again.send(key + ENTER)
    again.expect_exact("step 3 of 5")
    again.send(LEAVE)
    again.expect(pexpect.EOF)
    again.close()
    assert again.exitstatus == 130


def test_ctrl_z_is_not_typed_into_a_key(start: Start, gateway: Sandbox) -> None:
    key = gateway.account.key("good").value
    child = start()
    to_the_key(child, gateway)
    child.send(key[:5])
    time.sleep(0.3)
    child.send("\x1a")
    time.sleep(0.3)
    child.kill(signal.SIGCONT)
    child.send(key[5:] + ENTER)
    child.expect_exact("step 3 of 5")
    child.send(LEAVE)
    child.expect(pexpect.EOF)


def test_a_window_of_three_rows_is_enough(start: Start, home: Path, gateway: Sandbox) -> None:
    child = start(rows=3, columns=20)
    child.expect_exact("Portkey gateway")
    time.sleep(0.3)
    child.setwinsize(2, 10)
    child.send(DOWN + DOWN + ENTER)
    child.expect_exact("Another one")
    time.sleep(0.3)
    child.send(gateway.base_url + ENTER)
    child.expect_exact("step 2 of 5")
    time.sleep(0.3)
    child.send(LEAVE)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert not list(home.rglob("crashes"))


def test_who_leaves_at_once_is_promised_nothing(start: Start, home: Path) -> None:
    child = start()
    child.expect_exact("Another one")
    child.send(LEAVE)
    child.expect_exact("Left; nothing was written.")
    child.expect(pexpect.EOF)
    assert "answers are kept" not in str(child.before)
    assert not list(home.rglob("setup.json"))
