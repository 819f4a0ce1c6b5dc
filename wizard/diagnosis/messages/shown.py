"""What OpenClaw shows for a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from wizard.diagnosis.messages.message import NEWER, OLDER, Message
from wizard.diagnosis.messages.openclaw_texts import OPENCLAW_TEXTS
from wizard.openclaw.versions import AGENTS_LIST_SEEN, parse_version

_PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the user will have seen it, and the version that was measured to say so."""

    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides on OpenClaw's words besides the finding.

    Attributes:
        version: OpenClaw's version, or None where it is not known.
        api: the route's wire format.
        status: the answer's HTTP status, or None where there is none.
        unanswered: whether a request was made and no answer came.
        ref: the model ref.
        provider: the provider entry's id.
        model: the model as it is sent.
        words: what the answer says went wrong.
    """

    version: str | None = None
    api: str | None = None
    status: int | None = None
    unanswered: bool = False
    ref: str = ""
    provider: str = ""
    model: str = ""
    words: str = ""


def shown_for(code: str, turn: Turn) -> Shown | None:
    """The message that the nearest measured version shows for a finding, or None where none was recorded."""
    version = measured_version(turn.version)
    for message in OPENCLAW_TEXTS:
        if code in message.codes and version in message.versions and _fits(message, turn):
            return Shown(_filled(message.text, turn), version)
    return None


def measured_version(version: str | None) -> str:
    """The measured version whose words come nearest: the older one up to itself, else the newer one."""
    numbers = parse_version(version)
    return OLDER if numbers is not None and numbers <= AGENTS_LIST_SEEN else NEWER


def _fits(message: Message, turn: Turn) -> bool:
    if message.apis and turn.api is not None and turn.api not in message.apis:
        return False
    if not message.statuses:
        return True
    return not turn.unanswered if turn.status is None else turn.status in message.statuses


def _filled(text: str, turn: Turn) -> str:
    known = {"ref": turn.ref, "provider": turn.provider, "model": turn.model, "words": turn.words}
    changing = next((found for found in _PLACE.finditer(text) if found[1] not in known), None)
    if changing is not None:
        # What else changes from case to case says nothing; the words up to it are what a reader knows again.
        text = text[: changing.start()].rstrip(' "(:;') + "…"
    return _PLACE.sub(lambda found: known[found[1]] or "…", text)
