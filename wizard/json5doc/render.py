"""Plain values as JSON5 text, on one line or laid out over several."""

from dataclasses import replace

from wizard.json5doc.nodes import JsonValue
from wizard.json5doc.quoting import quote, quote_key
from wizard.json5doc.style import Style
from wizard.json5doc.values import plain_copy

# A list of scalars up to this many characters stays on one line.
_LIST_WIDTH = 72

# What Python calls by other names than JSON5; any other number is written alike in both.
_WORDS = {
    "None": "null",
    "True": "true",
    "False": "false",
    "nan": "NaN",
    "inf": "Infinity",
    "-inf": "-Infinity",
}


def render(value: object, *, indent: str = "  ", level: int = 0, style: Style | None = None) -> str:
    """Writes a value readably: objects one member a line, short lists of scalars on one line.

    Args:
        value: What to write.
        indent: What one level of nesting adds at the start of a line.
        level: How many levels deep the line is on which the text will start; the first line itself gets no indent.
        style: Quotes, key style, commas and line ends; by default those of strict JSON.

    Raises:
        Json5EditError: A part of the value has no JSON5 form.
    """
    return lay_out(plain_copy(value), indent * level, replace(style or Style(), indent=indent))


def lay_out(value: JsonValue, margin: str, style: Style) -> str:
    """Writes a value over several lines; `margin` is what the line starts with on which the value begins."""
    inner = margin + style.indent
    if isinstance(value, dict) and value:
        members = [key_text(key, style) + lay_out(item, inner, style) for key, item in value.items()]
        return "{" + _on_own_lines(members, margin, style) + "}"
    if isinstance(value, list) and value and not _is_short_list(value, style):
        items = [lay_out(item, inner, style) for item in value]
        return "[" + _on_own_lines(items, margin, style) + "]"
    return one_line(value, style)


def one_line(value: JsonValue, style: Style) -> str:
    """Writes a value on one line."""
    if isinstance(value, dict):
        members = [key_text(key, style) + one_line(item, style) for key, item in value.items()]
        padding = style.padding if value else ""
        return f"{{{padding}{style.comma.join(members)}{padding}}}"
    if isinstance(value, list):
        return f"[{style.comma.join([one_line(item, style) for item in value])}]"
    if isinstance(value, str):
        return quote(value, style.quote)
    return _WORDS.get(repr(value), repr(value))


def key_text(key: str, style: Style) -> str:
    """Writes a key with its colon."""
    return quote_key(key, mark=style.quote, bare=style.bare_keys) + style.colon


def _on_own_lines(children: list[str], margin: str, style: Style) -> str:
    separator = f",{style.newline}{margin}{style.indent}"
    last_comma = "," if style.trailing_comma else ""
    return f"{separator[1:]}{separator.join(children)}{last_comma}{style.newline}{margin}"


def _is_short_list(items: list[JsonValue], style: Style) -> bool:
    if any(isinstance(item, dict | list) for item in items):
        return False
    return len(one_line(items, style)) <= _LIST_WIDTH
