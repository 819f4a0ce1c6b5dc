"""A line that is typed without being shown, of any length."""

from __future__ import annotations

import codecs
import os
import sys
from typing import Final, TextIO

from wizard.terminal.tty import hidden_typing

_ENDS: Final = ("\r", "\n")
_BACKSPACES: Final = ("\x7f", "\x08")
_CLEAR: Final = "\x15"
# Linux keeps a ctrl-d that was typed ahead, while lines were still collected, as a zero.
_EOF: Final = ("\x04", "\0")
# What a terminal puts around a paste, should a program before this one have asked it to.
_PASTE_MARKS: Final = ("\x1b[200~", "\x1b[201~")


def read_hidden_line(stdin: TextIO, output: TextIO) -> str:
    """The line that is typed next; backspace and ctrl-u work, nothing is shown but its end.

    Raises:
        KeyboardInterrupt: ctrl-c, or ctrl-d on an empty line, or there is no more input.
    """
    if sys.platform == "win32":
        import getpass

        return getpass.getpass("", output)
    try:
        with hidden_typing(stdin):
            line = _collect(stdin.fileno(), stdin.encoding)
    finally:
        output.write("\n")
        output.flush()
    for mark in _PASTE_MARKS:
        line = line.replace(mark, "")
    return line


def _collect(descriptor: int, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    typed: list[str] = []
    while True:
        # One byte at a time: what follows the line's end is for the next prompt.
        byte = os.read(descriptor, 1)
        if not byte:
            raise KeyboardInterrupt
        for character in decoder.decode(byte):
            if character in _ENDS:
                return "".join(typed)
            if character in _EOF and not typed:
                raise KeyboardInterrupt
            if character in _BACKSPACES:
                del typed[-1:]
            elif character == _CLEAR:
                typed.clear()
            elif character not in _EOF:
                typed.append(character)
