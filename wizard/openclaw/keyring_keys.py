"""What our own exec SecretRefs come to, looked up as OpenClaw would have it looked up, without running the resolver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.keys.keyring_store import SERVICE, Keyring, KeyringError, system_keyring
from wizard.keys.vault import Vault
from wizard.openclaw.references import our_references
from wizard.openclaw.resolver_file import PROVIDER_PLACE, ResolverState, state_of_file
from wizard.openclaw.seen import KEYRING_PLACE, KeyringKey

NO_ENTRY: Final = "no-entry"
NOT_DECLARED: Final = "not-declared"


def keys_in_keyring(
    config: Any, environment: Environment, vault: Vault, open_keyring: Callable[[Environment], Keyring] = system_keyring
) -> tuple[KeyringKey, ...]:
    """The keys that a config's references to our resolver stand for; the keyring is asked only where there are any.

    Args:
        config: the config's plain value, secrets as handles.
        environment: whose keyring it is.
        vault: keeps the keys.
        open_keyring: gives the keyring of an environment.
    """
    accounts = dict.fromkeys(ref.id for ref in our_references(config))
    if not accounts:
        return ()
    declared = _declared(config)
    resolver = _resolver(declared, vault)
    keyring = open_keyring(_as_handed_on(declared, environment, vault))
    return tuple(replace(_read(account, keyring, vault), resolver=resolver) for account in accounts)


def _read(account: str, keyring: Keyring, vault: Vault) -> KeyringKey:
    try:
        value = keyring.read(SERVICE, account)
    except KeyringError as error:
        return KeyringKey(account, trouble=error.trouble.value, detail=error.detail, backend=error.backend)
    if not value:
        return KeyringKey(account, trouble=NO_ENTRY, detail=f"The keyring has no entry {account} of {SERVICE}.")
    return KeyringKey(account, vault.take(value, KEYRING_PLACE).handle)


def _declared(config: Any) -> Mapping[str, Any] | None:
    for step in PROVIDER_PLACE:
        config = config.get(step) if isinstance(config, Mapping) else None
    return config if isinstance(config, Mapping) and config.get("source") == "exec" else None


def _resolver(declared: Mapping[str, Any] | None, vault: Vault) -> str:
    command = declared.get("command") if declared is not None else None
    if not isinstance(command, str):
        return NOT_DECLARED
    path = Path(vault.reveal(command))
    return (state_of_file(path) if path.is_absolute() else ResolverState.MISSING).value


def _as_handed_on(declared: Mapping[str, Any] | None, environment: Environment, vault: Vault) -> Environment:
    """The environment with the variables that the resolver would get, and no others."""
    if declared is None:
        return environment
    passed, fixed = declared.get("passEnv"), declared.get("env")
    names = [name for name in passed if isinstance(name, str)] if isinstance(passed, list) else []
    variables = {name: environment.variables[name] for name in names if name in environment.variables}
    for name, value in fixed.items() if isinstance(fixed, Mapping) else ():
        variables[str(name)] = vault.reveal(str(value))
    return replace(environment, variables=variables)
