"""How a run ends: the contract's numbers, and the errors that carry them."""

from __future__ import annotations

from wizard.base.errors import ExitCode, UserError, not_written, usage_error


def test_exit_statuses_are_the_contracts() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "UNDETERMINED": 3,
        "NOT_WRITTEN": 4,
        "BUG": 70,
        "INTERRUPTED": 130,
    }


def test_an_error_of_the_user_has_a_status_a_sentence_and_a_way_out() -> None:
    error = UserError(ExitCode.UNDETERMINED, "It could not be asked.", "Try again.")
    assert (error.code, error.message, error.hint, str(error)) == (
        3,
        "It could not be asked.",
        "Try again.",
        error.message,
    )
    assert (usage_error("a").code, usage_error("a").hint) == (ExitCode.USAGE, "")
    assert (not_written("a", "b").code, not_written("a", "b").hint) == (ExitCode.NOT_WRITTEN, "b")
