"""The findings that may lie behind words seen in OpenClaw, as a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.checks.registry import title_of
from wizard.diagnosis.messages.search import Candidate, Known
from wizard.diagnosis.messages.signs import SIGNS
from wizard.terminal.cells import padded
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.words import joined

# More than these are no help; the words were too common.
_LISTED: Final = 12
_LABEL: Final = 8


def document(found: Sequence[Candidate]) -> dict[str, Any]:
    """The JSON of an explained text; `findings` come best first."""
    return {
        "messages": [{"text": known.text, "versions": list(known.versions)} for known in _texts(found)],
        "findings": [
            {
                "code": candidate.code,
                "slug": CATALOGUE[candidate.code].slug,
                "title": title_of(candidate.code),
                "sign": SIGNS[candidate.code],
                "docs": CATALOGUE[candidate.code].page,
            }
            for candidate in found
        ],
        "next": "portkey-claw doctor",
    }


def print_candidates(found: Sequence[Candidate], console: Console) -> None:
    """Prints whose words they are and, where there are several findings behind them, how to tell these apart."""
    texts = _texts(found)
    versions = list(dict.fromkeys(version for known in texts for version in known.versions))
    who = f"OpenClaw {joined(versions)}" if versions else "Portkey or the network"
    if len(found) == 1:
        code = found[0].code
        console.line(f"Words of {who}, for {code} {CATALOGUE[code].slug}.")
        console.blank()
        return
    console.line(Span(f"Words of {who}. They fit {len(found)} findings, the most usual first:", Tone.STRONG))
    console.blank()
    for candidate in found[:_LISTED]:
        _print_candidate(candidate, console)
    console.blank()
    if len(found) > _LISTED:
        console.line(f"And {len(found) - _LISTED} more: with more of the line that was shown there would be fewer.")
    console.line("portkey-claw doctor finds out which one it is.")
    console.line(f"portkey-claw explain {found[0].code} has the page of one.")


def _print_candidate(candidate: Candidate, console: Console) -> None:
    code = candidate.code
    slug = CATALOGUE[code].slug
    if console.plain:
        console.line(f"{code} {slug}: {title_of(code)}. Sign: {SIGNS[code]}.")
        return
    console.line(title_of(code), indent=2, label=(Span(f"{code}  ", Tone.CARE),))
    console.line(Span(SIGNS[code], Tone.DIM), indent=2 + _LABEL, label=(Span(padded("sign", 6), Tone.DIM),))


def _texts(found: Sequence[Candidate]) -> tuple[Known, ...]:
    return tuple(dict.fromkeys(known for candidate in found for known in candidate.texts))
