"""The flags by themselves: what is wrong with one, or between two, is said before anybody is asked for anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wizard.base.errors import usage_error
from wizard.setup.answers import checked, cleared_headers
from wizard.setup.questions import LISTED, QUESTIONS

# What a removal may be told.
_OF_REMOVAL: Final = ("provider_id",)
# An empty one is a variable of a script that is not set; the default in its place would be another file.
_PATHS: Final = (("openclaw_config", "--openclaw-config"), ("api_key_file", "--api-key-file"))


def check_flags(given: Mapping[str, Any]) -> None:
    """Holds every flag against its own check and against the others.

    Args:
        given: the flags by id; what was not given is None, False or absent.

    Raises:
        UserError: one is wrong, or two contradict each other; exit code 2.
    """
    for name, flag in _PATHS:
        if given.get(name) == "":
            raise usage_error(f"{flag} is empty.", "Name a file, or leave the flag out.")
    for question in QUESTIONS:
        if question.flag is None or given.get(question.id) is None:
            continue
        values = given[question.id] if question.many else [given[question.id]]
        for value in values:
            checked(question, value)
    cleared_headers(given)
    if given.get("api_key_stdin") and given.get("api_key_file"):
        raise usage_error("--api-key-stdin and --api-key-file were both given.", "Give one of them.")
    if given.get("remove"):
        _refuse_beside_removal(given)
    if given.get("use_as") == LISTED:
        _refuse_beside_listed(given)


def _refuse_beside_removal(given: Mapping[str, Any]) -> None:
    flag = next(_answers(given), None)
    if flag is not None:
        raise usage_error(
            f"--remove and {flag} contradict each other: a removal sets nothing up.",
            "Beside --remove go --provider-id, --dry-run and --yes.",
        )


def _answers(given: Mapping[str, Any]) -> Iterator[str]:
    for question in QUESTIONS:
        if question.id in _OF_REMOVAL:
            continue
        names = {
            question.id: question.flag,
            f"{question.id}_stdin": question.stdin_flag,
            f"{question.id}_file": question.file_flag,
            f"clear_{question.id}": f"--clear-{question.id.replace('_', '-')}",
        }
        yield from (flag for name, flag in names.items() if flag is not None and given.get(name))


def _refuse_beside_listed(given: Mapping[str, Any]) -> None:
    for name in ("primary", "fallback"):
        if given.get(name):
            raise usage_error(
                f"--use-as {LISTED} and --{name} contradict each other: what is only listed, no agent asks.",
                "Drop one of them; to list a model, name it with --model.",
            )
