"""A running OpenClaw gateway takes the new route, once that is done which our output says has to be done."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest

from tests.real.conftest import REPLY, VERSIONS, Home, make_home
from wizard.base.environment import Environment
from wizard.openclaw.locate import locate_config
from wizard.openclaw.pickup import RESTART_COMMAND
from wizard.openclaw.running_gateway import RunningGateway, running_gateway
from wizard.sandbox.gateway import Sandbox

pytestmark = pytest.mark.real

MODEL: Final = "@anthropic-prod/claude-opus-4-5"
# A start takes 5 to 15 s on an idle machine.
READY_SECONDS: Final = 180.0
END_SECONDS: Final = 30.0
AT_ONCE = "within seconds, without a restart"
BY_ITSELF = "restarts itself"

CONFIG = """\
{{gateway: {{mode: "local", port: {port}, bind: "loopback", auth: {{mode: "token", token: "of-the-test-alone"}}}}}}
"""


@dataclass
class Gateway:
    """OpenClaw's gateway in the foreground, as in a terminal."""

    version: str
    home: Home
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with (self.home.path / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.home.executable), "gateway", "run"],
                cwd=self.home.path,
                env=self.home.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            except (OSError, urllib.error.URLError):
                time.sleep(0.3)
        pytest.fail(f"the gateway did not start:\n{(self.home.path / 'gateway.log').read_text()[-3000:]}")

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture(params=VERSIONS)
def gateway(request: pytest.FixtureRequest, lab: Any, tmp_path: Path) -> Iterator[Gateway]:
    """A running gateway that knows nothing of Portkey yet."""
    home = make_home(lab, request.param, tmp_path)
    # Its lock is then found by nobody else's test.
    home.extra["TMPDIR"] = str(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    home.write_config(CONFIG.format(port=port))
    home.config.chmod(0o600)
    made = Gateway(request.param, home, port)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def turn_through(gateway: Gateway, hosted: Sandbox, arrived: Callable[[Any], bool]) -> None:
    """Turns until one makes a call of that kind: the gateway takes a while, and our output says so."""
    end = time.monotonic() + READY_SECONDS
    while True:
        hosted.forget_requests()
        done = gateway.home.openclaw("agent", "--agent", "main", "--message", "hi")
        assert "EMBEDDED" not in done.stdout + done.stderr, "the turn did not go through the gateway"
        calls = [request for request in hosted.requests if request.method == "POST"]
        if done.returncode == 0 and REPLY in done.stdout and calls and arrived(calls[-1]):
            return
        if time.monotonic() > end:
            pytest.fail(f"no such call through the gateway: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        time.sleep(2)


def follow(gateway: Gateway, said: str) -> None:
    """Does what the output asks for, and nothing else."""
    if RESTART_COMMAND in said:
        gateway.stop()
        gateway.start()
    else:
        assert AT_ONCE in said or BY_ITSELF in said


def test_the_gateway_has_the_route_after_what_the_output_says(gateway: Gateway, hosted: Sandbox) -> None:
    is_new = gateway.version == VERSIONS[0]
    home, key = gateway.home, hosted.account.key("good").value
    environment = Environment(home.variables, home.path, home.path)
    assert gateway.process is not None
    assert running_gateway(locate_config(environment), environment) == RunningGateway(
        gateway.process.pid, gateway.port if is_new else None
    )
    file = home.path.parent / "key"
    file.write_text(key)
    route = ("--gateway-url", hosted.base_url, "--model", MODEL, "--no-verify")

    setup = home.portkey_claw("setup", "--yes", *route, "--api-key-file", str(file))
    assert setup.returncode == 0, setup.stdout + setup.stderr
    assert (BY_ITSELF in setup.stdout) is is_new
    follow(gateway, setup.stdout)
    turn_through(gateway, hosted, lambda call: call.header("authorization") == f"Bearer {key}")

    traced = home.portkey_claw("setup", "--yes", *route, "--trace-id", "of-this-test")
    assert traced.returncode == 0, traced.stdout + traced.stderr
    assert AT_ONCE in traced.stdout
    follow(gateway, traced.stdout)
    turn_through(gateway, hosted, lambda call: call.header("x-portkey-trace-id") == "of-this-test")

    moved = home.portkey_claw("key", "move", "--to", "dotenv", "--yes")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert RESTART_COMMAND in moved.stdout
    follow(gateway, moved.stdout)
    turn_through(gateway, hosted, lambda call: call.header("authorization") == f"Bearer {key}")

    gateway.stop()
    assert running_gateway(locate_config(environment), environment) is None
