"""Links: the address always, a browser only where it would be seen by the person who asked for it."""

from __future__ import annotations

import io
import webbrowser
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.terminal import links
from wizard.terminal.console import Console
from wizard.terminal.links import browser_here, can_open, open_link

PAGE = "https://app.portkey.ai/api-keys"


@pytest.mark.parametrize(
    ("variables", "system", "container", "possible"),
    [
        ({"DISPLAY": ":0"}, "linux", False, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False, True),
        ({}, "linux", False, False),
        ({"DISPLAY": ""}, "linux", False, False),
        ({"DISPLAY": ":0"}, "linux", True, False),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", False, False),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux", False, False),
        ({"DISPLAY": ":0", "SSH_CLIENT": "10.0.0.1 1 22"}, "linux", False, False),
        ({}, "darwin", False, True),
        ({"SSH_TTY": "/dev/ttys001"}, "darwin", False, False),
        ({}, "win32", False, True),
        ({"SSH_CONNECTION": "x"}, "win32", False, False),
    ],
)
def test_where_a_browser_would_be_seen(variables: dict[str, str], system: str, container: bool, possible: bool) -> None:
    assert can_open(variables, system, container=container) is possible


class Opener:
    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, url: str) -> bool:
        self.opened.append(url)
        return True


def desk(**variables: str) -> Environment:
    return Environment(variables={"DISPLAY": ":0", **variables}, home=Path("/"), cwd=Path("/"), system="linux")


@pytest.fixture(autouse=True)
def no_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "in_container", lambda: False)


@pytest.mark.parametrize(
    ("asked", "url", "variables", "opened"),
    [
        (True, PAGE, {}, True),
        (False, PAGE, {}, False),
        (True, PAGE, {"SSH_TTY": "/dev/pts/1"}, False),
        (True, "file:///etc/passwd", {}, False),
        (True, "--version", {}, False),
    ],
)
def test_the_address_is_shown_and_opened_when_asked_for(
    asked: bool, url: str, variables: dict[str, str], opened: bool
) -> None:
    said, opener = io.StringIO(), Opener()
    assert open_link(desk(**variables), Console(said, width=80), url, asked=asked, opener=opener) is opened
    assert said.getvalue() == f"  {url}\n"
    assert opener.opened == ([url] if opened else [])


def test_a_container_has_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser_here(desk())
    monkeypatch.setattr(links, "in_container", lambda: True)
    assert not browser_here(desk())


class Seen:
    def open(self, url: str) -> bool:
        return url == PAGE


def test_a_browser_that_would_draw_in_the_terminal_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(io.StringIO(), width=80)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("true"))
    assert not open_link(desk(), console, PAGE, asked=True)
    monkeypatch.setattr(webbrowser, "get", Seen)
    assert open_link(desk(), console, PAGE, asked=True)


def test_no_browser_at_all_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_link(desk(), Console(io.StringIO(), width=80), PAGE, asked=True)
