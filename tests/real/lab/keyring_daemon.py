"""GNOME Keyring for the tests: the real daemon on a private D-Bus session, in a scratch home.

The daemon of the machine is used where there is one. Where there is none, Debian's packages are fetched by
`apt-get download` and unpacked into `.lab`; nothing is installed. Run `python tests/real/lab/keyring_daemon.py`, or
call `ensure()`.
"""

import hashlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

_ROOT = Path(__file__).resolve().parents[3] / ".lab"
_PACKAGES = ("gnome-keyring", "libgck-1-0", "libgcr-base-3-1")
_DAEMON = "gnome-keyring-daemon"
_FETCH_LIMIT_S = 300.0
_START_LIMIT_S = 20.0
_END_LIMIT_S = 10.0
PASSWORD = "the login password of the tests"

# No service folders: nothing of the machine's own is started on this bus.
_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""

# Owns the Secret Service's name and never answers a call.
_SILENT_SERVICE = """
import sys, time
from jeepney import DBusAddress, message_bus
from jeepney.io.blocking import open_dbus_connection
connection = open_dbus_connection(sys.argv[1])
connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
time.sleep(3600)
"""

# On behalf of the session's user: the collection is locked, or one entry is taken away behind everybody's back.
_CHANGE = """
import sys, secretstorage
from jeepney.io.blocking import open_dbus_connection
connection = open_dbus_connection(sys.argv[1])
collection = secretstorage.get_default_collection(connection)
if sys.argv[2] == "lock":
    collection.lock()
    assert collection.is_locked()
else:
    found = list(collection.search_items({"service": sys.argv[3]}))
    assert found
    for item in found:
        item.delete()
"""


class KeyringUnavailable(Exception):  # noqa: N818 - names a state, as the callers word it
    """There is no keyring daemon and none could be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """The daemon's program, and the folder of the libraries that came with it, or None."""

    program: Path
    libraries: Path | None


def ensure() -> Daemon:
    """The daemon, fetched and unpacked first where it is missing (1.3 MB, a few seconds).

    Raises:
        KeyringUnavailable: it is missing and could not be fetched.
    """
    installed = shutil.which(_DAEMON)
    if installed:
        return Daemon(Path(installed), None)
    digest = hashlib.sha256(" ".join(_PACKAGES).encode()).hexdigest()[:12]
    home = _ROOT / f"keyring-{digest}"
    if not home.is_dir():
        _ROOT.mkdir(exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix="fetch-keyring-", dir=_ROOT))
        try:
            _fetch(staging)
            _check(_unpacked(staging))
            staging.chmod(0o755)
            with suppress(OSError):  # another run was quicker
                staging.rename(home)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return _unpacked(home)


def _fetch(folder: Path) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise KeyringUnavailable(f"The tests need {_DAEMON}. Install GNOME Keyring with this system's package manager.")
    fetched = _run(["apt-get", "download", *_PACKAGES], folder)
    if fetched.returncode != 0:
        # A fresh machine has no package lists yet.
        _run(["apt-get", "update"], folder)
        fetched = _run(["apt-get", "download", *_PACKAGES], folder)
    if fetched.returncode != 0:
        raise KeyringUnavailable(
            f"apt-get could not download {', '.join(_PACKAGES)}: {fetched.stderr.strip()[-500:]}\n"
            f"Install GNOME Keyring so that {_DAEMON} is in PATH, or make the package source reachable."
        )
    for package in sorted(folder.glob("*.deb")):
        unpacked = _run(["dpkg", "-x", str(package), str(folder)], folder)
        if unpacked.returncode != 0:
            raise KeyringUnavailable(f"{package.name} cannot be unpacked: {unpacked.stderr.strip()[-500:]}")
        package.unlink()


def _unpacked(home: Path) -> Daemon:
    libraries = next((path.parent for path in sorted(home.glob("usr/lib/*/libgck-1.so.0"))), None)
    return Daemon(home / "usr" / "bin" / _DAEMON, libraries)


def _check(daemon: Daemon) -> None:
    done = subprocess.run(
        [str(daemon.program), "--version"],
        env=_with_libraries(daemon, {}),
        capture_output=True,
        text=True,
        timeout=_START_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise KeyringUnavailable(f"{_DAEMON} does not start on this machine: {done.stderr.strip()[-500:]}")


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_FETCH_LIMIT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _with_libraries(daemon: Daemon, variables: Mapping[str, str]) -> dict[str, str]:
    extra = {"LD_LIBRARY_PATH": str(daemon.libraries)} if daemon.libraries else {}
    return {**variables, **extra}


@dataclass
class Session:
    """A private D-Bus session with whatever keyring the test wants; used as a context manager.

    Attributes:
        daemon: the keyring daemon.
        home: the scratch home, owned by the session's user.
        as_user: what stands before each command to run it as the session's user; empty for the tests' own.
        keyring: whether the daemon is started, unlocked, with the session.
    """

    daemon: Daemon
    home: Path
    as_user: Sequence[str] = ()
    keyring: bool = True
    _folder: Path = field(init=False)
    _processes: list[subprocess.Popen[bytes]] = field(init=False, default_factory=list)

    def __enter__(self) -> Self:
        # A socket's path has 108 bytes at most, which a test's own folder easily uses up.
        self._folder = Path(tempfile.mkdtemp(prefix="pkc-bus-"))
        owner = self.home.stat()
        os.chown(self._folder, owner.st_uid, owner.st_gid)
        try:
            config = self._folder / "bus.conf"
            config.write_text(_BUS_CONFIG.format(socket=self._socket))
            config.chmod(0o644)
            self._start(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"])
            _until(self._is_listening, "the D-Bus daemon listens")
            if self.keyring:
                self.start_keyring()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            _end(process)
        self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _socket(self) -> Path:
        return self._folder / "bus"

    @property
    def address(self) -> str:
        """The bus's address."""
        return f"unix:path={self._socket}"

    @property
    def variables(self) -> dict[str, str]:
        """What a desktop session would set."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.address, "XDG_RUNTIME_DIR": str(self._folder)}

    def start_keyring(self, *, unlocked: bool = True) -> None:
        """Starts the keyring daemon; one that is not unlocked finds its own locked files from an earlier start."""
        arguments = ["--foreground", "--components=secrets", f"--control-directory={self._folder}"]
        daemon = self._start(
            [str(self.daemon.program), *arguments, *(["--unlock"] if unlocked else [])], stdin=subprocess.PIPE
        )
        assert daemon.stdin is not None
        if unlocked:
            daemon.stdin.write(PASSWORD.encode())
        daemon.stdin.close()
        _until(self.is_served, "the keyring's name is taken")

    def start_silent_service(self) -> None:
        """Puts a service that never answers in the keyring's place."""
        self._start([sys.executable, "-I", "-c", _SILENT_SERVICE, self.address])
        _until(self.is_served, "the keyring's name is taken")

    def stop_keyring(self) -> None:
        """Ends the keyring daemon; the bus goes on."""
        _end(self._processes.pop())
        _until(lambda: not self.is_served(), "the keyring's name is free")

    def lock(self) -> None:
        """Locks the keyring, as the desktop does."""
        self._change("lock")

    def remove_entries(self, service: str) -> None:
        """Takes every entry of a service away, as a password manager does."""
        self._change("remove", service)

    def is_served(self) -> bool:
        """Whether somebody owns the Secret Service's name."""
        from jeepney import message_bus  # type: ignore[import-untyped]
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

        with open_dbus_connection(self.address) as connection:
            reply = connection.send_and_get_reply(message_bus.NameHasOwner("org.freedesktop.secrets"), timeout=5)
        return bool(reply.body[0])

    def _change(self, *arguments: str) -> None:
        done = subprocess.run(
            [*self.as_user, sys.executable, "-I", "-c", _CHANGE, self.address, *arguments],
            capture_output=True,
            text=True,
            timeout=_START_LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _start(self, command: Sequence[str], *, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        variables = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.variables}
        process = subprocess.Popen(
            [*self.as_user, *command],
            env=_with_libraries(self.daemon, variables),
            cwd=self.home,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def _is_listening(self) -> bool:
        try:
            if not stat.S_ISSOCK(self._socket.stat().st_mode):
                return False
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self._socket))
        except OSError:
            return False
        return True


def _until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _START_LIMIT_S
    while not holds():
        assert time.monotonic() < end, f"not within {_START_LIMIT_S:g} s: {what}"
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(_END_LIMIT_S)


def main() -> int:
    """Fetches the daemon where it is missing and prints where it is."""
    try:
        daemon = ensure()
    except KeyringUnavailable as reason:
        print(f"lab: {reason}", file=sys.stderr)
        return 1
    print(f"{'gnome-keyring':<24}{daemon.program}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
