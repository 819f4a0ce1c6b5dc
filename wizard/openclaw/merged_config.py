"""The config as OpenClaw puts it together of several files, where the active one includes others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import FileText, UnreadableFileError, read_text
from wizard.json5doc import Document, Json5SyntaxError
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.include_files import include_roots
from wizard.openclaw.includes import INCLUDE, IncludeError, resolve_includes
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import ConfigFile


def with_includes(config: ConfigFile, located: Located, environment: Environment, vault: Vault) -> ConfigFile:
    """The config with the whole's meaning; its text and the places in it stay the active file's own.

    Where OpenClaw would refuse an inclusion, or a file cannot be read, the config comes back as it is.
    """
    if config.problem is not None or not any(INCLUDE in line for line in config.lines):
        return config
    try:
        merged = resolve_includes(located.path, _plain(located.path), _plain, include_roots(environment, located))
        text = json.dumps(merged.value)
    except (IncludeError, UnreadableFileError, Json5SyntaxError, ValueError):
        return config
    # The same rules find the secrets in the whole as in a file of its own.
    whole = parse_config(FileText(text, 0, symlink=False), config.path, config.selected_by, vault)
    return replace(config, value=whole.value)


def _plain(path: Path) -> Any:
    return Document.parse(read_text(path, limit=limits.CONFIG_BYTES).text).value
