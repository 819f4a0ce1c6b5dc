"""A list to choose from, without any terminal: what a search leaves, what is pointed at, what was picked."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.setup.prompter.model import Choice


def haystacks(choices: Sequence[Choice]) -> tuple[str, ...]:
    """What a search looks through, one text a choice."""
    return tuple(f"{choice.label}\n{choice.value}\n{choice.detail}".casefold() for choice in choices)


def matching(texts: Sequence[str], search: str) -> list[int]:
    """The indices of the texts in which every word of the search stands, in their own order."""
    words = search.casefold().split()
    if not words:
        return list(range(len(texts)))
    return [index for index, text in enumerate(texts) if all(word in text for word in words)]


class Picker:
    """The state of a list.

    Attributes:
        choices: all of them.
        shown: the indices of those that the search leaves.
        position: where in `shown` the pointer is; 0 where nothing is shown.
        picked: the indices that were picked, in the order of picking.
    """

    def __init__(self, choices: Sequence[Choice], *, default: str | None = None, chosen: Sequence[str] = ()) -> None:
        self.choices = choices
        self._texts = haystacks(choices)
        self._search = ""
        self._first = 0
        by_value = {choice.value: index for index, choice in enumerate(choices)}
        self.shown = list(range(len(choices)))
        self.picked = [by_value[value] for value in dict.fromkeys(chosen) if value in by_value]
        start = by_value.get(default) if default is not None else None
        self.position = self._takeable() if start is None else start

    @property
    def search(self) -> str:
        """What was searched for."""
        return self._search

    @search.setter
    def search(self, text: str) -> None:
        """Narrows or widens the list; the pointer goes to the first that can be taken, or stays when all is shown."""
        if text == self._search:
            return
        before = self.shown[self.position] if self.shown else None
        self._search = text
        self.shown = matching(self._texts, text)
        self.position = before if before is not None and not text.strip() else self._takeable()

    def matches(self, text: str) -> bool:
        """Whether a search for the text would leave anything."""
        return bool(matching(self._texts, text))

    @property
    def pointed(self) -> Choice | None:
        """The choice under the pointer, or None where nothing is shown."""
        return self.choices[self.shown[self.position]] if self.shown else None

    def move(self, by: int, *, wrap: bool = False) -> None:
        """Moves the pointer; with `wrap` it goes on at the other end, else it stops there."""
        if not self.shown:
            return
        last = len(self.shown) - 1
        target = self.position + by
        self.position = target % (last + 1) if wrap else min(max(target, 0), last)

    def toggle(self) -> None:
        """Picks what is pointed at, or takes the pick back; what is refused stays as it is."""
        if self.pointed is None or self.pointed.refused is not None:
            return
        index = self.shown[self.position]
        if index in self.picked:
            self.picked.remove(index)
        else:
            self.picked.append(index)

    def order_of(self, index: int) -> int | None:
        """The 1-based place of a choice in the order of picking, or None."""
        return self.picked.index(index) + 1 if index in self.picked else None

    def window(self, rows: int) -> range:
        """The positions in `shown` to draw in that many rows; it moves only as far as the pointer makes it."""
        rows = max(rows, 1)
        if self.position < self._first:
            self._first = self.position
        elif self.position >= self._first + rows:
            self._first = self.position - rows + 1
        self._first = max(min(self._first, len(self.shown) - rows), 0)
        return range(self._first, min(self._first + rows, len(self.shown)))

    def _takeable(self) -> int:
        found = (place for place, index in enumerate(self.shown) if self.choices[index].refused is None)
        return next(found, 0)
