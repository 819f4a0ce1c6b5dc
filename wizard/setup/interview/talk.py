"""What the steps of the interview share: what is known so far, and how they speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.portkey.account import AccountProvider
from wizard.portkey.catalogue import Catalogue
from wizard.route.model import Api
from wizard.setup import flow
from wizard.setup.gateway import Gateway, read_gateway
from wizard.setup.key import KeyAnswer
from wizard.setup.prompter.model import Prompter, Verdict
from wizard.setup.questions import BY_ID, PROVIDER_ID
from wizard.setup.verify import Looked
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.steps import show_step

STEPS: Final = 5
TITLE: Final = "Portkey for OpenClaw"

# What a person may want with an entry that is there.
FIRST: Final = "first"
CHANGE: Final = "change"
ADD: Final = "add"


class JumpError(Exception):
    """Another screen is to be asked next, and what comes after it again."""

    def __init__(self, screen: str) -> None:
        super().__init__(screen)
        self.screen = screen


@dataclass
class Talk:
    """One interview.

    Attributes:
        request: the run; its answers are the flags, which are never asked for.
        prompter: puts the prompts.
        console: what people read.
        found: what was there before.
        answers: what was said so far, by question id; never a secret.
        key: the key, once there is one.
        looked: what the gateway told of its models, None where nobody asked it.
        unchecked: the person chose to go on without asking the gateway.
        keeps_providers: whether the gateway has providers and configs of its own, as the open-source one has not.
        providers: what the account tells of its providers, by slug.
        linked: the pages for account and key were shown.
        opened: the step whose header was printed last.
    """

    request: flow.Request
    prompter: Prompter
    console: Console
    found: flow.Found
    answers: dict[str, Any] = field(default_factory=dict)
    key: KeyAnswer | None = None
    looked: Looked | None = None
    unchecked: bool = False
    keeps_providers: bool = True
    providers: Mapping[str, AccountProvider] = field(default_factory=dict)
    linked: bool = False
    opened: int = 0

    @property
    def environment(self) -> Environment:
        """The run's surroundings."""
        return self.request.environment

    @property
    def catalogue(self) -> Catalogue | None:
        """The models that the key may use, or None where that is not known."""
        return self.looked.catalogue if self.looked is not None else None

    @property
    def given(self) -> dict[str, Any]:
        """All answers so far: what the flags say wins."""
        stated = {name: value for name, value in self.request.given.items() if value not in (None, False, [])}
        unchecked = {"no_verify": True} if self.unchecked else {}
        return {**self.request.given, **self.answers, **unchecked, **stated}

    def stated(self, name: str) -> bool:
        """Whether a flag answers a question, so that nobody is asked."""
        return self.request.given.get(name) not in (None, False, [])

    @property
    def mode(self) -> str:
        """Whether an entry is made, changed, or added beside others."""
        return str(self.answers.get("mode", FIRST))

    @property
    def provider_id(self) -> str:
        """The name of the entry."""
        return str(self.given.get("provider_id") or PROVIDER_ID)

    @property
    def entry(self) -> Mapping[str, Any]:
        """The entry as it is in the config now; empty where there is none, or a new one is added."""
        if self.mode == ADD:
            return {}
        entry = self.found.seen.config.get(("models", "providers", self.provider_id))
        return entry if isinstance(entry, Mapping) else {}

    def gateway(self) -> Gateway:
        """The gateway as answered so far.

        Raises:
            UserError: the URL is none.
        """
        return flow.gateway_of(flow.with_standing(self.given, self.found, self.environment))

    def step(self, number: int) -> None:
        """Prints a step's header, once for each time it is entered."""
        if self.opened != number:
            self.opened = number
            show_step(
                self.console,
                number,
                STEPS,
                title=TITLE,
                keys=self.prompter.keys,
                note="nothing written",
            )

    def say(self, text: str, *, indent: int = 2) -> None:
        """Prints a sentence."""
        self.console.line(text, indent=indent)

    def dim(self, text: str) -> None:
        """Prints something that need not be read."""
        self.console.line(Span(text, Tone.DIM), indent=2)

    def good(self, text: str) -> None:
        """Prints what is well."""
        self.console.line(text, label=(Span(f"{self.console.glyphs.good} ", Tone.GOOD),))

    def care(self, text: str) -> None:
        """Prints what needs attention."""
        self.console.line(text, label=(Span(f"{self.console.glyphs.care} ", Tone.CARE),))

    def broken(self, text: str) -> None:
        """Prints what went wrong."""
        self.console.line(text, label=(Span(f"{self.console.glyphs.broken} ", Tone.BROKEN),))

    def title(self, question: str) -> str:
        """What a question is called, as its flag's declaration has it."""
        return BY_ID[question].prompt

    def judge(self, question: str) -> Callable[[str], Verdict]:
        """A judge that holds a text against a question's own check."""
        check = BY_ID[question].check

        def judged(text: str) -> Verdict:
            try:
                check(text.strip())
            except ValueError as error:
                return Verdict(refused=str(error))
            return Verdict()

        return judged

    def judge_gateway(self, text: str) -> Verdict:
        """Whether a text is a gateway's URL."""
        try:
            gateway = read_gateway(text, Api(self.given.get("api") or str(BY_ID["api"].default)))
        except UserError as error:
            reason = error.message.removeprefix("--gateway-url ").removeprefix(f"{text.strip()}: ").rstrip(".")
            return Verdict(refused=f"{reason}; {error.hint[:1].lower()}{error.hint[1:].rstrip('.')}")
        return Verdict(note=f"becomes {gateway.base_url}" if gateway.base_url != text.strip() else "")
