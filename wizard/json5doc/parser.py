"""Tokens to nodes: recursive descent, with every mistake worded by `mistakes`."""

from wizard.json5doc.errors import Json5SyntaxError
from wizard.json5doc.lexer import Token, tokens
from wizard.json5doc.literals import key_value, number_value, string_value
from wizard.json5doc.mistakes import Wanted, explain
from wizard.json5doc.nodes import (
    ArrayNode,
    BoolNode,
    Member,
    Node,
    NullNode,
    NumberNode,
    ObjectNode,
    Span,
    StringNode,
)

MAX_DEPTH = 200
"""How many objects and arrays may stand in one another: far more than any config has, and no deep recursion."""


def parse(text: str) -> Node:
    """Reads a JSON5 document into its root node.

    Raises:
        Json5SyntaxError: The text is not JSON5, or nested deeper than `MAX_DEPTH`.
    """
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._next = tokens(text).__next__
        self._depth = 0

    def document(self) -> Node:
        root = self._value(self._next())
        token = self._next()
        if token.kind != "end":
            raise self._mistake(token, "nothing more")
        return root

    def _value(self, token: Token) -> Node:
        if token.kind == "string":
            return StringNode(token.start, token.end, string_value(self._text, token.start, token.end))
        if token.kind == "bare":
            return self._bare_value(token)
        if token.kind == "{":
            return self._object(token)
        if token.kind == "[":
            return self._array(token)
        raise self._mistake(token, "a value")

    def _bare_value(self, token: Token) -> Node:
        _, start, end = token
        raw = self._text[start:end]
        if raw in {"true", "false"}:
            return BoolNode(start, end, raw == "true")
        if raw == "null":
            return NullNode(start, end)
        number = number_value(raw)
        if number is None:
            raise self._mistake(token, "a value")
        return NumberNode(start, end, number, raw)

    def _object(self, opener: Token) -> ObjectNode:
        self._descend(opener)
        members = []
        token = self._next()
        while token.kind != "}":
            key = self._key(token)
            colon = self._next()
            if colon.kind != ":":
                raise self._mistake(colon, "a colon")
            value = self._value(self._next())
            members.append(Member(key, Span(token.start, token.end), value))
            token = self._after_child("}")
        self._depth -= 1
        return ObjectNode(opener.start, token.end, tuple(members))

    def _array(self, opener: Token) -> ArrayNode:
        self._descend(opener)
        items = []
        token = self._next()
        while token.kind != "]":
            items.append(self._value(token))
            token = self._after_child("]")
        self._depth -= 1
        return ArrayNode(opener.start, token.end, tuple(items))

    def _key(self, token: Token) -> str:
        if token.kind == "string":
            return string_value(self._text, token.start, token.end)
        key = key_value(self._text, token.start, token.end) if token.kind == "bare" else None
        if key is None:
            raise self._mistake(token, "a key")
        return key

    def _after_child(self, closer: str) -> Token:
        """Takes the comma, if there is one, and gives the token behind it: the next child or the closer."""
        token = self._next()
        if token.kind == ",":
            return self._next()
        if token.kind != closer:
            raise self._mistake(token, "a comma")
        return token

    def _descend(self, opener: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Json5SyntaxError(self._text, opener.start, f"this is nested deeper than {MAX_DEPTH} levels")

    def _mistake(self, token: Token, wanted: Wanted) -> Json5SyntaxError:
        return Json5SyntaxError(self._text, token.start, explain(self._text, token, wanted))
