"""`portkey-claw demo`: the whole tour with no account."""

from __future__ import annotations

import argparse
from typing import Any

from wizard.base.environment import Environment


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "demo",
        parents=parents,
        help="the whole tour with no account",
        description="Runs a local stand-in of Portkey, sets OpenClaw up in a scratch home, breaks the route three "
        "times, and lets the doctor find each fault. Nothing outside the scratch folder is touched.",
    )
    parser.add_argument("--keep", metavar="DIR", help="use this folder as the scratch home, and keep it")


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Runs the tour."""
    from wizard.cli.demo import tour

    return tour(options, environment)
