"""A person who answers the wizard from a script, a home of its own, and a gateway on loopback."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.limits import Deadline
from wizard.json5doc import Document
from wizard.keys.vault import Vault
from wizard.portkey.client import Client
from wizard.sandbox.gateway import Sandbox
from wizard.setup import flow
from wizard.setup.interview.run import Interviewed, interview
from wizard.setup.prompter.model import ChoicePrompt
from wizard.setup.prompter.scripted import Answer, ScriptedPrompter
from wizard.terminal.console import Console

OPUS = "@anthropic-prod/claude-opus-4-5"
SONNET = "@anthropic-prod/claude-sonnet-4-5"
GPT = "@openai-prod/gpt-5.2"

Script = dict[str, Answer | list[Answer]]


class _Prompter(ScriptedPrompter):
    """A plan is confirmed by a yes, or by a choice where its diff is long; a script may say True and False to both."""

    def choose(self, prompt: ChoicePrompt) -> str:
        if prompt.id == "apply_not":
            self._left.setdefault(prompt.id, ["leave"])
        left = self._left.get("apply")
        if prompt.id == "apply" and left and isinstance(left[0], bool):
            left[0] = "apply" if left[0] else "leave"
        return super().choose(prompt)


@dataclass
class Person:
    """Somebody at the wizard, with a home folder and a gateway nearby."""

    home: Path
    sandbox: Sandbox
    variables: dict[str, str] = field(default_factory=dict)
    flags: dict[str, Any] = field(default_factory=dict)
    shown: str = ""
    ids: tuple[str, ...] = ()
    left: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    vault: Vault = field(default_factory=Vault)
    prompts: list[Any] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.sandbox.account.key("good").value

    @property
    def config(self) -> Path:
        return self.home / ".openclaw" / "openclaw.json"

    @property
    def value(self) -> Any:
        """What the config means now."""
        return Document.parse(self.config.read_text(encoding="utf-8")).value

    @property
    def environment(self) -> Environment:
        return Environment(
            variables={"HOME": str(self.home), **self.variables},
            home=self.home,
            cwd=self.home,
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            system="linux",
        )

    @property
    def script(self) -> Script:
        """The shortest way through the wizard of somebody who is new; `talks` changes single answers of it."""
        return {
            "gateway": "other",
            "gateway_url": self.sandbox.base_url,
            "api_key": self.key,
            "provider": "@anthropic-prod",
            "model": (OPUS,),
            "fallback": (),
            "key_storage": "openclaw-env",
            "apply": True,
        }

    def has(self, config: Any) -> None:
        """Has this config, as text or as data."""
        self.config.parent.mkdir(mode=0o700, exist_ok=True)
        text = config if isinstance(config, str) else json.dumps(config, indent=2)
        self.config.write_text(text, encoding="utf-8")

    def talks(self, **answers: Any) -> Interviewed:
        """Goes through the wizard; an answer of None is left out of the script."""
        script = {name: answer for name, answer in {**self.script, **answers}.items() if answer is not None}
        prompter = _Prompter(script)
        stream = io.StringIO()
        self.vault = Vault()
        client = Client(self.vault, Deadline.after(60))
        request = flow.Request(dict(self.flags), self.environment, self.vault, client.send)
        try:
            return interview(request, prompter, Console(stream, width=100))
        finally:
            client.close()
            self.shown = stream.getvalue()
            self.ids = prompter.ids
            self.left = prompter.left
            self.prompts = prompter.seen

    def writes(self, **answers: Any) -> Any:
        """Goes through the wizard, has it written, and gives the config's value."""
        interviewed = self.talks(**answers)
        assert interviewed.prepared is not None
        flow.carry_out(interviewed.prepared, interviewed.request)
        return self.value

    def prompt(self, name: str) -> Any:
        """The last prompt of that id."""
        return next(prompt for prompt in reversed(self.prompts) if prompt.id == name)


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox(record=False) as running:
        yield running


@pytest.fixture
def person(tmp_path: Path, shared_sandbox: Sandbox) -> Person:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return Person(home, shared_sandbox)


@pytest.fixture
def second_run(person: Person) -> Person:
    """The same person after a first setup; what is answered then is the shortest way to leave all as it is."""
    person.writes()
    return person
