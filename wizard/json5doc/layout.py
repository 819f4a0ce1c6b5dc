"""How the children of an object or array stand in the text: the gaps before, between and after them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, cast

from wizard.json5doc.grammar import BYTE_ORDER_MARK, LINE_ENDS, WHITE_SPACE
from wizard.json5doc.lexer import BLOCK_COMMENT, LINE_COMMENT
from wizard.json5doc.nodes import ContainerNode, Member, Node, value_node, walk

PieceKind: TypeAlias = Literal["line_break", "space", "line_comment", "block_comment", "comma"]

_PIECE = re.compile(
    rf"""
    (?P<line_break>\r\n|[{LINE_ENDS}])
  | (?P<space>(?:(?![{LINE_ENDS}])[{WHITE_SPACE}])+)
  | (?P<line_comment>{LINE_COMMENT})
  | (?P<block_comment>{BLOCK_COMMENT})
  | (?P<comma>,)
    """,
    re.VERBOSE,
)
_LINE_BREAK = re.compile(rf"\r\n|[{LINE_ENDS}]")


class Piece(NamedTuple):
    """One line break, run of spaces, comment or comma."""

    kind: PieceKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """The text before, between or after children: white space, comments, and a comma where one is written."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def comma(self) -> Piece | None:
        """Gives the comma."""
        return next((piece for piece in self.pieces if piece.kind == "comma"), None)

    @property
    def comments(self) -> tuple[Piece, ...]:
        """Gives the comments."""
        return tuple(piece for piece in self.pieces if piece.kind in {"line_comment", "block_comment"})

    @property
    def content_end(self) -> int:
        """Gives the offset where the last comment or comma ends, or the start of a gap without."""
        content = (piece.end for piece in self.pieces if piece.kind not in {"space", "line_break"})
        return max(content, default=self.start)

    @property
    def indent_start(self) -> int:
        """Gives the offset where the spaces at its end begin."""
        spaces = self.pieces and self.pieces[-1].kind == "space"
        return self.pieces[-1].start if spaces else self.end

    def line_break(self, since: int = 0) -> Piece | None:
        """Finds the first line break outside of comments that starts at the offset `since` or later."""
        return next((piece for piece in self.pieces if piece.kind == "line_break" and piece.start >= since), None)

    def has(self, kind: PieceKind) -> bool:
        """Tells whether there is such a piece."""
        return any(piece.kind == kind for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Layout:
    """An object or array in its text."""

    text: str
    node: ContainerNode

    @property
    def children(self) -> tuple[Member | Node, ...]:
        """Gives the members or items."""
        return self.node.children

    def gap(self, index: int) -> Gap:
        """Gives the gap before the child `index`; the one after the last child has the index one further."""
        children = self.children
        start = children[index - 1].end if index else self.node.start + 1
        end = children[index].start if index < len(children) else self.node.end - 1
        return Gap(start, end, tuple(_pieces(self.text, start, end)))

    @property
    def gaps(self) -> Iterator[Gap]:
        """Yields every gap, one more than there are children."""
        return map(self.gap, range(len(self.children) + 1))

    @property
    def spans_lines(self) -> bool:
        """Tells whether its brackets are on different lines."""
        return has_line_break(self.text, self.node.start, self.node.end)


def layouts(text: str, root: Node) -> Iterator[Layout]:
    """Yields every object and array of a document."""
    return (Layout(text, node) for _, node in walk(root) if isinstance(node, ContainerNode))


def enclosing(text: str, root: Node, node: Node) -> tuple[Layout, int] | None:
    """Finds the object or array that `node` is a child of, and which one; None for the root."""
    for layout in layouts(text, root):
        for index, child in enumerate(layout.children):
            if value_node(child) is node:
                return layout, index
    return None


def has_line_break(text: str, start: int, end: int) -> bool:
    """Tells whether a line ends within a span, be it in a comment or a string."""
    return _LINE_BREAK.search(text, start, end) is not None


def line_before(text: str, offset: int) -> str:
    """Gives the part of a line before an offset."""
    start = 1 + max(text.rfind(end, 0, offset) for end in LINE_ENDS)
    return text[start:offset].removeprefix(BYTE_ORDER_MARK)


def line_after(text: str, offset: int) -> str:
    """Gives the part of a line after an offset."""
    line_break = _LINE_BREAK.search(text, offset)
    return text[offset : line_break.start() if line_break else None]


def margin_at(text: str, offset: int) -> str:
    """Gives the spaces and tabs at the start of the line that holds the offset."""
    line = line_before(text, offset)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    for match in _PIECE.finditer(text, start, end):
        yield Piece(cast("PieceKind", match.lastgroup), *match.span())
