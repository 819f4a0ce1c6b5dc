"""Step 5: the plan, the diff, and the one confirmation."""

from __future__ import annotations

import os
from typing import Final

from wizard.setup import flow, say
from wizard.setup.interview.talk import Talk
from wizard.setup.plan_words import show_diff
from wizard.setup.prompter.model import BackError, Choice, ChoicePrompt, ConfirmPrompt

_APPLY: Final = "apply"
_DIFF: Final = "diff"
_BACK: Final = "back"
_LEAVE: Final = "leave"
_LONG_DIFF: Final = 20
# The step's header, the blank lines and the prompt itself.
_AROUND: Final = 8


def review(talk: Talk) -> flow.Prepared | None:
    """Shows what will be done and asks whether to do it; None where it is not to be done.

    Raises:
        BackError: the question before is wanted.
    """
    talk.opened = 0
    talk.step(5)
    prepared = flow.prepare(request_of(talk), flow.Known(talk.found, talk.key, talk.looked))
    dry, quiet = bool(talk.given.get("dry_run")), bool(talk.given.get("quiet"))
    asks = bool(prepared.plan.changes) and not dry
    apart = asks and not quiet and _is_long(prepared, talk)
    checks = say.checks_of(talk.given)
    say.show_plan(prepared, talk.environment, talk.console, checks=checks, quiet=quiet or apart)
    if not asks:
        return prepared
    agreed = _chosen(prepared, talk) if apart else _confirmed(talk)
    return prepared if agreed else None


def _is_long(prepared: flow.Prepared, talk: Talk) -> bool:
    """Whether the diff would push the plan off the screen."""
    lines = prepared.diff.count("\n") + 1
    effects = sum(len(getattr(change, "operations", ())) + 1 for change in prepared.plan.changes)
    rows = _rows(talk)
    return lines > _LONG_DIFF or bool(rows and lines + effects + len(prepared.plan.notes) + _AROUND > rows)


def _rows(talk: Talk) -> int:
    """The screen's height, 0 where there is none."""
    try:
        return os.get_terminal_size(talk.console.stream.fileno()).lines
    except (OSError, ValueError):
        return 0


def _chosen(prepared: flow.Prepared, talk: Talk) -> bool:
    """Asks what to do with a plan whose diff is shown on demand; Enter alone writes nothing."""
    pointed = _DIFF
    while True:
        choices = [
            Choice(_APPLY, "Apply", "write it"),
            Choice(_DIFF, "Show the diff", f"{prepared.diff.count(chr(10)) + 1} lines"),
            Choice(_BACK, "Back", "to the question before"),
            Choice(_LEAVE, "Leave, nothing written"),
        ]
        answer = talk.prompter.choose(ChoicePrompt("apply", "What now", choices, pointed))
        if answer != _DIFF:
            return _is_yes(answer)
        show_diff(prepared.diff, talk.console)
        talk.console.blank()
        pointed = _BACK


def _confirmed(talk: Talk) -> bool:
    if talk.prompter.confirm(ConfirmPrompt("apply", "Apply")):
        return True
    # The Enter of somebody who meant to go on is no wish to lose the key that was typed.
    choices = [Choice(_BACK, "Back", "to the question before"), Choice(_LEAVE, "Leave, nothing written")]
    return _is_yes(talk.prompter.choose(ChoicePrompt("apply_not", "What now", choices, _BACK)))


def _is_yes(answer: str) -> bool:
    if answer == _BACK:
        raise BackError
    return answer == _APPLY


def request_of(talk: Talk) -> flow.Request:
    """The run with everything that was answered."""
    request, given = talk.request, talk.given
    # What was asked for as a whole is a whole: a model that was unpicked is not kept.
    given["whole"] = talk.mode == "change" and "model" in talk.answers and not talk.stated("model")
    return flow.Request(
        given, request.environment, request.vault, request.send, request.config_path, request.profile, confirms=True
    )
