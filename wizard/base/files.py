"""Reading the user's files with a reason when they cannot be read."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FileTrouble(StrEnum):
    """Why a file could not be read as text."""

    MISSING = "missing"
    NOT_A_FILE = "not-a-file"
    NO_PERMISSION = "no-permission"
    NOT_UTF8 = "not-utf8"
    TOO_LARGE = "too-large"
    IO = "io"


class UnreadableFileError(Exception):
    """A file that could not be read.

    Attributes:
        trouble: the class of the reason.
        detail: the reason in words, without the path.
        readable: for bytes that are not UTF-8, the text before them; otherwise empty.
    """

    def __init__(self, trouble: FileTrouble, detail: str, readable: str = "") -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail
        self.readable = readable


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text and what the file system says of it; `mode` holds the permission bits only."""

    text: str
    mode: int
    symlink: bool


def read_text(path: Path, *, limit: int, lenient: bool = False) -> FileText:
    """The whole text of a regular file (or of what a link leads to), as UTF-8.

    With `lenient`, bytes that are not UTF-8 become the replacement character, as Node reads them.

    Raises:
        UnreadableFileError: missing, a folder, pipe or device, no permission, over `limit` bytes, or not UTF-8.
    """
    data, mode = read_bytes(path, limit=limit)
    text = data.decode("utf-8", errors="replace") if lenient else _decode(data)
    return FileText(text, mode, path.is_symlink())


def read_bytes(path: Path, *, limit: int) -> tuple[bytes, int]:
    """The whole content of a regular file (or of what a link leads to), and its permission bits.

    Raises:
        UnreadableFileError: missing, a folder, pipe or device, no permission, or over `limit` bytes.
    """
    descriptor = _open(path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise UnreadableFileError(FileTrouble.NOT_A_FILE, f"it is {what}")
        with os.fdopen(descriptor, "rb", closefd=False) as handle:
            data = handle.read(limit + 1)
    except OSError as error:
        raise UnreadableFileError(FileTrouble.IO, error.strerror or str(error)) from None
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise UnreadableFileError(FileTrouble.TOO_LARGE, f"it is larger than {_size(limit)}")
    return data, stat.S_IMODE(status.st_mode)


def _open(path: Path) -> int:
    try:
        # A pipe in the place of a file would make open() wait for ever.
        return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise UnreadableFileError(FileTrouble.MISSING, "there is no such file") from None
    except NotADirectoryError:
        raise UnreadableFileError(FileTrouble.MISSING, "a part of its path is not a folder") from None
    except PermissionError:
        raise UnreadableFileError(FileTrouble.NO_PERMISSION, "permission denied") from None
    except OSError as error:
        if error.errno == errno.ENXIO:  # what opening a socket says
            raise UnreadableFileError(FileTrouble.NOT_A_FILE, "it is not a regular file") from None
        raise UnreadableFileError(FileTrouble.IO, error.strerror or str(error)) from None


def _size(limit: int) -> str:
    return f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 2**10} KiB"


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8", errors="replace")
        detail = f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8"
        raise UnreadableFileError(FileTrouble.NOT_UTF8, detail, readable) from None
