"""The gateways that the user named himself, which may be given the key again without asking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.change.entries import FileKind
from wizard.change.plan import PutFile, RemoveFile
from wizard.change.raw import read_now
from wizard.change.state import state_folder
from wizard.portkey import hosts

_NAME: Final = "trusted-hosts.json"
_LIMIT: Final = 2**20


def remembered_origins(environment: Environment) -> tuple[str, ...]:
    """The origins (scheme, host and port, such as `https://gateway.example.com`) that were confirmed, sorted.

    A file that cannot be read or understood remembers nothing: the worst that follows is a question.
    """
    try:
        data = json.loads(read_text(_file(environment), limit=_LIMIT).text)
    except (UnreadableFileError, ValueError, RecursionError):
        return ()
    listed = data.get("origins") if isinstance(data, Mapping) else None
    if not isinstance(listed, list):
        return ()
    known = (hosts.origin(item) for item in listed if isinstance(item, str))
    return tuple(sorted({str(origin) for origin in known if origin is not None}))


def remembering(origin: hosts.Origin, environment: Environment) -> PutFile | None:
    """The change that adds a confirmed origin to those of earlier runs; None where it is remembered already.

    Raises:
        UserError: the file in its place cannot be read; exit code 4.
    """
    known = remembered_origins(environment)
    if str(origin) in known:
        return None
    path = _file(environment)
    digest = read_now(path, environment, limit=_LIMIT).digest
    effect = f"{origin} remembered: the key goes there without asking"
    return PutFile(path, digest, _written({*known, str(origin)}), 0o600, effect)


def forgetting(origins: Iterable[str], environment: Environment) -> PutFile | RemoveFile | None:
    """The change that forgets confirmed origins; None where none of them is remembered.

    Raises:
        UserError: what is remembered cannot be read; exit code 4.
    """
    known = remembered_origins(environment)
    gone = sorted(set(known) & set(origins))
    if not gone:
        return None
    path = _file(environment)
    digest = read_now(path, environment, limit=_LIMIT).digest
    effect = f"{' and '.join(gone)} forgotten: the key goes there no more without asking"
    kept = [origin for origin in known if origin not in gone]
    if kept or digest is None:
        return PutFile(path, digest, _written(kept), 0o600, effect)
    return RemoveFile(path, digest, effect, FileKind.OURS)


def _written(origins: Iterable[str]) -> str:
    return json.dumps({"schema_version": 1, "origins": sorted(origins)}, indent=2) + "\n"


def _file(environment: Environment) -> Path:
    return state_folder(environment) / _NAME
