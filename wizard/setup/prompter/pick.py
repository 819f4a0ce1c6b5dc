"""The prompts for one or several of many choices: typing narrows the list, only what is in view is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from wizard.setup.prompter.model import Choice, ChoicePrompt, ManyPrompt
from wizard.setup.prompter.picker import Picker
from wizard.setup.prompter.screen import INDENT, Fragments, Screen, input_line
from wizard.terminal.cells import clipped, padded, width_of
from wizard.terminal.console import Tone

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

_MAX_ROWS: Final = 12
_MIN_ROWS: Final = 3
# Lines of the screen that the list leaves to the question, the help, the footer and the line above.
_OTHER_ROWS: Final = 8
_MAX_LABEL: Final = 48
# As many are seen at once; nobody searches them, and a key that is pasted there by mistake must not be shown.
_AT_A_GLANCE: Final = 6


class _List:
    """A list on the screen."""

    def __init__(self, screen: Screen, prompt: ChoicePrompt | ManyPrompt) -> None:
        from prompt_toolkit.buffer import Buffer

        many = isinstance(prompt, ManyPrompt)
        self.screen = screen
        self.prompt = prompt
        self.many = many
        self.picker = (
            Picker(prompt.choices, chosen=prompt.chosen)
            if isinstance(prompt, ManyPrompt)
            else Picker(prompt.choices, default=prompt.default)
        )
        self.searched = self.many or len(prompt.choices) > _AT_A_GLANCE
        self.buffer = Buffer(multiline=False, on_text_changed=self._search, read_only=not self.searched)
        self.complaint = ""
        # A label with nothing beside it may run on.
        labels = (choice.label for choice in prompt.choices if choice.detail or choice.refused)
        widths = (width_of(screen.console.clean(label)) for label in labels)
        self._label_width = min(max(widths, default=0), _MAX_LABEL)

    def _search(self, buffer: Any) -> None:
        self.picker.search = buffer.text
        self.complaint = ""

    @property
    def height(self) -> int:
        """The rows of the list in view."""
        return max(min(_MAX_ROWS, self.screen.rows - _OTHER_ROWS), _MIN_ROWS)

    def _how(self) -> str:
        if self.searched:
            return "(type to search)"
        return "(enter)" if len(self.prompt.choices) == 1 else "(arrows, then enter)"

    def body(self) -> Fragments:
        """The help, the rows in view and the footer."""
        lines = self.screen.wrapped(self.prompt.help, Tone.DIM)
        rows = self.picker.window(self.height)
        for place in rows:
            lines += self._row(place)
        return [*lines, *self._footer(rows)]

    def _row(self, place: int) -> Fragments:
        screen, picker = self.screen, self.picker
        index = picker.shown[place]
        choice, here = picker.choices[index], place == picker.position
        lead = f"{screen.pointer if here else ' ' * width_of(screen.pointer)} "
        if self.many:
            order = picker.order_of(index)
            lead += f"{order or screen.console.glyphs.idle:>{len(str(len(picker.picked)))}} "
        room = max(screen.columns - len(INDENT) - width_of(lead) - 1, 4)
        dots = screen.console.clean("…")
        label = clipped(screen.console.clean(choice.label), room, ellipsis=dots)
        rest = room - self._label_width - 2
        detail = choice.detail if choice.refused is None else choice.refused
        tone = Tone.DIM if choice.refused is not None else Tone.STRONG if here else Tone.PLAIN
        row: Fragments = [("", INDENT), screen.fragment(lead, Tone.GOOD if here else Tone.PLAIN)]
        if detail and rest >= 8 and width_of(label) <= self._label_width:
            row.append(screen.fragment(padded(label, self._label_width) + "  ", tone))
            row.append(screen.fragment(clipped(screen.console.clean(detail), rest, ellipsis=dots), self._side(choice)))
        else:
            row.append(screen.fragment(label, tone))
        return [*row, ("", "\n")]

    @staticmethod
    def _side(choice: Choice) -> Tone:
        return Tone.DIM if choice.refused is None else Tone.CARE

    def _footer(self, rows: range) -> Fragments:
        screen, picker = self.screen, self.picker
        if self.complaint:
            return screen.wrapped(self.complaint, Tone.CARE, mark=screen.console.glyphs.care)
        if not picker.shown:
            what = f"nothing matches “{picker.search}”" if picker.choices else "there is nothing to choose from"
            return screen.wrapped(what, Tone.CARE, mark=screen.console.glyphs.care)
        notes = ["space picks, enter goes on"] if self.many else []
        if len(rows) < len(picker.shown):
            notes.append(f"{rows.start + 1}–{rows.stop} of {len(picker.shown)}")
        elif len(picker.shown) < len(picker.choices):
            notes.append(f"{len(picker.shown)} of {len(picker.choices)}")
        cut = self._cut()
        return [*screen.wrapped(cut), *screen.wrapped(" · ".join(notes), Tone.DIM)] or [("", INDENT)]

    def _cut(self) -> str:
        """What is pointed at in full, where its row has no room for all of it."""
        choice = self.picker.pointed
        if choice is None:
            return ""
        clean = self.screen.console.clean
        detail = choice.detail if choice.refused is None else choice.refused
        label, side = width_of(clean(choice.label)), width_of(clean(detail))
        room = self.screen.columns - len(INDENT) - 3 - (2 if self.many else 0)
        needed = max(label, self._label_width) + 2 + side if side else label
        return f"{choice.label}  {detail}".rstrip() if needed > room else ""

    def refuse(self, choice: Choice) -> None:
        """Says why it cannot be taken."""
        self.complaint = f"{choice.label} cannot be chosen: {choice.refused}"

    def keys(self) -> KeyBindings:
        """Moving, clearing the search, and what a paste does."""
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()

        def moving(by: Callable[[], int], *, wrap: bool) -> Callable[[KeyPressEvent], None]:
            def move(_: KeyPressEvent) -> None:
                self.complaint = ""
                self.picker.move(by(), wrap=wrap)

            return move

        far = 10**9
        for names, by, wrap in (
            (("up", "c-p"), lambda: -1, True),
            (("down", "c-n"), lambda: 1, True),
            (("pageup",), lambda: -self.height, False),
            (("pagedown",), lambda: self.height, False),
            (("home",), lambda: -far, False),
            (("end",), lambda: far, False),
        ):
            for name in names:
                keys.add(name, eager=True)(moving(by, wrap=wrap))

        @keys.add("escape")
        def _(_: KeyPressEvent) -> None:
            self.buffer.reset()
            self._search(self.buffer)

        @keys.add("<bracketed-paste>", eager=True)
        def _(event: KeyPressEvent) -> None:
            pasted = " ".join(event.data.split())
            # What matches nothing may be a key that was meant for another prompt: it is not shown.
            if self.searched and self.picker.matches(self.buffer.text + pasted):
                self.buffer.insert_text(pasted)
            else:
                self.complaint = "nothing matches what was pasted"

        return keys

    def run(self, keys: KeyBindings) -> Any:
        from prompt_toolkit.layout import HSplit, VerticalAlign, Window
        from prompt_toolkit.layout.controls import FormattedTextControl
        from questionary import Question

        typed = input_line(self.screen, self.prompt.text, self.buffer, placeholder=self._how)
        below = Window(FormattedTextControl(self.body), dont_extend_height=True)
        root = HSplit([typed, below], align=VerticalAlign.TOP)
        return self.screen.run(Question(self.screen.application(root, keys, typed)))


def ask_one(screen: Screen, prompt: ChoicePrompt) -> Choice:
    """Puts the prompt and gives the choice that Enter was pressed on.

    Raises:
        BackError: the person asked for the step before.
        KeyboardInterrupt: the person leaves.
    """
    listed = _List(screen, prompt)
    keys = listed.keys()

    @keys.add("enter", eager=True)
    def _(event: KeyPressEvent) -> None:
        choice = listed.picker.pointed
        if choice is not None and choice.refused is None:
            event.app.exit(result=choice)
        elif choice is not None:
            listed.refuse(choice)

    chosen: Choice = listed.run(keys)
    return chosen


def ask_many(screen: Screen, prompt: ManyPrompt) -> tuple[Choice, ...]:
    """Puts the prompt and gives the choices in the order in which they were picked.

    Raises:
        BackError: the person asked for the step before.
        KeyboardInterrupt: the person leaves.
    """
    listed = _List(screen, prompt)
    keys = listed.keys()

    @keys.add("space", eager=True)
    def _(_: KeyPressEvent) -> None:
        choice = listed.picker.pointed
        listed.complaint = ""
        if choice is not None and choice.refused is not None:
            listed.refuse(choice)
        listed.picker.toggle()

    @keys.add("enter", eager=True)
    def _(event: KeyPressEvent) -> None:
        picker = listed.picker
        if prompt.least == 1 and not picker.picked:
            picker.toggle()
        if len(picker.picked) >= prompt.least:
            event.app.exit(result=tuple(prompt.choices[index] for index in picker.picked))
        else:
            listed.complaint = f"pick {prompt.least} at least, with space"

    chosen: tuple[Choice, ...] = listed.run(keys)
    return chosen
