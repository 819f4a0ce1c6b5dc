"""A gateway that runs: what it was started with, and what that means for the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.stores.places import KEY, OTHER, Place
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.key_commands.look import Request, look_around
from wizard.setup.key_commands.service_view import View, service_view

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process's environment")

Start = Callable[..., int]


@pytest.fixture
def start(place: Place, tmp_path: Path) -> Iterator[Start]:
    """Starts a process that holds the gateway's lock, with these variables."""
    running: list[subprocess.Popen[bytes]] = []
    place.variables["TMPDIR"] = str(tmp_path)

    def begin(**variables: str) -> int:
        process = subprocess.Popen(["/bin/sleep", "60"], env=variables)
        running.append(process)
        lock = place.home / ".openclaw/tmp" / f"openclaw-{os.getuid()}" / "gateway.state.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.write_text(json.dumps({"pid": process.pid, "port": 18789}))
        return process.pid

    yield begin
    for process in running:
        process.kill()
        process.wait()


def view(place: Place) -> View:
    def send(probe: Probe, transport: Transport) -> Exchange:
        raise AssertionError((probe, transport))

    return service_view(look_around(Request(place.environment, place.vault, lambda _: place.keyring, send)))


def test_the_running_gateways_own_variable_is_a_copy(place: Place, start: Start) -> None:
    place.configures(key=KEY)
    pid = start(PORTKEY_API_KEY=KEY)
    (copy,) = [copy for copy in place.copies() if copy.layer == "service-env"]
    assert (copy.handle, copy.wins) == (place.takes(KEY), False)
    assert str(pid) in copy.location


@pytest.mark.parametrize(
    ("has", "sees"),
    [
        ({"PORTKEY_API_KEY": KEY}, True),
        ({"PORTKEY_API_KEY": OTHER}, False),
        ({}, True),
        ({"PORTKEY_API_KEY": ""}, True),
    ],
)
def test_a_key_of_the_config_and_what_the_gateway_was_started_with(
    place: Place, start: Start, has: dict[str, str], sees: bool
) -> None:
    place.configures(key=KEY)
    start(**has)
    assert view(place)[0] is sees


@pytest.mark.parametrize(("has", "sees"), [({"PORTKEY_API_KEY": KEY}, True), ({}, False)])
def test_a_key_of_this_shell_reaches_a_gateway_that_was_started_with_it(
    place: Place, start: Start, has: dict[str, str], sees: bool
) -> None:
    place.configures()
    place.variables["PORTKEY_API_KEY"] = KEY
    start(**has)
    assert view(place)[0] is sees


def test_an_empty_variable_hides_the_dotenv_from_the_gateway(place: Place, start: Start) -> None:
    place.configures()
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    start(PORTKEY_API_KEY="")
    sees, words = view(place)
    assert sees is False
    assert "no key" in words


def test_without_a_gateway_nothing_is_claimed_of_this_shell(place: Place, tmp_path: Path) -> None:
    place.variables["TMPDIR"] = str(tmp_path)
    place.configures()
    place.variables["PORTKEY_API_KEY"] = KEY
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={OTHER}\n")
    sees, words = view(place)
    assert sees is None
    assert "another key" in words


def test_a_literal_key_reaches_every_gateway(place: Place) -> None:
    place.configures(entry={"apiKey": KEY})
    assert view(place)[0] is True
