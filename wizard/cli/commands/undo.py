"""`portkey-claw undo`: takes the last change back."""

from __future__ import annotations

import argparse
from typing import Any

from wizard.base.environment import Environment


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "undo",
        parents=parents,
        help="take the last change back",
        description="Takes the last change of portkey-claw back: byte for byte where the file is as it was left, and "
        "where others changed it since, only what is still as portkey-claw wrote it.",
    )
    parser.add_argument("--list", action="store_true", help="list the changes, newest first, and change nothing")
    parser.add_argument("--to", metavar="ID", help="take back this change and every later one")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and change nothing")
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Lists the changes, or takes some back, and gives the exit status."""
    from wizard.cli.undo_run import list_changes, take_back

    return list_changes(options, environment) if options.list else take_back(options, environment)
