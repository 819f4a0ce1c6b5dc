"""The files that OpenClaw's config is made of, as evidence: which of them holds a place, and what else is in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.json5doc import Document, Json5SyntaxError
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.include_errors import IncludeError
from wizard.openclaw.include_files import include_roots
from wizard.openclaw.includes import INCLUDE, Merged, resolve_includes
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import ConfigFile, ConfigPath


@dataclass(frozen=True)
class ConfigFiles:
    """A config's files.

    Attributes:
        main: the active file.
        files: every file with its path, the active one first.
        merged: which file holds what, or None where nothing is included.
    """

    main: ConfigFile
    files: tuple[tuple[Path, ConfigFile], ...]
    merged: Merged | None = None

    def place(self, path: ConfigPath) -> tuple[Path, str]:
        """The file that holds a value of the config, and the place for people: the file and, where known, the line."""
        file, inside = self.files[0][0], path
        if self.merged is not None:
            held = self.merged.place(path)
            file, inside = held.file, held.path
        config = dict(self.files).get(file, self.main)
        found = config.place(inside)
        return file, f"{config.path}:{found.value.line}" if found is not None else config.path


def config_paths(located: Located, environment: Environment) -> tuple[Path, ...]:
    """The files of the active config as they are named, the active one first; alone where the others cannot be read."""

    def read(path: Path) -> Any:
        return Document.parse(read_text(path, limit=limits.CONFIG_BYTES).text).value

    try:
        plain = read(located.path)
        return resolve_includes(located.path, plain, read, include_roots(environment, located)).files
    except (IncludeError, UnreadableFileError, Json5SyntaxError):
        return (located.path,)


def config_files(config: ConfigFile, located: Located, environment: Environment, vault: Vault) -> ConfigFiles:
    """The files of the active config; those that cannot be read or followed are left out.

    Args:
        config: the active file as it was seen.
        located: where it is.
        environment: for the files' names.
        vault: keeps the secrets of the included files.
    """
    alone = ConfigFiles(config, ((located.path, config),))
    if config.problem is not None or not any(INCLUDE in line for line in config.lines):
        return alone
    found: dict[Path, ConfigFile] = {}

    def read(path: Path) -> Any:
        file = read_text(path, limit=limits.CONFIG_BYTES)
        value = Document.parse(file.text).value
        found[path] = parse_config(file, environment.display(path), config.selected_by, vault)
        return value

    try:
        plain = Document.parse(read_text(located.path, limit=limits.CONFIG_BYTES).text).value
        merged = resolve_includes(located.path, plain, read, include_roots(environment, located))
    except (IncludeError, UnreadableFileError, Json5SyntaxError):
        return alone
    return ConfigFiles(config, ((merged.files[0], config), *found.items()), merged)
