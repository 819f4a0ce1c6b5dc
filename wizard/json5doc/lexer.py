"""Text to tokens.

One regular expression takes the white space and comments before a token together with the token. It matches at
every offset of every text, and each of its loops is possessive, so the time is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from wizard.json5doc.grammar import LINE_ENDS, WHITE_SPACE

LINE_COMMENT = rf"//[^{LINE_ENDS}]*+"
BLOCK_COMMENT = r"/\*[\s\S]*?\*/"

TokenKind: TypeAlias = Literal[
    "{", "}", "[", "]", ":", ",", "string", "bare", "unclosed string", "unclosed comment", "end"
]


class Token(NamedTuple):
    """A stretch of the text that is neither white space nor comment.

    A `bare` token is any run without quotes: a word, a number, or a mistake. What it is depends on where it
    stands (`NaN` may be a key), so the parser decides. Semicolons and equals signs, which never fit, are runs of
    their own, so that the word before them is read as meant.
    """

    kind: TokenKind
    start: int
    end: int


def _string(quote: str) -> str:
    plain = rf"[^{quote}\\\n\r]*+"
    return rf"{quote}{plain}(?:\\(?:\r\n|[\s\S]){plain})*+{quote}"


_TOKEN = re.compile(
    rf"""
    (?: [{WHITE_SPACE}]++ | {LINE_COMMENT} | {BLOCK_COMMENT} )*+
    (?:
        ([{{}}\[\]:,])
      | ({_string('"')} | {_string("'")})
      | ((?: [^{WHITE_SPACE}{{}}\[\]:,"'/;=]++ | /(?![/*]) )++ | [;=]++)
      | (["'] [^\n\r]*+)
      | (/\*)
      | \Z
    )
    """,
    re.VERBOSE,
)
_KINDS: tuple[TokenKind, ...] = ("end", "end", "string", "bare", "unclosed string", "unclosed comment")


def tokens(text: str) -> Iterator[Token]:
    """Yields the tokens of a text in order; the last one is `end`, or an unclosed string or comment."""
    match_token = _TOKEN.match
    position = 0
    while match := match_token(text, position):
        group = match.lastindex or 0
        start, position = match.span(group) if group else (match.end(), match.end())
        yield Token(text[start] if group == 1 else _KINDS[group], start, position)  # type: ignore[arg-type]
        if group in {0, 4, 5}:
            return
