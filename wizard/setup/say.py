"""What setup says to people, and its JSON document."""

from __future__ import annotations

import shlex
from typing import Any, Final

from wizard import __version__
from wizard.base.codec import to_json
from wizard.change.plan import Append, Delete, Operation
from wizard.doctor.examine import Examination
from wizard.json5doc import format_path
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.portkey.hosts import HostKind
from wizard.report.model import Report
from wizard.setup.flow import Prepared
from wizard.setup.questions import OPENCLAW_ENV
from wizard.terminal.console import Console, Span, Tone

_SCHEMA_VERSION: Final = 1
_LOGS: Final = "https://app.portkey.ai/logs"
_DIFF_TONES: Final = {"+": Tone.GOOD, "-": Tone.BROKEN, "@": Tone.DIM}


def show_plan(prepared: Prepared, console: Console, *, quiet: bool = False) -> None:
    """Prints what would be done and, unless `quiet`, the diff; no secret is in either."""
    shown = prepared.source.shown
    if prepared.plan.edits:
        console.line(Span("Plan", Tone.STRONG))
        console.line(f"{'edit' if prepared.source.exists else 'make'} {shown}", indent=2)
        for operation in prepared.plan.operations:
            console.line(operation.effect, indent=4, label=(Span(f"{_sign(operation)} "),))
    else:
        console.line(f"{shown} is already set up: nothing to change.")
    for note in prepared.plan.notes:
        console.line(note, indent=2, label=(Span(f"{console.glyphs.care} ", Tone.CARE),))
    if prepared.diff and not quiet:
        console.blank()
        for line in prepared.diff.split("\n"):
            console.row(Span(line, _DIFF_TONES.get(line[:1], Tone.PLAIN)), indent=2)
    console.blank()


def show_dry_run(prepared: Prepared, console: Console) -> None:
    """Prints that nothing was written."""
    if prepared.plan.edits:
        console.line("Nothing was written (--dry-run).")


def show_written(prepared: Prepared, console: Console, *, written: bool) -> None:
    """Prints what was written where."""
    if not written:
        return
    console.line(f"Written: {prepared.source.shown}", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    if prepared.answers.storage == OPENCLAW_ENV:
        console.line(f"The key is in it, at env.vars.{KEY_VARIABLE}.", indent=2)
    console.blank()


def show_next(prepared: Prepared, console: Console, examination: Examination | None) -> None:
    """Prints the command that sends the first request, unless the route is known not to work."""
    if examination is None:
        console.line("The route was not tried. To do that: portkey-claw doctor")
    elif examination.report.exit_code:
        return
    hosted = prepared.answers.gateway.kind is HostKind.HOSTED
    console.blank()
    console.line(f"Send the first request{f', then find it at {_LOGS}' if hosted else ''}:")
    console.copyable(first_request(prepared), indent=2)


def first_request(prepared: Prepared) -> str:
    """The command that makes OpenClaw send one request over the new route."""
    located = prepared.located
    before = ""
    command = ["openclaw"]
    if located.selected_by == "--openclaw-config":
        before = f"OPENCLAW_CONFIG_PATH={shlex.quote(str(located.path))} "
    elif located.profile is not None:
        command += ["--profile", located.profile]
    command += ["agent", "--local", "--agent", prepared.answers.agent or "main", "--message"]
    return f'{before}{shlex.join(command)} "hi"'


def document(prepared: Prepared, report: Report | None, *, written: bool, exit_code: int) -> dict[str, Any]:
    """The JSON document of a run.

    Returns:
        `schema_version`, `tool`, `written`, `config_path`, `changes` (action, path, effect), `notes`, `diff`,
        `doctor` (the report, or null where it was not run) and `exit_code`.
    """
    return {
        "schema_version": _SCHEMA_VERSION,
        "tool": {"name": "portkey-claw", "version": __version__},
        "written": written,
        "config_path": prepared.source.shown,
        "changes": [
            {"action": _action(operation), "path": format_path(operation.path), "effect": operation.effect}
            for operation in prepared.plan.operations
        ],
        "notes": list(prepared.plan.notes),
        "diff": prepared.diff,
        "doctor": to_json(report) if report is not None else None,
        "exit_code": exit_code,
    }


def _action(operation: Operation) -> str:
    if isinstance(operation, Delete):
        return "delete"
    return "append" if isinstance(operation, Append) else "set"


def _sign(operation: Operation) -> str:
    return "-" if isinstance(operation, Delete) else "+"
