"""What setup says to people, and its JSON document."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from wizard import __version__
from wizard.base.codec import to_json
from wizard.base.environment import Environment
from wizard.change.apply import Applied
from wizard.change.plan import Plan, StoreSecret
from wizard.doctor.examine import Examination
from wizard.openclaw.locate import Located
from wizard.portkey.hosts import HostKind
from wizard.report.model import Report
from wizard.setup.flow import Prepared
from wizard.setup.plan_words import change_rows, show_changes, show_diff, show_notes
from wizard.setup.questions import LISTED, PRIMARY
from wizard.terminal.console import Console, Span, Tone

_SCHEMA_VERSION: Final = 1
_LOGS: Final = "https://app.portkey.ai/logs"


def show_plan(
    prepared: Prepared, environment: Environment, console: Console, *, checks: str = "", quiet: bool = False
) -> None:
    """Prints what would be done and, unless `quiet`, the diff; no secret is in either.

    Args:
        prepared: the plan.
        environment: whose paths they are.
        console: where it goes.
        checks: what the doctor will do after the write, or an empty text.
        quiet: leave the diff out.
    """
    if prepared.plan.changes:
        show_changes(prepared.plan, environment, console, checks=checks)
    else:
        console.line(f"{prepared.source.shown} is already set up: nothing to change.")
    show_notes(prepared.plan, console)
    if not quiet:
        show_diff(prepared.diff, console)
    console.blank()


def tries_route(given: Mapping[str, Any]) -> bool:
    """Whether the doctor follows the route afterwards: not where no agent takes it by itself."""
    return not given.get("no_verify") and given.get("use_as") != LISTED


def checks_of(given: Mapping[str, Any]) -> str:
    """What the doctor will do after the write, and what that costs; empty where it does nothing."""
    if given.get("use_as") == LISTED:
        return "not tried: no agent uses it yet"
    if not tries_route(given):
        return ""
    if given.get("no_spend"):
        return "check the route with requests that cost nothing"
    return "check the route with one model call (about 40 tokens)"


def show_dry_run(plan: Plan, console: Console) -> None:
    """Prints that nothing was written."""
    if plan.changes:
        console.line("Nothing was written (--dry-run).")


def show_written(applied: Applied | None, plan: Plan, environment: Environment, console: Console) -> None:
    """Prints what was written where, and how to take it back."""
    if applied is None or not (applied.written or applied.entry_id):
        return
    for path in applied.written:
        console.line(f"Written: {environment.display(path)}", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    if any(isinstance(change, StoreSecret) for change in plan.changes):
        console.line("Stored: the key, in the system's keyring", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    if applied.entry_id is not None:
        console.line("To take it back: portkey-claw undo", indent=2)
    console.blank()


def show_next(prepared: Prepared, console: Console, examination: Examination | None) -> None:
    """Prints the command that sends the first request, unless the route is known not to work."""
    if prepared.answers.role == LISTED:
        console.line("Not tried: no agent uses it yet. It can be chosen in OpenClaw, and the command below tries it.")
    elif examination is None:
        console.line("The route was not tried. To do that: portkey-claw doctor")
    elif examination.report.exit_code:
        return
    hosted = prepared.answers.gateway.kind is HostKind.HOSTED
    console.blank()
    console.line(f"Send the first request{f', then find it at {_LOGS}' if hosted else ''}:")
    console.copyable(first_request(prepared), indent=2)
    console.line("The first turn takes about half a minute.")


def first_request(prepared: Prepared) -> str:
    """The command that makes OpenClaw send one request over the new route."""
    answers = prepared.answers
    # Behind another model it is asked by name.
    chosen = ("--model", f"{answers.provider_id}/{prepared.selection.primary}") if answers.role != PRIMARY else ()
    arguments = ("agent", "--local", "--agent", answers.agent or "main", *chosen, "--message")
    return f'{openclaw_command(prepared.located, *arguments)} "hi"'


def openclaw_command(located: Located, *arguments: str) -> str:
    """A command line of OpenClaw's for this config."""
    before = ""
    command = ["openclaw"]
    if located.selected_by == "--openclaw-config":
        before = f"OPENCLAW_CONFIG_PATH={shlex.quote(str(located.path))} "
    elif located.profile is not None:
        command += ["--profile", located.profile]
    return f"{before}{shlex.join([*command, *arguments])}"


def document(
    plan: Plan,
    environment: Environment,
    report: Report | None,
    *,
    config_path: str,
    diff: str,
    written: bool,
    exit_code: int,
) -> dict[str, Any]:
    """The JSON document of a run.

    Returns:
        `schema_version`, `tool`, `written`, `config_path`, `changes` (action, path, effect, file), `notes`, `diff`,
        `doctor` (the report, or null where it was not run) and `exit_code`.
    """
    return {
        "schema_version": _SCHEMA_VERSION,
        "tool": {"name": "portkey-claw", "version": __version__},
        "written": written,
        "config_path": config_path,
        "changes": change_rows(plan, environment),
        "notes": list(plan.notes),
        "diff": diff,
        "doctor": to_json(report) if report is not None else None,
        "exit_code": exit_code,
    }
