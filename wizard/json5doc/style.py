"""The habits of a document, so that new text looks as if its author had written it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias, TypeVar

from wizard.json5doc.grammar import is_ascii_identifier
from wizard.json5doc.layout import Layout, layouts, margin_at
from wizard.json5doc.nodes import ContainerNode, Member, Node, ObjectNode, StringNode

_T = TypeVar("_T")
_Samples: TypeAlias = Callable[[Iterable[Layout]], Iterator[_T]]

_NEWLINE = re.compile(r"\r\n|\n|\r")
# The habits of a document show in this many objects and arrays; reading all of a huge one would take seconds.
_SAMPLE_SIZE = 500


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written; the defaults are those of strict JSON with two spaces."""

    indent: str = "  "
    """What one level of nesting adds at the start of a line."""
    newline: str = "\n"
    quote: str = '"'
    bare_keys: bool = False
    """Keys have no quotes where they need none."""
    trailing_comma: bool = False
    """The last child of an object or array on several lines has a comma."""
    colon: str = ": "
    comma: str = ", "
    """Between the children of an object or array on one line."""
    padding: str = " "
    """Between the braces and the members of an object on one line."""


def style_near(text: str, root: Node, node: Node) -> Style:
    """Takes each habit from the children of `node` if they show one, else from the document, else the default."""
    near = [Layout(text, node)] if isinstance(node, ContainerNode) else []
    everywhere = list(islice(layouts(text, root), _SAMPLE_SIZE))

    def habit(samples: _Samples[_T], default: _T) -> _T:
        nearest = next(samples(near), None)
        seen = everywhere if nearest is None else near
        return _most_common(samples(seen), default)

    plain = Style()
    colon = habit(_colons, plain.colon)
    return Style(
        indent=habit(_indents, plain.indent),
        newline=_most_common(_NEWLINE.findall(text), plain.newline),
        quote=habit(_quotes, plain.quote),
        bare_keys=habit(_bare_keys, plain.bare_keys),
        trailing_comma=habit(_trailing_commas, plain.trailing_comma),
        colon=colon,
        comma=habit(_commas, "," if colon == ":" else plain.comma),
        padding=habit(_paddings, plain.padding),
    )


def _most_common(samples: Iterable[_T], default: _T) -> _T:
    counted = Counter(samples).most_common(1)
    return counted[0][0] if counted else default


def _members(seen: Iterable[Layout]) -> Iterator[tuple[str, Member]]:
    for layout in seen:
        for child in layout.children:
            if isinstance(child, Member):
                yield layout.text, child


def _indents(seen: Iterable[Layout]) -> Iterator[str]:
    for layout in seen:
        if layout.children and layout.gap(0).has("line_break"):
            outer = margin_at(layout.text, layout.node.start)
            inner = margin_at(layout.text, layout.children[0].start)
            if inner.startswith(outer) and inner != outer:
                yield inner.removeprefix(outer)


def _quotes(seen: Iterable[Layout]) -> Iterator[str]:
    for layout in seen:
        for child in layout.children:
            if layout.text[child.start] in "\"'":
                yield layout.text[child.start]
            if isinstance(child, Member) and isinstance(child.value, StringNode):
                yield layout.text[child.value.start]


def _bare_keys(seen: Iterable[Layout]) -> Iterator[bool]:
    for text, member in _members(seen):
        if is_ascii_identifier(member.key):
            yield text[member.start] not in "\"'"


def _trailing_commas(seen: Iterable[Layout]) -> Iterator[bool]:
    for layout in seen:
        if layout.children and (gap := layout.gap(len(layout.children))).has("line_break"):
            yield gap.comma is not None


def _colons(seen: Iterable[Layout]) -> Iterator[str]:
    for text, member in _members(seen):
        between = text[member.key_span.end : member.value.start]
        if between in {":", ": ", " : "}:
            yield between


def _commas(seen: Iterable[Layout]) -> Iterator[str]:
    for layout in seen:
        for gap in layout.gaps:
            between = layout.text[gap.start : gap.end]
            if between in {",", ", "} and gap.end != layout.node.end - 1:
                yield between


def _paddings(seen: Iterable[Layout]) -> Iterator[str]:
    for layout in seen:
        if isinstance(layout.node, ObjectNode) and layout.children:
            between = layout.text[layout.node.start + 1 : layout.children[0].start]
            if between in {"", " "}:
                yield between
