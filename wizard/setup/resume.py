"""What an interrupted interview leaves for the next one: answers that are no secret, in our state folder, 0600."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.change.state import make_private_folder, state_folder
from wizard.change.writing import Ownership, remove_strays, replace_file
from wizard.portkey import hosts
from wizard.setup.questions import BY_ID

_NAME: Final = "setup.json"
_SCHEMA_VERSION: Final = 1
_LIMIT: Final = 2**20
# Where nothing but this was answered, there is nothing that would be worth asking whether to go on.
_FIRST: Final = "start"
# Nothing else is ever written: an answer that is not named here is forgotten.
_TEXTS: Final = frozenset(
    {"mode", "provider_id", "gateway_url", "route_by", "slug", "config_id", "vendor", "primary", "use_as", "agent"}
    | {"key_storage", "api", "trace_id"}
)
_LISTS: Final = {"model": "model", "fallback": "model", "unlisted": "model", "metadata": "metadata"}
_SWITCHES: Final = frozenset(
    {"gateway_other", "default_may_hide", "clear_config_id", "clear_vendor", "clear_trace_id", "clear_metadata"}
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An interrupted interview.

    Attributes:
        step: the step it had reached, 1-based.
        answers: what was said.
        done: the screens that were answered.
        flags: what the run's flags said.
    """

    step: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, Any]:
        """What was said in either way; flags win."""
        return {**self.answers, **self.flags}


def by_flags(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers among a run's flags that may be kept, so that a run without them goes on with them."""
    stated = {name: value for name, value in given.items() if value not in (None, False, [])}
    return {name: value for name, value in stated.items() if _is_answer(name, value)}


def keep(environment: Environment, config: Path, kept: Kept) -> None:
    """Writes what was said so far; where that cannot be, there is nothing to resume, and nothing else is lost."""
    path = _file(environment)
    answers = {name: value for name, value in kept.answers.items() if _is_answer(name, value)}
    data = {
        "schema_version": _SCHEMA_VERSION,
        "config": str(config),
        "step": kept.step,
        "done": list(kept.done),
        "answers": answers,
        "flags": by_flags(kept.flags),
    }
    with suppress(OSError):
        make_private_folder(path.parent)
        remove_strays(path)
        replace_file(path, (json.dumps(data, indent=2) + "\n").encode(), Ownership(0o600), lambda: None)


def kept(environment: Environment, config: Path) -> Kept | None:
    """What an interrupted interview about this config left, or None where that is nothing worth going on with.

    A file that holds anything but what `keep` writes is not believed at all: the worst that follows are questions.
    """
    try:
        data = json.loads(read_text(_file(environment), limit=_LIMIT).text)
    except (UnreadableFileError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("schema_version") != _SCHEMA_VERSION or data.get("config") != str(config):
        return None
    answers, flags, done, step = (data.get(name) for name in ("answers", "flags", "done", "step"))
    if not (isinstance(answers, dict) and isinstance(flags, dict)) or not (
        _are_answers(answers) and _are_answers(flags)
    ):
        return None
    if not isinstance(done, list) or not all(isinstance(name, str) for name in done):
        return None
    # In JSON `true` is no number, in Python it is.
    if isinstance(step, bool) or not isinstance(step, int) or not set(done) - {_FIRST}:
        return None
    return Kept(step, answers, tuple(done), flags)


def forget(environment: Environment) -> None:
    """Takes the file away."""
    with suppress(OSError):
        _file(environment).unlink()


def _file(environment: Environment) -> Path:
    return state_folder(environment) / _NAME


def _are_answers(data: Mapping[str, Any]) -> bool:
    return all(_is_answer(name, value) for name, value in data.items())


def _is_answer(name: str, value: Any) -> bool:
    """Whether a value can be the answer of that name: the type fits, and the question's own check takes it."""
    if name in _SWITCHES:
        return isinstance(value, bool)
    if name in _LISTS:
        return isinstance(value, list | tuple) and all(_passes(_LISTS[name], each) for each in value)
    return name in _TEXTS and (value is None or _passes(name, value))


def _passes(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    question = BY_ID.get(name)
    if question is None:
        return True
    try:
        question.check(value)
    except ValueError:
        return False
    return name != "gateway_url" or hosts.origin(value) is not None
