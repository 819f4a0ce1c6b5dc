"""What `portkey-claw undo` does and says."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from wizard import __version__
from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, usage_error
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.entries import Entry, Phase
from wizard.change.journal import history, interrupted
from wizard.change.preview import diff_of
from wizard.change.undo import Undo, carry_out_undo, plan_undo, settle_journal
from wizard.cli.output import is_plain, write_document
from wizard.keys.keyring_store import system_keyring
from wizard.keys.vault import Vault
from wizard.openclaw.executable import find_install
from wizard.setup.lasting import look_again, with_lost
from wizard.setup.plan_words import show_diff
from wizard.setup.prompter.choose import make_prompter
from wizard.setup.prompter.model import BackError, ConfirmPrompt
from wizard.stores.backups import backups_beside
from wizard.terminal.console import Console, Span, Tone, make_console
from wizard.terminal.tty import quiet_terminal

_SCHEMA_VERSION: Final = 1
_NOTHING: Final = "There is nothing to take back."
# Bytes; a shorter value is a word that may stand anywhere.
_TELLING: Final = 12


def list_changes(options: argparse.Namespace, environment: Environment) -> int:
    """Prints every change that is remembered, newest first; writes nothing."""
    entries = history(environment)
    if options.json:
        rows = [{**_row(entry), "state": _state(entry), "can_be_taken_back": _can(entry)} for entry in entries]
        _write(environment, {"changes": rows, "exit_code": 0})
        return ExitCode.OK
    console = make_console(environment, plain=is_plain(options, environment), no_color=options.no_color)
    if not entries:
        console.line(_NOTHING)
    for entry in entries:
        tone = Tone.PLAIN if _can(entry) else Tone.DIM
        console.line(Span(entry.id, tone), f"  {entry.when}  {_title(entry)}: {_state(entry)}")
        for effect in entry.effects:
            console.line(Span(effect, Tone.DIM), indent=4)
    return ExitCode.OK


def take_back(options: argparse.Namespace, environment: Environment) -> int:
    """Shows what taking the last change back means, asks once, and does it."""
    people = replace(environment, stdout=environment.stderr) if options.json else environment
    console = make_console(people, plain=is_plain(options, environment), no_color=options.no_color)
    prompter = make_prompter(environment, console, yes=bool(options.yes))
    if not (options.yes or options.dry_run or prompter.asks):
        raise usage_error("undo changes nothing without a confirmation: give --yes, or --dry-run to see it first.")
    vault, keyring = Vault(), system_keyring(environment)
    killed = interrupted(environment)
    if not options.dry_run:
        settle_journal(environment, keyring)
    openclaw = find_install(environment).version
    undo = plan_undo(environment, vault, to=options.to, openclaw=openclaw, keyring=keyring)
    if undo is None:
        cleared = " What an interrupted run had begun came to nothing and was cleared away." if killed else ""
        console.line(_NOTHING + cleared)
        if options.json:
            _write(environment, with_lost(_document(None, "", None), ()))
        return ExitCode.OK
    diff = diff_of(undo.steps.files, vault)
    _show(undo, "" if options.quiet else diff, console)
    entry, lost = None, tuple[str, ...]()
    if options.dry_run:
        console.line("Nothing was changed (--dry-run).")
    elif options.yes or _confirmed(prompter, environment):
        entry = carry_out_undo(undo, environment, vault, openclaw=openclaw, keyring=keyring)
        verb = "Brought back." if undo.brings_back else "Taken back."
        console.line(verb, label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
        console.line(f"To turn that round again: portkey-claw undo --to {entry.id}", indent=2)
        for path in _backups_with_a_lost_secret(undo, vault):
            note = f"{environment.display(path)}, OpenClaw's own backup, still holds a secret that this took out."
            console.line(note, indent=2, label=(Span(f"{console.glyphs.care} ", Tone.CARE),))
        lost = look_again(entry.id, environment, console, undone=True)
    else:
        console.line("Nothing was changed.")
    if options.json:
        _write(environment, with_lost(_document(undo, diff, entry), lost))
    return ExitCode.OK


def _show(undo: Undo, diff: str, console: Console) -> None:
    console.line(Span("Bring back" if undo.brings_back else "Take back", Tone.STRONG))
    for entry in undo.entries:
        if entry.stands:
            console.line(f"{_title(entry)}, {entry.when} ({_state(entry)})", indent=2, label=(Span(f"{entry.id}  "),))
            for effect in entry.effects:
                console.line(effect, indent=5, label=(Span("- "),))
    console.line(Span("By this", Tone.STRONG))
    for row in _file_rows(undo):
        console.line(f"{row['action']} {row['path']}", indent=2)
    for secret in undo.steps.secrets:
        action = "forget" if secret.after is None else "give its old value back to"
        console.line(f"{action} the keyring's entry {secret.account}", indent=2)
    if not undo.steps.files and not undo.steps.secrets:
        console.line("nothing: everything is as it was before already", indent=2)
    for left in undo.left:
        note = f"{left} was changed by somebody else since and stays as it is."
        console.line(note, indent=2, label=(Span(f"{console.glyphs.care} ", Tone.CARE),))
    show_diff(diff, console)
    console.blank()


def _backups_with_a_lost_secret(undo: Undo, vault: Vault) -> Iterator[Path]:
    """OpenClaw's backups beside the files that hold a secret which an undo took out of these."""
    # The diff has put every secret of the old and the new texts into the vault.
    secrets = [vault.reveal(handle).encode("utf-8", errors="replace") for handle in vault.facts()]
    for step in undo.steps.files:
        before, after = step.now.data or b"", step.data or b""
        gone = [secret for secret in secrets if len(secret) >= _TELLING and secret in before and secret not in after]
        for path in backups_beside(step.now.path) if gone else ():
            try:
                data, _ = read_bytes(path, limit=limits.CONFIG_BYTES)
            except UnreadableFileError:
                continue
            if any(secret in data for secret in gone):
                yield path


def _confirmed(prompter: Any, environment: Environment) -> bool:
    try:
        with quiet_terminal(environment.stdin):
            return bool(prompter.confirm(ConfirmPrompt("undo", "Take it back")))
    except BackError:
        return False
    except KeyboardInterrupt:
        raise UserError(ExitCode.INTERRUPTED, "Left; nothing was changed.") from None


def _document(undo: Undo | None, diff: str, entry: Entry | None) -> dict[str, Any]:
    """The JSON document of a run.

    Returns:
        `written`, `entry_id` (of the undo itself), `taken_back` (the changes), `files`, `keyring`, `left`, `diff`,
        `exit_code`.
    """
    return {
        "written": entry is not None,
        "entry_id": entry.id if entry else None,
        "taken_back": [_row(each) for each in undo.entries if each.stands] if undo else [],
        "files": _file_rows(undo) if undo else [],
        "keyring": [step.account for step in undo.steps.secrets] if undo else [],
        "left": list(undo.left) if undo else [],
        "diff": diff,
        "exit_code": 0,
    }


def _file_rows(undo: Undo) -> list[dict[str, str]]:
    def action(data: bytes | None, before: bytes | None) -> str:
        if data is None:
            return "remove"
        return "make" if before is None else "edit"

    return [{"action": action(step.data, step.now.data), "path": step.now.shown} for step in undo.steps.files]


def _row(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "made_at": entry.made_at, "command": entry.command, "effects": list(entry.effects)}


def _write(environment: Environment, document: dict[str, Any]) -> None:
    whole = {"schema_version": _SCHEMA_VERSION, "tool": {"name": "portkey-claw", "version": __version__}, **document}
    write_document(environment, json.dumps(whole, indent=2, ensure_ascii=False))


def _title(entry: Entry) -> str:
    return f"undo back to {min(entry.undoes)}" if entry.is_undo else entry.command


def _state(entry: Entry) -> str:
    if entry.phase is Phase.TAKEN_BACK:
        return "was taken back"
    if entry.pruned:
        return "cannot be taken back: a key that it needs was removed from portkey-claw's own copies"
    if entry.phase is Phase.BEGUN:
        return "was interrupted; can be taken back"
    return "can be taken back"


def _can(entry: Entry) -> bool:
    return entry.stands and not entry.pruned
