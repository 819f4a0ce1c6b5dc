"""Runs the real open-source Portkey gateway (npm `@portkey-ai/gateway`) as a child process."""

import http.client
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Final, Self

from wizard.sandbox.answers import GREETING
from wizard.sandbox.server import LOOPBACK
from wizard.sandbox.upstream import send

_READY_SECONDS: Final = 30.0  # it takes 0.3 s on an idle machine
_STOP_SECONDS: Final = 5.0  # SIGTERM ends it at once; it does not drain
_POLL_SECONDS: Final = 0.02
_PORT_ATTEMPTS: Final = 3
_LOG_TAIL: Final = 2000  # characters
# What a child needs to find its programs and its files, and nothing else of the caller's environment.
_KEPT_ENVIRONMENT: Final = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


class GatewayStartError(Exception):
    """The open-source gateway did not start; the text holds the end of what it printed."""


class OpenSourceGateway:
    """The open-source gateway on a free port; a context manager.

    It always runs `--headless`, for otherwise it shows prompts and vendor keys to anyone who asks. It binds
    every interface of the machine and has no setting against that.

    Args:
        command: What starts it, up to its own options: `[".../node_modules/.bin/gateway"]`, or a `node` and the
            path of its `start-server.js`.
        environment: The child's variables; by default PATH, HOME and the temporary folder of this process.
            `NO_PROXY` for loopback is always added, for the vendor behind it is on this machine.
        ready_within: Seconds it has to answer its first request.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        ready_within: float = _READY_SECONDS,
    ) -> None:
        self._command = tuple(command)
        given = os.environ if environment is None else environment
        kept = given if environment is not None else {n: given[n] for n in _KEPT_ENVIRONMENT if n in given}
        self._environment = {**kept, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
        self._ready_within = ready_within
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Its origin; known once started."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> Self:
        """Starts it and waits until it answers.

        Raises:
            GatewayStartError: The command cannot be run, ended at once, or did not answer in time.
        """
        failure = ""
        for _ in range(_PORT_ATTEMPTS):
            failure = self._launch()
            # Between choosing a port and binding it, another program may have taken it.
            if "EADDRINUSE" not in failure:
                break
        if failure:
            raise GatewayStartError(f"the open-source gateway did not start: {failure[-_LOG_TAIL:].strip()}")
        return self

    def _launch(self) -> str:
        """Starts the child; returns what it printed where it did not become ready, else an empty text."""
        self.port = _free_port()
        with tempfile.TemporaryFile() as log:
            try:
                self._process = subprocess.Popen(  # noqa: S603  # the caller's own command, no shell
                    [*self._command, f"--port={self.port}", "--headless"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self._environment,
                )
            except OSError as error:
                raise GatewayStartError(f"{self._command[0]}: {error.strerror}") from error
            if self._wait_until_ready(self._process):
                return ""
            self.stop()
            log.seek(0)
            return log.read().decode(errors="replace") or "it printed nothing"

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        until = time.monotonic() + self._ready_within
        while time.monotonic() < until and process.poll() is None:
            if self._greets():
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _greets(self) -> bool:
        try:
            reply = send("GET", f"{self.url}/", (), b"", timeout=2.0)
            return reply.status == 200 and reply.read().decode(errors="replace") == GREETING
        except (OSError, http.client.HTTPException):
            return False

    def stop(self) -> None:
        """Ends the child by its process id; does nothing when it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
