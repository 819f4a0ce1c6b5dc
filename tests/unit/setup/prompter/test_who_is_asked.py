"""The terminal gate, and what is said where nobody can be asked."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.setup.prompter.choose import Way, make_prompter, way_of_asking
from wizard.setup.prompter.flags_only import FlagsOnlyPrompter
from wizard.setup.prompter.interactive import InteractivePrompter
from wizard.setup.prompter.model import (
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    SecretPrompt,
    TextPrompt,
)
from wizard.setup.prompter.plain import PlainPrompter
from wizard.setup.questions import QUESTIONS, Question
from wizard.terminal.console import Console


@pytest.mark.parametrize(
    ("variables", "reads", "writes", "plain", "yes", "way"),
    [
        ({"TERM": "xterm"}, True, True, False, False, Way.INTERACTIVE),
        ({}, True, True, False, False, Way.INTERACTIVE),
        ({"TERM": "xterm", "CI": "1"}, True, True, False, False, Way.INTERACTIVE),
        ({"TERM": "xterm", "ACCESSIBLE": "0"}, True, True, False, False, Way.INTERACTIVE),
        ({"TERM": "xterm", "ACCESSIBLE": "1"}, True, True, False, False, Way.PLAIN),
        ({"TERM": "dumb"}, True, True, False, False, Way.PLAIN),
        ({"TERM": "unknown"}, True, True, False, False, Way.PLAIN),
        ({"TERM": "xterm"}, True, True, True, False, Way.PLAIN),
        ({"TERM": "xterm"}, False, True, False, False, Way.FLAGS_ONLY),
        ({"TERM": "xterm"}, True, False, False, False, Way.FLAGS_ONLY),
        ({"TERM": "xterm"}, False, False, True, False, Way.FLAGS_ONLY),
        ({"TERM": "dumb"}, True, False, True, False, Way.FLAGS_ONLY),
        ({"TERM": "xterm"}, True, True, False, True, Way.FLAGS_ONLY),
        ({"TERM": "xterm"}, True, True, True, True, Way.FLAGS_ONLY),
    ],
)
def test_how_prompts_are_answered(
    variables: Mapping[str, str], reads: bool, writes: bool, plain: bool, yes: bool, way: Way
) -> None:
    assert way_of_asking(variables, reads_terminal=reads, writes_terminal=writes, plain=plain, yes=yes) is way


@pytest.fixture
def terminal() -> Iterator[Environment]:
    """Surroundings whose streams are a terminal."""
    outer, inner = os.openpty()
    with os.fdopen(os.dup(inner), "r", encoding="utf-8") as stdin, os.fdopen(inner, "w", encoding="utf-8") as stdout:
        yield Environment(variables={"TERM": "xterm"}, home=Path("/"), cwd=Path("/"), stdin=stdin, stdout=stdout)
    os.close(outer)


def test_a_terminal_gets_prompts_of_its_kind(terminal: Environment) -> None:
    console = Console(terminal.stdout, width=80)
    assert isinstance(make_prompter(terminal, console), InteractivePrompter)
    assert isinstance(make_prompter(terminal, Console(terminal.stdout, width=80, plain=True)), PlainPrompter)
    assert isinstance(make_prompter(terminal, console, yes=True), FlagsOnlyPrompter)
    for prompter, asks in (
        (make_prompter(terminal, console), True),
        (make_prompter(terminal, console, yes=True), False),
    ):
        assert prompter.asks is asks
        assert bool(prompter.keys) is asks


def test_what_people_read_decides_not_standard_output(terminal: Environment) -> None:
    # With --json the talk goes to standard error.
    assert isinstance(make_prompter(terminal, Console(io.StringIO(), width=80)), FlagsOnlyPrompter)


def test_streams_that_are_closed_are_no_terminals() -> None:
    closed = io.StringIO()
    closed.close()
    environment = Environment(variables={}, home=Path("/"), cwd=Path("/"), stdin=closed, stdout=closed)
    assert isinstance(make_prompter(environment, Console(closed, width=80)), FlagsOnlyPrompter)


def test_nothing_heavy_is_loaded_before_somebody_is_asked() -> None:
    probe = (
        "import sys, wizard.setup.prompter.choose, wizard.setup.prompter.plain, wizard.setup.prompter.scripted, "
        "wizard.setup.prompter.flags_only, wizard.setup.key_shape, wizard.terminal.links, wizard.terminal.steps; "
        "print({'questionary', 'prompt_toolkit', 'asyncio', 'rich', 'webbrowser'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
@pytest.mark.parametrize("yes", [False, True])
def test_every_question_names_what_answers_it(question: Question, yes: bool) -> None:
    prompter = FlagsOnlyPrompter(yes=yes)
    with pytest.raises(UserError) as caught:
        prompter.text(TextPrompt(question.id, question.prompt))
    assert caught.value.code is ExitCode.USAGE
    for source in (question.flag, question.env, question.stdin_flag, question.file_flag):
        assert source is None or source in caught.value.message
    assert ("--yes" in caught.value.message) is yes


def test_every_kind_of_prompt_is_refused() -> None:
    prompter = FlagsOnlyPrompter()
    choices = (Choice("a", "A"),)
    calls: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: prompter.secret(SecretPrompt("api_key", "Portkey API key")), "--api-key-stdin"),
        (lambda: prompter.choose(ChoicePrompt("primary", "Primary model", choices)), "--primary"),
        (lambda: prompter.choose_many(ManyPrompt("fallback", "Fallback models", choices)), "--fallback"),
        (lambda: prompter.confirm(ConfirmPrompt("apply", "Apply")), "give --yes"),
        (lambda: prompter.choose(ChoicePrompt("no-question", "What now", choices)), "at a terminal"),
    )
    for call, words in calls:
        with pytest.raises(UserError, match=words) as caught:
            call()
        assert caught.value.code is ExitCode.USAGE
