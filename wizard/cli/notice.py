"""What an earlier run left half way, said before the next one that could finish it or take it back."""

from __future__ import annotations

import argparse
from typing import Final

from wizard.base.environment import Environment

_COMMANDS: Final = ("setup", "key", "undo")


def tell_interrupted(options: argparse.Namespace, environment: Environment) -> None:
    """Prints on stderr that a change was killed half way, where the command is one that changes something."""
    # What OpenClaw calls has nobody to tell.
    if options.command not in _COMMANDS or getattr(options, "action", None) == "resolve":
        return
    from wizard.change.state import state_folder

    if not (state_folder(environment) / "journal").is_dir():
        return
    from wizard.change.journal import interrupted

    entry = interrupted(environment)
    if entry is None:
        return
    command = "undo" if entry.is_undo else entry.command
    print(
        f"portkey-claw: An earlier portkey-claw {command} ({entry.when}) was interrupted half way. "
        "Running it again finishes it; portkey-claw undo takes back what it did.",
        file=environment.stderr,
    )
