"""What a plan would change, for people: a unified diff in which every secret is a handle."""

from __future__ import annotations

import difflib

from wizard.base.files import FileText
from wizard.change.plan import EditConfig, edited, unsafe_edit
from wizard.change.reading import ConfigSource
from wizard.json5doc import Json5EditError
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config


def preview(source: ConfigSource, edit: EditConfig, vault: Vault) -> str:
    """A unified diff of the config's text with three lines of context; empty where nothing changes.

    Both sides are redacted by the rules of the diagnosis, so equal secrets look equal and changed ones differ.

    Raises:
        UserError: the text cannot be changed in this way.
    """
    try:
        changed = edited(source.document, edit.operations, vault.reveal).text
    except Json5EditError as error:
        raise unsafe_edit(source.shown, error) from None
    # The old text first: a key that is replaced may still stand in a comment of the new one.
    before = _shown(source.document.text, source.shown, vault) if source.exists else ()
    after = _shown(changed, source.shown, vault)
    name = source.shown if source.exists else "/dev/null"
    return "\n".join(difflib.unified_diff(before, after, name, source.shown, lineterm=""))


def _shown(text: str, shown: str, vault: Vault) -> tuple[str, ...]:
    return parse_config(FileText(text, 0, symlink=False), shown, "", vault).lines
