"""The gateways that the user named himself, which may be given the key again without asking."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.errors import not_written
from wizard.base.files import UnreadableFileError, read_text
from wizard.change.state import locked, make_private_folder, state_folder
from wizard.change.writing import Ownership, remove_strays, replace_file
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


def remember_origin(environment: Environment, origin: hosts.Origin) -> None:
    """Adds a confirmed origin to those of earlier runs.

    Raises:
        UserError: our state folder cannot be written.
    """
    path = _file(environment)
    with locked(path, environment):
        known = remembered_origins(environment)
        if str(origin) in known:
            return
        data = {"schema_version": 1, "origins": sorted({*known, str(origin)})}
        remove_strays(path)
        try:
            make_private_folder(path.parent)
            replace_file(path, (json.dumps(data, indent=2) + "\n").encode(), Ownership(0o600), lambda: None)
        except OSError as error:
            raise not_written(
                f"{environment.display(path)} cannot be written ({error.strerror or error}).",
                "Make its folder writable, or set XDG_STATE_HOME to a folder that is.",
            ) from None


def _file(environment: Environment) -> Path:
    return state_folder(environment) / _NAME
