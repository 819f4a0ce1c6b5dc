"""A value in the place of another."""

from dataclasses import replace

from wizard.json5doc.layout import Layout, enclosing, line_after, line_before, margin_at
from wizard.json5doc.nodes import ContainerNode, JsonValue, Node, StringNode
from wizard.json5doc.render import lay_out, one_line
from wizard.json5doc.splices import Splice
from wizard.json5doc.style import Style, style_near

LINE_WIDTH = 100
"""No line is made longer than this by writing an object or array into it, unless it is longer already."""


def replacement(text: str, root: Node, node: Node, value: JsonValue) -> Splice:
    """Writes `value` over `node`: on one line where `node` shares its line with other values, or was on one itself.

    A string keeps its kind of quotes. Comments within `node` go with it.
    """
    place = enclosing(text, root, node)
    filled = isinstance(node, ContainerNode) and bool(node.children)
    style = style_near(text, root, node if filled or place is None else place[0].node)
    if isinstance(node, StringNode):
        style = replace(style, quote=text[node.start])
    if isinstance(node, ContainerNode) and filled:
        on_one_line = not Layout(text, node).spans_lines
    else:
        on_one_line = place is not None and not place[0].gap(place[1]).has("line_break")
    room = room_at(text, node.start, node.end) if on_one_line else 0
    return Splice(node.start, node.end, fitted(value, margin_at(text, node.start), room, style))


def fitted(value: JsonValue, margin: str, room: float, style: Style) -> str:
    """Writes a value on one line if it fits into `room` characters, else laid out from a line with this margin."""
    single = one_line(value, style)
    return single if len(single) <= room else lay_out(value, margin, style)


def room_at(text: str, start: int, end: int) -> float:
    """Gives the characters that a line has room for in place of a span; one that is too long anyway has no end."""
    taken = len(line_before(text, start)) + len(line_after(text, end))
    return float("inf") if taken + end - start > LINE_WIDTH else LINE_WIDTH - taken
