"""What a reference to our resolver comes to: asked as OpenClaw would ask, and only where there is such a reference."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.keys.keyring_store import KeyringError, KeyringTrouble
from wizard.keys.vault import Vault
from wizard.openclaw.keyring_keys import keys_in_keyring
from wizard.openclaw.locate import Located
from wizard.openclaw.resolver_file import resolver_file, resolver_path
from wizard.openclaw.seen import KeyringKey

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
ACCOUNT = "portkey-api-key:1f9c22ab"


@dataclass
class Asked:
    """A keyring that remembers with which variables and for what it was asked."""

    entries: dict[str, str] = field(default_factory=lambda: {ACCOUNT: KEY})
    trouble: KeyringError | None = None
    variables: list[dict[str, str]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)

    def open(self, environment: Environment) -> Asked:
        self.variables.append(dict(environment.variables))
        return self

    def read(self, service: str, account: str) -> str | None:
        assert service == "portkey-claw"
        self.accounts.append(account)
        if self.trouble is not None:
            raise self.trouble
        return self.entries.get(account)

    def write(self, *given: str) -> None:
        raise AssertionError(f"the doctor writes nothing: {given}")

    delete = write


def located_in(folder: Path) -> Located:
    return Located(folder / "openclaw.json", folder, folder / ".env", None, "default", None)


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def look(tmp_path: Path, vault: Vault) -> Callable[..., tuple[KeyringKey, ...]]:
    """Looks a config's keys up; the resolver file is in order."""
    path, text, mode = resolver_file(located_in(tmp_path))
    path.write_text(text)
    path.chmod(mode)
    variables = {"HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "PORTKEY_API_KEY": KEY}
    environment = Environment(variables, tmp_path, tmp_path, io.StringIO(), io.StringIO(), io.StringIO(), "linux")

    def looked(config: Any, asked: Asked) -> tuple[KeyringKey, ...]:
        return keys_in_keyring(config, environment, vault, asked.open)

    return looked


Look = Callable[..., tuple[KeyringKey, ...]]


def ref(**changed: str) -> dict[str, str]:
    return {"source": "exec", "provider": "portkey-claw", "id": ACCOUNT, **changed}


def config(tmp_path: Path, api_key: Any, **declared: Any) -> dict[str, Any]:
    command = str(resolver_path(located_in(tmp_path)))
    provider = {"source": "exec", "command": command, "passEnv": ["HOME"], **declared}
    return {
        "secrets": {"providers": {"portkey-claw": provider}},
        "models": {"providers": {"portkey": {"apiKey": api_key}}},
    }


@pytest.mark.parametrize("api_key", ["${PORTKEY_API_KEY}", "a-literal-key-1", None, 3, ref(source="env")])
def test_without_a_reference_the_keyring_is_not_asked(look: Look, tmp_path: Path, api_key: Any) -> None:
    asked = Asked()
    assert look(config(tmp_path, api_key), asked) == ()
    assert asked.variables == []


@pytest.mark.parametrize("changed", [{"provider": "vault-of-the-company"}, {"source": "file"}, {"source": "store"}])
def test_another_persons_provider_is_never_asked(look: Look, tmp_path: Path, changed: dict[str, str]) -> None:
    asked = Asked()
    assert look(config(tmp_path, ref(**changed)), asked) == ()
    assert asked.accounts == []


def test_the_key_comes_as_a_handle(look: Look, tmp_path: Path, vault: Vault) -> None:
    (key,) = look(config(tmp_path, ref()), Asked())
    assert key.reaches_openclaw
    assert key.handle == vault.take(KEY, "").handle
    assert KEY not in repr(key)


def test_references_are_found_anywhere_and_asked_once(look: Look, tmp_path: Path) -> None:
    given = config(tmp_path, ref())
    given["models"]["providers"]["other"] = {
        "headers": {"x-portkey-api-key": ref()},
        "models": [{"x": ref(id="second")}],
    }
    asked = Asked()
    keys = look(given, asked)
    assert [key.account for key in keys] == asked.accounts == [ACCOUNT, "second"]
    assert [key.trouble for key in keys] == [None, "no-entry"]


@pytest.mark.parametrize("trouble", KeyringTrouble)
def test_a_keyring_that_does_not_serve_is_told(look: Look, tmp_path: Path, trouble: KeyringTrouble) -> None:
    (key,) = look(config(tmp_path, ref()), Asked(trouble=KeyringError(trouble, "the Secret Service", "Some words.")))
    assert (key.handle, key.trouble, key.detail) == (None, trouble.value, "Some words.")
    assert not key.reaches_openclaw


@pytest.mark.parametrize("entries", [{}, {ACCOUNT: ""}])
def test_an_entry_that_is_not_there_is_told(look: Look, tmp_path: Path, entries: dict[str, str]) -> None:
    (key,) = look(config(tmp_path, ref()), Asked(entries))
    assert (key.handle, key.trouble) == (None, "no-entry")


@pytest.mark.parametrize(
    ("declared", "state"),
    [
        ({"command": "/nowhere/portkey-claw-resolver"}, "missing"),
        ({"command": "portkey-claw-resolver"}, "missing"),
        ({"command": "/dev/null"}, "not-a-file"),
        ({"command": None}, "not-declared"),
        ({"source": "file"}, "not-declared"),
    ],
)
def test_a_key_that_nobody_hands_on_does_not_reach_openclaw(
    look: Look, tmp_path: Path, declared: dict[str, Any], state: str
) -> None:
    (key,) = look(config(tmp_path, ref(), **declared), Asked())
    assert key.resolver == state
    assert key.handle is not None
    assert not key.reaches_openclaw


def test_an_undeclared_provider_is_told(look: Look) -> None:
    (key,) = look({"models": {"providers": {"portkey": {"apiKey": ref()}}}}, Asked())
    assert key.resolver == "not-declared"


def test_the_keyring_is_asked_with_the_variables_that_the_resolver_would_get(look: Look, tmp_path: Path) -> None:
    asked = Asked()
    given = config(tmp_path, ref(), passEnv=["DBUS_SESSION_BUS_ADDRESS", "NOT_SET"], env={"XDG_RUNTIME_DIR": "/run/x"})
    look(given, asked)
    assert asked.variables == [{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "XDG_RUNTIME_DIR": "/run/x"}]
