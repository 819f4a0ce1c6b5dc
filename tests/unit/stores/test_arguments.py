"""No process that a key command starts has the key among its arguments or in its environment."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.stores.places import KEY, Place
from wizard.cli.main import main

STARTED: list[str] = []
RECORDING = False


def _record(event: str, arguments: tuple[Any, ...]) -> None:
    if RECORDING and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.spawn"):
        STARTED.append(repr(arguments))


sys.addaudithook(_record)


@pytest.mark.parametrize(
    "command",
    [
        ("set", "--storage", "openclaw-env"),
        ("set", "--storage", "dotenv"),
        ("set", "--storage", "keyring"),
        ("move", "--to", "dotenv"),
        ("move", "--to", "keyring"),
        ("remove",),
    ],
)
def test_the_key_is_in_no_argument(place: Place, command: tuple[str, ...]) -> None:
    global RECORDING  # noqa: PLW0603 - an audit hook can never be taken away again
    place.configures(key=KEY if command[0] != "set" else None)
    # A bus that is not there: the keyring's helper is started all the same.
    place.variables["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={place.home}/none"
    environment = replace(place.environment, stdin=io.StringIO(KEY), stdout=io.StringIO(), stderr=io.StringIO())
    verify = ("--no-verify",) if command[0] == "set" else ()
    STARTED.clear()
    RECORDING = True
    try:
        code = main(["key", *command, *verify, "--yes", "--json"], environment)
    finally:
        RECORDING = False
    assert code == (4 if "keyring" in command else 0)
    assert bool(STARTED) or "keyring" not in command
    assert KEY not in "".join(STARTED)
    out = environment.stdout.getvalue()  # type: ignore[attr-defined]
    assert json.loads(out)["exit_code"] == code
    assert KEY not in out + environment.stderr.getvalue()  # type: ignore[attr-defined]
