"""Answers written down beforehand, for tests: whatever a person could not have answered is refused loudly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, TypeAlias

from wizard.setup.prompter.model import (
    BackError,
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    Prompt,
    SecretPrompt,
    TextPrompt,
)


class Doing(Enum):
    """What a person may do instead of answering."""

    BACK = "back"
    LEAVE = "leave"
    DEFAULT = "default"


BACK: Final = Doing.BACK
LEAVE: Final = Doing.LEAVE
# An empty line, or Enter on what is pointed at.
DEFAULT: Final = Doing.DEFAULT

# The picks of a `ManyPrompt` are a tuple; a list is for a prompt that is met several times.
Answer: TypeAlias = str | bool | tuple[str, ...] | Doing
Script: TypeAlias = Mapping[str, Answer | list[Answer]]


class ScriptError(AssertionError):
    """The script does not fit the prompts."""


class ScriptedPrompter:
    """Answers prompts from a script.

    Attributes:
        asks: True.
        keys: as the interactive prompter has them.
        seen: every prompt that was put, in order.
    """

    asks: Final = True
    keys: Final = "ctrl-b back · ctrl-c leave"

    def __init__(self, script: Script) -> None:
        self._left: dict[str, list[Answer]] = {
            name: list(answers) if isinstance(answers, list) else [answers] for name, answers in script.items()
        }
        self.seen: list[Prompt] = []

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the prompts that were put, in order."""
        return tuple(prompt.id for prompt in self.seen)

    @property
    def left(self) -> dict[str, tuple[Answer, ...]]:
        """The answers that nobody asked for, by prompt id."""
        return {name: tuple(answers) for name, answers in self._left.items() if answers}

    def text(self, prompt: TextPrompt) -> str:
        """The next answer to this prompt, held against its judge."""
        answer = self._next(prompt)
        if answer is DEFAULT or answer == "":
            if prompt.default is None:
                raise ScriptError(f"{prompt.id}: the prompt has no default")
            return prompt.default
        return self._judged(prompt, answer)

    def secret(self, prompt: SecretPrompt) -> str:
        """The next answer to this prompt, held against its judge."""
        return self._judged(prompt, self._next(prompt))

    def choose(self, prompt: ChoicePrompt) -> str:
        """The next answer to this prompt, which must be the value of a choice that can be taken."""
        answer = self._next(prompt)
        if answer is DEFAULT:
            possible = [choice.value for choice in prompt.choices if choice.refused is None]
            answer = prompt.default if prompt.default is not None else next(iter(possible), "")
        return _taken(prompt.id, prompt.choices, answer)

    def choose_many(self, prompt: ManyPrompt) -> tuple[str, ...]:
        """The next answer to this prompt, a tuple of the values of choices that can be taken."""
        answer = self._next(prompt)
        picks: object = tuple(prompt.chosen) if answer is DEFAULT else answer
        if not isinstance(picks, tuple):
            raise ScriptError(f"{prompt.id}: {answer!r} is no tuple of values")
        if len(set(picks)) < len(picks):
            raise ScriptError(f"{prompt.id}: {answer!r} picks something twice")
        if len(picks) < prompt.least:
            raise ScriptError(f"{prompt.id}: {answer!r} picks fewer than {prompt.least}")
        return tuple(_taken(prompt.id, prompt.choices, pick) for pick in picks)

    def confirm(self, prompt: ConfirmPrompt) -> bool:
        """The next answer to this prompt, True or False."""
        answer = self._next(prompt)
        if answer is DEFAULT:
            return prompt.default
        if not isinstance(answer, bool):
            raise ScriptError(f"{prompt.id}: {answer!r} is neither True nor False")
        return answer

    def _next(self, prompt: Prompt) -> Answer:
        self.seen.append(prompt)
        if not self._left.get(prompt.id):
            raise ScriptError(f"{prompt.id}: the script has no answer (left) to “{prompt.text}”; seen: {self.ids}")
        answer = self._left[prompt.id].pop(0)
        if answer is BACK:
            raise BackError
        if answer is LEAVE:
            raise KeyboardInterrupt
        return answer

    @staticmethod
    def _judged(prompt: TextPrompt | SecretPrompt, answer: Answer) -> str:
        if not isinstance(answer, str):
            raise ScriptError(f"{prompt.id}: {answer!r} is no text")
        answer = answer.strip()
        refused = prompt.judge(answer).refused
        if isinstance(prompt, SecretPrompt) and not answer:
            refused = "is empty"
        if refused is not None:
            raise ScriptError(f"{prompt.id}: the answer is refused, it {refused}")
        return answer


def _taken(prompt_id: str, choices: Sequence[Choice], answer: object) -> str:
    choice = next((choice for choice in choices if choice.value == answer), None)
    if choice is None:
        shown = [choice.value for choice in choices[:20]]
        raise ScriptError(f"{prompt_id}: {answer!r} is not among the {len(choices)} choices: {shown}")
    if choice.refused is not None:
        raise ScriptError(f"{prompt_id}: {answer!r} cannot be chosen, {choice.refused}")
    return choice.value
