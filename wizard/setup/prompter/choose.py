"""Whether somebody can be asked here, and how."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TextIO

from wizard.base.environment import Environment
from wizard.setup.prompter.model import Prompter
from wizard.terminal.console import Console

# Terminals that cannot move the cursor, by their names in terminfo.
_WITHOUT_CURSOR: Final = ("dumb", "unknown")


class Way(StrEnum):
    """How prompts are answered."""

    FLAGS_ONLY = "flags-only"
    PLAIN = "plain"
    INTERACTIVE = "interactive"


def way_of_asking(
    variables: Mapping[str, str], *, reads_terminal: bool, writes_terminal: bool, plain: bool, yes: bool
) -> Way:
    """How prompts are to be answered.

    A terminal counts wherever it is: a CI system that gives its job one (`CI=1`) gets prompts, and one that does not
    gets none.

    Args:
        variables: the process environment; TERM and ACCESSIBLE count.
        reads_terminal: whether standard input is a terminal.
        writes_terminal: whether what people read goes to a terminal: standard output, with `--json` standard error.
        plain: whether plain lines were asked for.
        yes: whether defaults were accepted beforehand, so that nobody is to be asked.
    """
    if yes or not (reads_terminal and writes_terminal):
        return Way.FLAGS_ONLY
    if plain or variables.get("ACCESSIBLE", "") not in ("", "0") or variables.get("TERM") in _WITHOUT_CURSOR:
        return Way.PLAIN
    return Way.INTERACTIVE


def make_prompter(environment: Environment, console: Console, *, yes: bool = False) -> Prompter:
    """What puts the prompts.

    Args:
        environment: its standard input is where answers come from.
        console: what people read; its stream is where the prompts go, and its `plain`, colours and glyphs are theirs.
        yes: whether `--yes` was given.
    """
    way = way_of_asking(
        environment.variables,
        reads_terminal=_is_terminal(environment.stdin),
        writes_terminal=_is_terminal(console.stream),
        plain=console.plain,
        yes=yes,
    )
    if way is Way.INTERACTIVE:
        from wizard.setup.prompter.interactive import InteractivePrompter

        return InteractivePrompter(environment, console)
    if way is Way.PLAIN:
        from wizard.setup.prompter.plain import PlainPrompter

        return PlainPrompter(environment, console)
    from wizard.setup.prompter.flags_only import FlagsOnlyPrompter

    return FlagsOnlyPrompter(yes=yes)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
