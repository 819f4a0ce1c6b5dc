"""`portkey-claw setup`: routes OpenClaw through Portkey; what the flags leave open is asked for at a terminal."""

from __future__ import annotations

import argparse
from typing import Any

from wizard.base.environment import Environment
from wizard.cli.plain_key import PlainKey


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and the flags of its questions."""
    from wizard.setup.questions import declare

    parser = commands.add_parser(
        "setup",
        parents=parents,
        help="route OpenClaw through Portkey",
        description="Asks what the flags leave open, shows a plan, writes OpenClaw's config once after one "
        "confirmation, then tries the route.",
    )
    declare(parser)
    parser.add_argument("--api-key", action=PlainKey, nargs="?", help=argparse.SUPPRESS)


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Asks, plans, shows, writes, examines, and gives the exit status."""
    from wizard.cli.setup_run import SetupRun

    with SetupRun(options, environment) as setup:
        return setup.run()
