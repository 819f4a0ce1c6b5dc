"""The system's keyring as a store: every call ends within its limit, whatever hangs behind it.

The package `keyring` is loaded in a child process only. Some of its backends block without end (a D-Bus service that
does not answer, a prompt that nobody sees) and a thread cannot be ended; a child can. It costs about 0.2 s a call.
Secrets go through pipes, never into arguments or the environment. Linux's Secret Service was run; KWallet, the macOS
Keychain and the Windows Credential Manager are taken by name and were not run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from wizard.base import limits
from wizard.base.environment import Environment

SERVICE: Final = "portkey-claw"
_WORKER: Final = "wizard.keys.keyring_worker"

# What a keyring is found by. OpenClaw hands the same ones to the resolver, so that what is seen here is what it sees.
_LINUX_VARIABLES: Final = (
    "HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME",
    "PYTHON_KEYRING_BACKEND",
)  # fmt: skip
_VARIABLES: Final = {
    "darwin": ("HOME", "USER", "PYTHON_KEYRING_BACKEND"),
    "win32": ("SYSTEMROOT", "USERPROFILE", "USERNAME", "LOCALAPPDATA", "APPDATA", "PYTHON_KEYRING_BACKEND"),
}


class KeyringTrouble(StrEnum):
    """Why a keyring does not serve."""

    NO_BACKEND = "no-backend"
    REFUSED_BACKEND = "refused-backend"
    LOCKED = "locked"
    TIMEOUT = "timeout"
    BROKEN = "broken"


class KeyringError(Exception):
    """The keyring did not serve.

    Attributes:
        trouble: why.
        backend: the backend's name for people, empty where none was found.
        detail: what is wrong and what to do, for people; never holds a secret.
    """

    def __init__(self, trouble: KeyringTrouble, backend: str, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.backend = backend
        self.detail = detail


class Keyring(Protocol):
    """A keyring with entries by service and account; every method may raise `KeyringError`."""

    def read(self, service: str, account: str) -> str | None:
        """The entry's value; None where the keyring is open and has no such entry."""

    def write(self, service: str, account: str, value: str) -> None:
        """Gives the entry its value, in the place of another if there is one."""

    def delete(self, service: str, account: str) -> None:
        """Takes the entry away; one that is not there is fine."""


def system_keyring(environment: Environment) -> Keyring:
    """The keyring of the environment's user. Nothing is asked before the first call, and nobody is prompted."""
    return _SystemKeyring(environment)


def describe_keyring(environment: Environment) -> str:
    """The keyring's name for people, once it is found to be there, fit for secrets and open.

    Raises:
        KeyringError: it cannot be used now.
    """
    return str(_SystemKeyring(environment).ask({"op": "describe"})["backend"])


def keyring_variables(system: str) -> tuple[str, ...]:
    """The environment variables that decide which keyring is found on a system of that `sys.platform` name."""
    return _VARIABLES.get(system, _LINUX_VARIABLES)


def interpreter_flags() -> tuple[str, ...]:
    """The switches that leave our interpreter alone with its own packages, and with the user's where we live there."""
    import site

    own = site.getusersitepackages() if site.ENABLE_USER_SITE else None
    return ("-E", "-P") if own and Path(__file__).is_relative_to(own) else ("-I",)


@dataclass(frozen=True, slots=True)
class _SystemKeyring:
    environment: Environment

    def read(self, service: str, account: str) -> str | None:
        value = self.ask({"op": "read", "service": service, "account": account})["value"]
        return None if value is None else str(value)

    def write(self, service: str, account: str, value: str) -> None:
        self.ask({"op": "write", "service": service, "account": account, "value": value})

    def delete(self, service: str, account: str) -> None:
        self.ask({"op": "delete", "service": service, "account": account})

    def ask(self, request: dict[str, str]) -> dict[str, Any]:
        """The worker's answer.

        Raises:
            KeyringError: it says trouble, says nothing, or says it too late.
        """
        try:
            answer = json.loads(self._run(json.dumps(request).encode()))
            backend, trouble = str(answer["backend"]), answer.get("trouble")
        except (ValueError, LookupError, TypeError):
            raise KeyringError(
                KeyringTrouble.BROKEN, "", "The keyring's helper process ended without an answer."
            ) from None
        if trouble is not None:
            raise KeyringError(KeyringTrouble(trouble), backend, str(answer.get("detail", "")))
        return dict(answer)

    def _run(self, request: bytes) -> bytes:
        names = keyring_variables(self.environment.system)
        found = self.environment.variables
        try:
            worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, *interpreter_flags(), "-m", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: found[name] for name in names if name in found},
                # Without a terminal no backend asks for a password there.
                start_new_session=True,
            )
        except OSError as error:
            detail = f"The keyring's helper process does not start: {error.strerror}."
            raise KeyringError(KeyringTrouble.BROKEN, "", detail) from None
        with worker:
            try:
                said, _ = worker.communicate(request, timeout=limits.KEYRING_SECONDS)
            except subprocess.TimeoutExpired:
                detail = f"The keyring did not answer within {limits.KEYRING_SECONDS:g} s."
                raise KeyringError(
                    KeyringTrouble.TIMEOUT, "", f"{detail} It may be waiting for somebody to unlock it."
                ) from None
            finally:
                _end(worker)
        return said


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Ends a worker that is still there, with whatever its backend has started."""
    if worker.poll() is not None:
        return
    if sys.platform == "win32":
        worker.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
