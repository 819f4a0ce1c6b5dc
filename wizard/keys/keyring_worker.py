"""Does one thing with the system's keyring and says how it went, in a process of its own that can be killed.

`keyring_store` starts it and speaks to it over stdin and stdout; the resolver that OpenClaw starts uses it directly.
Imports nothing but the standard library until it is asked: its start is paid for by every OpenClaw command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from wizard.keys.session_bus import BUS, find_bus, refused_buses

# Troubles in the words of `keyring_store.KeyringTrouble`, which this module does not import for its start's sake.
NO_BACKEND: Final = "no-backend"
REFUSED_BACKEND: Final = "refused-backend"
LOCKED: Final = "locked"
BROKEN: Final = "broken"

_DEFAULT_COLLECTION: Final = "/org/freedesktop/secrets/aliases/default"
_OTHER_BACKEND: Final = (
    "Take the setting out of PYTHON_KEYRING_BACKEND or keyringrc.cfg, or keep the key in another place."
)


class Trouble(Exception):  # noqa: N818 - the same word as in the answer
    """Why the keyring cannot serve: a trouble's word, the backend's name, and a sentence for people."""

    def __init__(self, trouble: str, backend: str, detail: str) -> None:
        super().__init__(trouble, backend, detail)
        self.trouble = trouble
        self.backend = backend
        self.detail = detail


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What the keyring says to `{op, service, account, value}`; `op` is describe, read, write or delete.

    Returns:
        `{"backend", "value"}`, or `{"trouble", "backend", "detail"}`.
    """
    backend = None
    try:
        find_bus()
        backend = _usable_backend()
        return {"backend": name_of(backend), "value": _perform(backend, request)}
    except Trouble as trouble:
        return {"trouble": trouble.trouble, "backend": trouble.backend, "detail": trouble.detail}
    except Exception as error:  # noqa: BLE001 - a backend may raise whatever its system raises
        shown = name_of(backend) if backend is not None else ""
        return {"backend": shown, **_explained(error, str(request.get("value") or ""))}


def _usable_backend() -> Any:
    """The backend that `keyring` would write to.

    Raises:
        Trouble: there is none, or it does not keep secrets.
    """
    import keyring.core
    from keyring.backends import fail

    try:
        chosen = keyring.core.get_keyring()
    except Exception as error:
        if not _is_configured():
            raise
        if BUS in str(error):
            raise Trouble(NO_BACKEND, "", _why_none()) from None
        detail = f"The keyring that PYTHON_KEYRING_BACKEND or keyringrc.cfg names cannot be used: {_said(error)}."
        raise Trouble(BROKEN, "", f"{detail} {_OTHER_BACKEND}") from None
    if type(chosen) is fail.Keyring and not _is_configured():
        raise Trouble(NO_BACKEND, "", _why_none())
    return _judged(chosen)


def _judged(backend: Any) -> Any:
    """The backend behind a chainer, or the backend itself.

    Raises:
        Trouble: it keeps nothing, or keeps it in clear text.
    """
    shown = name_of(backend)
    family = {f"{each.__module__}.{each.__qualname__}" for each in type(backend).__mro__}
    if "keyring.backends.chainer.ChainerBackend" in family:
        if not backend.backends:
            raise Trouble(
                REFUSED_BACKEND, shown, f"{shown} chains no keyring at all, so it keeps nothing. {_OTHER_BACKEND}"
            )
        return _judged(backend.backends[0])
    if "keyring.backends.null.Keyring" in family:
        raise Trouble(REFUSED_BACKEND, shown, f"{shown} forgets whatever it is given. {_OTHER_BACKEND}")
    if "keyring.backends.fail.Keyring" in family:
        raise Trouble(REFUSED_BACKEND, shown, f"{shown} refuses everything. {_OTHER_BACKEND}")
    if _is_plain(backend, family):
        raise Trouble(
            REFUSED_BACKEND,
            shown,
            f"{shown} writes secrets to a file in clear text. "
            "Start a real keyring (GNOME Keyring, KWallet, KeePassXC), or keep the key in OpenClaw's own files openly.",
        )
    if any(name.startswith("keyrings.alt.") for name in family):
        raise Trouble(
            REFUSED_BACKEND,
            shown,
            f"{shown} asks for a password at the terminal, which OpenClaw has none of. "
            "Start a real keyring (GNOME Keyring, KWallet, KeePassXC), or keep the key in another place.",
        )
    return backend


def _is_plain(backend: Any, family: set[str]) -> bool:
    """Whether a backend's own names or its crypter say that it does not encrypt; base64 is no encryption."""
    import keyring.backend

    crypter = getattr(backend, "_crypter", None) or getattr(backend, "crypter", None)
    scheme = str(getattr(backend, "scheme", "")).lower()
    return (
        any("plaintext" in name.lower() for name in family)
        or isinstance(crypter, keyring.backend.NullCrypter)
        or scheme.startswith("no enc")
    )


def _perform(backend: Any, request: dict[str, Any]) -> str | None:
    operation = request["op"]
    is_there = _check_open(backend, writes=operation in ("describe", "write"))
    if operation == "describe" or not is_there:
        return None
    service, account = request["service"], request["account"]
    if operation == "write":
        backend.set_password(service, account, request["value"])
    elif operation == "read":
        value = backend.get_password(service, account)
        return str(value) if value is not None else None
    elif backend.get_password(service, account) is not None:
        backend.delete_password(service, account)
    return None


def _check_open(backend: Any, *, writes: bool) -> bool:
    """Whether there is a collection to look into; a locked one would make the desktop ask for its password.

    Raises:
        Trouble: the keyring is locked, or there is nothing to write to.
    """
    module = type(backend).__module__
    if module == "keyring.backends.SecretService":
        return _check_secret_service(backend, writes=writes)
    if module == "keyring.backends.kwallet":
        _check_kwallet(backend)
    return True


def _check_secret_service(backend: Any, *, writes: bool) -> bool:
    import secretstorage

    connection = secretstorage.dbus_init()
    try:
        collection = secretstorage.Collection(
            connection, getattr(backend, "preferred_collection", None) or _DEFAULT_COLLECTION
        )
        locked = collection.is_locked()
    except secretstorage.ItemNotFoundException:
        if not writes:
            return False
        detail = (
            "The keyring has no default collection yet. Make one in the desktop's password manager, then try again."
        )
        raise Trouble(BROKEN, name_of(backend), detail) from None
    finally:
        connection.close()
    if locked:
        raise Trouble(
            LOCKED, name_of(backend), "The keyring is locked. Unlock it (log in to the desktop), then try again."
        )
    return True


def _check_kwallet(backend: Any) -> None:
    """KWallet opens a wallet by asking; one that is closed is left closed. Not run against a real KWallet."""
    import dbus  # type: ignore[import-not-found, unused-ignore]

    bus = dbus.SessionBus(mainloop=None)
    wallet = dbus.Interface(bus.get_object(backend.bus_name, backend.object_path), "org.kde.KWallet")
    if not wallet.isOpen(wallet.networkWallet()):
        raise Trouble(LOCKED, name_of(backend), "The wallet is closed. Open it in KWalletManager, then try again.")


def _explained(error: Exception, secret: str) -> dict[str, str]:
    """A backend's exception as a trouble; it is told by the class's name, for any of these packages may be missing."""
    names = {each.__name__ for each in type(error).__mro__}
    detail = _said(error, secret)
    if names & {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return {
            "trouble": LOCKED,
            "detail": "The keyring is locked. Unlock it (log in to the desktop), then try again.",
        }
    if names & {"NoKeyringError", "SecretServiceNotAvailableException"}:
        return {"trouble": NO_BACKEND, "detail": f"{_why_none()} ({detail})"}
    if isinstance(error, ImportError):
        return {"trouble": BROKEN, "detail": f"A Python package is missing: {detail}. Install portkey-claw again."}
    return {"trouble": BROKEN, "detail": detail}


def _said(error: Exception, secret: str = "") -> str:
    """An exception in one line, without the secret that it may repeat."""
    said = " ".join(str(error).split())
    said = said.replace(secret, "…") if secret else said
    return f"{type(error).__name__}: {said}"[:300].rstrip(": .")


def _needs_bus() -> bool:
    return sys.platform != "win32" and sys.platform != "darwin"


def _is_configured() -> bool:
    """Whether somebody chose the backend by hand."""
    from keyring.util import platform_

    return bool(os.environ.get("PYTHON_KEYRING_BACKEND")) or (platform_.config_root() / "keyringrc.cfg").exists()


def _why_none() -> str:
    if not _needs_bus():
        return "This system's keyring cannot be reached from here."
    if refused_buses:
        return f"{BUS} names no D-Bus session of this user's own, so no keyring can be asked."
    if not os.environ.get(BUS):
        return f"There is no D-Bus session here ({BUS} is not set), so no keyring can be asked."
    return "No keyring (GNOME Keyring, KWallet, KeePassXC) answers in this D-Bus session."


_NAMES: Final = {
    "keyring.backends.SecretService": "the Secret Service",
    "keyring.backends.libsecret": "the Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "the macOS Keychain",
    "keyring.backends.Windows": "the Windows Credential Manager",
}


def name_of(backend: Any) -> str:
    """A backend's name for people."""
    kind = type(backend)
    return _NAMES.get(kind.__module__, f"{kind.__module__}.{kind.__qualname__}")


@contextmanager
def own_stdout() -> Iterator[BinaryIO]:
    """Standard output for the answer alone; whatever a backend prints meanwhile goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(kept, "wb", closefd=False) as out:
            yield out
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def main() -> None:
    """Answers one request from stdin on stdout, both JSON in UTF-8."""
    with own_stdout() as out:
        out.write(json.dumps(answer(json.loads(sys.stdin.buffer.read()))).encode())


if __name__ == "__main__":
    main()
