"""The report as a document for other programs and pages; each format is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from wizard.report.model import CodeFrame, Report

FORMATS: Final = ("sarif", "markdown", "html", "junit")


def render_document(name: str, report: Report, frames: Mapping[str, CodeFrame]) -> str:
    """The report in one of `FORMATS`, as text that UTF-8 can carry, with a line end.

    Args:
        name: the format.
        report: what was found.
        frames: code frames by finding id; not every format shows them.
    """
    module: Any = import_module(f"wizard.report.documents.{name}")
    text: str = module.render(report, frames)
    return text
