"""What a person most likely did wrong, told from the token that does not fit and what was wanted in its place.

Reasons name punctuation and words of JSON5 only, never other text of the document: it may be a secret.
"""

import re
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Literal, TypeAlias

from wizard.json5doc.lexer import Token, tokens
from wizard.json5doc.lines import LineIndex

Wanted: TypeAlias = Literal["a value", "a key", "a colon", "a comma", "nothing more"]

_CLOSERS = {"{": "}", "[": "]"}
_NAMES = {"{": "an object", "[": "an array", "}": "an object", "]": "an array"}

# How a run without quotes starts, and what that tells wherever it stands.
_BAD_STARTS = {
    "#": "a comment starts with // here, not with #",
    "`": "a string cannot stand in back quotes: use straight ones",
    **dict.fromkeys("“”„‘’«»", "a string cannot stand in these typographic quotes: use straight ones"),
    **dict.fromkeys(("<<<<<<<", "=======", ">>>>>>>"), "a merge conflict was left here"),
}

# Values of other languages, in lower case.
_FOREIGN_VALUES = {
    "true": "write true in lower case",
    "false": "write false in lower case",
    "null": "write null in lower case",
    **dict.fromkeys(("none", "nil", "undefined"), "the word for no value is null"),
    **dict.fromkeys(("yes", "no", "on", "off"), "write true or false, or put this text in quotes"),
    "nan": "write NaN with a small a between capitals",
    "inf": "write Infinity in full",
    "infinity": "write Infinity with a capital I",
}

_BAD_NUMBERS = (
    (re.compile(r"[+-]"), "a sign must touch its number"),
    (re.compile(r"[+-]?0[0-9]+"), "a number cannot start with 0; text needs quotes"),
    (re.compile(r"[+-]?0[xX][0-9a-fA-F]*"), "0x needs hexadecimal digits"),
    (re.compile(r"[+-]?[0-9][0-9_]*"), "a number cannot hold an underscore"),
    (re.compile(r"[+-]?\.?[0-9].*", re.DOTALL), "this is no number; text needs quotes"),
)


@dataclass(frozen=True, slots=True)
class _Scene:
    text: str
    token: Token
    opener: Token | None
    """The innermost bracket that is still open."""
    previous: Token | None

    @property
    def raw(self) -> str:
        return self.text[self.token.start : self.token.end]

    @property
    def opener_line(self) -> int:
        return LineIndex(self.text).position(self.opener.start if self.opener else 0).line

    def follows(self, *kinds: str) -> bool:
        return self.previous is not None and self.previous.kind in kinds


def explain(text: str, token: Token, wanted: Wanted) -> str:
    """Tells in a sentence fragment why `token` cannot stand where it does.

    Everything before the token is known to be right, and is read again here rather than remembered by the parser.
    """
    stack: list[Token] = []
    previous = None
    for earlier in takewhile(lambda other: other.start < token.start, tokens(text)):
        previous = earlier
        if earlier.kind in _CLOSERS:
            stack.append(earlier)
        elif earlier.kind in _CLOSERS.values():
            stack.pop()
    scene = _Scene(text, token, stack[-1] if stack else None, previous)
    return _anywhere(scene) or _IN_PLACE_OF[wanted](scene)


def _anywhere(scene: _Scene) -> str | None:
    kind = scene.token.kind
    if kind in {"unclosed string", "unclosed comment"}:
        return f"this {kind.removeprefix('unclosed ')} is never closed"
    if kind == "bare":
        return next((reason for start, reason in _BAD_STARTS.items() if scene.raw.startswith(start)), None)
    if scene.opener is None:
        return None
    opener = scene.opener.kind
    if kind == "end":
        return f"end of file inside {_NAMES[opener]} that starts on line {scene.opener_line}"
    if kind in {"}", "]"} and kind != _CLOSERS[opener]:
        return (
            f"{kind} closes {_NAMES[kind]}, but {_NAMES[opener]} is open since line {scene.opener_line}: "
            f"{_CLOSERS[opener]} is missing before this"
        )
    return None


def _instead_of_value(scene: _Scene) -> str:
    kind = scene.token.kind
    if kind == "bare":
        return _instead_of_bare_value(scene)
    if kind == "end":
        return "the file holds comments only" if "/" in scene.text else "the file is empty"
    if kind == ":":
        return "this colon is one too many" if scene.follows(":") else "a colon can stand in an object only"
    if kind == "," and scene.follows(","):
        return "this comma is one too many"
    return "a value is missing before this"


def _instead_of_bare_value(scene: _Scene) -> str:
    if scene.previous is None and [token.kind for token in islice(tokens(scene.text), 2)] == ["bare", ":"]:
        return "a { is missing before the first key"
    word = scene.raw.lstrip("+-").lower()
    if word in _FOREIGN_VALUES:
        return _FOREIGN_VALUES[word]
    reasons = (reason for pattern, reason in _BAD_NUMBERS if pattern.fullmatch(scene.raw))
    return next(reasons, "this text needs quotes")


def _instead_of_key(scene: _Scene) -> str:
    kind = scene.token.kind
    if kind == "bare":
        return "this key needs quotes"
    if kind == "," and scene.follows(","):
        return "this comma is one too many"
    return "a key and its value are missing before this" if kind == "," else "a key is missing before this"


def _instead_of_colon(scene: _Scene) -> str:
    if scene.token.kind in {",", "}"}:
        return "a colon and a value are missing before this"
    if scene.raw.startswith("="):
        return "a colon is needed here, not an equals sign"
    return "a colon is missing before this"


def _instead_of_comma(scene: _Scene) -> str:
    if scene.raw.startswith(";"):
        return "a comma is needed here, not a semicolon"
    if scene.raw.startswith("+"):
        return "strings cannot be joined with +: write one string"
    if scene.token.kind == ":":
        in_array = scene.opener is not None and scene.opener.kind == "["
        return "a colon can stand in an object only" if in_array else "this colon is one too many"
    touching = scene.follows("string") and scene.previous is not None and scene.previous.end == scene.token.start
    if touching and scene.token.kind == "string":
        return "a string starts and ends with one quote; a quote inside it needs a backslash"
    if touching:
        return "a comma is missing before this, or a backslash before a quote inside the string"
    return "a comma is missing before this"


def _after_the_end(scene: _Scene) -> str:
    if scene.token.kind in {"}", "]"}:
        return f"this {scene.token.kind} closes nothing"
    if scene.token.kind == ":":
        return "a { is missing before the first key"
    return "text after the end: the document ended before this"


_IN_PLACE_OF = {
    "a value": _instead_of_value,
    "a key": _instead_of_key,
    "a colon": _instead_of_colon,
    "a comma": _instead_of_comma,
    "nothing more": _after_the_end,
}
