"""The store `keyring`: the key in the system's keyring, handed to OpenClaw by an exec SecretRef and a resolver file."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator, Mapping
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, not_written
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.edits import ConfigEdits
from wizard.change.entries import FileKind
from wizard.change.plan import Change, ForgetSecret, PutFile, RemoveFile, StoreSecret
from wizard.keys.keyring_store import SERVICE, keyring_variables
from wizard.openclaw.config_view import PROVIDERS
from wizard.openclaw.locate import Located
from wizard.openclaw.references import OUR_PROVIDER, SecretRef, our_references
from wizard.openclaw.resolver_file import (
    PROVIDER_PLACE,
    ResolverState,
    config_mark,
    is_from_here,
    resolver_file,
    resolver_path,
    resolver_state,
)
from wizard.stores.entries import point_entries
from wizard.stores.model import StoreContext

# The resolver gives up on the keyring after 3 s; the rest is for a busy machine to start it.
TIMEOUT_MS: Final = 10_000
_FILE_BYTES: Final = 2**20
# They decide which Python code is loaded: the second names the folder of keyringrc.cfg.
_CHOICES: Final = ("PYTHON_KEYRING_BACKEND", "XDG_CONFIG_HOME")


def account_of(located: Located) -> str:
    """The keyring entry of a config: one for each, so that two profiles can have two keys."""
    return f"portkey-api-key:{config_mark(located)}"


def reference(context: StoreContext) -> dict[str, str]:
    """What belongs into the `apiKey` of an entry."""
    return {"source": "exec", "provider": OUR_PROVIDER, "id": account_of(context.located)}


def put(edits: ConfigEdits, handle: str, context: StoreContext) -> tuple[Change, ...]:
    """Stores the key in the keyring, declares the resolver to OpenClaw, and makes the entries refer to it.

    Its changes belong before the config's: 2026.9.6 refuses a config whose resolver is not there yet.

    Raises:
        UserError: this system has no shell to run the resolver, or another file stands in its place.
    """
    if context.environment.system == "win32":
        raise UserError(
            ExitCode.USAGE,
            "The bridge from the keyring to OpenClaw is a shell script, which Windows does not run.",
            "Keep the key in another place: --key-storage openclaw-env or dotenv.",
        )
    edits.set(PROVIDER_PLACE, provider_settings(context), "the secret provider portkey-claw, which asks the keyring")
    point_entries(edits, context, reference(context))
    account = account_of(context.located)
    stored: tuple[Change, ...] = ()
    if not any((key.account, key.handle) == (account, handle) for key in context.seen.keyring_keys):
        effect = f"the key {handle} (from {context.origin}) in the system's keyring, entry {account} of {SERVICE}"
        stored = (StoreSecret(SERVICE, account, handle, effect),)
    return (*stored, *repair(context.located, context.environment))


def repair(located: Located, environment: Environment) -> tuple[Change, ...]:
    """Writes the resolver file, unless this installation's stands there as it should.

    Raises:
        UserError: something stands in its place that OpenClaw would refuse and that is not ours to replace.
    """
    path, content, mode = resolver_file(located)
    state = resolver_state(located)
    if state in (ResolverState.NOT_A_FILE, ResolverState.WRONG_OWNER):
        why = "belongs to another user" if state is ResolverState.WRONG_OWNER else "is a link or no file at all"
        raise not_written(
            f"{environment.display(path)} {why}, so OpenClaw would not start it; nothing was changed.",
            "Move it away, then run this command again.",
        )
    now = _bytes(located)
    if now is not None and is_from_here(now.decode(errors="replace")) and stat.S_IMODE(path.stat().st_mode) == mode:
        return ()
    digest = None if now is None else hashlib.sha256(now).hexdigest()
    return (PutFile(path, digest, content, mode, "the resolver that OpenClaw asks for the key"),)


def take_away(edits: ConfigEdits, context: StoreContext) -> tuple[Change, ...]:
    """Takes the key out of the keyring, and the way to it where nothing else goes it.

    What the context's entries refer to stays as it is; another entry's key stays in the keyring. Its changes belong
    after the config's: 2026.9.6 refuses a config whose resolver is gone.
    """
    config = edits.get(())
    accounts = dict.fromkeys((account_of(context.located), *_accounts(context.seen.config.value, context, inside=True)))
    kept = set(_accounts(config, context, inside=False))
    forgotten: list[Change] = [
        ForgetSecret(SERVICE, account, f"the key taken out of the system's keyring, entry {account} of {SERVICE}")
        for account in accounts
        if account not in kept
    ]
    if any(our_references(config)):
        return tuple(forgotten)
    return (*forgotten, *take_bridge_away(edits, context.located))


def take_bridge_away(edits: ConfigEdits, located: Located) -> tuple[Change, ...]:
    """Takes the secret provider out of the config, with the objects that hold nothing else, and the resolver file."""
    place = PROVIDER_PLACE
    while len(place) > 1 and edits.get(place[:-1]) == {place[-1]: edits.get(place)}:
        place = place[:-1]
    if edits.get(PROVIDER_PLACE) is not None:
        edits.delete(place, f"{'.'.join(map(str, place))} taken away: nothing refers to the keyring any more")
    now = _bytes(located)
    if now is None:
        return ()
    digest = hashlib.sha256(now).hexdigest()
    return (RemoveFile(resolver_path(located), digest, "the resolver taken away", FileKind.OURS),)


def provider_settings(context: StoreContext) -> dict[str, Any]:
    """The declaration of the resolver below `secrets.providers`."""
    variables = context.environment.variables
    chosen = {name: variables[name] for name in _CHOICES if variables.get(name)}
    return {
        "source": "exec",
        "command": str(resolver_path(context.located)),
        "passEnv": list(pass_env(context.environment)),
        **({"env": chosen} if chosen else {}),
        "timeoutMs": TIMEOUT_MS,
    }


def pass_env(environment: Environment) -> tuple[str, ...]:
    """The variables that OpenClaw hands to the resolver: those that our own look into the keyring uses.

    What chooses the keyring's program is written down instead, for OpenClaw may have it from a working folder's `.env`.
    """
    return tuple(name for name in keyring_variables(environment.system) if name not in _CHOICES)


def _accounts(config: Any, context: StoreContext, *, inside: bool) -> Iterator[str]:
    """The accounts that the context's entries refer to, or those that everything else does."""
    refs: Iterator[SecretRef] | list[SecretRef]
    entries = _at(config, PROVIDERS)
    own = {key: value for key, value in entries.items() if key in context.provider_ids}
    if inside:
        refs = our_references(own)
    else:
        rest = {key: value for key, value in config.items() if key != "models"} if isinstance(config, Mapping) else {}
        others = {key: value for key, value in entries.items() if key not in context.provider_ids}
        refs = [*our_references(rest), *our_references(others)]
    for ref in refs:
        yield ref.id


def _at(value: Any, path: tuple[str | int, ...]) -> Mapping[str, Any]:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _bytes(located: Located) -> bytes | None:
    try:
        return read_bytes(resolver_path(located), limit=_FILE_BYTES)[0]
    except UnreadableFileError:
        return None
