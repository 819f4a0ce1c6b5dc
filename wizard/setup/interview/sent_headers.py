"""Step 3: which of the headers that an entry sends besides stay, where it is changed."""

from __future__ import annotations

from typing import Final

from wizard.portkey import headers
from wizard.setup.interview.talk import CHANGE, Talk
from wizard.setup.prompter.model import Choice, ManyPrompt

_BY_HEADER: Final = {headers.TRACE_ID: "trace_id", headers.METADATA: "metadata"}


def sent_headers(talk: Talk) -> bool:
    """Asks which of the trace id and the metadata are still wanted."""
    present = _present(talk)
    asked = {
        question: value
        for question, value in present.items()
        if not talk.stated(question) and not _cleared(talk, question)
    }
    if talk.mode != CHANGE or not asked:
        return False
    talk.step(3)
    choices = [Choice(question, _header(question), value) for question, value in asked.items()]
    chosen = [question for question in asked if not talk.answers.get(f"clear_{question}")]
    prompt = ManyPrompt("headers", "Headers to keep", choices, chosen, "Sent with every request of this entry.")
    kept = talk.prompter.choose_many(prompt)
    for question in asked:
        talk.answers[f"clear_{question}"] = question not in kept
    return True


def _present(talk: Talk) -> dict[str, str]:
    sent = talk.entry.get("headers")
    pairs = sent.items() if isinstance(sent, dict) else ()
    known = ((_BY_HEADER.get(str(name).lower()), value) for name, value in pairs)
    return {question: value for question, value in known if question is not None and isinstance(value, str)}


def _cleared(talk: Talk, question: str) -> bool:
    return talk.stated(f"clear_{question}")


def _header(question: str) -> str:
    return next(header for header, name in _BY_HEADER.items() if name == question)
