"""Takes a key that would win over the stored one out of the `.env` file it stands in, where the person said so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from wizard.base import limits
from wizard.base.files import UnreadableFileError, read_text
from wizard.change.plan import EditDotenv, RemoveVariable
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import LayerName


def removals(layers: Collection[str], located: Located) -> Iterator[EditDotenv]:
    """The edits that take the key's variable out of OpenClaw's own `.env` files, where these layers name them.

    Args:
        layers: names of layers, as `LayerName` has them; every other one is not ours to change and gives nothing.
        located: OpenClaw's files.
    """
    files = (located.dotenv, located.later_dotenv) if LayerName.STATE_DOTENV in layers else ()
    for path in filter(None, files):
        digest = _digest_with_key(path)
        if digest is not None:
            effect = f"{KEY_VARIABLE} taken away, so that the stored key counts"
            yield EditDotenv(path, digest, (RemoveVariable(KEY_VARIABLE, effect),))


def _digest_with_key(path: Path) -> str | None:
    """The digest of the file's bytes, or None where the key is not in it."""
    try:
        text = read_text(path, limit=limits.ENV_FILE_BYTES, lenient=True).text
        data = path.read_bytes()
    except (UnreadableFileError, OSError):
        return None
    return hashlib.sha256(data).hexdigest() if KEY_VARIABLE in parse_dotenv(text) else None
