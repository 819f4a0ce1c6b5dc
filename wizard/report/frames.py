"""The lines of the config around the place of a finding, secrets replaced."""

from __future__ import annotations

from wizard.diagnosis.model import Evidence, Where
from wizard.diagnosis.ranking import Ranked
from wizard.report.model import CodeFrame

_AROUND = 1


def code_frames(evidence: Evidence, ranked: Ranked) -> dict[str, CodeFrame]:
    """A frame for every finding with a place in the config, by the finding's id."""
    frames: dict[str, CodeFrame] = {}
    for number, finding in enumerate(ranked.findings, 1):
        frame = _frame(evidence, finding.where) if finding.where is not None else None
        if frame is not None:
            frames[f"f{number}"] = frame
    return frames


def _frame(evidence: Evidence, where: Where) -> CodeFrame | None:
    config = evidence.openclaw.config
    if where.file != config.path or not 0 < where.line <= len(config.lines):
        return None
    first = max(1, where.line - _AROUND)
    last = min(len(config.lines), where.line + _AROUND)
    line = config.lines[where.line - 1]
    # A handle on the line moves what stands behind it; the underline must not point at the wrong word.
    moved = "‹" in line
    length = len(line) - where.column + 1 if moved else where.length
    return CodeFrame(first, config.lines[first - 1 : last], where.line, where.column, max(1, length))
