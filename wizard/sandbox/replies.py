"""A model's reply apart from any vendor's format: what the format modules parse into and render from."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Finish = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class End:
    """The end of a reply: why it ended, and what it used in tokens."""

    finish: Finish
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A whole reply: the pieces of its text as a stream delivers them, one a token."""

    model: str
    pieces: tuple[str, ...]
    end: End

    @property
    def text(self) -> str:
        """The pieces joined."""
        return "".join(self.pieces)

    def events(self) -> Iterator[str | End]:
        """The reply as a stream: its pieces, then its end."""
        yield from self.pieces
        yield self.end


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, its content flattened to text."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request for a reply apart from any vendor's format."""

    model: str
    system: str
    turns: tuple[Turn, ...]
    max_tokens: int | None
    stream: bool


def new_id(prefix: str) -> str:
    """A fresh id as the vendors make them: a prefix and random letters."""
    return prefix + secrets.token_hex(12)


def sse(data: Mapping[str, Any] | str, event: str | None = None) -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {text}\n\n".encode()


def read_sse(pieces: Iterable[bytes]) -> Iterator[str]:
    """The data of each server-sent event in a stream of bytes."""
    buffer = b""
    for piece in pieces:
        buffer += piece.replace(b"\r\n", b"\n")
        while (end := buffer.find(b"\n\n")) >= 0:
            block, buffer = buffer[:end], buffer[end + 2 :]
            lines = [line[5:].strip() for line in block.split(b"\n") if line.startswith(b"data:")]
            if lines:
                yield b"\n".join(lines).decode()


def flatten(content: Any) -> str:
    """The text of a message's content: a string, or a list of parts with `text`."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, dict) and "text" in part)
    return ""


def count_tokens(body: Any) -> int:
    """A rough count of a request's input tokens: four characters of its JSON to a token."""
    return max(1, len(json.dumps(body, ensure_ascii=False)) // 4)


def to_turns(messages: Any) -> tuple[str, tuple[Turn, ...]]:
    """Splits a list of messages into the system text and the turns of user and assistant."""
    system: list[str] = []
    turns: list[Turn] = []
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, dict):
            continue
        text = flatten(message.get("content"))
        if message.get("role") in {"system", "developer"}:
            system.append(text)
        elif message.get("role") == "assistant":
            turns.append(Turn("assistant", text))
        else:
            turns.append(Turn("user", text))
    return "\n".join(system), tuple(turns)
