"""Pages that a person is to look at: the address always, a browser only where one can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from wizard.base.environment import Environment, in_container
from wizard.terminal.console import Console

# A browser started over SSH would appear on a screen elsewhere, or as text in this terminal.
_SSH: Final = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
_WITH_OWN_DISPLAY: Final = ("darwin", "win32")


def can_open(variables: Mapping[str, str], system: str, *, container: bool) -> bool:
    """Whether a browser would appear before the person who asks for it.

    Args:
        variables: the process environment.
        system: as `sys.platform` has it.
        container: whether this runs in a container.
    """
    if container or any(variables.get(name) for name in _SSH):
        return False
    return system in _WITH_OWN_DISPLAY or any(variables.get(name) for name in _DISPLAYS)


def browser_here(environment: Environment) -> bool:
    """Whether it makes sense to offer a browser in these surroundings."""
    return can_open(environment.variables, environment.system, container=in_container())


def open_link(
    environment: Environment,
    console: Console,
    url: str,
    *,
    asked: bool,
    opener: Callable[[str], bool] | None = None,
) -> bool:
    """Shows an address and, where the person asked for it and it can be seen, opens a browser.

    Args:
        environment: the surroundings.
        console: where the address is shown.
        url: the page.
        asked: whether the person asked for a browser.
        opener: opens a page and tells whether it did; Python's `webbrowser` unless another is given.

    Returns:
        Whether a browser was opened.
    """
    console.copyable(url, indent=2)
    if not asked or urlsplit(url).scheme not in ("https", "http") or not browser_here(environment):
        return False
    return (opener or _open)(url)


def _open(url: str) -> bool:
    import webbrowser

    try:
        browser = webbrowser.get()
        # Python takes a browser that draws in the terminal where there is no other; it would take the prompts' place.
        if type(browser) is webbrowser.GenericBrowser:
            return False
        return browser.open(url)
    except (webbrowser.Error, OSError):
        return False
