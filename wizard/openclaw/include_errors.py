"""What makes OpenClaw refuse a config for one of its inclusions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizard.openclaw.seen import ConfigPath


@dataclass(frozen=True, slots=True)
class Place:
    """A value's place: the file as OpenClaw names it, and the path inside that file (empty: the whole file)."""

    file: Path
    path: ConfigPath


class IncludeTrouble(StrEnum):
    """Why OpenClaw refuses the whole config for one inclusion."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    OUTSIDE = "outside"
    CYCLE = "cycle"
    TOO_DEEP = "too-deep"
    SYNTAX = "syntax"
    MALFORMED = "malformed"
    NOT_AN_OBJECT = "not-an-object"


class IncludeError(Exception):
    """An inclusion that OpenClaw refuses.

    Attributes:
        trouble: the class of the reason.
        origin: where the object with `$include` stands.
        target: the included file, or the text that should have named it.
        detail: the reason in words, to be read after the file's name.
    """

    def __init__(self, trouble: IncludeTrouble, origin: Place, target: str, detail: str) -> None:
        super().__init__(f"{target}: {detail}")
        self.trouble = trouble
        self.origin = origin
        self.target = target
        self.detail = detail
