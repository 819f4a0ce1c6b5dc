"""The interview from its first question to the confirmation: forwards, back, and on after an interruption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from wizard.change.reading import refuse_unsafe
from wizard.setup import flow, resume
from wizard.setup.interview import key, look, models, provider, review, role, storage
from wizard.setup.interview.look import FinishedError
from wizard.setup.interview.sent_headers import sent_headers
from wizard.setup.interview.talk import STEPS, JumpError, Talk
from wizard.setup.prompter.model import BackError, Choice, ChoicePrompt, Prompter
from wizard.setup.questions import BY_ID
from wizard.setup.standing import held_key
from wizard.stores.model import TERMS
from wizard.terminal.console import Console
from wizard.terminal.steps import show_answer


@dataclass(frozen=True, slots=True)
class Screen:
    """One thing to ask.

    Attributes:
        id: its name, also in the kept answers.
        step: the step it belongs to.
        ask: asks it and tells whether it had to.
        secret: its answer is never kept, so a resumed interview asks again.
    """

    id: str
    step: int
    ask: Callable[[Talk], bool]
    secret: bool = False


SCREENS: Final = (
    Screen("start", 1, look.start),
    Screen("gateway", 1, look.gateway),
    Screen("gateway_url", 1, look.gateway_url),
    Screen("confirmed_gateway", 1, look.confirmed_gateway),
    Screen("api_key", 2, key.key, secret=True),
    Screen("provider", 3, provider.provider),
    Screen("slug", 3, provider.typed_slug),
    Screen("config_id", 3, provider.config_id),
    Screen("vendor", 3, provider.vendor),
    Screen("entry_name", 3, provider.entry_name),
    Screen("model", 3, models.models),
    Screen("primary", 3, models.primary),
    Screen("agent", 3, role.agent),
    Screen("use_as", 3, role.role),
    Screen("fallback", 3, models.fallback),
    Screen("headers", 3, sent_headers),
    Screen("key_storage", 4, storage.storage),
    Screen("rival", 4, storage.rival, secret=True),
)
_SHOWN: Final = (
    "gateway_url", "provider_id", "config_id", "model", "primary", "fallback", "use_as", "key_storage"
)  # fmt: skip
# What all the other answers are about.
_ABOUT: Final = ("provider_id", "gateway_url")
_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "key_storage": {terms.storage.value: terms.title for terms in TERMS},
    "use_as": role.TITLES,
}
_PLACES: Final = {screen.id: number for number, screen in enumerate(SCREENS)}


@dataclass(frozen=True, slots=True)
class Interviewed:
    """What an interview came to.

    Attributes:
        request: the run with all answers.
        prepared: what was confirmed, or None where nothing is to be written.
        finished: what else is wanted with what is there, or None.
        found: what was there before.
    """

    request: flow.Request
    prepared: flow.Prepared | None
    finished: FinishedError | None
    found: flow.Found


def interview(request: flow.Request, prompter: Prompter, console: Console) -> Interviewed:
    """Asks what the flags leave open, shows the plan, and asks for the confirmation.

    Raises:
        UserError: the config cannot be read or written, or a flag's answer is wrong.
        KeyboardInterrupt: the person left; what was said is kept for the next run.
    """
    found = flow.look(request)
    # Before the first question, not after the last.
    refuse_unsafe(found.source, (), found.seen.install.version)
    talk = Talk(request, prompter, console, found)
    course = _Course(talk)
    try:
        course.resume()
        prepared = course.run()
        return Interviewed(review.request_of(talk), prepared, None, talk.found)
    except FinishedError as finished:
        resume.forget(talk.environment)
        return Interviewed(request, None, finished, talk.found)


class _Course:
    """The way through the screens."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._config = talk.found.located.path
        # The screens that were put, in order: ctrl-b goes back along them.
        self._trail: list[int] = []
        self._done: list[str] = []
        self._skipped: frozenset[str] = frozenset()
        self._flags = resume.by_flags(talk.request.given)

    def resume(self) -> None:
        """Offers to go on where an interrupted interview stopped."""
        talk = self._talk
        left = resume.kept(talk.environment, self._config)
        if left is None or self._contradict(left.all):
            return
        choices = [
            Choice("on", f"Go on where you left (step {left.step})", self._of_the_key(left.all)),
            Choice("over", "Start over"),
        ]
        talk.step(1)
        try:
            answer = talk.prompter.choose(ChoicePrompt("resume", "Unfinished setup", choices))
        except BackError:
            answer = "on"
        if answer == "over":
            resume.forget(talk.environment)
            return
        talk.answers.update(left.answers)
        # A flag stays what it was: nobody is asked, and it adds to what is there where an answer replaces it.
        self._flags = {**left.flags, **self._flags}
        talk.request = replace(talk.request, given={**talk.request.given, **self._flags})
        self._skipped = frozenset(left.done)
        self._show_kept()

    def _contradict(self, answers: Mapping[str, Any]) -> bool:
        """Whether the flags are about another gateway or entry than what was kept: the rest does not fit then."""
        return any(name in self._flags and self._flags[name] != answers.get(name) for name in _ABOUT)

    def _of_the_key(self, answers: Mapping[str, Any]) -> str:
        """What becomes of the key, which is never kept with the answers."""
        talk = self._talk
        held = held_key(str(answers.get("provider_id") or talk.provider_id), talk.found.seen, talk.request.vault)
        return "the key is asked for again" if held is None else "the key that OpenClaw has is still there"

    def _show_kept(self) -> None:
        """What need not be asked again, as if it had just been answered."""
        for name in _SHOWN:
            value = self._talk.given.get(name)
            if value:
                shown = ", ".join(value) if isinstance(value, list) else str(value)
                show_answer(self._talk.console, BY_ID[name].prompt, _TITLES.get(name, {}).get(shown, shown))

    def run(self) -> flow.Prepared | None:
        """Asks the screens in order, then shows the plan; None where it was not confirmed."""
        number = 0
        while True:
            self._ask_from(number)
            self._keep(STEPS)
            try:
                prepared = review.review(self._talk)
            except BackError:
                number = self._back(len(SCREENS))
                continue
            if prepared is not None and not prepared.plan.changes:
                resume.forget(self._talk.environment)
            return prepared

    def _ask_from(self, number: int) -> None:
        while number < len(SCREENS):
            screen = SCREENS[number]
            if screen.id in self._skipped and not screen.secret:
                self._trail.append(number)
                number += 1
                continue
            try:
                asked = screen.ask(self._talk)
            except BackError:
                number = self._back(number)
                continue
            except JumpError as jump:
                number = _PLACES[jump.screen]
                self._trail = [place for place in self._trail if place < number]
                self._skipped = frozenset()
                continue
            if asked:
                self._trail.append(number)
                self._done.append(screen.id)
                self._keep(SCREENS[min(number + 1, len(SCREENS) - 1)].step)
            number += 1

    def _back(self, number: int) -> int:
        # From here on every screen is put again, whatever was kept.
        self._skipped = frozenset()
        if not self._trail:
            self._talk.dim("This is the first question.")
            return number
        return self._trail.pop()

    def _keep(self, step: int) -> None:
        done = tuple(dict.fromkeys((*self._skipped, *self._done)))
        resume.keep(self._talk.environment, self._config, resume.Kept(step, self._talk.answers, done, self._flags))
