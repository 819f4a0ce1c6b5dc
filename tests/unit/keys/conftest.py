"""Keyring backends of the tests' own, chosen by a keyring config in a scratch home, as a user would choose one."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.base.environment import Environment

# What a backend of each kind does; all but the first are loaded from this text.
BACKENDS = '''
import json, os, pathlib, time
from keyring.backend import KeyringBackend, NullCrypter
from keyring.errors import KeyringLocked

FILE = pathlib.Path(os.environ["HOME"]) / "entries.json"


class _Base(KeyringBackend):
    priority = 5


class Sound(_Base):
    """Keeps entries; a file stands for the keyring's own."""

    def _all(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        FILE.write_text(json.dumps({**self._all(), f"{service}/{username}": password}))

    def delete_password(self, service, username):
        FILE.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{username}"}))


class Shut(_Base):
    def get_password(self, *arguments):
        raise KeyringLocked("Failed to unlock the collection!")

    set_password = delete_password = get_password


class Silent(_Base):
    def get_password(self, *arguments):
        while True:
            time.sleep(60)

    set_password = delete_password = get_password


class Forking(_Base):
    def get_password(self, *arguments):
        import subprocess

        child = subprocess.Popen(["sleep", "60"])
        FILE.write_text(str(child.pid))
        child.wait()

    set_password = get_password


class Telltale(_Base):
    def get_password(self, service, username):
        raise RuntimeError("no luck")

    def set_password(self, service, username, password):
        raise RuntimeError(f"cannot store {password}\\nat all")


class Dying(_Base):
    def get_password(self, *arguments):
        os._exit(3)

    set_password = get_password


class Noisy(Sound):
    def get_password(self, *arguments):
        print("a backend that talks")
        return super().get_password(*arguments)


class PlaintextKeyring(Sound):
    pass


class Unencrypted(Sound):
    scheme = "no encryption"


class Crypted(Sound):
    _crypter = NullCrypter()


'''

Choose = Callable[[str], Environment]


@pytest.fixture
def choose(tmp_path: Path) -> Choose:
    """Gives an environment whose keyring is a class of the above, or one that is named in full."""
    home = tmp_path / "home"
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "backends_of_the_tests.py").write_text(BACKENDS)

    def chosen(name: str) -> Environment:
        folder = home / ".config" / "python_keyring"
        folder.mkdir(parents=True, exist_ok=True)
        full = name if "." in name else f"backends_of_the_tests.{name}"
        (folder / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={full}\nkeyring-path={modules}\n")
        return surroundings(home)

    return chosen


def surroundings(home: Path, **variables: str) -> Environment:
    """An environment with a home and nothing else, such as no D-Bus session."""
    given = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "no-session"), **variables}
    return Environment(given, home, home, io.StringIO(), io.StringIO(), io.StringIO(), system="linux")
