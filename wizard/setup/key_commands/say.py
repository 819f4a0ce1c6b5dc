"""What the key commands say to people, and their JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from wizard import __version__
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode
from wizard.change.apply import Applied
from wizard.keys.vault import Vault
from wizard.setup.key_commands.change import Prepared
from wizard.setup.key_commands.status import Status
from wizard.setup.key_commands.words import fingerprint
from wizard.setup.plan_words import change_rows, show_changes, show_diff, show_notes
from wizard.stores.model import BACKUP_LAYER, KeyCopy
from wizard.terminal.cells import padded
from wizard.terminal.console import Console, Span, Tone

_SCHEMA_VERSION: Final = 1
_UNSEEN: Final = "not seen"
# The folder of our state that keeps files from before a change.
_JOURNAL: Final = "/journal/"
_LOGOUT: Final = "OpenClaw is asked to forget its saved key {}"


def show_status(status: Status, vault: Vault, console: Console, *, quiet: bool = False) -> None:
    """Prints the sentence, then, unless `quiet`, the copies and what to do."""
    glyphs = console.glyphs
    mark = {
        ExitCode.OK: Span(f"{glyphs.good} ", Tone.GOOD),
        ExitCode.UNDETERMINED: Span(f"{glyphs.unknown} ", Tone.CARE),
    }.get(status.exit_code, Span(f"{glyphs.broken} ", Tone.BROKEN))
    if console.plain:
        console.line(f"key: {status.headline}")
    else:
        console.line(status.headline, label=(mark,))
    if quiet:
        return
    if status.rows:
        console.blank()
        width = max(len(copy.layer) for copy in status.rows) + 2
        for copy in _folded(status.rows):
            _show_row(copy, status, width, vault, console)
    if status.service:
        console.blank()
        console.line(f"{'service: ' if console.plain else ''}{status.service}", indent=2)
    for text, command in status.advice:
        if console.plain:
            console.line(f"advice: {text} {command}")
            continue
        console.blank()
        console.line(text, indent=2)
        console.copyable(command, indent=4)


def show_plan(prepared: Prepared, environment: Environment, console: Console, *, quiet: bool = False) -> None:
    """Prints what would be done, what to know of it and, unless `quiet`, the diff; no secret is in any of it."""
    plan = prepared.moving.plan
    if plan.changes:
        show_changes(plan, environment, console)
    elif prepared.empties and not prepared.logouts:
        console.line("Nothing has to change there.")
    for profile in prepared.logouts:
        console.line(f"{_LOGOUT.format(profile.name)} ({profile.location}). Undo cannot bring it back.")
    show_notes(plan, console)
    if not quiet:
        show_diff(prepared.diff, console)
    if prepared.empties:
        console.blank()


def show_backups(backups: Sequence[KeyCopy], vault: Vault, console: Console) -> None:
    """Prints the files from before a change that still hold the key."""
    console.blank()
    console.line(Span("Still in copies from before a change", Tone.STRONG))
    for copy in _folded(backups):
        mark = fingerprint(copy.handle, vault) or _UNSEEN
        console.line(f"{mark}, {copy.note}", indent=2)
        console.line(Span(copy.location, Tone.DIM), indent=4)


def show_pruned(pruned: Sequence[str], console: Console) -> None:
    """Prints which files hold the key no more."""
    for location in _counted(pruned):
        console.line(f"Without the key now: {location}", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    console.line("portkey-claw undo cannot bring it back any more.", indent=2)


def show_logouts(prepared: Prepared, console: Console) -> None:
    """Prints which saved profiles OpenClaw has forgotten."""
    for profile in prepared.logouts:
        console.line(f"Forgotten by OpenClaw: {profile.name}", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))


def show_written(applied: Applied | None, environment: Environment, console: Console) -> None:
    """Prints what was written where, and how to take it back."""
    if applied is None or not (applied.written or applied.entry_id):
        return
    for path in applied.written:
        console.line(f"Written: {environment.display(path)}", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    if not applied.written:
        console.line("Done.", label=(Span(f"{console.glyphs.good} ", Tone.GOOD),))
    if applied.entry_id is not None:
        console.line("To take it back: portkey-claw undo", indent=2)


def document(
    prepared: Prepared,
    environment: Environment,
    vault: Vault,
    *,
    applied: Applied | None,
    backups: Sequence[KeyCopy],
    pruned: Sequence[str],
    restart: Sequence[str],
) -> dict[str, Any]:
    """The JSON document of `key set`, `key move` and `key remove`.

    Returns:
        `schema_version`, `tool`, `written`, `config_path`, `storage`, `fingerprint`, `changes` (action, path, effect,
        file), `notes`, `left` and `backups` (layer, location, fingerprint, note; `backups` also `pruned`), `restart`
        (sentences), `diff` and `exit_code`.
    """
    moving = prepared.moving
    return {
        "schema_version": _SCHEMA_VERSION,
        "tool": {"name": "portkey-claw", "version": __version__},
        "written": applied is not None and bool(applied.written or applied.entry_id or prepared.logouts),
        "config_path": prepared.source.shown,
        "storage": prepared.storage.value if prepared.storage else None,
        "fingerprint": fingerprint(moving.handle, vault),
        "changes": [
            *change_rows(moving.plan, environment),
            *(
                {"action": "log-out", "path": each.name, "effect": _LOGOUT.format(each.name), "file": None}
                for each in prepared.logouts
            ),
        ],
        "notes": list(moving.plan.notes),
        "left": [_row(copy, vault) for copy in moving.left],
        "backups": [{**_row(copy, vault), "pruned": copy.location in pruned} for copy in backups],
        "restart": list(restart),
        "diff": prepared.diff,
        "exit_code": int(ExitCode.OK),
    }


def _folded(copies: Sequence[KeyCopy]) -> tuple[KeyCopy, ...]:
    """The copies for people: of our own, which every change adds to, one row for each key says how many there are."""
    found: dict[object, list[KeyCopy]] = {}
    for number, copy in enumerate(copies):
        ours = copy.layer == BACKUP_LAYER and _JOURNAL in copy.location
        found.setdefault((copy.handle, copy.note) if ours else number, []).append(copy)
    return tuple(
        replace(group[0], location=_counted([copy.location for copy in group])[0]) if len(group) > 1 else group[0]
        for group in found.values()
    )


def _counted(locations: Sequence[str]) -> tuple[str, ...]:
    """The places, those in our journal as its folder with their number where there are several."""
    ours = [location for location in locations if _JOURNAL in location]
    if len(ours) < 2:
        return tuple(locations)
    folder = ours[0].partition(_JOURNAL)[0] + _JOURNAL.rstrip("/")
    rest = [location for location in locations if location not in ours]
    return (f"{folder} ({len(ours)} files)", *rest)


def _show_row(copy: KeyCopy, status: Status, width: int, vault: Vault, console: Console) -> None:
    mark = fingerprint(copy.handle, vault) or _UNSEEN
    facts = [mark]
    is_other = copy.handle in status.others and copy.layer != BACKUP_LAYER and not copy.wins
    if copy.wins:
        facts.append(f"used by {', '.join(copy.providers)}")
    elif is_other:
        facts.append("another key")
    if copy.note:
        facts.append(copy.note)
    if console.plain:
        console.line(f"{copy.layer}: {', '.join((*facts, copy.location))}")
        return
    glyph, tone = (console.glyphs.good, Tone.GOOD) if copy.wins else (console.glyphs.idle, Tone.DIM)
    glyph, tone = (console.glyphs.care, Tone.CARE) if is_other else (glyph, tone)
    if copy.wins and copy.handle is None:
        glyph, tone = console.glyphs.unknown, Tone.CARE
    label = (Span(f"{glyph} ", tone), Span(padded(copy.layer, width)))
    console.line("  ".join(facts[:1]) + "".join(f", {fact}" for fact in facts[1:]), indent=2, label=label)
    console.line(Span(copy.location, Tone.DIM), indent=min(4 + width, 22))


def _row(copy: KeyCopy, vault: Vault) -> dict[str, Any]:
    return {
        "layer": copy.layer,
        "location": copy.location,
        "fingerprint": fingerprint(copy.handle, vault),
        "note": copy.note or None,
    }
