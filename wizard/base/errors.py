"""How a run ends, and the one kind of error that is the user's to mend."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The process's exit status; the same in every output format."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    UNDETERMINED = 3
    NOT_WRITTEN = 4
    BUG = 70
    INTERRUPTED = 130


class UserError(Exception):
    """Something only the user can put right: shown as a sentence, never as a traceback.

    Attributes:
        code: the exit status of the run.
        message: what is wrong, one sentence.
        hint: what to do next, or an empty string.
    """

    def __init__(self, code: ExitCode, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def usage_error(message: str, hint: str = "") -> UserError:
    """A wrong flag, or an answer that is missing and cannot be asked for."""
    return UserError(ExitCode.USAGE, message, hint)


def not_written(message: str, hint: str = "") -> UserError:
    """Writing was not safe, so nothing was written."""
    return UserError(ExitCode.NOT_WRITTEN, message, hint)
