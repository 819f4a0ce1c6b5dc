"""Every check by its code. A check is a pure function from evidence to findings."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Severity

Check = Callable[[Evidence], Iterable[Finding]]

_CHECKS: Final[dict[str, Check]] = {}


def check(code: str) -> Callable[[Check], Check]:
    """Enters a function as the check of a code; its docstring's first line is the finding's title."""

    def enter(function: Check) -> Check:
        if code not in CATALOGUE:
            raise ValueError(f"{code} is not in the catalogue")
        if code in _CHECKS:
            raise ValueError(f"{code} has two checks")
        _CHECKS[code] = function
        return function

    return enter


@cache
def all_checks() -> dict[str, Check]:
    """All checks, by code in ascending order."""
    package = importlib.import_module("wizard.diagnosis.checks")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.ispkg:
            importlib.import_module(module.name)
    return dict(sorted(_CHECKS.items()))


def title_of(code: str) -> str:
    """A finding's title: a clause that can follow a colon, without a full stop."""
    sentence = (_CHECKS[code].__doc__ or "").strip().splitlines()[0].removesuffix(".")
    first = sentence.partition(" ")[0]
    return sentence if first.startswith(_NAMES) else sentence[:1].lower() + sentence[1:]


# They keep their capital inside a sentence.
_NAMES: Final = ("OpenClaw", "Portkey")


def found(
    code: str,
    message: str,
    remedy: Remedy,
    *,
    severity: Severity = Severity.ERROR,
    confidence: Confidence = Confidence.CERTAIN,
    **parts: Any,
) -> Finding:
    """A finding of a code; hop and title are the catalogue's and the check's own."""
    return Finding(
        code=code,
        severity=severity,
        confidence=confidence,
        hop=CATALOGUE[code].hop,
        title=title_of(code),
        message=message,
        remedy=remedy,
        **parts,
    )
