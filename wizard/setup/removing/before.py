"""What OpenClaw's files said before our first change, as far as our journal still has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.entries import Action
from wizard.change.journal import history
from wizard.change.originals import find_original, original_image
from wizard.json5doc import Document, Json5SyntaxError
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.seen import ConfigPath

_NOTHING = object()


@dataclass(frozen=True)
class FileBefore:
    """One file before our first change.

    Attributes:
        known: whether its content from then is still at hand.
        existed: whether there was such a file, as far as that is known.
        value: the plain value of a config (empty where there was no file), or the variables of a `.env` file.
        given: the places that we gave a value since, even where the content is not at hand any more.
    """

    known: bool = False
    existed: bool = True
    value: Any = field(default=None, repr=False)
    given: frozenset[ConfigPath] = frozenset()

    @property
    def met(self) -> bool:
        """Whether we have ever changed this file."""
        return self.known or bool(self.given)

    def get(self, now: Any, path: ConfigPath) -> Any:
        """The value that stood at the place which a path means in the file as it is now; None where there was none.

        Args:
            now: the file's plain value as it is.
            path: the place; an item of a list is found again by its `id`.
        """
        found = self._find(now, path)
        return None if found is _NOTHING else found

    def lacked(self, now: Any, path: ConfigPath) -> bool:
        """Whether it is known that nothing stood there."""
        return self.known and self._find(now, path) is _NOTHING

    def _find(self, now: Any, path: ConfigPath) -> Any:
        then = self.value if self.known else _NOTHING
        for step in path:
            now = _child(now, step)
            then = _same_item(then, now) if isinstance(step, int) else _child(then, step)
        return then


def file_before(target: Path, environment: Environment) -> FileBefore:
    """What is remembered of a config file.

    Args:
        target: the file behind links.
        environment: whose state folder is asked.
    """
    known, existed, data = _original(target, environment)
    value: Any = {}
    if data is not None:
        try:
            value = Document.parse(data.decode("utf-8")).value
        except (UnicodeDecodeError, Json5SyntaxError):
            known = False
    return FileBefore(known, existed, value if known else None, _given(target, environment))


def dotenv_before(target: Path, environment: Environment) -> FileBefore:
    """What is remembered of a `.env` file; its value is a mapping of variables."""
    known, existed, data = _original(target, environment)
    found = parse_dotenv((data or b"").decode("utf-8", errors="replace"))
    value = {name: variable[0] for name, variable in found.items()}
    return FileBefore(known, existed, value if known else None, _given(target, environment))


def _original(target: Path, environment: Environment) -> tuple[bool, bool, bytes | None]:
    """Whether the original is at hand, whether there was a file, and its bytes."""
    original = find_original(target, environment)
    if original is None:
        return False, True, None
    if original.state is None:
        return True, False, None
    try:
        data, _ = read_bytes(original_image(target, environment), limit=limits.CONFIG_BYTES)
    except UnreadableFileError:
        return False, True, None
    return True, True, data


def _given(target: Path, environment: Environment) -> frozenset[ConfigPath]:
    return frozenset(
        given.path
        for entry in history(environment)
        for record in entry.files
        if record.target == str(target)
        for given in record.given
        if given.action is not Action.DELETE
    )


def _child(value: Any, step: str | int) -> Any:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step, _NOTHING)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return _NOTHING


def _same_item(then: Any, item: Any) -> Any:
    """The item of an earlier list that has the same `id`, or is the same text."""
    if not isinstance(then, list):
        return _NOTHING
    if isinstance(item, dict) and "id" in item:
        return next((other for other in then if isinstance(other, dict) and other.get("id") == item["id"]), _NOTHING)
    return next((other for other in then if other == item), _NOTHING)
