"""A member or item taken out.

With it go its comma, the comments behind it on its line, and the line itself where it had lines of its own. Comments
on other lines stay, also those right above it: whether they speak of it alone, no program can tell. Where a child
before it shares the line, the comment at the end of that line stays too. The new last child keeps a comma only if the
old one had one, so a file that was strict JSON remains strict JSON. An object or array that is left with white space
only is closed up to `{}` or `[]`.
"""

from dataclasses import dataclass

from wizard.json5doc.layout import Gap, Layout, Piece
from wizard.json5doc.nodes import ContainerNode, Span
from wizard.json5doc.splices import Splice, apply_splices


def removal(text: str, node: ContainerNode, index: int) -> tuple[Splice, ...]:
    """Takes one child out of an object or array."""
    layout = Layout(text, node)
    removed = _Removal(layout.gap(index), layout.gap(index + 1), is_last=index == len(layout.children) - 1)
    splices = removed.splices()
    left = apply_splices(text, splices)
    interior = left[node.start + 1 : node.end - 1 + len(left) - len(text)]
    if len(layout.children) == 1 and not interior.strip():
        return (Splice(node.start + 1, node.end - 1, ""),)
    return splices


@dataclass(frozen=True, slots=True)
class _Removal:
    before: Gap
    after: Gap
    is_last: bool

    def splices(self) -> tuple[Splice, ...]:
        spans = [self._own_lines() or self._share_of_line()]
        comma = self._comma()
        if comma and not spans[0].start <= comma.start < spans[0].end:
            spans.append(Span(comma.start, comma.end))
        return tuple(Splice(*span, "") for span in sorted(spans))

    def _comma(self) -> Piece | None:
        return self.after.comma or (self.before.comma if self.is_last else None)

    def _own_lines(self) -> Span | None:
        """Gives the lines that hold the child, its comma and comments and nothing else, if there are such lines."""
        above = [piece for piece in self.before.pieces if piece.end <= self.before.indent_start]
        line_break = self.after.line_break()
        if not above or above[-1].kind != "line_break" or line_break is None:
            return None
        # From line break to line break, as an insertion puts it in: the last one may be of another kind.
        return Span(above[-1].start, line_break.start)

    def _share_of_line(self) -> Span:
        """Gives the child with what belongs to it on a line that it shares, and the spaces that set it off."""
        previous, line_break = self.before.comma, self.after.line_break()
        first_on_line = previous is None or self.before.line_break(since=previous.end) is not None
        if first_on_line and line_break:
            return Span(self.before.indent_start, line_break.start)
        end = self._touching_end()
        if previous and previous == self._comma() and self.before.content_end == previous.end:
            return Span(previous.start, end)
        if not first_on_line:
            return Span(self.before.indent_start, end)
        if self._nothing_follows(end):
            return Span(self._end_of_line_above() or self.before.indent_start, end)
        spaces = (piece.end for piece in self.after.pieces if piece.kind == "space" and piece.start == end)
        return Span(self.before.end, next(spaces, end))

    def _nothing_follows(self, end: int) -> bool:
        """Tells whether the closing bracket comes next on the line."""
        return self.is_last and all(piece.kind == "space" for piece in self.after.pieces if piece.start >= end)

    def _end_of_line_above(self) -> int | None:
        """Gives the offset where the line above ends, where a closing bracket may take the place of the child there."""
        line_break = self.before.line_break(since=self.before.content_end)
        above = [piece for piece in self.before.pieces if piece.end == self.before.content_end]
        may_join = line_break is not None and bool(above) and above[-1].kind != "line_comment"
        return line_break.start if line_break and may_join else None

    def _touching_end(self) -> int:
        """Gives the end of the comma, or else of the last block comment, that follows on the line of the child."""
        end = self.after.start
        for piece in self.after.pieces:
            if piece.kind in {"line_break", "line_comment"}:
                break
            if piece.kind != "space":
                end = piece.end
            if piece.kind == "comma":
                break
        return end
