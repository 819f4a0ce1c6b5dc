"""The findings' pages, shipped with the program."""

from __future__ import annotations

from pathlib import Path

from wizard.diagnosis.catalogue import CATALOGUE

_BESIDE = Path(__file__).parent / "pages"
# In a checkout the pages are where readers look for them; a wheel carries a copy.
_CHECKOUT = Path(__file__).parents[2] / "docs" / "findings"


def page_of(code: str) -> str:
    """The Markdown page of a code.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    folder = _BESIDE if _BESIDE.is_dir() else _CHECKOUT
    return (folder / Path(CATALOGUE[code].page).name).read_text(encoding="utf-8").rstrip()
