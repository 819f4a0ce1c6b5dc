"""Nobody to ask: every prompt ends the run with the name of the flag that answers it."""

from __future__ import annotations

from typing import Final, NoReturn

from wizard.base.errors import usage_error
from wizard.setup.prompter.model import ChoicePrompt, ConfirmPrompt, ManyPrompt, Prompt, SecretPrompt, TextPrompt
from wizard.setup.questions import BY_ID, missing

_HELP: Final = "Every answer has a flag: portkey-claw setup --help"


class FlagsOnlyPrompter:
    """Refuses to ask.

    Attributes:
        asks: False.
        keys: empty.
    """

    asks: Final = False
    keys: Final = ""

    def __init__(self, *, yes: bool = False) -> None:
        self._why = "with --yes nobody is asked" if yes else "there is no terminal to ask at"

    def text(self, prompt: TextPrompt) -> NoReturn:
        """Names the flag, and raises UserError."""
        self._refuse(prompt)

    def secret(self, prompt: SecretPrompt) -> NoReturn:
        """Names the variable and the flags, and raises UserError."""
        self._refuse(prompt)

    def choose(self, prompt: ChoicePrompt) -> NoReturn:
        """Names the flag, and raises UserError."""
        self._refuse(prompt)

    def choose_many(self, prompt: ManyPrompt) -> NoReturn:
        """Names the flag, and raises UserError."""
        self._refuse(prompt)

    def confirm(self, prompt: ConfirmPrompt) -> NoReturn:
        """Names the flag, `--yes` where the prompt is no question's own, and raises UserError."""
        self._refuse(prompt)

    def _refuse(self, prompt: Prompt) -> NoReturn:
        question = BY_ID.get(prompt.id)
        if question is not None and question.sources:
            raise missing(question, f"{prompt.text} is not known, and {self._why}", _HELP)
        if isinstance(prompt, ConfirmPrompt):
            raise usage_error(f"{prompt.text} is not confirmed, and {self._why}: give --yes.", _HELP)
        raise usage_error(f"{prompt.text} is not known, and {self._why}: run this at a terminal.", _HELP)
