"""Lossless JSON5: reads a hand-written config with positions, and edits it without touching anything else.

`Document` is the whole of it for most callers. An edit splices new text in the style of its surroundings into the old
one, reads the result again, and refuses it if it does not mean what was intended; `confirm` asks a second, independent
reader before the text is written to a file.
"""

from wizard.json5doc.document import Document
from wizard.json5doc.errors import Json5EditError, Json5SyntaxError
from wizard.json5doc.lines import Position
from wizard.json5doc.nodes import (
    ArrayNode,
    BoolNode,
    JsonValue,
    Member,
    Node,
    NullNode,
    NumberNode,
    ObjectNode,
    Span,
    StringNode,
)
from wizard.json5doc.paths import Path, format_path
from wizard.json5doc.render import render
from wizard.json5doc.style import Style
from wizard.json5doc.verify import confirm

__all__ = [
    "ArrayNode",
    "BoolNode",
    "Document",
    "Json5EditError",
    "Json5SyntaxError",
    "JsonValue",
    "Member",
    "Node",
    "NullNode",
    "NumberNode",
    "ObjectNode",
    "Path",
    "Position",
    "Span",
    "StringNode",
    "Style",
    "confirm",
    "format_path",
    "render",
]
