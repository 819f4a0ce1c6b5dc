"""Prompts as numbered lines, for screen readers, braille lines and terminals that cannot move their cursor.

Nothing is drawn again: each fact is a line, each prompt ends in a line that waits for an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wizard.base.environment import Environment
from wizard.setup.prompter.model import (
    NO,
    YES,
    BackError,
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    Prompt,
    SecretPrompt,
    TextPrompt,
    Verdict,
)
from wizard.setup.prompter.paging import Pages
from wizard.terminal.console import Console
from wizard.terminal.hidden_line import read_hidden_line
from wizard.terminal.steps import show_answer
from wizard.terminal.tty import visible_typing
from wizard.terminal.words import plural

# A line of one ctrl-b means the same as in the interactive prompts.
_CTRL_B: Final = "\x02"
# A text may be called “b” or “back”; nothing that is asked for begins with a slash.
_BACK_FROM_TEXT: Final = ("/back", _CTRL_B)
_BACK_FROM_CHOICE: Final = ("b", "back", *_BACK_FROM_TEXT)
_HELP: Final = ("?", "/help")
_MORE: Final = ("m", "more")
_DONE: Final = ("d", "done")


class PlainPrompter:
    """Asks line by line.

    Attributes:
        asks: True.
        keys: what goes back and leaves.
    """

    asks: Final = True
    keys: Final = "type b to go back, /back where a text is asked for, and ctrl-c to leave"

    def __init__(self, environment: Environment, console: Console) -> None:
        self._stdin = environment.stdin
        self._console = Console(console.stream, width=console.width, plain=True)

    def text(self, prompt: TextPrompt) -> str:
        """A line of text that the judge does not refuse, or the default for an empty one."""
        default = f" [{prompt.default}]" if prompt.default else ""
        while True:
            answer = self._line(f"{prompt.text}{default}: ").strip()
            if self._is_command(prompt, answer, _BACK_FROM_TEXT, "Type a text, /back to go back, or ctrl-c to leave."):
                continue
            if not answer and prompt.default is not None:
                show_answer(self._console, prompt.text, prompt.default)
                return prompt.default
            verdict = prompt.judge(answer)
            if verdict.refused is None:
                self._say_beside(verdict)
                return answer
            self._refuse(verdict)

    def secret(self, prompt: SecretPrompt) -> str:
        """A secret that the judge does not refuse; it is not shown, its length and fingerprint are."""
        while True:
            answer = self._line(f"{prompt.text} (not shown while you type): ", hidden=True).strip()
            if self._is_command(prompt, answer, _BACK_FROM_TEXT, "Type or paste it, then Enter. /back goes back."):
                continue
            verdict = prompt.judge(answer) if answer else Verdict("is empty")
            if verdict.refused is None:
                length = plural(len(answer), "character")
                show_answer(self._console, prompt.text, verdict.note or length)
                self._say_beside(Verdict(warning=verdict.warning))
                return answer
            self._refuse(verdict)

    def choose(self, prompt: ChoicePrompt) -> str:
        """The value of the choice whose number was typed."""
        pages = Pages(prompt.choices)
        preset = next((n for n, choice in enumerate(prompt.choices, 1) if choice.value == prompt.default), None)
        self._open(prompt, len(prompt.choices))
        self._show(pages)
        ask = f"{prompt.text}, number{f' [{preset}]' if preset else ''}: "
        while True:
            answer = self._line(ask).strip()
            if self._is_command(prompt, answer, _BACK_FROM_CHOICE, _how_to_choose()):
                continue
            if not answer and preset:
                answer = str(preset)
            if self._look_around(pages, answer):
                continue
            choice = self._numbered(prompt.choices, answer)
            if choice is not None:
                show_answer(self._console, prompt.text, choice.label)
                return choice.value

    def choose_many(self, prompt: ManyPrompt) -> tuple[str, ...]:
        """The values of the choices whose numbers were typed, in that order."""
        pages = Pages(prompt.choices)
        picked = [choice for value in prompt.chosen for choice in prompt.choices if choice.value == value]
        self._open(prompt, len(prompt.choices))
        self._show(pages)
        while True:
            self._console.line(f"Chosen: {', '.join(choice.label for choice in picked) or 'none'}")
            answer = self._line(f"{prompt.text}, numbers to add or drop, or done: ").strip()
            if self._is_command(prompt, answer, _BACK_FROM_CHOICE, _how_to_choose(many=True)):
                continue
            if answer.lower() in _DONE or not answer:
                if len(picked) >= prompt.least:
                    return tuple(choice.value for choice in picked)
                self._console.line(f"Choose {prompt.least} at least.")
                continue
            numbers = answer.replace(",", " ").split()
            if not all(map(_is_number, numbers)) and self._look_around(pages, answer):
                continue
            for number in numbers:
                choice = self._numbered(prompt.choices, number)
                if choice is not None:
                    picked = [*(c for c in picked if c is not choice), *(() if choice in picked else (choice,))]

    def confirm(self, prompt: ConfirmPrompt) -> bool:
        """Yes or no, by its letter or its word."""
        while True:
            answer = self._line(f"{prompt.text} ({'Y/n' if prompt.default else 'y/N'}): ").strip()
            how = f"Type y or n; an empty line means {'yes' if prompt.default else 'no'}. b goes back."
            if self._is_command(prompt, answer, _BACK_FROM_CHOICE, how):
                continue
            if not answer:
                return prompt.default
            if answer.lower() in YES + NO:
                return answer.lower() in YES
            self._console.line(how)

    def _line(self, ask: str, *, hidden: bool = False) -> str:
        """Asks and gives the line that was typed, without its end.

        Raises:
            KeyboardInterrupt: there is no more input.
        """
        stream = self._console.stream
        stream.write(self._console.clean(ask))
        stream.flush()
        if hidden:
            return read_hidden_line(self._stdin, stream)
        line = ""
        try:
            with visible_typing(self._stdin):
                line = self._stdin.readline()
        finally:
            if not line:
                stream.write("\n")
        if not line:
            raise KeyboardInterrupt
        return line.rstrip("\r\n")

    def _is_command(self, prompt: Prompt, answer: str, back: Sequence[str], how: str) -> bool:
        """Whether the answer asked for help, which was given then.

        Raises:
            BackError: the answer asks for the step before.
        """
        if answer.lower() in back:
            raise BackError
        if answer.lower() not in _HELP:
            return False
        if prompt.help:
            self._console.line(prompt.help)
        self._console.line(how)
        return True

    def _open(self, prompt: ChoicePrompt | ManyPrompt, count: int) -> None:
        self._console.line(f"{prompt.text}: {plural(count, 'choice')}. ? says how to choose.")
        if prompt.help:
            self._console.line(prompt.help)

    def _show(self, pages: Pages) -> None:
        """Says one page and what is behind it."""
        if not pages.found:
            what = f"Nothing matches {pages.search}." if pages.search else "There is nothing to choose from."
            self._console.line(what)
        for number, choice in pages.turn():
            self._console.line(f"{number}: {_described(choice)}")
        if pages.left:
            self._console.line(f"{pages.left} more: type m.")

    def _look_around(self, pages: Pages, answer: str) -> bool:
        """Whether the answer was a search or asked for more, which was shown then."""
        if answer.lower() in _MORE:
            if not pages.left:
                self._console.line("There is no more.")
            self._show(pages)
            return True
        if _is_number(answer):
            return False
        pages.look_for(answer.removeprefix("/").strip())
        if pages.search and pages.found:
            self._console.line(f"{plural(pages.found, 'match') if pages.found == 1 else f'{pages.found} matches'}.")
        self._show(pages)
        return True

    def _numbered(self, choices: Sequence[Choice], answer: str) -> Choice | None:
        """The choice with this number, or None where there is none that can be taken, which was said then."""
        number = int(answer) if _is_number(answer) else 0
        if not 1 <= number <= len(choices):
            self._console.line(f"There is no number {answer}; they go from 1 to {len(choices)}.")
            return None
        choice = choices[number - 1]
        if choice.refused is not None:
            self._console.line(f"{choice.label} cannot be chosen: {choice.refused}.")
            return None
        return choice

    def _refuse(self, verdict: Verdict) -> None:
        self._console.line(f"That cannot be taken: it {verdict.refused}.")

    def _say_beside(self, verdict: Verdict) -> None:
        for words in (verdict.note, verdict.warning and f"It {verdict.warning}."):
            if words:
                self._console.line(words)


def _described(choice: Choice) -> str:
    parts = [choice.label, choice.detail, f"cannot be chosen: {choice.refused}" if choice.refused else ""]
    return ", ".join(part for part in parts if part)


def _is_number(text: str) -> bool:
    # int() refuses digits by the thousand, and no list is as long as ten of them.
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _how_to_choose(*, many: bool = False) -> str:
    first = (
        "Type the numbers, with spaces between them; a number again drops it. done goes on" if many else "Type a number"
    )
    return f"{first}. Words search, /4 searches for a number, an empty / shows all, m shows more, b goes back."
