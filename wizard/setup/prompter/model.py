"""The prompts that setup knows, as data, and what answers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

YES: Final = ("y", "yes")
NO: Final = ("n", "no")


class BackError(Exception):
    """The person asked for the step before (ctrl-b)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose.

    Attributes:
        value: what the answer is.
        label: its name.
        detail: what stands dimmed behind the name, or an empty text.
        refused: why it cannot be chosen now, or None; it is shown all the same.
    """

    value: str
    label: str
    detail: str = ""
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of an answer while it is typed.

    Attributes:
        refused: why it cannot be taken as it stands, a clause; None where it can.
        note: what else to show beside it, such as its length and fingerprint.
        warning: what to know before it is taken all the same, a clause; empty where there is nothing.
    """

    refused: str | None = None
    note: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class TextPrompt:
    """Asks for a line of text. `id` is the question's, `default` what an empty line means."""

    id: str
    text: str
    default: str | None = None
    judge: Callable[[str], Verdict] = lambda _: Verdict()
    help: str = ""


@dataclass(frozen=True, slots=True)
class SecretPrompt:
    """Asks for a secret that is not shown while it is typed."""

    id: str
    text: str
    judge: Callable[[str], Verdict] = lambda _: Verdict()
    help: str = ""


@dataclass(frozen=True, slots=True)
class ChoicePrompt:
    """Asks for one of several things, thousands perhaps: typing narrows the list.

    Attributes:
        id: the question's.
        text: the question.
        choices: in the order to show.
        default: the value that is pointed at first, or None for the first that is not refused.
        help: a line below the question.
    """

    id: str
    text: str
    choices: Sequence[Choice]
    default: str | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class ManyPrompt:
    """Asks for any number of several things, in the order in which they are picked.

    Attributes:
        id: the question's.
        text: the question.
        choices: in the order to show.
        chosen: the values that are picked already.
        help: a line below the question.
        least: how many must be picked; where it is one, Enter with nothing picked takes what is pointed at.
    """

    id: str
    text: str
    choices: Sequence[Choice]
    chosen: Sequence[str] = ()
    help: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmPrompt:
    """Asks for yes or no; `default` is what an empty answer means."""

    id: str
    text: str
    default: bool = False
    help: str = ""


Prompt: TypeAlias = TextPrompt | SecretPrompt | ChoicePrompt | ManyPrompt | ConfirmPrompt


class Prompter(Protocol):
    """Puts prompts to somebody.

    Every method raises `BackError` where the person asks for the step before, `KeyboardInterrupt` where it leaves,
    and `UserError` with exit code 2 where nobody can be asked. White space around a text or a secret is never part of
    the answer. An answered prompt leaves one calm line behind, a secret's length and fingerprint in place of it.
    """

    @property
    def asks(self) -> bool:
        """Whether there is somebody to ask."""

    @property
    def keys(self) -> str:
        """How to go back and how to leave, for the line above the prompts; empty where nobody is asked."""

    def text(self, prompt: TextPrompt) -> str:
        """A line of text that the prompt's judge does not refuse."""

    def secret(self, prompt: SecretPrompt) -> str:
        """A secret that the prompt's judge does not refuse."""

    def choose(self, prompt: ChoicePrompt) -> str:
        """The value of the choice."""

    def choose_many(self, prompt: ManyPrompt) -> tuple[str, ...]:
        """The values of the choices, in the order in which they were picked."""

    def confirm(self, prompt: ConfirmPrompt) -> bool:
        """Yes or no."""
