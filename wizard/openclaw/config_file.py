"""OpenClaw's config file as evidence: read, parsed with positions, secrets replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import FileText, FileTrouble, UnreadableFileError, read_text
from wizard.json5doc import Document, Json5SyntaxError
from wizard.json5doc.nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from wizard.keys.vault import Vault
from wizard.openclaw.locate import Located
from wizard.openclaw.redaction import is_for_sight, redact_config_string, redact_named, redact_place, redact_text
from wizard.openclaw.references import place_names
from wizard.openclaw.seen import ConfigFile, ConfigPath, ConfigProblem, ConfigTrouble, NodePlace, Span

_TROUBLES: Final = {
    FileTrouble.MISSING: ConfigTrouble.MISSING,
    FileTrouble.NOT_A_FILE: ConfigTrouble.NOT_A_FILE,
    FileTrouble.NO_PERMISSION: ConfigTrouble.NO_PERMISSION,
    FileTrouble.NOT_UTF8: ConfigTrouble.NOT_UTF8,
    FileTrouble.TOO_LARGE: ConfigTrouble.TOO_LARGE,
    FileTrouble.IO: ConfigTrouble.IO,
}
# A name and the string behind it, in a text that is no JSON5: the quotes may be missing, or not end.
_NAMED: Final = re.compile(
    r"""
    (?P<name>"[^"\n]*"|'[^'\n]*'|(?<![\w$-])[\w$-]+)
    (?: [^\S\n]*[:=]?\s*(?: "(?P<double>(?:\\.|[^"\\\n])*)"? | '(?P<single>(?:\\.|[^'\\\n])*)'? )
      | [^\S\n]*[:=][^\S\n]*(?![\w.$-]+["']?\s?[:=][\s"'`])(?P<bare>[^\s"'{}\[\],][^\s{}\[\],]*)
    )
    """,
    re.VERBOSE,
)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def read_config(located: Located, environment: Environment, vault: Vault) -> ConfigFile:
    """Reads the active config; a file that cannot be read or parsed comes back with its problem."""
    shown = environment.display(located.path)
    try:
        file = read_text(located.path, limit=limits.CONFIG_BYTES)
    except UnreadableFileError as error:
        lines = error.readable.count("\n") + 1 if error.trouble is FileTrouble.NOT_UTF8 else 0
        column = len(error.readable) - error.readable.rfind("\n") if lines else 0
        problem = ConfigProblem(_TROUBLES[error.trouble], error.detail, lines, column)
        return ConfigFile(shown, located.selected_by, problem)
    return parse_config(file, shown, located.selected_by, vault)


def parse_config(file: FileText, shown: str, selected_by: str, vault: Vault) -> ConfigFile:
    """A config's text as evidence."""
    try:
        document = Document.parse(file.text)
    except Json5SyntaxError as error:
        syntax = ConfigProblem(ConfigTrouble.SYNTAX, error.reason, error.line, error.column)
        lines = _lines(_redact_unparsable(file.text, shown, vault))
        return ConfigFile(shown, selected_by, syntax, lines, mode=file.mode, symlink=file.symlink)
    redacted, value = _redact(document, shown, vault)
    is_object = isinstance(document.root, ObjectNode)
    problem = None if is_object else ConfigProblem(ConfigTrouble.NOT_AN_OBJECT, "its top level is not an object", 1, 1)
    config = ConfigFile(
        path=shown,
        selected_by=selected_by,
        problem=problem,
        lines=_lines(redacted),
        value=value,
        places=tuple(_places(document)),
        duplicates=tuple(path for path, _ in document.duplicates()),
        mode=file.mode,
        symlink=file.symlink,
        strict_json=_is_strict_json(file.text),
    )
    return redact_known(config, vault)


def redact_known(config: ConfigFile, vault: Vault) -> ConfigFile:
    """The config without the secrets that were met since, here or elsewhere; addresses and names stay as they are."""
    lines = tuple(map(vault.redact, config.lines))
    return replace(config, lines=lines, value=_without_known(vault, config.value))


def _without_known(vault: Vault, value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _without_known(vault, item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_known(vault, item, name) for item in value]
    return vault.redact(value) if isinstance(value, str) and not is_for_sight(name) else value


def _is_strict_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _redact(document: Document, source: str, vault: Vault) -> tuple[str, Any]:
    """The document's text and value with handles; equal strings are replaced in both alike."""
    pieces: list[str] = []
    position = 0
    places = place_names(document.value)

    def hide(node: StringNode, path: ConfigPath) -> str:
        nonlocal position
        is_place = path[:1] == ("env",) and path[-1] in places
        if is_place:
            shown = redact_place(vault, node.value, source)
        else:
            shown = redact_config_string(vault, path, node.value, source)
        pieces.append(redact_text(vault, document.text[position : node.start], source))
        raw = document.text[node.start : node.end]
        # A string continued over lines must stay as tall as it was, or every line below it would move.
        breaks = "".join("\\" + end for end in _LINE_END.findall(raw))
        pieces.append(raw if shown == node.value else raw[0] + shown + breaks + raw[-1])
        position = node.end
        return shown

    value = _plain(document.root, (), hide)
    pieces.append(redact_text(vault, document.text[position:], source))
    return "".join(pieces), value


def _plain(node: Node, path: ConfigPath, hide: Any) -> Any:
    if isinstance(node, StringNode):
        return hide(node, path)
    if isinstance(node, ObjectNode):
        return {member.key: _plain(member.value, (*path, member.key), hide) for member in node.members}
    if isinstance(node, ArrayNode):
        return [_plain(item, (*path, index), hide) for index, item in enumerate(node.items)]
    return getattr(node, "value", None)


def _places(document: Document) -> Iterator[NodePlace]:
    for path, node, member in _walk(document.root, (), None):
        key = _span(document, *member.key_span) if member else None
        yield NodePlace(path, key, _span(document, node.start, node.end))


def _walk(node: Node, path: ConfigPath, member: Member | None) -> Iterator[tuple[ConfigPath, Node, Member | None]]:
    yield path, node, member
    if isinstance(node, ObjectNode):
        for child in node.members:
            yield from _walk(child.value, (*path, child.key), child)
    elif isinstance(node, ArrayNode):
        for index, item in enumerate(node.items):
            yield from _walk(item, (*path, index), None)


def _span(document: Document, start: int, end: int) -> Span:
    position = document.position_at(start)
    first_line = _LINE_END.split(document.text[start:end], maxsplit=1)[0]
    return Span(position.line, position.column, max(1, len(first_line)))


def _lines(text: str) -> tuple[str, ...]:
    """The lines as positions count them: an editor starts none at a form feed or at U+2028."""
    lines = _LINE_END.split(text)
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def _redact_unparsable(text: str, source: str, vault: Vault) -> str:
    """The text of a broken file: what stands behind a secret's name is hidden, and all that looks like a key."""

    def hide(found: re.Match[str]) -> str:
        value = next((found[kind] for kind in ("double", "single", "bare") if found[kind]), "")
        shown = redact_named(vault, found["name"].strip("\"'"), value, source)
        if shown == value or (found["bare"] and _is_number(value)):
            return found.group()
        start = found.group().rindex(value)
        return found.group()[:start] + shown + found.group()[start + len(value) :]

    return vault.redact(redact_text(vault, _NAMED.sub(hide, text), source))


def _is_number(text: str) -> bool:
    return text in ("true", "false", "null") or text.replace(".", "").isdigit()
