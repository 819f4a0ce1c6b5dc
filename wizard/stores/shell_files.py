"""Where a shell's start-up files set the key's variable: what a shell's own environment comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.stores.model import LOGIN_SHELL_LAYER, KeyCopy

_FILES: Final = (
    ".profile",
    ".bash_profile",
    ".bash_login",
    ".bashrc",
    ".zshenv",
    ".zprofile",
    ".zshrc",
    ".zlogin",
    ".config/fish/config.fish",
    ".pam_environment",
)
_FOLDER: Final = ".config/environment.d"
_SET: Final = re.compile(
    rf"""^\s*(?:(?:export|typeset\s+-x|declare\s+-x)\s+)?{KEY_VARIABLE}=(?P<value>"[^"]*"|'[^']*'|[^\s;\#]*)"""
    rf"""|^\s*set\s+-[a-zA-Z]*x[a-zA-Z]*\s+{KEY_VARIABLE}\s+(?P<fish>"[^"]*"|'[^']*'|[^\s;\#]+)"""
)


def in_shell_files(environment: Environment, vault: Vault) -> Iterator[KeyCopy]:
    """Every line of the user's start-up files that sets the variable; what a command would give stays unknown."""
    folder = environment.home / _FOLDER
    try:
        services = sorted(folder.glob("*.conf"))
    except OSError:
        services = []
    for path in (*(environment.home / name for name in _FILES), *services):
        yield from _in_file(path, environment, vault)


def _in_file(path: Path, environment: Environment, vault: Vault) -> Iterator[KeyCopy]:
    try:
        text = read_text(path, limit=limits.ENV_FILE_BYTES, lenient=True).text
    except UnreadableFileError:
        return
    shown = environment.display(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = _SET.match(line)
        if found is None:
            continue
        written = found["value"] if found["value"] is not None else found["fish"]
        value = written[1:-1] if written[:1] in ("'", '"') and written[-1:] == written[:1] else written
        if not value:
            continue
        computed = written[:1] != "'" and any(mark in value for mark in ("$", "`"))
        yield KeyCopy(
            LOGIN_SHELL_LAYER,
            f"{shown}:{number}",
            None if computed else vault.take(value, shown).handle,
            note="set by a command, which was not run" if computed else "what a new shell starts with",
            path=path,
            name=KEY_VARIABLE,
        )
