"""What a plan would change, for people: a unified diff in which every secret is a handle."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from wizard.base.environment import Environment
from wizard.base.files import FileText
from wizard.change.entries import FileKind
from wizard.change.plan import Plan
from wizard.change.prepare import prepare
from wizard.change.steps import FileStep
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.dotenv import assignments
from wizard.openclaw.redaction import redact_text, redact_variable


def preview(plan: Plan, environment: Environment, vault: Vault) -> str:
    """A unified diff of every file of a plan with three lines of context; empty where no text changes.

    Both sides are redacted by the rules of the diagnosis, so equal secrets look equal and changed ones differ.

    Raises:
        UserError: a file cannot be read, changed since the plan, or may not be changed in this way.
    """
    steps = prepare(plan, environment, vault, openclaw=None, keyring=None, second_reader=False)
    return diff_of(steps.files, vault)


def diff_of(steps: Iterable[FileStep], vault: Vault) -> str:
    """The diffs of files that are about to be written or removed, one below the other."""
    return "\n".join(filter(None, (_diff(step, vault) for step in steps)))


def _diff(step: FileStep, vault: Vault) -> str:
    shown = step.now.shown
    names = ("/dev/null" if step.now.data is None else shown, "/dev/null" if step.data is None else shown)
    if step.kind is FileKind.WHOLE:
        done = "taken away" if step.data is None else "restored"
        return "" if step.data == step.now.data else f"--- {names[0]}\n+++ {names[1]}\n {done}; its text is not shown"
    # The old text first: a key that is replaced may still stand in a comment of the new one.
    before = _lines(step.now.data, step.kind, shown, vault)
    after = _lines(step.data, step.kind, shown, vault)
    # And again, for the old text did not know what the new one knows.
    before = [vault.redact(line) for line in before]
    return "\n".join(difflib.unified_diff(before, after, *names, lineterm=""))


def _lines(data: bytes | None, kind: FileKind, shown: str, vault: Vault) -> list[str]:
    if data is None:
        return []
    text = data.decode("utf-8", errors="replace")
    if kind is FileKind.CONFIG:
        return list(parse_config(FileText(text, 0, symlink=False), shown, "", vault).lines)
    redacted = _redacted_dotenv(text, shown, vault) if kind is FileKind.DOTENV else text
    return vault.redact(redact_text(vault, redacted, shown)).splitlines()


def _redacted_dotenv(text: str, shown: str, vault: Vault) -> str:
    """The text of a `.env` file with handles in the place of values."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces, position = [], 0
    for each in assignments(text):
        handle = redact_variable(vault, each.name, each.value, shown)
        if handle != each.value:
            start, end = each.written
            written = text[start:end]
            blank = written[: len(written) - len(written.lstrip())]
            pieces += [text[position:start], blank, handle]
            position = end
    return "".join((*pieces, text[position:]))
