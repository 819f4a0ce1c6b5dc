"""What can go wrong when a document is read or changed.

No message repeats text of the document: it may be a secret.
"""

from wizard.json5doc.lines import LineIndex
from wizard.json5doc.paths import Path, format_path


class Json5SyntaxError(Exception):
    """The text is not JSON5.

    Attributes:
        reason: A plain sentence fragment, such as "a comma is missing before this".
        offset: Where, as a 0-based code point offset.
        line: Where, as a line counted from 1.
        column: Where in the line, in code points counted from 1.
    """

    def __init__(self, text: str, offset: int, reason: str) -> None:
        position = LineIndex(text).position(offset)
        super().__init__(f"line {position.line}, column {position.column}: {reason}")
        self.reason = reason
        self.offset = offset
        self.line = position.line
        self.column = position.column


class Json5EditError(Exception):
    """A document cannot be changed in the wanted way, or the changed text does not mean what was intended.

    Attributes:
        path: The value that was to be changed, or the first one that differs.
        reason: A plain sentence fragment.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{format_path(path)}: {reason}")
        self.path = path
        self.reason = reason
