"""What the interactive prompts share: the terminal's ends, the tones, the keys, and how a prompt is run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from wizard.base.environment import Environment
from wizard.setup.prompter.model import BackError
from wizard.terminal.console import Console, Tone
from wizard.terminal.tty import kept_terminal

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout import Window
    from prompt_toolkit.layout.processors import Processor
    from prompt_toolkit.output import Output
    from prompt_toolkit.styles import Style
    from questionary import Question

Fragments: TypeAlias = "StyleAndTextTuples"

# prompt_toolkit's words for the tones; named colours only, as everywhere.
_STYLES: Final = {
    Tone.PLAIN: "",
    Tone.BROKEN: "ansired",
    Tone.CARE: "ansiyellow",
    Tone.GOOD: "ansigreen",
    Tone.DIM: "dim",
    Tone.STRONG: "bold",
}
# Seconds in which the rest of an arrow key's sequence must arrive, over a slow line too.
_SEQUENCE_SECONDS: Final = 0.2
# ECMA-48: what stands in a control sequence before its last character.
_PARAMETERS: Final = re.compile(r"[ -?]")
_MIN_COLUMNS: Final = 10
INDENT: Final = "  "
# A name from outside may be as long as it likes; the screen is not.
_MAX_LINES: Final = 8


class Screen:
    """A terminal to draw prompts on.

    Attributes:
        console: what a prompt leaves behind goes here, and it makes texts harmless.
        input: where keys come from.
        output: where prompts are drawn.
        pointer: the mark before the choice that Enter would take.
    """

    def __init__(self, environment: Environment, console: Console) -> None:
        self.console = console
        self._stdin = environment.stdin
        self.input: Input = _make_input(environment)
        self.output: Output = _make_output(console)
        self.pointer = console.clean("❯")

    def style(self, tone: Tone) -> str:
        """The style of a tone, empty on a screen without colours."""
        return _STYLES[tone] if self.console.colour else ""

    def fragment(self, text: str, tone: Tone = Tone.PLAIN) -> tuple[str, str]:
        """A piece of a line, made harmless."""
        return self.style(tone), self.console.clean(text)

    @property
    def columns(self) -> int:
        """The screen's width now."""
        return max(self.output.get_size().columns, _MIN_COLUMNS)

    @property
    def rows(self) -> int:
        """The screen's height now."""
        return self.output.get_size().rows

    def wrapped(self, text: str, tone: Tone = Tone.PLAIN, *, mark: str = "") -> Fragments:
        """A text below a question: indented, wrapped between words, each line ended; nothing for an empty text."""
        clean = self.console.clean(f"{mark} {text}" if mark else text)
        lines = textwrap.wrap(clean, self.columns - len(INDENT) - 1, max_lines=_MAX_LINES, placeholder=" ...")
        return [(self.style(tone), f"{INDENT}{line}\n") for line in lines]

    def question(self, text: str) -> Fragments:
        """The beginning of a prompt's first line."""
        return [self.fragment("? ", Tone.GOOD), self.fragment(f"{text}  ", Tone.STRONG)]

    def application(self, root: Any, keys: KeyBindings, focus: Any) -> Application[Any]:
        """A prompt that disappears once it is answered."""
        from prompt_toolkit.application import Application
        from prompt_toolkit.key_binding import merge_key_bindings
        from prompt_toolkit.layout import Layout

        return Application(
            layout=Layout(root, focused_element=focus),
            key_bindings=merge_key_bindings([keys, shared_keys()]),
            style=self.styles(),
            include_default_pygments_style=False,
            erase_when_done=True,
            input=self.input,
            output=self.output,
        )

    def styles(self) -> Style:
        """No looks but the ones that the fragments name."""
        from prompt_toolkit.styles import Style

        return Style([])

    def run(self, question: Question) -> Any:
        """Puts a prompt and gives its answer.

        Raises:
            BackError: the person asked for the step before.
            KeyboardInterrupt: the person leaves, or the terminal is gone.
        """
        application = question.application
        application.ttimeoutlen = application.timeoutlen = _SEQUENCE_SECONDS
        application.erase_when_done = True
        self.console.stream.flush()
        try:
            with kept_terminal(self._stdin):
                return question.unsafe_ask()
        except EOFError:
            raise KeyboardInterrupt from None


def shared_keys() -> KeyBindings:
    """The keys of every prompt.

    ctrl-b and shift-tab go back; ctrl-c, ctrl-d on an empty line and an interrupt from outside leave; ctrl-z stops the
    program as it does everywhere; keys that nobody knows do nothing.
    """
    from prompt_toolkit.application import get_app
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()
    unknown = False

    def leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    def back(event: KeyPressEvent) -> None:
        event.app.exit(exception=BackError())

    for key in ("c-c", "<sigint>"):
        keys.add(key, eager=True)(leave)
    keys.add("c-d", eager=True, filter=Condition(lambda: not get_app().current_buffer.text))(leave)
    # tmux keeps ctrl-b for itself.
    for key in ("c-b", "s-tab"):
        keys.add(key, eager=True)(back)

    # Typed into a key that nobody sees, it would be part of it.
    @keys.add("c-z", eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.suspend_to_background()

    # What prompt_toolkit does not know of it hands over as if the sequence had been typed: into a key that nobody sees.
    @keys.add("escape", "[", eager=True)
    def _(_: KeyPressEvent) -> None:
        nonlocal unknown
        unknown = True

    @keys.add("<any>", eager=True, filter=Condition(lambda: unknown))
    def _(event: KeyPressEvent) -> None:
        nonlocal unknown
        unknown = _PARAMETERS.fullmatch(event.data) is not None

    return keys


def input_line(
    screen: Screen, question: str, buffer: Buffer, *, placeholder: Callable[[], str], hidden: bool = False
) -> Window:
    """The line with the question and what is typed, which goes on below where the screen is too narrow.

    Args:
        screen: where it is drawn.
        question: its words.
        buffer: what is typed.
        placeholder: what stands dimmed in the place of nothing.
        hidden: whether nothing of what is typed is shown.
    """
    from prompt_toolkit.layout import Window
    from prompt_toolkit.layout.controls import BufferControl
    from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

    class Hide(Processor):
        def apply_transformation(self, _: TransformationInput) -> Transformation:
            """Shows nothing and keeps the cursor where the text would begin."""
            return Transformation([], lambda _: 0, lambda _: 0)

    class Placeholder(Processor):
        def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
            """Adds the placeholder behind the cursor while nothing is shown."""
            fragments = transformation_input.fragments
            if transformation_input.document.text and not hidden:
                return Transformation(fragments)
            return Transformation([*fragments, screen.fragment(placeholder(), Tone.DIM)])

    processors: list[Processor] = [Hide()] if hidden else []
    return Window(
        BufferControl(buffer, input_processors=[*processors, Placeholder()], include_default_input_processors=False),
        # A paste may bring a second line, which the judge refuses; it is no second question.
        get_line_prefix=lambda line, wraps: (
            [(screen.style(Tone.PLAIN), INDENT)] if wraps or line else screen.question(question)
        ),
        wrap_lines=True,
        dont_extend_height=True,
    )


def _make_input(environment: Environment) -> Input:
    from prompt_toolkit.input import create_input

    return create_input(environment.stdin)


def _make_output(console: Console) -> Output:
    from prompt_toolkit.output import ColorDepth, create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    output = create_output(console.stream)
    if isinstance(output, Vt100_Output):
        # Asking the terminal where the cursor is leaves its answer among what was typed, where it comes late.
        output.enable_cpr = False
        output.enable_bell = False
        output.default_color_depth = ColorDepth.DEPTH_4_BIT
    return output
