"""`key status` on the screen, compared to the letter with the files in `screens/`, and the prompts of the key commands.

After a wanted change run `UPDATE_SCREENS=1 pytest tests/terminal/test_key_screens.py` and read the difference.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.unit.stores.places import KEY, OTHER, Place
from wizard.keys.keyring_store import SERVICE, KeyringError, KeyringTrouble
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.key_commands.look import Request, look_around
from wizard.setup.key_commands.say import show_status
from wizard.setup.key_commands.status import read_status
from wizard.stores.keyring import account_of
from wizard.terminal.cells import width_of
from wizard.terminal.console import Console

SCREENS = Path(__file__).with_name("screens")
PROGRAM = str(Path(sys.executable).parent / "portkey-claw")
SECONDS = 20.0
DOWN = "\x1b[B"


def in_config(place: Place) -> None:
    place.configures(key=KEY)
    place.write(".openclaw/openclaw.json.bak", place.config.read_text())


def quarrel(place: Place) -> None:
    place.configures(key=KEY)
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={OTHER}\n")
    place.write(".bashrc", f"export PORTKEY_API_KEY={KEY}\n")
    place.variables["PORTKEY_API_KEY"] = KEY


def shadowed(place: Place) -> None:
    place.configures(key=KEY)
    profile = {"type": "api_key", "provider": "portkey", "key": OTHER}
    store = {"version": 1, "profiles": {"portkey:manual": profile}}
    place.write(".openclaw/agents/main/agent/auth-profiles.json", store)


def no_key(place: Place) -> None:
    place.configures()


def unconnected(place: Place) -> None:
    place.configures()
    place.keyring.write(SERVICE, account_of(place.located), KEY)


def locked(place: Place) -> None:
    account = account_of(place.located)
    place.configures(entry={"apiKey": {"source": "exec", "provider": "portkey-claw", "id": account}})
    detail = "The keyring is locked. Unlock it, then run this again."
    place.keyring.trouble = KeyringError(KeyringTrouble.LOCKED, "a keyring", detail)


CASES: dict[str, Callable[[Place], None]] = {
    "in-config": in_config,
    "quarrel": quarrel,
    "shadowed": shadowed,
    "no-key": no_key,
    "unconnected": unconnected,
    "locked": locked,
}


def _unused(probe: Probe, transport: Transport) -> Exchange:
    raise AssertionError((probe, transport))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    place = Place(home)
    # The account is made from the config's path, which differs from run to run.
    for module in ("wizard.stores.keyring", "wizard.stores.overview", __name__):
        monkeypatch.setattr(f"{module}.account_of", lambda _: "portkey-api-key:0a1b2c3d")
    return place


def screen_of(place: Place, console: Callable[[io.StringIO], Console]) -> str:
    stream = io.StringIO()
    around = look_around(Request(place.environment, place.vault, lambda _: place.keyring, _unused))
    show_status(read_status(around), place.vault, console(stream))
    return stream.getvalue()


@pytest.mark.parametrize("look", ["80", "60", "plain"])
@pytest.mark.parametrize("case", CASES)
def test_the_screen(place: Place, case: str, look: str) -> None:
    CASES[case](place)
    width = 60 if look == "60" else 80
    screen = screen_of(place, lambda stream: Console(stream, width=width, plain=look == "plain"))
    path = SCREENS / f"key-{case}.{look}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        path.write_text(screen, encoding="utf-8", newline="\n")
    assert screen == path.read_text(encoding="utf-8")
    assert KEY not in screen
    assert OTHER not in screen
    if look != "plain":
        assert all(width_of(line) <= width or "portkey-claw" in line for line in screen.splitlines())


class Person:
    """Somebody at a terminal."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.screen = pyte.Screen(80, 60)
        self.written = ""
        self._stream = pyte.Stream(self.screen)
        self.child = pexpect.spawn(
            PROGRAM,
            list(arguments),
            dimensions=(60, 80),
            cwd=str(home),
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color"},
            encoding="utf-8",
            timeout=SECONDS,
        )
        self.child.delaybeforesend = None

    def sees(self, text: str) -> None:
        """Waits until the text stands on the screen."""
        end = time.monotonic() + SECONDS
        while text not in "\n".join(self.screen.display):
            assert time.monotonic() < end, "\n".join(self.screen.display)
            if not self._read():
                assert text in "\n".join(self.screen.display), "\n".join(self.screen.display)
                return

    def types(self, text: str) -> None:
        self.child.send(text)

    def walks_to(self, text: str) -> None:
        """Goes down a list until the text stands on the screen."""
        for _ in range(6):
            end = time.monotonic() + 1.0
            while time.monotonic() < end and self._read():
                if text in "\n".join(self.screen.display):
                    return
            self.types(DOWN)
        self.sees(text)

    def leaves(self) -> int:
        """The exit status, once the program has ended."""
        end = time.monotonic() + SECONDS
        while self._read():
            assert time.monotonic() < end
        self.child.close()
        return int(self.child.exitstatus or 0)

    def _read(self) -> bool:
        try:
            text = self.child.read_nonblocking(65536, 0.2)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += text
        self._stream.feed(text)
        return True


@contextmanager
def at_a_terminal(home: Path, *arguments: str) -> Iterator[Person]:
    person = Person(home, *arguments)
    try:
        yield person
    finally:
        person.child.close(force=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    Place(home).configures(key=KEY)
    return home


def test_a_key_is_typed_unseen_and_stored_after_a_yes(home: Path) -> None:
    with at_a_terminal(home, "key", "set", "--no-verify") as person:
        person.sees("Portkey API key")
        person.types(f"{OTHER}\r")
        person.sees("Apply")
        person.types("y\r")
        assert person.leaves() == 0
        assert OTHER not in person.written
        assert KEY not in person.written
    config = json.loads((home / ".openclaw/openclaw.json").read_text())
    assert config["env"]["vars"]["PORTKEY_API_KEY"] == OTHER


def test_no_means_that_nothing_is_written(home: Path) -> None:
    before = (home / ".openclaw/openclaw.json").read_bytes()
    with at_a_terminal(home, "key", "remove") as person:
        person.sees("Apply")
        person.types("n\r")
        assert person.leaves() == 0
        assert "Nothing was written." in person.written
    assert (home / ".openclaw/openclaw.json").read_bytes() == before


def test_a_move_asks_where_to_and_what_is_to_become_of_the_backups(home: Path) -> None:
    with at_a_terminal(home, "key", "move") as person:
        person.sees("Move the key to")
        person.walks_to("❯ a .env file")
        person.types("\r")
        person.sees("Apply")
        person.types("y\r")
        person.sees("Take the key out of these too")
        person.types("y\r")
        assert person.leaves() == 0
    files = (path for path in home.rglob("*") if path.is_file())
    assert [path.name for path in files if KEY in path.read_text(errors="replace")] == [".env"]


@pytest.mark.parametrize("arguments", [("key", "set", "--no-verify"), ("key", "move")])
def test_there_is_no_step_before_the_first(home: Path, arguments: tuple[str, ...]) -> None:
    before = (home / ".openclaw/openclaw.json").read_bytes()
    with at_a_terminal(home, *arguments) as person:
        person.sees("key")
        time.sleep(0.5)
        person.types("\x02")
        assert person.leaves() == 130
        assert "nothing was written" in person.written
    assert (home / ".openclaw/openclaw.json").read_bytes() == before
