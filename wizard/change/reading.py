"""The config as it is to be changed: its text, its meaning, and every reason not to touch it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.base.files import FileText, FileTrouble, UnreadableFileError, read_text
from wizard.change.frame import code_frame, line_of, redacted_column
from wizard.change.raw import FileNow, file_identity, ownership_of, refuse_foreign
from wizard.change.writing import Ownership, link_target
from wizard.json5doc import Document, Json5SyntaxError, format_path
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.seen import ConfigPath
from wizard.openclaw.versions import parse_version


@dataclass(frozen=True)
class ConfigSource:
    """A config that may be changed. Its text holds secrets: it is never shown.

    Attributes:
        path: the file as OpenClaw names it.
        shown: the path as people write it.
        target: the file behind links.
        document: its meaning; an empty object where there is no file.
        digest: the SHA-256 of its bytes, or None where there is no file.
        ownership: what a new version of it gets.
        identity: what tells that it was not touched since, or None where there is no file.
    """

    path: Path
    shown: str
    target: Path
    document: Document = field(repr=False)
    digest: str | None
    ownership: Ownership
    identity: tuple[int, ...] | None

    @property
    def exists(self) -> bool:
        """Whether there is a file yet."""
        return self.digest is not None

    @property
    def value(self) -> Any:
        """The config's plain value."""
        return self.document.value

    @property
    def file(self) -> FileNow:
        """The file as bytes."""
        data = self.document.text.encode("utf-8") if self.exists else None
        return FileNow(self.path, self.shown, self.target, data, self.ownership, self.identity)


def read_source(path: Path, environment: Environment, vault: Vault) -> ConfigSource:
    """Reads the config for a change. A file that is missing reads as an empty object.

    Raises:
        UserError: it cannot be read, is not JSON5, or is no place for an object's members.
    """
    shown = environment.display(path)
    target = link_target(path, environment)
    identity = file_identity(target)
    try:
        file = read_text(target, limit=limits.CONFIG_BYTES)
    except UnreadableFileError as error:
        if error.trouble is FileTrouble.MISSING:
            return ConfigSource(path, shown, target, Document.empty(), None, Ownership(0o600), None)
        raise _unreadable(error, path, environment) from None
    return ConfigSource(
        path=path,
        shown=shown,
        target=target,
        document=_parse(file, path, environment, vault),
        digest=digest_of(file.text),
        ownership=ownership_of(target, file.mode),
        identity=identity,
    )


def digest_of(text: str) -> str:
    """The SHA-256 of a text as the file holds it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def refuse_unsafe(source: ConfigSource, paths: Iterable[ConfigPath], openclaw: str | None) -> None:
    """Stops a change that would do harm.

    Args:
        source: the config.
        paths: the places that are to be changed.
        openclaw: the version of the OpenClaw that was found, or None.

    Raises:
        UserError: the config was written by a newer OpenClaw; a place lies in an included file, or in something
            that is no object; the file is write-protected or somebody else's.
    """
    _refuse_newer(source, openclaw)
    for path in paths:
        _refuse_place(source, path)
    refuse_foreign(source.file)


def _refuse_newer(source: ConfigSource, openclaw: str | None) -> None:
    meta = source.value.get("meta")
    touched = meta.get("lastTouchedVersion") if isinstance(meta, dict) else None
    written_by = parse_version(touched if isinstance(touched, str) else None)
    found = parse_version(openclaw)
    if written_by is not None and found is not None and written_by > found:
        raise not_written(
            f"{source.shown} was last written by OpenClaw {touched}, newer than the {openclaw} found here, "
            "so nothing was changed.",
            "Update this OpenClaw, or put the newer one first on PATH; openclaw --version tells which one runs.",
        )


def _refuse_place(source: ConfigSource, path: ConfigPath) -> None:
    value = source.value
    for index, step in enumerate(path):
        if isinstance(value, dict) and "$include" in value:
            where = format_path(path[:index]) if index else "The whole config"
            raise not_written(
                f"{where} is kept in {_included(value['$include'])} ($include in {source.shown}), "
                "which portkey-claw does not change.",
                f"Put {format_path(path)} into {source.shown} itself, then run this command again.",
            )
        if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
            continue
        if not isinstance(value, dict):
            place = source.document.position(path[:index])
            line = f" (line {place.line})" if place else ""
            raise not_written(
                f"{format_path(path[:index])} in {source.shown}{line} is not an object, so nothing was changed.",
                "OpenClaw refuses it as well: openclaw config validate names the place.",
            )
        if step not in value:
            return
        value = value[step]


def _included(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    return " and ".join(str(name) for name in names) or "another file"


def _parse(file: FileText, path: Path, environment: Environment, vault: Vault) -> Document:
    shown = environment.display(path)
    if not file.text.strip().removeprefix("\ufeff"):
        raise not_written(
            f"{shown} is empty, which OpenClaw itself refuses; nothing was changed.",
            f"Delete it or write {{}} into it, then run this command again.{_backup(path, environment)}",
        )
    try:
        document = Document.parse(file.text)
    except Json5SyntaxError as error:
        raise _not_json5(error, file, path, environment, vault) from None
    if not isinstance(document.value, dict):
        raise not_written(
            f"The top level of {shown} is not an object, so nothing was changed.",
            f"OpenClaw refuses it as well. Mend it or delete it.{_backup(path, environment)}",
        )
    return document


def _not_json5(
    error: Json5SyntaxError, file: FileText, path: Path, environment: Environment, vault: Vault
) -> UserError:
    shown = environment.display(path)
    redacted = line_of(parse_config(file, shown, "", vault).lines, error.line)
    original = line_of(file.text.splitlines(), error.line).removeprefix("\ufeff" if error.line == 1 else "")
    column = redacted_column(original, redacted, error.column)
    frame = code_frame(redacted, error.line, column, error.reason)
    return not_written(
        f"{shown} is not valid JSON5, so nothing was changed.",
        f"{frame}\n\nOpenClaw itself will not start with this file. Mend line {error.line}, then run this command "
        f"again.{_backup(path, environment)}",
    )


def _unreadable(error: UnreadableFileError, path: Path, environment: Environment) -> UserError:
    shown = environment.display(path)
    if error.trouble is FileTrouble.NOT_UTF8:
        line = error.readable.count("\n") + 1
        return not_written(
            f"{shown} is not UTF-8 text (line {line}: {error.detail}), so nothing was changed.",
            f"Save it as UTF-8, then run this command again.{_backup(path, environment)}",
        )
    hints: dict[FileTrouble, str] = {
        FileTrouble.NO_PERMISSION: "Run portkey-claw as the user that OpenClaw runs as.",
        FileTrouble.NOT_A_FILE: "OpenClaw reads its config there: move what is there away, or name another file.",
        FileTrouble.TOO_LARGE: "No OpenClaw config is that large: is it another file?",
    }
    return not_written(
        f"{shown} cannot be read ({error.detail}), so nothing was changed.", hints.get(error.trouble, "")
    )


def _backup(path: Path, environment: Environment) -> str:
    copy = path.with_name(path.name + ".bak")
    try:
        status = copy.stat()
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode) or not status.st_size:
        return ""
    written = datetime.fromtimestamp(status.st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"\nOpenClaw's own last copy is {environment.display(copy)} ({written})."
