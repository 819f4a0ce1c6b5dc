"""Our store against the real GNOME Keyring: what it keeps, how it tells its states apart, and that it never asks."""

from __future__ import annotations

import io
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.keys.keyring_store import (
    SERVICE,
    Keyring,
    KeyringError,
    KeyringTrouble,
    describe_keyring,
    system_keyring,
)

pytestmark = pytest.mark.real

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
ACCOUNT = "portkey-api-key:1f9c22ab"
CALLS: dict[str, Callable[[Environment], object]] = {
    "describe": describe_keyring,
    "read": lambda environment: system_keyring(environment).read(SERVICE, ACCOUNT),
    "write": lambda environment: system_keyring(environment).write(SERVICE, ACCOUNT, KEY),
    "delete": lambda environment: system_keyring(environment).delete(SERVICE, ACCOUNT),
}
Start = Callable[..., Any]


@pytest.fixture
def start(keyrings: Any, tmp_path: Path) -> Iterator[Start]:
    """Starts a session with a keyring: `start(keyring=False)` starts one without."""
    sessions = []

    def started(*, keyring: bool = True) -> Any:
        session = keyrings.Session(keyrings.ensure(), tmp_path, keyring=keyring)
        sessions.append(session)
        return session.__enter__()

    yield started
    for session in sessions:
        session.__exit__()


def environment_of(session: Any, **changed: str) -> Environment:
    home = Path(session.home)
    variables = {"HOME": str(home), **session.variables, **changed}
    streams = (io.StringIO(), io.StringIO(), io.StringIO())
    return Environment({name: value for name, value in variables.items() if value}, home, home, *streams, "linux")


def trouble(call: Callable[[], object]) -> KeyringTrouble:
    with pytest.raises(KeyringError) as caught:
        call()
    assert KEY not in caught.value.detail
    assert caught.value.detail
    return caught.value.trouble


def test_it_keeps_what_it_is_given(start: Start) -> None:
    session = start()
    environment = environment_of(session)
    keyring: Keyring = system_keyring(environment)
    assert describe_keyring(environment) == "the Secret Service"
    assert keyring.read(SERVICE, ACCOUNT) is None
    for value in ("a first", KEY, "é ü 漢 😀 \t\\\"'", "x" * 8000):
        keyring.write(SERVICE, ACCOUNT, value)
        assert keyring.read(SERVICE, ACCOUNT) == value
    keyring.write(SERVICE, "another", "the other")
    keyring.delete(SERVICE, ACCOUNT)
    keyring.delete(SERVICE, ACCOUNT)
    assert (keyring.read(SERVICE, ACCOUNT), keyring.read(SERVICE, "another")) == (None, "the other")
    assert not [path for path in Path(session.home).rglob("*") if path.is_file() and b"the other" in path.read_bytes()]


@pytest.mark.parametrize("without", ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME"])
def test_one_variable_fewer_is_enough(start: Start, without: str) -> None:
    """A service or cron has no bus address: the bus is found as D-Bus's own library finds it."""
    session = start()
    system_keyring(environment_of(session)).write(SERVICE, ACCOUNT, KEY)
    assert system_keyring(environment_of(session, **{without: ""})).read(SERVICE, ACCOUNT) == KEY


@pytest.mark.parametrize("call", CALLS)
def test_locked_is_told_from_absent_and_nobody_is_asked(start: Start, call: str) -> None:
    session = start()
    environment = environment_of(session)
    assert system_keyring(environment).read(SERVICE, ACCOUNT) is None
    system_keyring(environment).write(SERVICE, ACCOUNT, KEY)
    session.lock()
    started = time.monotonic()
    with listening(session) as heard:
        assert trouble(lambda: CALLS[call](environment)) is KeyringTrouble.LOCKED
    assert time.monotonic() - started < limits.KEYRING_SECONDS + 2
    assert "Get" in heard
    assert not {"Unlock", "Prompt", "CreateCollection"} & set(heard)


def test_a_keyring_that_was_locked_since_its_start_is_told(start: Start) -> None:
    session = start()
    environment = environment_of(session)
    system_keyring(environment).write(SERVICE, ACCOUNT, KEY)
    session.stop_keyring()
    assert trouble(lambda: CALLS["read"](environment)) is KeyringTrouble.NO_BACKEND
    session.start_keyring(unlocked=False)
    assert trouble(lambda: CALLS["read"](environment)) is KeyringTrouble.LOCKED


def test_a_keyring_without_a_collection_is_no_place_to_write_and_nobody_is_asked_to_make_one(start: Start) -> None:
    session = start(keyring=False)
    session.start_keyring(unlocked=False)
    environment = environment_of(session)
    with listening(session) as heard:
        assert system_keyring(environment).read(SERVICE, ACCOUNT) is None
        assert trouble(lambda: CALLS["describe"](environment)) is KeyringTrouble.BROKEN
        assert trouble(lambda: CALLS["write"](environment)) is KeyringTrouble.BROKEN
    assert not {"Unlock", "Prompt", "CreateCollection"} & set(heard)


@pytest.mark.parametrize("call", CALLS)
def test_a_service_that_never_answers_is_given_up_in_time(start: Start, call: str) -> None:
    session = start(keyring=False)
    session.start_silent_service()
    started = time.monotonic()
    assert trouble(lambda: CALLS[call](environment_of(session))) is KeyringTrouble.TIMEOUT
    assert limits.KEYRING_SECONDS <= time.monotonic() - started < limits.KEYRING_SECONDS + 2


def test_no_keyring_in_the_session_and_no_session_at_all(start: Start) -> None:
    session = start(keyring=False)
    with_bus = environment_of(session)
    assert trouble(lambda: CALLS["describe"](with_bus)) is KeyringTrouble.NO_BACKEND
    nowhere = environment_of(session, DBUS_SESSION_BUS_ADDRESS="", XDG_RUNTIME_DIR="/nonexistent")
    assert trouble(lambda: CALLS["describe"](nowhere)) is KeyringTrouble.NO_BACKEND
    gone = environment_of(session, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")
    assert trouble(lambda: CALLS["describe"](gone)) is KeyringTrouble.NO_BACKEND


def test_a_chainer_is_judged_by_what_it_writes_to(start: Start) -> None:
    session = start()
    environment = environment_of(session, PYTHON_KEYRING_BACKEND="keyring.backends.chainer.ChainerBackend")
    assert describe_keyring(environment) == "the Secret Service"
    system_keyring(environment).write(SERVICE, ACCOUNT, KEY)
    assert system_keyring(environment_of(session)).read(SERVICE, ACCOUNT) == KEY
    session.stop_keyring()
    assert trouble(lambda: CALLS["describe"](environment)) is KeyringTrouble.REFUSED_BACKEND


@contextmanager
def listening(session: Any) -> Iterator[list[str]]:
    """The methods that are called on the session's bus meanwhile; filled at the end."""
    heard: list[str] = []
    monitor = subprocess.Popen(
        ["dbus-monitor", "--address", session.address],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert monitor.stdout is not None
    # It says that it became a monitor before it hears anything.
    first = monitor.stdout.readline()
    assert first
    try:
        yield heard
        time.sleep(0.2)
    finally:
        monitor.terminate()
        rest, _ = monitor.communicate(timeout=10)
    heard.extend(re.findall(r"member=(\w+)", first + rest))
