"""Which D-Bus session is asked: one that this user or root listens on, whatever the variable names."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from wizard.keys import keyring_worker, session_bus

VARIABLE = "DBUS_SESSION_BUS_ADDRESS"
Listen = Callable[[str], str]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Listens on a socket and gives its D-Bus address: a path below a short folder, or an abstract name."""
    with ExitStack() as ended:
        folder = Path(ended.enter_context(tempfile.TemporaryDirectory(prefix="pkc-")))

        def begin(name: str) -> str:
            abstract = name == "abstract"
            place = f"\0portkey-claw-{uuid.uuid4().hex}" if abstract else str(folder / name)
            Path(place).parent.mkdir(exist_ok=True) if not abstract else None
            listener = ended.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(place)
            listener.listen()
            return f"unix:abstract={place[1:]}" if abstract else f"unix:path={place}"

        yield begin


@pytest.fixture
def runtime(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> str:
    """The bus of the user's runtime folder."""
    usual = listen("run/bus")
    refused: list[str] = []
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(Path(usual.partition("=")[2]).parent))
    monkeypatch.setattr(keyring_worker, "refused_buses", refused)
    monkeypatch.setattr(session_bus, "refused_buses", refused)
    return usual


def found(monkeypatch: pytest.MonkeyPatch, address: str) -> str | None:
    monkeypatch.setenv(VARIABLE, address)
    session_bus.find_bus()
    return os.environ.get(VARIABLE)


def belongs_to(path: str, owner: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has one path's status tell another owner."""
    real = Path.stat

    def status(self: Path, **given: bool) -> os.stat_result:
        values = list(real(self, **given))
        if str(self) == path:
            values[stat.ST_UID] = owner
        return os.stat_result(values)

    monkeypatch.setattr(Path, "stat", status)


@pytest.mark.parametrize("name", ["bus", "abstract"])
def test_a_bus_of_ones_own_is_asked(listen: Listen, runtime: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    own = listen(name)
    assert own != runtime
    assert found(monkeypatch, own) == own
    assert found(monkeypatch, f"tcp:host=localhost,port=1;{own},guid=0af1") == f"{own},guid=0af1"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "unix:path=/nonexistent/bus",
        "unix:path=/etc/passwd",
        "unix:path=",
        "unix:abstract=/portkey-claw/nobody-listens-here",
        "tcp:host=localhost,port=4711",
        "unixexec:path=/bin/sh",
        "autolaunch:",
        "nonsense",
    ],
)
def test_what_is_no_bus_of_ones_own_gives_way_to_the_usual_one(
    runtime: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert found(monkeypatch, address) == runtime


def test_another_users_bus_gives_way_and_roots_does_not(
    listen: Listen, runtime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = listen("theirs")
    belongs_to(theirs.partition("=")[2], os.getuid() + 1, monkeypatch)
    assert found(monkeypatch, theirs) == runtime
    belongs_to(theirs.partition("=")[2], 0, monkeypatch)
    assert found(monkeypatch, theirs) == theirs


def test_without_any_of_ones_own_the_words_name_the_variable(
    listen: Listen, runtime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    belongs_to(runtime.partition("=")[2], os.getuid() + 1, monkeypatch)
    belongs_to(f"/run/user/{os.getuid()}/bus", os.getuid() + 1, monkeypatch)
    monkeypatch.setenv(VARIABLE, runtime)
    assert keyring_worker.answer({"op": "describe"}) == {
        "trouble": "no-backend",
        "backend": "",
        "detail": f"{VARIABLE} names no D-Bus session of this user's own, so no keyring can be asked.",
    }
