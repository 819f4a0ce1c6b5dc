"""From the process's arguments to its exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.cli.crash import save_crash_report


def run() -> None:
    """The console script."""
    code = main(sys.argv[1:], Environment.current())
    if code == ExitCode.INTERRUPTED:
        # Threads that still wait for an answer would hold up the end for as long as their limit.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str], environment: Environment) -> int:
    """Runs one command and gives its exit status; every error ends here, as text or as JSON."""
    as_json = "--json" in arguments
    try:
        return _dispatch(arguments, environment)
    except UserError as error:
        return _tell(environment, error.code, error.message, error.hint, as_json=as_json)
    except KeyboardInterrupt:
        return _tell(environment, ExitCode.INTERRUPTED, "Interrupted.", "", as_json=as_json)
    except BrokenPipeError:
        # The reader is gone; there is nobody left to tell. Python must not complain about it at its own exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - whatever is left is a bug of ours
        path = save_crash_report(environment, error)
        saved = f"A report without secrets was saved to {path}." if path else "The report could not be saved."
        return _tell(environment, ExitCode.BUG, f"This is a bug of portkey-claw. {saved}", "", as_json=as_json)


def _dispatch(arguments: Sequence[str], environment: Environment) -> int:
    from wizard.cli.parser import build_parser

    parser = build_parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as leaving:  # --help and --version
        return int(leaving.code or 0)
    if options.command is None:
        return _without_command(environment, parser, options)
    result = import_module(f"wizard.cli.commands.{options.command}").run(options, environment)
    return int(result)


def _without_command(environment: Environment, parser: Any, options: Any) -> int:
    """On a terminal the doctor, where something routes through Portkey already; else what can be done."""
    if environment.interactive and not options.json:
        from wizard.cli.commands import doctor

        if doctor.has_portkey(options, environment):
            return doctor.run(parser.parse_args([*_globals(options), "doctor"]), environment)
    parser.print_help(environment.stderr if options.json else environment.stdout)
    if options.json:
        return _tell(environment, ExitCode.USAGE, "A command is missing.", "See portkey-claw --help.", as_json=True)
    return ExitCode.USAGE


def _globals(options: Any) -> list[str]:
    switches = [f"--{name}" for name in ("plain", "quiet", "verbose") if getattr(options, name)]
    switches += ["--no-color"] if options.no_color else []
    for name in ("openclaw_config", "profile"):
        value = getattr(options, name)
        switches += [f"--{name.replace('_', '-')}", value] if value else []
    return switches


def _tell(environment: Environment, code: int, message: str, hint: str, *, as_json: bool) -> int:
    """An error for people on stderr; with `--json` also the one document on stdout."""
    from wizard.terminal.safe import safe_block

    text = safe_block(f"{message}\n  {hint}" if hint else message)
    print(f"portkey-claw: {text}", file=environment.stderr)
    if as_json:
        from wizard.cli.output import write_document

        document = {"schema_version": 1, "error": {"message": message, "hint": hint or None}, "exit_code": int(code)}
        write_document(environment, json.dumps(document, indent=2, ensure_ascii=False))
    return int(code)
