"""Every wait has a limit: the deadline of a run, and no call in the program that could wait for ever."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wizard
from wizard.base import limits
from wizard.base.limits import Deadline

PACKAGE = Path(wizard.__file__).parent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_deadline_passes() -> None:
    clock = Clock()
    deadline = Deadline.after(3, clock)
    assert (deadline.remaining(), deadline.passed, deadline.clip(5), deadline.clip(1)) == (3, False, 3, 1)
    clock.now += 2.5
    assert (deadline.remaining(), deadline.passed, deadline.clip(5)) == (0.5, False, 0.5)
    clock.now += 0.5
    assert (deadline.remaining(), deadline.passed, deadline.clip(5)) == (0, True, 0)
    clock.now += 100
    assert (deadline.remaining(), deadline.passed, deadline.clip(5)) == (0, True, 0)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_step_outlasts_its_own_limit_or_the_run(run: float, later: float, step: float) -> None:
    clock = Clock()
    deadline = Deadline.after(run, clock)
    clock.now += later
    clipped = deadline.clip(step)
    assert 0 <= clipped <= step
    assert clipped <= deadline.remaining()


def test_every_limit_is_a_positive_number() -> None:
    found = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert {"CONNECT_SECONDS", "FIRST_BYTE_SECONDS", "ANSWER_BYTES", "CONFIG_BYTES"} <= set(found)
    for name, value in found.items():
        assert name.endswith(("_SECONDS", "_BYTES")), name
        assert value > 0, name


# --- No call that could wait for ever.

_WAITING = {
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "urllib.request.urlopen",
    "urlopen",
    "socket.create_connection",
    "http.client.HTTPConnection",
    "http.client.HTTPSConnection",
    "httpx.Client",
    "httpx.AsyncClient",
    "httpx.get",
    "httpx.post",
    "httpx.put",
    "httpx.head",
    "httpx.request",
    "httpx.stream",
    "select.select",
    "sqlite3.connect",
    "FileLock",
    "filelock.FileLock",
}
# Where a limit may stand by position: its index.
_BY_POSITION = {"socket.create_connection": 1, "select.select": 3, "urlopen": 2, "urllib.request.urlopen": 2}
# Methods by which a program, a thread or a queue is waited for; a name alone tells what they are called on.
_METHODS = {"communicate": 1, "wait": 0}


def calls_without_limit(source: str) -> Iterator[str]:
    """The calls that wait and state no limit, as `line: call`; a program that was just killed may be waited for."""
    tree = ast.parse(source)
    killed = set(_behind_a_kill(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node not in killed and not _has_limit(node):
            name = ast.unparse(node.func)
            method = name.rpartition(".")[2] if isinstance(node.func, ast.Attribute) else ""
            if name in _WAITING or method in _METHODS:
                yield f"{node.lineno}: {name}"


def _behind_a_kill(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = [statement for field in ("body", "handlers", "orelse", "finalbody") for statement in _list(node, field)]
        for first, second in pairwise(body):
            if isinstance(first, ast.Expr) and ast.unparse(first).endswith((".kill()", "signal.SIGKILL)")):
                yield from ast.walk(second)


def _list(node: ast.AST, field: str) -> list[ast.AST]:
    value = getattr(node, field, [])
    return value if isinstance(value, list) else []


def _has_limit(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    position = _BY_POSITION.get(name, _METHODS.get(name.rpartition(".")[2]))
    stated = [keyword.value for keyword in call.keywords if keyword.arg in ("timeout", "timeout_seconds")]
    if position is not None and len(call.args) > position:
        stated.append(call.args[position])
    return any(not (isinstance(value, ast.Constant) and value.value is None) for value in stated)


@pytest.mark.parametrize(
    ("source", "waits_for_ever"),
    [
        ("subprocess.run(['a'])", True),
        ("subprocess.run(['a'], timeout=None)", True),
        ("subprocess.run(['a'], timeout=3)", False),
        ("process.communicate()", True),
        ("process.communicate(b'')", True),
        ("process.communicate(timeout=limit)", False),
        ("process.wait()", True),
        ("event.wait(3)", False),
        ("httpx.Client(verify=False)", True),
        ("httpx.Client(timeout=5)", False),
        ("socket.create_connection(('a', 1))", True),
        ("socket.create_connection(('a', 1), 3)", False),
        ("urlopen('https://a')", True),
        ("process.kill()\nprocess.wait()", False),
        ("process.terminate()\nprocess.wait()", True),
        ("print('wait')", False),
    ],
)
def test_the_search_itself(source: str, waits_for_ever: bool) -> None:
    assert bool(list(calls_without_limit(source))) is waits_for_ever


def test_no_call_of_the_program_waits_for_ever() -> None:
    found = [
        f"{path.relative_to(PACKAGE.parent)}:{call}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in calls_without_limit(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_search_sees_the_program() -> None:
    assert {"base", "portkey", "openclaw", "doctor", "cli"} <= {path.parent.name for path in PACKAGE.rglob("*.py")}
    assert "httpx.Client(" in (PACKAGE / "portkey" / "client.py").read_text(encoding="utf-8")
