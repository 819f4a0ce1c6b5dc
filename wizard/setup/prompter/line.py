"""The prompt for a line of text, shown or hidden, with the judge's words below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wizard.setup.prompter.model import SecretPrompt, TextPrompt, Verdict
from wizard.setup.prompter.screen import INDENT, Fragments, Screen, input_line
from wizard.terminal.console import Tone
from wizard.terminal.words import plural

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

_HIDDEN: Final = "(hidden while typed)"


class _Line:
    """What is typed, and what is said of it."""

    def __init__(self, screen: Screen, prompt: TextPrompt | SecretPrompt, *, pastes: bool = True) -> None:
        from prompt_toolkit.buffer import Buffer

        self.pastes = pastes
        self.screen = screen
        self.prompt = prompt
        self.buffer = Buffer(multiline=False)
        self.offered = False

    @property
    def hidden(self) -> bool:
        return isinstance(self.prompt, SecretPrompt)

    @property
    def default(self) -> str | None:
        return self.prompt.default if isinstance(self.prompt, TextPrompt) else None

    @property
    def typed(self) -> str:
        return self.buffer.text.strip()

    def verdict(self) -> Verdict:
        """The judge's words; an empty line is not judged where a default stands for it, and is no secret."""
        if not self.typed and self.default is not None:
            return Verdict()
        verdict = self.prompt.judge(self.typed)
        if not self.typed and verdict.refused is None and self.hidden:
            return Verdict("is empty")
        return verdict

    def placeholder(self) -> str:
        if self.hidden:
            return _HIDDEN
        return f"({self.default})" if self.default else ""

    def words(self) -> Fragments:
        """The lines below the one that is typed."""
        screen, verdict = self.screen, self.verdict()
        lines: Fragments = []
        if self.hidden and self.buffer.text:
            lines += screen.wrapped(verdict.note or plural(len(self.typed), "character"), Tone.DIM)
        elif verdict.note:
            lines += screen.wrapped(verdict.note, Tone.DIM)
        care = screen.console.glyphs.care
        # A text is judged aloud once it was offered; a secret cannot be read over and is judged from its first key.
        aloud = self.offered or (self.hidden and self.buffer.text)
        if verdict.refused is not None and aloud:
            lines += screen.wrapped(verdict.refused, Tone.BROKEN, mark=screen.console.glyphs.broken)
        elif verdict.warning:
            lines += screen.wrapped(verdict.warning, Tone.CARE, mark=care)
        return lines or screen.wrapped(self.prompt.help, Tone.DIM) or [("", INDENT)]

    def keys(self) -> KeyBindings:
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()

        @keys.add("enter", eager=True)
        def _(event: KeyPressEvent) -> None:
            self.offered = True
            if self.verdict().refused is None:
                event.app.exit(result=self.typed or self.default or "")

        @keys.add("tab", eager=True)
        def _(_: KeyPressEvent) -> None:
            """Takes the default into the line, to change it."""
            if not self.buffer.text and self.default:
                self.buffer.insert_text(self.default)

        @keys.add("<bracketed-paste>", eager=True)
        def _(event: KeyPressEvent) -> None:
            """Takes a paste without the line end that came with it; one inside a secret is for the judge to refuse."""
            lines = event.data.strip().splitlines() if self.pastes else []
            self.buffer.insert_text(("\n" if self.hidden else " ").join(lines))

        return keys


def ask_line(screen: Screen, prompt: TextPrompt | SecretPrompt, *, pastes: bool = True) -> str:
    """Puts the prompt and gives what was typed, without the white space around it, or the default.

    Args:
        screen: the terminal.
        prompt: the prompt.
        pastes: whether something may be pasted there.

    Raises:
        BackError: the person asked for the step before.
        KeyboardInterrupt: the person leaves.
    """
    from prompt_toolkit.layout import HSplit, VerticalAlign, Window
    from prompt_toolkit.layout.controls import FormattedTextControl
    from questionary import Question

    line = _Line(screen, prompt, pastes=pastes)
    typed = input_line(screen, prompt.text, line.buffer, placeholder=line.placeholder, hidden=line.hidden)
    below = Window(FormattedTextControl(line.words), wrap_lines=True, dont_extend_height=True)
    root = HSplit([typed, below], align=VerticalAlign.TOP)
    answer: Any = screen.run(Question(screen.application(root, line.keys(), typed)))
    return str(answer)
