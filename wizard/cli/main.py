"""From the process's arguments to its exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.cli.crash import save_crash_report
from wizard.cli.notice import tell_interrupted

_NARROWEST: Final = 30


def run() -> None:
    """The console script."""
    code = main(sys.argv[1:], Environment.current())
    if code == ExitCode.INTERRUPTED:
        # Threads that still wait for an answer would hold up the end for as long as their limit.
        for stream in (sys.stdout, sys.stderr):
            # Either is None, or fails, where it was closed before the start.
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
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
    tell_interrupted(options, environment)
    result = import_module(f"wizard.cli.commands.{options.command}").run(options, environment)
    return int(result)


def _without_command(environment: Environment, parser: Any, options: Any) -> int:
    """On a terminal the doctor where something routes through Portkey already, else setup; without one the help."""
    if _at_terminal(environment) and not options.json:
        from wizard.cli.commands import doctor, setup

        if doctor.has_portkey(options, environment):
            return doctor.run(parser.parse_args([*_globals(options), "doctor"]), environment)
        return setup.run(parser.parse_args([*_globals(options), "setup"]), environment)
    parser.print_help(environment.stderr if options.json else environment.stdout)
    if options.json:
        return _tell(environment, ExitCode.USAGE, "A command is missing.", "See portkey-claw --help.", as_json=True)
    return ExitCode.USAGE


def _at_terminal(environment: Environment) -> bool:
    """Whether both ends of the conversation are a terminal, of whatever kind."""
    try:
        return environment.stdin.isatty() and environment.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def _fitted(text: str, environment: Environment) -> Iterator[str]:
    """The lines of an error, at a terminal wrapped between words; what is laid out already stays as it is."""
    import textwrap

    try:
        width = os.get_terminal_size(environment.stderr.fileno()).columns
    except (OSError, ValueError, AttributeError):
        width = 0
    for line in text.split("\n"):
        if len(line) <= width or width < _NARROWEST or "│" in line:
            yield line
            continue
        hang = "  " if line.startswith((" ", "portkey-claw: ")) else ""
        yield from textwrap.wrap(
            line, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
        )


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

    text = safe_block(f"portkey-claw: {message}" + (f"\n  {hint}" if hint else ""))
    print("\n".join(_fitted(text, environment)), file=environment.stderr)
    if as_json:
        from wizard.cli.output import write_document

        document = {"schema_version": 1, "error": {"message": message, "hint": hint or None}, "exit_code": int(code)}
        write_document(environment, json.dumps(document, indent=2, ensure_ascii=False))
    return int(code)
