"""A long list, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wizard.setup.prompter.model import Choice
from wizard.setup.prompter.picker import haystacks, matching

PAGE: Final = 15


class Pages:
    """Choices with their numbers; the numbers stay the same whatever is searched for.

    Attributes:
        search: what was searched for.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._texts = haystacks(choices)
        self.search = ""
        self._found = list(range(len(choices)))
        self._said = 0

    @property
    def found(self) -> int:
        """How many choices the search leaves."""
        return len(self._found)

    @property
    def left(self) -> int:
        """How many of them were not shown yet."""
        return len(self._found) - self._said

    def look_for(self, text: str) -> None:
        """Searches anew, from the first page."""
        self.search = text
        self._found = matching(self._texts, text)
        self._said = 0

    def turn(self) -> tuple[tuple[int, Choice], ...]:
        """The next page: numbers from 1 on, and their choices."""
        page = self._found[self._said : self._said + PAGE]
        self._said += len(page)
        return tuple((index + 1, self._choices[index]) for index in page)
