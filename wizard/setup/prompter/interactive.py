"""Prompts for a person at a terminal: questionary where it serves, its own prompt_toolkit where it does not.

questionary draws every choice of a list on each key and has no place for words that follow the typing, so the line and
the list are applications of prompt_toolkit here, run as questionary's questions.
"""

from __future__ import annotations

from typing import Final

from wizard.base.environment import Environment
from wizard.setup.prompter.line import ask_line
from wizard.setup.prompter.model import (
    NO,
    YES,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    SecretPrompt,
    TextPrompt,
    Verdict,
)
from wizard.setup.prompter.pick import ask_many, ask_one
from wizard.setup.prompter.screen import Screen
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.steps import show_answer
from wizard.terminal.tty import drop_typed_ahead
from wizard.terminal.words import plural

_LEAVE: Final = "ctrl-c leave"


class InteractivePrompter:
    """Asks at a terminal that can move its cursor; an answered prompt becomes one line.

    Attributes:
        asks: True.
        keys: the keys that go back and leave.
    """

    asks: Final = True

    def __init__(self, environment: Environment, console: Console) -> None:
        self._console = console
        self._stdin = environment.stdin
        self._screen = Screen(environment, console)
        back = "shift-tab back" if environment.variables.get("TMUX") else "ctrl-b back"
        self.keys = f"{back} · {_LEAVE}"

    def text(self, prompt: TextPrompt) -> str:
        """A line of text that the judge does not refuse, or the default for an empty one."""
        answer = ask_line(self._screen, prompt)
        show_answer(self._console, prompt.text, answer)
        return answer

    def secret(self, prompt: SecretPrompt) -> str:
        """A secret that the judge does not refuse; of it, only what the judge says is shown."""
        answer = ask_line(self._screen, prompt)
        show_answer(self._console, prompt.text, prompt.judge(answer).note or plural(len(answer), "character"))
        return answer

    def choose(self, prompt: ChoicePrompt) -> str:
        """The value of the choice that was pointed at."""
        choice = ask_one(self._screen, prompt)
        show_answer(self._console, prompt.text, choice.label)
        return choice.value

    def choose_many(self, prompt: ManyPrompt) -> tuple[str, ...]:
        """The values that were picked, in that order."""
        choices = ask_many(self._screen, prompt)
        show_answer(self._console, prompt.text, ", ".join(choice.label for choice in choices) or "none")
        return tuple(choice.value for choice in choices)

    def confirm(self, prompt: ConfirmPrompt) -> bool:
        """Yes or no, by its letter or its word and Enter.

        What was typed before the question was there is no answer to it, and neither is a sentence with a y in it.
        """
        if prompt.help:
            # What a yes or a no means stays to be read above the answer.
            self._console.line(Span(prompt.help, Tone.DIM), indent=2)
        drop_typed_ahead(self._stdin)
        asked = TextPrompt(prompt.id, f"{prompt.text} {'(Y/n)' if prompt.default else '(y/N)'}", "", _judge_yes_or_no)
        typed = ask_line(self._screen, asked, pastes=False).lower()
        answer = typed in YES if typed else prompt.default
        show_answer(self._console, prompt.text, "yes" if answer else "no")
        return answer


def _judge_yes_or_no(text: str) -> Verdict:
    return Verdict() if text.lower() in YES + NO else Verdict("type y or n")
