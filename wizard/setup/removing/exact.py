"""Files that get their first bytes back: every byte that was written since is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.change.journal import FileKind, Phase, history
from wizard.change.plan import RestoreFile
from wizard.change.pristine import Pristine, pristine
from wizard.change.raw import FileNow, digest_of_bytes, read_now
from wizard.json5doc import Document, Json5SyntaxError

COMMAND: Final = "setup --remove"


@dataclass(frozen=True)
class Return:
    """A file that returns to what it was.

    Attributes:
        now: the file as it is.
        then: the file as it was, which may be as it is.
        text: its text from then; empty where there was no file.
        came_out: whether a removal that stands left it in a state of its own: what it was then is not wanted back if
            Portkey was in it.
        kind: what the file is.
    """

    now: FileNow
    then: Pristine
    text: str = field(repr=False)
    came_out: bool = False
    kind: FileKind = FileKind.WHOLE

    @property
    def goes(self) -> bool:
        """Whether there was no file."""
        return self.then.data is None

    @property
    def change(self) -> RestoreFile | None:
        """What brings the file back; None where it is as it was."""
        if self.now.data == self.then.data:
            return None
        effect = "taken away: portkey-claw made it" if self.goes else "as it was before portkey-claw, byte for byte"
        return RestoreFile(self.now.path, self.now.digest, f"{self.now.shown} {effect}", self.kind)


def return_of(path: Path, environment: Environment, kind: FileKind) -> Return | None:
    """How a file returns; None where its beginning is not known, or others have written it since."""
    then = pristine(path, environment)
    if then is None:
        return None
    try:
        now = read_now(path, environment)
    except UserError:
        return None
    text = (then.data or b"").decode("utf-8", errors="replace")
    return Return(now, then, text, _came_out(now, then, environment), kind)


def _came_out(now: FileNow, then: Pristine, environment: Environment) -> bool:
    first = None if then.data is None else digest_of_bytes(then.data)
    return any(
        record.target == str(now.target) and (record.after.digest if record.after else None) != first
        for entry in history(environment)
        if entry.phase is Phase.DONE and entry.command.startswith(COMMAND)
        for record in entry.files
    )


def config_value(returned: Return) -> Mapping[str, Any] | None:
    """The plain value that a config file has once it returned; None where it is no config."""
    if returned.then.data is None:
        return {}
    try:
        value = Document.parse(returned.text).value
    except Json5SyntaxError:
        return None
    return value if isinstance(value, dict) else None
