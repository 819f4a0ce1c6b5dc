"""A new member or item.

On lines of their own, children stay on lines of their own: a new one goes below the line of the one before it,
comment at its end included, with the margin of its neighbour. Comments below the last child stay above a new last
one. On a shared line the new child joins the line. The comma habit of the last child is kept.
"""

from dataclasses import dataclass

from wizard.json5doc.layout import Gap, Layout, margin_at
from wizard.json5doc.nodes import ArrayNode, JsonValue, Node, ObjectNode, value_node
from wizard.json5doc.render import key_text
from wizard.json5doc.replacement import LINE_WIDTH, fitted, replacement, room_at
from wizard.json5doc.splices import Splice
from wizard.json5doc.style import Style, style_near


def new_member(text: str, root: Node, node: ObjectNode, key: str, value: JsonValue) -> tuple[Splice, ...]:
    """Adds a member at the end of an object."""
    layout = Layout(text, node)
    if not layout.children and not layout.gap(0).comments:
        return (replacement(text, root, node, {key: value}),)
    style = style_near(text, root, node)
    return _Insertion(layout, style, key_text(key, style), value).at(len(layout.children))


def new_item(text: str, root: Node, node: ArrayNode, index: int, value: JsonValue) -> tuple[Splice, ...]:
    """Adds an item to an array, before the one that has this index now, or at the end."""
    layout = Layout(text, node)
    if not layout.children and not layout.gap(0).comments:
        return (replacement(text, root, node, [value]),)
    return _Insertion(layout, style_near(text, root, node), "", value).at(index)


@dataclass(frozen=True, slots=True)
class _Insertion:
    layout: Layout
    style: Style
    key: str
    """The key with its colon; empty for an item."""
    value: JsonValue

    def at(self, index: int) -> tuple[Splice, ...]:
        if not self.layout.children:
            return self._below_comments(self.layout.gap(0))
        if index == len(self.layout.children):
            return self._after_last()
        return self._before(index)

    def _before(self, index: int) -> tuple[Splice, ...]:
        gap = self.layout.gap(index)
        start = self.layout.children[index].start
        line_break = gap.line_break(since=gap.comma.end if gap.comma else gap.start)
        if line_break is None:
            return (Splice(start, start, self._on_shared_line(start) + self.style.comma),)
        new_line = self._own_line(margin_at(self.layout.text, start))
        return (Splice(line_break.start, line_break.start, f"{new_line},"),)

    def _after_last(self) -> tuple[Splice, ...]:
        count = len(self.layout.children)
        leading, trailing = self.layout.gap(count - 1), self.layout.gap(count)
        if not (leading.has("line_break") or trailing.has("line_comment")):
            return (self._on_last_line(trailing),)
        margin = margin_at(self.layout.text, leading.end) if leading.has("line_break") else self._inner_margin()
        new_line = self._own_line(margin)
        line_end = trailing.line_break(since=trailing.content_end)
        below = line_end.start if line_end else trailing.content_end
        if trailing.comma:
            return (Splice(below, below, f"{new_line},"),)
        return (Splice(trailing.start, trailing.start, ","), Splice(below, below, new_line))

    def _on_last_line(self, trailing: Gap) -> Splice:
        after = trailing.comma.end if trailing.comma else trailing.start
        line_break = trailing.line_break(since=after)
        line_end = line_break.start if line_break else trailing.end
        after = max([after, *(comment.end for comment in trailing.comments if comment.end <= line_end)])
        child = self._on_shared_line(after)
        if trailing.comma:
            return Splice(after, after, f"{self.style.comma[1:]}{child},")
        return Splice(after, after, self.style.comma + child)

    def _below_comments(self, gap: Gap) -> tuple[Splice, ...]:
        last = gap.comments[-1]
        if not gap.has("line_break"):
            return (Splice(last.end, last.end, f" {self._on_shared_line(last.end)}"),)
        first_break = gap.line_break()
        below_bracket = first_break is not None and first_break.start < last.start
        margin = margin_at(self.layout.text, last.start) if below_bracket else self._inner_margin()
        new_line = self._own_line(margin) + ("," if self.style.trailing_comma else "")
        if line_end := gap.line_break(since=last.end):
            return (Splice(line_end.start, line_end.start, new_line),)
        closing_line = self.style.newline + margin_at(self.layout.text, self.layout.node.start)
        return (Splice(last.end, gap.end, new_line + closing_line),)

    def _inner_margin(self) -> str:
        return margin_at(self.layout.text, self.layout.node.start) + self.style.indent

    def _own_line(self, margin: str) -> str:
        room = LINE_WIDTH - len(margin + self.key) if self._neighbours_are_on_one_line() else 0
        return f"{self.style.newline}{margin}{self.key}{fitted(self.value, margin, room, self.style)}"

    def _on_shared_line(self, offset: int) -> str:
        room = room_at(self.layout.text, offset, offset) - len(self.key + self.style.comma)
        return self.key + fitted(self.value, margin_at(self.layout.text, offset), room, self.style)

    def _neighbours_are_on_one_line(self) -> bool:
        """Tells whether most neighbours of the same kind, object or array, are; the empty ones do not count."""
        kind = ObjectNode if isinstance(self.value, dict) else ArrayNode
        values = map(value_node, self.layout.children)
        filled = [value for value in values if isinstance(value, kind) and value.children]
        spread = sum(Layout(self.layout.text, value).spans_lines for value in filled)
        return spread < len(filled) - spread
