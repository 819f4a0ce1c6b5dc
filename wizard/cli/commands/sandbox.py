"""`portkey-claw sandbox`: the local stand-in of Portkey's hosted gateway, in the foreground."""

from __future__ import annotations

import argparse
from typing import Any

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, usage_error


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "sandbox",
        parents=parents,
        help="run a local stand-in of Portkey's hosted gateway",
        description="Runs a stand-in of Portkey's hosted gateway on this machine, with made-up keys, until Ctrl-C.",
    )
    parser.add_argument(
        "--port", type=int, default=8788, metavar="N", help="the port (default 8788; 0 takes a free one)"
    )


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Serves until it is interrupted."""
    from wizard.sandbox.serve import serve

    if not 0 <= options.port <= 65535:
        raise usage_error(f"--port {options.port} is no port.", "Use a number from 0 to 65535.")
    try:
        serve(options.port, environment.stderr if options.json else environment.stdout)
    except OSError as error:
        raise UserError(
            ExitCode.USAGE,
            f"Port {options.port} cannot be used ({error.strerror or error}).",
            "Use --port 0 for a free one.",
        ) from None
    return ExitCode.OK
