"""One message as the tables have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The two versions whose words were recorded; see docs/facts/openclaw-messages.md.
NEWER: Final = "2026.9.6"
OLDER: Final = "2026.5.7"
BOTH: Final = (NEWER, OLDER)

COMPLETIONS: Final = ("openai-completions",)
ANTHROPIC: Final = ("anthropic-messages",)


@dataclass(frozen=True, slots=True)
class Message:
    """Words that a user meets, and what lies behind them.

    Attributes:
        text: the words; `{ref}` stands for the model ref, `{provider}` for the provider entry's id, `{model}` for the
            model as it is sent, `{words}` for the words of whoever answered, any other `{…}` for what changes.
        codes: the findings that show in these words, the most usual first.
        versions: the OpenClaw versions that were seen to say so; none for words that are not OpenClaw's own, such as
            Portkey's in a log.
        also: further findings that may lie behind it, although they were not seen to or mostly show otherwise.
        apis: the wire formats with which it was seen; none for all.
        statuses: the HTTP statuses with which it was seen; none for all, and for failures without an answer.
        needs: a word without which it is another message that reads much the same.
    """

    text: str
    codes: tuple[str, ...]
    versions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    needs: str = ""
