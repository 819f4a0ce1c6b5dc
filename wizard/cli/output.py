"""Puts a report where it was asked for: the terminal, stdout as a document, or a file."""

from __future__ import annotations

import argparse
import io
from dataclasses import replace
from pathlib import Path

from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.doctor.examine import Examination


def check_output(options: argparse.Namespace, environment: Environment) -> None:
    """Refuses what could not be shown in the end, before anything is asked or spent.

    Raises:
        UserError: `--json` and `--format` contradict each other, or the folder of `--output` is not there.
    """
    if options.json and options.format not in (None, "json"):
        raise usage_error("--json and --format contradict each other.", "Drop one of them.")
    if options.output:
        path = Path(environment.cwd, options.output)
        if path.is_dir():
            raise usage_error(f"--output {path} is a folder.", "Name a file in it.")
        if not path.parent.is_dir():
            raise usage_error(f"--output {path} cannot be written: its folder does not exist.")


def show_report(examination: Examination, options: argparse.Namespace, environment: Environment) -> None:
    """Writes the report in the format that was asked for, to stdout or to the file of `--output`.

    With `--json` stdout has the document in any case.

    Raises:
        UserError: the file named by `--output` cannot be written.
    """
    chosen = options.format or ("json" if options.json else "human")
    if not options.output:
        if text := _document(chosen, examination, options, environment):
            write_document(environment, text)
        return
    target = io.StringIO()
    # A file has no colours, whatever the terminal has.
    shown = argparse.Namespace(**{**vars(options), "no_color": True})
    text = _document(chosen, examination, shown, replace(environment, stdout=target))
    _write(Path(environment.cwd, options.output), text or target.getvalue())
    if options.json:
        write_document(environment, text)


def _document(chosen: str, examination: Examination, options: argparse.Namespace, environment: Environment) -> str:
    """The report as a document, or an empty text after it was drawn for people on the environment's stdout."""
    if chosen in ("human", "json"):
        return render(examination, options, environment, as_json=chosen == "json")
    from wizard.report.documents import render_document

    return render_document(chosen, examination.report, examination.frames).rstrip("\n")


def write_document(environment: Environment, text: str) -> None:
    """Writes a document to stdout: UTF-8, whatever the terminal's own encoding is."""
    stream = environment.stdout
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text + "\n")
        return
    buffer.write((text + "\n").encode("utf-8", errors="backslashreplace"))
    buffer.flush()


def render(examination: Examination, options: argparse.Namespace, environment: Environment, *, as_json: bool) -> str:
    """The JSON document, or an empty text after the screen was drawn on the environment's stdout."""
    if as_json:
        from wizard.report.json_output import render_json

        return render_json(examination.report).rstrip("\n")
    from wizard.report.human import render_human
    from wizard.report.verdict import headline
    from wizard.terminal.console import make_console

    console = make_console(environment, plain=is_plain(options, environment), no_color=options.no_color)
    if options.quiet:
        console.line(headline(examination.report))
        return ""
    render_human(examination.report, frames=examination.frames, console=console, verbose=options.verbose)
    return ""


def is_plain(options: argparse.Namespace, environment: Environment) -> bool:
    """Whether plain lines are wanted: by flag, by `ACCESSIBLE=1`."""
    return bool(options.plain) or environment.variables.get("ACCESSIBLE", "") not in ("", "0")


def _write(path: Path, text: str) -> None:
    try:
        content = text if text.endswith("\n") else text + "\n"
        path.write_text(content, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise usage_error(f"--output {path} cannot be written ({error.strerror or error}).") from None
