"""`portkey-claw setup`: routes OpenClaw through Portkey, by flags."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.base.limits import Deadline


class _PlainKey(argparse.Action):
    """Refuses a key as an argument without repeating it, as argparse's own complaint would."""

    def __call__(self, *_: object) -> None:
        raise usage_error(
            "The key is never given as an argument: other users of this machine can read it there.",
            "Set PORTKEY_API_KEY, or use --api-key-stdin or --api-key-file. Renew a key that was typed as an argument.",
        )


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and the flags of its questions."""
    from wizard.setup.questions import declare

    parser = commands.add_parser(
        "setup",
        parents=parents,
        help="route OpenClaw through Portkey",
        description="Writes a Portkey provider and model into OpenClaw's config, once, then tries the route.",
    )
    declare(parser)
    parser.add_argument("--api-key", action=_PlainKey, nargs="?", help=argparse.SUPPRESS)


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Plans, shows, writes, examines, and gives the exit status."""
    from wizard.cli.output import is_plain, render, write_document
    from wizard.keys.vault import Vault
    from wizard.portkey.client import Client
    from wizard.setup import flow, say
    from wizard.terminal.console import make_console

    # With --json everything for people goes to stderr, and so does the rest of the talk.
    people = replace(environment, stdout=environment.stderr) if options.json else environment
    console = make_console(people, plain=is_plain(options, environment), no_color=options.no_color)
    vault = Vault()
    client = Client(vault, Deadline.after(limits.DOCTOR_SECONDS))
    try:
        request = flow.Request(vars(options), environment, vault, client.send, options.openclaw_config, options.profile)
        prepared = flow.prepare(request)
    finally:
        client.close()
    say.show_plan(prepared, console, quiet=options.quiet)
    written, examination = False, None
    if options.dry_run:
        say.show_dry_run(prepared, console)
    else:
        written = flow.carry_out(prepared, request)
        say.show_written(prepared, console, written=written)
        if not options.no_verify:
            examination = flow.examine_route(prepared, request)
            render(examination, options, people, as_json=False)
        say.show_next(prepared, console, examination)
    exit_code = int(examination.report.exit_code) if examination else 0
    if options.json:
        report = examination.report if examination else None
        document = say.document(prepared, report, written=written, exit_code=exit_code)
        write_document(environment, json.dumps(document, indent=2))
    return exit_code
