"""The whole wizard by the installed command in a real terminal: what a newcomer types and sees."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pyte
import pytest

from wizard.json5doc import Document
from wizard.sandbox.gateway import Sandbox

PROGRAM = str(Path(sys.executable).parent / "portkey-claw")
OPUS = "@anthropic-prod/claude-opus-4-5"
SONNET = "@anthropic-prod/claude-sonnet-4-5"
BACK, LEAVE, ENTER, SPACE, DOWN, UP = "\x02", "\x03", "\r", " ", "\x1b[B", "\x1b[A"
SECONDS = 30.0


class Wizard:
    """The wizard in a pty, with the screen as a person sees it."""

    def __init__(self, home: Path, arguments: tuple[str, ...], columns: int, env: dict[str, str]) -> None:
        self.home = home
        self.columns = columns
        self.screen = pyte.Screen(columns, 100)
        self._stream = pyte.Stream(self.screen)
        self.written = ""
        self.child = pexpect.spawn(
            PROGRAM,
            list(arguments),
            dimensions=(100, columns),
            cwd=str(home),
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(home), **env},
            encoding="utf-8",
            timeout=SECONDS,
        )
        self.child.delaybeforesend = None

    @property
    def config(self) -> Path:
        return self.home / ".openclaw" / "openclaw.json"

    @property
    def value(self) -> Any:
        return Document.parse(self.config.read_text(encoding="utf-8")).value

    @property
    def text(self) -> str:
        """What stands on the screen, as one line of words: wrapping is the terminal's business."""
        return " ".join(" ".join(line.strip() for line in self.screen.display).split())

    def _read(self, seconds: float) -> bool:
        try:
            text = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += text
        self._stream.feed(text)
        return True

    def sees(self, what: str) -> None:
        """Waits until the words are on a screen that has come to rest."""
        end = time.monotonic() + SECONDS
        while what not in self.text:
            assert self._read(0.05), f"it ended; {what!r} is not on its screen:\n{self._shown()}"
            assert time.monotonic() < end, f"{what!r} does not come; the screen is\n{self._shown()}"
        before = -1
        while before < len(self.written):
            before = len(self.written)
            if not self._read(0.05):
                return

    def asked(self, question: str, *keys: str) -> None:
        """Waits for a question and types the keys."""
        self.sees(f"? {question}")
        for key in keys:
            self.child.send(key)
            time.sleep(0.02)

    def ends(self) -> int:
        """The exit status, once it has ended."""
        end = time.monotonic() + SECONDS
        while self._read(0.1):
            assert time.monotonic() < end, f"it does not end; the screen is\n{self._shown()}"
        self.child.close()
        assert "Traceback" not in self.written
        return int(self.child.exitstatus) if self.child.exitstatus is not None else -int(self.child.signalstatus or 0)

    def _shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display if line.strip())


Start = Callable[..., Wizard]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Sandbox]:
    with Sandbox(record=False) as running:
        yield running


@pytest.fixture
def key(gateway: Sandbox) -> str:
    return gateway.account.key("good").value


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    started: list[Wizard] = []

    def run(*arguments: str, columns: int = 80, **env: str) -> Wizard:
        started.append(Wizard(home, arguments or ("setup",), columns, env))
        return started[-1]

    yield run
    for wizard in started:
        with contextlib.suppress(OSError):
            wizard.child.close(force=True)


def names_the_gateway(wizard: Wizard, gateway: Sandbox) -> None:
    wizard.asked("Portkey gateway", DOWN, DOWN, ENTER)
    wizard.asked("URL of the gateway", gateway.base_url, ENTER)


def picks_a_model(wizard: Wizard) -> None:
    wizard.asked("Provider", ENTER)
    wizard.asked("Models", SPACE, ENTER)
    wizard.asked("Fallbacks", ENTER)


def confirms(wizard: Wizard) -> None:
    wizard.asked("Where to keep the key", ENTER)
    wizard.asked("What now", UP, ENTER)


def goes_through(wizard: Wizard, gateway: Sandbox, key: str) -> None:
    names_the_gateway(wizard, gateway)
    wizard.asked("Portkey API key", key, ENTER)
    picks_a_model(wizard)
    confirms(wizard)


def has_worked(wizard: Wizard, key: str) -> None:
    wizard.sees("OpenClaw's requests go through Portkey.")
    wizard.sees('openclaw agent --local --agent main --message "hi"')
    assert wizard.ends() == 0
    assert wizard.value["agents"]["defaults"]["model"]["primary"] == f"portkey/{OPUS}"
    assert wizard.value["env"]["vars"]["PORTKEY_API_KEY"] == key
    assert key not in wizard.written


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_newcomer_gets_to_a_working_route(start: Start, gateway: Sandbox, key: str, columns: int) -> None:
    wizard = start(columns=columns)
    wizard.sees("step 1 of 5")
    goes_through(wizard, gateway, key)
    has_worked(wizard, key)
    assert "step 5 of 5" in wizard.text
    assert "portkey-claw undo" in wizard.text


def test_without_a_command_it_is_setup_and_later_the_doctor(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start("--no-color")
    goes_through(wizard, gateway, key)
    has_worked(wizard, key)
    again = start("--no-color")
    again.sees("OpenClaw's requests go through Portkey.")
    assert again.ends() == 0
    assert "step 1 of 5" not in again.text


def test_without_colour_there_is_none(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start(NO_COLOR="1")
    goes_through(wizard, gateway, key)
    has_worked(wizard, key)
    colours = set(re.findall(r"\x1b\[([0-9;]*)m", wizard.written)) - {"", "0"}
    assert not {code for code in colours if re.search(r"(^|;)(3[0-7]|4[0-7]|9[0-7]|38|48)(;|$)", code)}


def test_a_wrong_key_first(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start()
    names_the_gateway(wizard, gateway)
    wizard.asked("Portkey API key", "YOUR_PORTKEY_API_KEY")
    wizard.sees("is a placeholder, not a key")
    wizard.child.send("\x15")
    expired = gateway.account.key("expired").value
    wizard.asked("Portkey API key", expired, ENTER)
    wizard.sees("says that the key has expired.")
    wizard.asked("What now", ENTER)
    wizard.asked("Portkey API key", key, ENTER)
    picks_a_model(wizard)
    confirms(wizard)
    has_worked(wizard, key)
    assert expired not in wizard.written


def test_back_through_the_steps(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start()
    names_the_gateway(wizard, gateway)
    wizard.asked("Portkey API key", key, ENTER)
    wizard.asked("Provider", ENTER)
    wizard.asked("Models", DOWN, SPACE, ENTER)
    wizard.asked("Fallbacks", BACK)
    # What was picked is still picked; the other one takes its place.
    wizard.asked("Models", SPACE, DOWN, SPACE, ENTER)
    wizard.asked("Fallbacks", ENTER)
    wizard.asked("Where to keep the key", BACK)
    wizard.asked("Fallbacks", ENTER)
    confirms(wizard)
    has_worked(wizard, key)


def test_an_interrupted_setup_goes_on(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start()
    names_the_gateway(wizard, gateway)
    wizard.asked("Portkey API key", key, ENTER)
    picks_a_model(wizard)
    wizard.asked("Where to keep the key", LEAVE)
    wizard.sees("Left; nothing was written.")
    assert wizard.ends() == 130
    assert not wizard.config.exists()
    again = start()
    again.asked("Unfinished setup", ENTER)
    again.sees(f"Models {OPUS}")
    again.asked("Portkey API key", key, ENTER)
    confirms(again)
    has_worked(again, key)
    assert not list(wizard.home.rglob("setup.json"))


def test_what_is_not_confirmed_is_not_written(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start()
    names_the_gateway(wizard, gateway)
    wizard.asked("Portkey API key", key, ENTER)
    picks_a_model(wizard)
    wizard.asked("Where to keep the key", ENTER)
    wizard.asked("What now", ENTER)
    wizard.sees('"baseUrl"')
    wizard.asked("What now", DOWN, ENTER)
    wizard.sees("Nothing was written.")
    assert wizard.ends() == 0
    assert not wizard.config.exists()


def test_a_second_run_keeps_changes_and_removes(start: Start, gateway: Sandbox, key: str) -> None:
    wizard = start()
    goes_through(wizard, gateway, key)
    has_worked(wizard, key)
    before = wizard.config.read_bytes()
    kept = start()
    kept.asked("Portkey is set up already", ENTER)
    kept.sees("OpenClaw's requests go through Portkey.")
    assert kept.ends() == 0
    changed = start()
    changed.asked("Portkey is set up already", DOWN, ENTER)
    changed.asked("Portkey gateway", ENTER)
    changed.asked("Portkey API key", ENTER)
    changed.asked("Provider", ENTER)
    changed.asked("Models", ENTER)
    changed.asked("Fallbacks", ENTER)
    changed.asked("Where to keep the key", ENTER)
    changed.sees("is already set up: nothing to change.")
    assert changed.ends() == 0
    assert wizard.config.read_bytes() == before
    removed = start()
    removed.asked("Portkey is set up already", UP, ENTER)
    removed.asked("Remove", "y", ENTER)
    assert removed.ends() == 0
    assert not wizard.config.exists()


# Plain lines


def says(wizard: Wizard, prompt: str, answer: str) -> None:
    """Answers a plain prompt."""
    wizard.sees(prompt)
    wizard.child.send(answer + "\n")


@pytest.mark.parametrize(("arguments", "env"), [(("setup", "--plain"), {}), (("setup",), {"ACCESSIBLE": "1"})])
def test_the_same_in_plain_lines(
    start: Start, gateway: Sandbox, key: str, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    wizard = start(*arguments, columns=100, **env)
    says(wizard, "Portkey gateway, number", "3")
    says(wizard, "URL of the gateway:", gateway.base_url)
    says(wizard, "Portkey API key (not shown", key)
    says(wizard, "Provider, number", "1")
    says(wizard, "Models, numbers to add or drop", "1")
    says(wizard, f"Chosen: {OPUS}", "done")
    says(wizard, "Fallbacks (optional), numbers", "done")
    says(wizard, "Where to keep the key, number", "1")
    says(wizard, "What now, number", "1")
    has_worked(wizard, key)
    assert "\x1b" not in wizard.written.replace("\x1b[?2004h", "").replace("\x1b[?2004l", "")


def test_a_dumb_terminal_can_answer_too(start: Start, gateway: Sandbox) -> None:
    wizard = start("setup", TERM="dumb")
    says(wizard, "Portkey gateway, number", "3")
    wizard.sees("URL of the gateway:")
    wizard.child.send(LEAVE)
    assert wizard.ends() == 130
