"""The very first bytes of a file, where they can be known."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.originals import find_original, is_known, original_image
from wizard.change.raw import digest_of_bytes, read_now
from wizard.change.writing import Ownership


@dataclass(frozen=True)
class Pristine:
    """A file from before our first change.

    Attributes:
        data: its bytes, or None where there was no file. They may hold secrets: they are never shown.
        ownership: its permission bits and owner; None where there was no file.
    """

    data: bytes | None = field(repr=False)
    ownership: Ownership | None


def pristine(path: Path, environment: Environment) -> Pristine | None:
    """A file from before our first change, if every byte since then was written by us.

    None where somebody else has written it since, where our copy is gone or lost a secret, and where nothing is known
    of a beginning. The beginning is that of our state folder: where that was removed in between, the bytes may hold an
    older entry of ours, which the caller has to look for. Nothing is forgotten by asking.
    """
    try:
        now = read_now(path, environment)
    except UserError:
        return None
    original = find_original(now.target, environment)
    if original is None or original.pruned or original.target != str(now.target) or not is_known(original, now.digest):
        return None
    if original.state is None:
        return Pristine(None, None)
    try:
        data, _ = read_bytes(original_image(now.target, environment), limit=limits.CONFIG_BYTES)
    except UnreadableFileError:
        return None
    if digest_of_bytes(data) != original.state.digest:
        return None
    return Pristine(data, Ownership(original.state.mode, original.state.owner))
