"""OpenClaw's exec secret provider protocol: every id gets a value or an error, whatever is asked and what is there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.keys.conftest import Choose
from wizard.base import limits
from wizard.base.environment import Environment
from wizard.keys.keyring_store import SERVICE, system_keyring
from wizard.keys.resolve_key import complaints, respond

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,40}", fullmatch=True)


def request(*ids: str, version: int = 1) -> str:
    return json.dumps({"protocolVersion": version, "provider": "portkey-claw", "ids": ids})


def run(environment: Environment, text: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """The module as the resolver file starts it."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-I", "-m", "wizard.keys.resolve_key"],
        input=text,
        env=dict(environment.variables),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done, time.monotonic() - started


def test_a_value_and_an_error_in_one_answer(choose: Choose) -> None:
    environment = choose("Sound")
    system_keyring(environment).write(SERVICE, "there", KEY)
    done, _ = run(environment, request("there", "not-there"))
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert (answer["protocolVersion"], answer["values"]) == (1, {"there": KEY})
    assert answer["errors"]["not-there"]["code"] == "NOT_FOUND"
    assert "portkey-claw key set" in answer["errors"]["not-there"]["message"]
    # For people who run it by hand.
    assert done.stderr.startswith("portkey-claw: not-there: ")
    assert KEY not in done.stderr


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        ("Shut", "LOCKED"),
        ("Telltale", "BROKEN"),
        ("PlaintextKeyring", "REFUSED_BACKEND"),
        ("keyring.backends.null.Keyring", "REFUSED_BACKEND"),
    ],
)
def test_a_keyring_that_does_not_serve_is_an_error_for_every_id(choose: Choose, backend: str, code: str) -> None:
    done, _ = run(choose(backend), request("one", "two"))
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["values"]) == (0, {})
    assert {each: error["code"] for each, error in answer["errors"].items()} == {"one": code, "two": code}
    assert all(error["message"] for error in answer["errors"].values())


def test_a_keyring_that_hangs_is_an_error_in_time(choose: Choose) -> None:
    done, seconds = run(choose("Silent"), request("one", "two"))
    answer = json.loads(done.stdout)
    assert {error["code"] for error in answer["errors"].values()} == {"TIMEOUT"}
    assert done.returncode == 0
    assert limits.KEYRING_SECONDS <= seconds < limits.KEYRING_SECONDS + 3


def test_what_a_backend_prints_does_not_spoil_the_answer(choose: Choose) -> None:
    environment = choose("Noisy")
    system_keyring(environment).write(SERVICE, "there", KEY)
    done, _ = run(environment, request("there"))
    assert json.loads(done.stdout)["values"] == {"there": KEY}


@given(st.dictionaries(IDS, st.text(max_size=30), max_size=5), st.lists(IDS, max_size=5))
def test_every_id_gets_a_value_or_an_error(entries: dict[str, str], others: list[str]) -> None:
    ids = [*entries, *others]
    answer = respond(request(*ids), lambda account: {"value": entries.get(account)})
    assert answer["values"] == {account: value for account, value in entries.items() if value}
    errors = answer.get("errors", {})
    assert set(answer["values"]) | set(errors) == set(ids)
    assert not set(answer["values"]) & set(errors)
    assert ("errors" in answer) == bool(errors)
    assert len(complaints(answer).splitlines()) == len(errors)


KEYS = st.sampled_from(["ids", "protocolVersion", "other"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner)).map(json.dumps)


@given(st.text(max_size=40) | JSON)
def test_whatever_is_asked_an_answer_comes(text: str) -> None:
    answer: dict[str, Any] = respond(text, lambda _: {"value": KEY})
    assert answer["protocolVersion"] == 1
    assert isinstance(answer["values"], dict)


def test_another_version_of_the_protocol_gets_no_secret() -> None:
    answer = respond(request("one", version=2), lambda _: {"value": KEY})
    assert answer["values"] == {}
    assert answer["errors"]["one"]["code"] == "UNSUPPORTED"


@pytest.mark.parametrize("text", ["", "not json", "[]", "null", '{"ids": 3}', '{"protocolVersion": 1}'])
def test_a_request_that_is_none_is_answered_empty(choose: Choose, text: str) -> None:
    done, _ = run(choose("Sound"), text)
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"protocolVersion": 1, "values": {}}


def test_it_starts_without_the_rest_of_the_program() -> None:
    probe = (
        "import sys, wizard.keys.resolve_key; "
        "print(sorted(name for name in sys.modules if name.startswith('wizard'))); "
        "print([name for name in ('keyring', 'httpx', 'rich', 'dataclasses') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, check=True, timeout=30)
    ours, heavy = done.stdout.splitlines()
    modules = ("keyring_worker", "resolve_key", "session_bus")
    assert ours == str(["wizard", "wizard.keys", *(f"wizard.keys.{name}" for name in modules)])
    assert heavy == "[]"
