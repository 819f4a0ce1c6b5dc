"""The argument parser: global flags on every command, and the commands themselves."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NoReturn

from wizard import __version__
from wizard.base.errors import usage_error

COMMANDS: Final = ("setup", "doctor", "key", "undo", "explain", "sandbox", "demo")


# A mistyped command or store; a key has other characters in it, or more of them.
_WORD: Final = re.compile(r"[a-z][a-z-]{0,15}")


class Parser(argparse.ArgumentParser):
    """argparse, with its errors as ours: one sentence, and what to do."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **named})

    def error(self, message: str) -> NoReturn:
        """Raises instead of ending the process, so that `--json` gets its document here too.

        Raises:
            UserError: always.
        """
        raise usage_error(f"{message[:1].upper()}{_without_values(message)[1:]}.", f"See {self.prog} --help.")


def _without_values(message: str) -> str:
    """A complaint without what was typed as a value: it may be a key that was put behind the wrong flag."""
    found = re.match(r"unrecognized arguments: (.*)", message, re.DOTALL)
    if found:
        flags = [word.partition("=")[0] for word in found[1].split() if word.startswith("-")]
        return f"unrecognized arguments: {' '.join(flags)}" if flags else "unrecognized arguments"
    choice = re.search(r"invalid choice: '(.*)' \(choose from", message, re.DOTALL)
    if choice and not _WORD.fullmatch(choice[1]):
        return message.replace(f"invalid choice: '{choice[1]}' (", "invalid choice (", 1)
    return re.sub(r"explicit argument '.*'", "explicit argument", message, flags=re.DOTALL)


def build_parser() -> Parser:
    """The whole parser; every command brings its own flags."""
    shared = _global_flags()
    parser = Parser(
        prog="portkey-claw",
        description="Connects OpenClaw to the Portkey AI gateway, and tells why requests fail or never show up.",
        parents=[_global_flags(defaults=True)],
    )
    parser.add_argument("--version", action="version", version=f"portkey-claw {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    for name in COMMANDS:
        module = import_module(f"wizard.cli.commands.{name}")
        add: Callable[..., None] = module.add_parser
        add(commands, [shared])
    return parser


def _global_flags(*, defaults: bool = False) -> argparse.ArgumentParser:
    """The flags that every command takes, before or behind its name.

    Only the outer parser has defaults: a command's own would overwrite what stood before its name.
    """
    parent = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    group = parent.add_argument_group("everywhere")

    def flag(name: str, **named: Any) -> None:
        is_switch = named.get("action") == "store_true"
        default = (False if is_switch else None) if defaults else argparse.SUPPRESS
        group.add_argument(name, default=default, **named)

    flag("--openclaw-config", metavar="PATH", help="the OpenClaw config to work on")
    flag("--profile", metavar="NAME", help="OpenClaw's profile")
    flag("--json", action="store_true", help="one JSON document on stdout, everything else on stderr")
    flag("--plain", action="store_true", help="plain lines: no drawing, no redraw (also ACCESSIBLE=1)")
    flag("--no-color", action="store_true", help="no colours (also NO_COLOR)")
    flag("--quiet", action="store_true", help="less")
    flag("--verbose", action="store_true", help="more: every request, every skipped check")
    return parent
