"""The keyring answers in time or is given up, says why it does not serve, and never sees a secret go another way."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.keys.conftest import Choose, surroundings
from wizard.base import limits
from wizard.base.environment import Environment
from wizard.keys import keyring_worker
from wizard.keys.keyring_store import (
    SERVICE,
    Keyring,
    KeyringError,
    KeyringTrouble,
    describe_keyring,
    keyring_variables,
    system_keyring,
)

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
ACCOUNT = "portkey-api-key:1f9c22ab"
CALLS: dict[str, Callable[[Keyring], object]] = {
    "read": lambda keyring: keyring.read(SERVICE, ACCOUNT),
    "write": lambda keyring: keyring.write(SERVICE, ACCOUNT, KEY),
    "delete": lambda keyring: keyring.delete(SERVICE, ACCOUNT),
}


def trouble_of(call: Callable[[], object]) -> KeyringError:
    with pytest.raises(KeyringError) as caught:
        call()
    return caught.value


def test_an_entry_is_kept_replaced_read_and_forgotten(choose: Choose) -> None:
    keyring = system_keyring(choose("Sound"))
    assert keyring.read(SERVICE, ACCOUNT) is None
    keyring.write(SERVICE, ACCOUNT, "another")
    keyring.write(SERVICE, ACCOUNT, KEY)
    assert keyring.read(SERVICE, ACCOUNT) == KEY
    assert keyring.read(SERVICE, "another-account") is None
    keyring.delete(SERVICE, ACCOUNT)
    keyring.delete(SERVICE, ACCOUNT)
    assert keyring.read(SERVICE, ACCOUNT) is None


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_comes_back_as_it_was(choose: Choose, value: str) -> None:
    keyring = system_keyring(choose("Sound"))
    keyring.write(SERVICE, ACCOUNT, value)
    assert keyring.read(SERVICE, ACCOUNT) == value


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("keyring.backends.null.Keyring", "forgets whatever it is given"),
        ("keyring.backends.fail.Keyring", "refuses everything"),
        ("keyring.backends.chainer.ChainerBackend", "chains no keyring"),
        ("PlaintextKeyring", "in clear text"),
        ("Unencrypted", "in clear text"),
        ("Crypted", "in clear text"),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_a_keyring_that_keeps_no_secret_is_refused_for_every_call(
    choose: Choose, backend: str, words: str, call: str
) -> None:
    environment = choose(backend)
    error = trouble_of(lambda: CALLS[call](system_keyring(environment)))
    assert error.trouble is KeyringTrouble.REFUSED_BACKEND
    assert words in error.detail
    assert error.backend.endswith(backend)
    # It says what to do.
    assert "keep the key in" in error.detail
    assert trouble_of(lambda: describe_keyring(environment)).detail == error.detail
    assert not list(environment.home.rglob("entries.json"))


def test_a_backend_may_be_chosen_by_the_variable_too(tmp_path: Path) -> None:
    environment = surroundings(tmp_path, PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    assert trouble_of(lambda: describe_keyring(environment)).trouble is KeyringTrouble.REFUSED_BACKEND


def test_no_keyring_at_all_is_told_from_a_refused_one(tmp_path: Path) -> None:
    error = trouble_of(lambda: describe_keyring(surroundings(tmp_path)))
    assert (error.trouble, error.backend) == (KeyringTrouble.NO_BACKEND, "")
    assert "D-Bus" in error.detail


def test_a_locked_keyring_is_told_from_an_absent_entry(choose: Choose) -> None:
    for call in CALLS.values():
        error = trouble_of(lambda call=call: call(system_keyring(choose("Shut"))))  # type: ignore[misc]
        assert error.trouble is KeyringTrouble.LOCKED
        assert "Unlock it" in error.detail
    assert system_keyring(choose("Sound")).read(SERVICE, ACCOUNT) is None


@pytest.mark.parametrize("call", CALLS)
def test_a_keyring_that_hangs_is_given_up_in_time(choose: Choose, call: str) -> None:
    started = time.monotonic()
    error = trouble_of(lambda: CALLS[call](system_keyring(choose("Silent"))))
    assert error.trouble is KeyringTrouble.TIMEOUT
    assert limits.KEYRING_SECONDS <= time.monotonic() - started < limits.KEYRING_SECONDS + 3


def test_what_a_hanging_backend_has_started_ends_with_it(choose: Choose) -> None:
    environment = choose("Forking")
    assert trouble_of(lambda: system_keyring(environment).read(SERVICE, ACCOUNT)).trouble is KeyringTrouble.TIMEOUT
    status = Path("/proc", (environment.home / "entries.json").read_text(), "stat")
    end = time.monotonic() + 10
    while _is_running(status):
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_running(status: Path) -> bool:
    try:
        return "Z" not in status.read_text().rpartition(")")[2]
    except OSError:
        return False


def test_an_error_tells_its_kind_and_not_the_secret(choose: Choose) -> None:
    keyring = system_keyring(choose("Telltale"))
    error = trouble_of(lambda: keyring.write(SERVICE, ACCOUNT, KEY))
    assert error.trouble is KeyringTrouble.BROKEN
    assert error.detail == "RuntimeError: cannot store … at all"
    assert KEY not in f"{error!r} {error.__cause__!r} {error.__context__!r}"


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("Dying", "ended without an answer"),
        ("no_such_module.Keyring", "names cannot be used: ModuleNotFoundError"),
        ("keyring.backends.macOS.Keyring", "names cannot be used: RuntimeError"),
        ("keyring.backends.SecretService.Keyring", "There is no D-Bus session here"),
    ],
)
def test_a_keyring_that_breaks_is_named(choose: Choose, backend: str, words: str) -> None:
    error = trouble_of(lambda: system_keyring(choose(backend)).read(SERVICE, ACCOUNT))
    assert words in error.detail


def test_what_a_backend_prints_does_not_spoil_the_answer(choose: Choose) -> None:
    keyring = system_keyring(choose("Noisy"))
    keyring.write(SERVICE, ACCOUNT, KEY)
    assert keyring.read(SERVICE, ACCOUNT) == KEY


def test_nothing_is_asked_before_the_first_call(tmp_path: Path) -> None:
    started = time.monotonic()
    system_keyring(surroundings(tmp_path))
    assert time.monotonic() - started < 0.05


def test_only_the_named_variables_are_handed_on(choose: Choose, tmp_path: Path) -> None:
    chosen = choose("Sound")
    told = tmp_path / "modules" / "backends_of_the_tests.py"
    told.write_text(told.read_text() + '\nFILE.with_name("environment").write_text(" ".join(sorted(os.environ)))\n')
    environment = Environment(
        {**chosen.variables, "PORTKEY_API_KEY": KEY, "PYTHONPATH": "/somewhere"},
        chosen.home,
        chosen.cwd,
        system="linux",
    )
    system_keyring(environment).read(SERVICE, ACCOUNT)
    names = set((chosen.home / "environment").read_text().split())
    assert names <= {*keyring_variables("linux"), "LC_CTYPE"}


def test_the_troubles_have_the_same_words_on_both_sides() -> None:
    words = {keyring_worker.NO_BACKEND, keyring_worker.REFUSED_BACKEND, keyring_worker.LOCKED, keyring_worker.BROKEN}
    assert words == {trouble.value for trouble in KeyringTrouble} - {KeyringTrouble.TIMEOUT.value}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_the_variables_hold_no_secret_and_a_way_to_the_keyring(system: str) -> None:
    names = keyring_variables(system)
    assert "PYTHON_KEYRING_BACKEND" in names
    assert not any("KEY" in name.replace("KEYRING", "") or "TOKEN" in name for name in names)
