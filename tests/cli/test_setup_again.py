"""Setup again: the same run changes nothing, whatever store; another store says what stays in the one before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox

MODEL = "@anthropic-prod/claude-opus-4-5"
# A keyring that keeps its entries in a file, chosen as a user would choose one.
BACKEND = """
import json, os, pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(os.environ["HOME"]) / "entries.json"


class Sound(KeyringBackend):
    priority = 5

    def _all(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        FILE.write_text(json.dumps({**self._all(), f"{service}/{username}": password}))

    def delete_password(self, service, username):
        FILE.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{username}"}))
"""


@pytest.fixture(scope="module")
def gateway() -> Iterator[Sandbox]:
    with Sandbox(record=False) as running:
        yield running


@pytest.fixture
def with_keyring(user: Any, tmp_path: Path) -> Any:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "backend_of_this_test.py").write_text(BACKEND)
    folder = user.home / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    chosen = f"[backend]\ndefault-keyring=backend_of_this_test.Sound\nkeyring-path={modules}\n"
    (folder / "keyringrc.cfg").write_text(chosen)
    return user


def files(user: Any) -> dict[Path, bytes]:
    """What OpenClaw and the keyring hold."""
    kept = [*user.config.parent.rglob("*"), user.home / "entries.json"]
    return {path: path.read_bytes() for path in kept if path.is_file()}


def sets_up(user: Any, gateway: Sandbox, *arguments: str, **variables: str) -> Any:
    done = user.runs(
        "setup", "--yes", "--no-verify", "--gateway-url", gateway.base_url, "--model", MODEL, *arguments, **variables
    )
    assert done.returncode == 0, done.stdout + done.stderr
    done.words = " ".join(done.stdout.split())
    return done


@pytest.mark.parametrize("storage", ["openclaw-env", "keyring", "dotenv", "env"])
def test_the_same_run_again_changes_nothing(with_keyring: Any, gateway: Sandbox, storage: str) -> None:
    arguments = ("--key-storage", storage, "--metadata", "team=a", "--trace-id", "t")
    key = gateway.account.key("good").value
    sets_up(with_keyring, gateway, *arguments, PORTKEY_API_KEY=key)
    before = files(with_keyring)
    again = sets_up(with_keyring, gateway, *arguments, PORTKEY_API_KEY=key)
    assert "is already set up: nothing to change." in again.stdout
    assert files(with_keyring) == before
    holding = [path.name for path, data in before.items() if key.encode() in data]
    assert holding == {"openclaw-env": ["openclaw.json"], "dotenv": [".env"], "keyring": ["entries.json"]}.get(
        storage, []
    )


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("openclaw-env", "dotenv", "~/.openclaw/openclaw.json"),
        ("openclaw-env", "keyring", "~/.openclaw/openclaw.json"),
        ("dotenv", "openclaw-env", "~/.openclaw/.env"),
        ("dotenv", "keyring", "~/.openclaw/.env"),
        ("keyring", "openclaw-env", "the system's keyring"),
        ("keyring", "dotenv", "the system's keyring"),
    ],
)
def test_another_store_says_where_the_key_stays_too(
    with_keyring: Any, gateway: Sandbox, before: str, after: str, place: str
) -> None:
    sets_up(with_keyring, gateway, "--key-storage", before, PORTKEY_API_KEY=gateway.account.key("good").value)
    done = sets_up(with_keyring, gateway, "--key-storage", after)
    assert f"A Portkey key also stays in {place}." in done.words
    assert f"portkey-claw key move --to {after}" in done.words
    moved = with_keyring.runs("key", "move", "--to", after, "--yes")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert "also stays in" not in sets_up(with_keyring, gateway, "--key-storage", after).words


@pytest.mark.parametrize("storage", ["openclaw-env", "keyring", "dotenv"])
def test_another_key_says_which_entries_get_it_too(with_keyring: Any, gateway: Sandbox, storage: str) -> None:
    first, second = (gateway.account.key(name).value for name in ("good", "inference-only"))
    sets_up(with_keyring, gateway, "--key-storage", storage, PORTKEY_API_KEY=first)
    added = ("--provider-id", "portkey-two", "--key-storage", storage)
    same = sets_up(with_keyring, gateway, *added, PORTKEY_API_KEY=first)
    assert "will use the new one too" not in same.words
    other = sets_up(with_keyring, gateway, *added, PORTKEY_API_KEY=second)
    assert "The entry portkey takes its key from the same place, and will use the new one too." in other.words


def test_an_empty_variable_is_said_to_hide_the_file(user: Any, gateway: Sandbox, tmp_path: Path) -> None:
    kept = tmp_path / "key.txt"
    kept.write_text(gateway.account.key("good").value)
    arguments = ("--key-storage", "dotenv", "--api-key-file", str(kept))
    done = sets_up(user, gateway, *arguments, PORTKEY_API_KEY="")
    assert "is empty in the environment of this shell, and that hides the stored key" in done.words
    refused = user.runs("setup", "--yes", "--model", MODEL, PORTKEY_API_KEY="")
    assert refused.returncode == 2
    assert "the variable PORTKEY_API_KEY is set, and empty" in refused.stderr
