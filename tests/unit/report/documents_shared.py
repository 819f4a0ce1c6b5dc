"""What the tests of all documents share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import product

from tests.hostile_texts import CORPUS, TIES, poisoned
from tests.sample_reports import SAMPLES, Sample
from wizard.report.documents import render_document

# The time and the codes are our own, and a document's schema may ask for their form.
SPARED = (*TIES, "generated_at", "passed")
HOSTILE = tuple(product(("several", "unknown", "repaired", "unreadable-config", "healthy"), CORPUS))


def rendered(name: str, sample: Sample | str) -> str:
    report, frames = SAMPLES[sample] if isinstance(sample, str) else sample
    return render_document(name, report, frames)


def hostile(name: str, sample: str, text: str) -> str:
    return rendered(name, poisoned(SAMPLES[sample], text, spare=SPARED))


def acting(text: str) -> set[str]:
    """The characters in a text that do more than show themselves."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n"}


def shape_of(read: Callable[[str], object], name: str, sample: str) -> object:
    """What a document comes to when all its texts are one harmless word."""
    return read(hostile(name, sample, "word"))
