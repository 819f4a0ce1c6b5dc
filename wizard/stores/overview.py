"""Every copy of the key on this machine that can be found, and which of them OpenClaw takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wizard.base.environment import Environment
from wizard.json5doc import format_path
from wizard.keys.keyring_store import SERVICE, Keyring, KeyringError
from wizard.keys.vault import Vault
from wizard.openclaw.config_view import PROVIDERS, ProviderEntry
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.keyring_keys import NO_ENTRY
from wizard.openclaw.locate import Located
from wizard.openclaw.references import is_ours, names, our_references, secret_ref
from wizard.openclaw.seen import KEYRING_PLACE, ConfigFile, ConfigPath, EnvLayer, LayerName, OpenClawSeen, Runtime
from wizard.stores.backups import in_before_images, in_openclaw_backups
from wizard.stores.config_files import ConfigFiles, config_files
from wizard.stores.entries import KeyPlace, key_places, key_variables
from wizard.stores.keyring import account_of
from wizard.stores.model import HEADER_LAYER, KEYRING_LAYER, LITERAL_LAYER, OTHER_LAYER, PROFILE_LAYER, KeyCopy
from wizard.stores.service import in_service
from wizard.stores.shell_files import in_shell_files
from wizard.stores.winners import Winner, is_handle, portkey_entries, winners


def copies(
    seen: OpenClawSeen, located: Located, environment: Environment, vault: Vault, keyring: Keyring | None
) -> tuple[KeyCopy, ...]:
    """Every copy, in OpenClaw's order of precedence, then those that no request reads.

    Args:
        seen: what was seen of OpenClaw.
        located: OpenClaw's files.
        environment: whose files are looked through.
        vault: keeps the keys.
        keyring: the system's keyring, or None where it is not to be asked.
    """
    if seen.config.problem is not None:
        entries: tuple[ProviderEntry, ...] = ()
        chosen: tuple[Winner, ...] = ()
    else:
        entries, chosen = portkey_entries(seen), winners(seen)
    read = [
        *_in_profiles(seen, entries, located),
        *_in_entries(seen.config, entries),
        *_in_keyring(seen, entries, located, vault, keyring),
        *_in_layers(seen, entries, located, environment),
    ]
    files = config_files(seen.config, located, environment, vault)
    marked = [_placed(_marked(copy, chosen), files) for copy in read]
    known = [copy.handle for copy in marked if copy.handle is not None]
    unread = [
        *in_service(key_variables(entries), located, environment, vault),
        *_elsewhere_in_config(files, marked),
        *in_shell_files(environment, vault),
        *in_openclaw_backups(located, known, environment, vault),
    ]
    known = [copy.handle for copy in (*marked, *unread) if copy.handle is not None]
    return (*marked, *unread, *in_before_images(known, environment, vault, keyring))


def _placed(copy: KeyCopy, files: ConfigFiles) -> KeyCopy:
    """A copy of the config with the file that it stands in, which may be an included one."""
    if not copy.place:
        return copy
    path, where = files.place(copy.place)
    return replace(copy, path=path, location=where)


def _in_layers(
    seen: OpenClawSeen, entries: Sequence[ProviderEntry], located: Located, environment: Environment
) -> Iterator[KeyCopy]:
    variables = key_variables(entries)
    paths = (located.dotenv, located.later_dotenv, located.gateway_env, located.later_gateway_env)
    files = {environment.display(path): path for path in (*paths, environment.cwd / ".env") if path is not None}
    layers = next((each.layers for each in seen.runtimes if each.runtime is Runtime.CLI), ())
    for layer in layers:
        for name in variables:
            if layer.name is LayerName.CONFIG:
                yield from _in_config_variables(seen.config, layer, name)
            elif name in layer.variables:
                yield _in_layer(layer, name, files.get(layer.location))


def _in_layer(layer: EnvLayer, name: str, path: Path | None) -> KeyCopy:
    variable = layer.variables[name]
    where = f"{layer.location}:{variable.line}" if variable.line else layer.location
    handle = variable.value if is_handle(variable.value) else None
    hides = "empty: it hides the files that OpenClaw reads after it" if not variable.value.strip() else ""
    return KeyCopy(layer.name.value, where, handle, note=_named(name, hides), path=path, name=name)


def _in_config_variables(config: ConfigFile, layer: EnvLayer, name: str) -> Iterator[KeyCopy]:
    for path in (("env", "vars", name), ("env", name)):
        value = config.get(path)
        if not isinstance(value, str):
            continue
        # What OpenClaw takes from the config is in the layer: elsewhere an older place is refused, or comes second.
        read = layer.variables.get(name)
        line = _line(config, path)
        note = "empty" if not value.strip() else ""
        if value.strip() and (read is None or read.line != line):
            note = f"OpenClaw does not read {format_path(path)} here"
        elif names(value):
            note = f"it refers to {', '.join(names(value))}"
        handle = value if is_handle(value) else None
        yield KeyCopy(
            layer.name.value,
            _where(config, path),
            handle,
            note=_named(name, note),
            place=path,
            name=name,
        )


def _in_entries(config: ConfigFile, entries: Iterable[ProviderEntry]) -> Iterator[KeyCopy]:
    for entry in entries:
        for place in key_places(entry):
            copy = _in_entry(config, place)
            if copy is not None:
                yield copy


def _in_entry(config: ConfigFile, place: KeyPlace) -> KeyCopy | None:
    where = _where(config, place.path)
    setting = format_path(place.path)
    ref = secret_ref(place.value)
    if ref is not None:
        if ref.source == "env" or is_ours(ref):
            return None
        note = f"{setting} takes it from the {ref.source} provider {ref.provider}, which was not asked"
        return KeyCopy(f"secret-{ref.source}", where, None, note=note, place=place.path)
    if not is_handle(place.secret.strip()):
        return None
    layer = HEADER_LAYER if "headers" in place.path or "auth" in place.path else LITERAL_LAYER
    return KeyCopy(layer, where, place.secret.strip(), note=setting, place=place.path)


def _in_profiles(seen: OpenClawSeen, entries: Iterable[ProviderEntry], located: Located) -> Iterator[KeyCopy]:
    ids = {entry.id.lower() for entry in entries}
    for profile in seen.saved_profiles:
        if profile.provider_id.lower() in ids:
            whose = f" of agent {profile.agent}" if profile.agent else ""
            note = f"profile {profile.name}{whose}" + ("" if profile.key else ", which refers to its key")
            in_file = profile.agent is not None and not profile.in_database
            path = located.state_dir / f"agents/{profile.agent}/agent/auth-profiles.json" if in_file else None
            yield KeyCopy(PROFILE_LAYER, profile.location, profile.key, note=note, path=path, name=profile.name)


def _in_keyring(
    seen: OpenClawSeen, entries: Sequence[ProviderEntry], located: Located, vault: Vault, keyring: Keyring | None
) -> Iterator[KeyCopy]:
    """The entries that provider entries refer to, which were looked up already, and our own one in any case.

    Until a copy is marked, `providers` holds the entries that refer to it.
    """
    looked_up = {key.account: key for key in seen.keyring_keys}
    users = {account: tuple(_users(entries, account)) for account in looked_up}
    for account, key in looked_up.items():
        copy = KeyCopy(KEYRING_LAYER, _keyring_entry(account), key.handle, note=key.detail, name=account)
        if key.trouble == NO_ENTRY:
            yield replace(copy, note="an entry refers to it, and it is not there")
        elif key.handle is not None and not key.reaches_openclaw:
            yield replace(copy, note=f"nothing hands it to OpenClaw: the resolver is {key.resolver}")
        else:
            yield replace(copy, providers=users[account])
    account = account_of(located)
    if keyring is None or account in looked_up:
        return
    try:
        value = keyring.read(SERVICE, account)
    except KeyringError:
        return
    if value:
        handle = vault.take(value, KEYRING_PLACE).handle
        note = "no provider entry refers to it"
        yield KeyCopy(KEYRING_LAYER, _keyring_entry(account), handle, note=note, name=account)


def _keyring_entry(account: str) -> str:
    return f"entry {account} of {SERVICE}"


def _users(entries: Iterable[ProviderEntry], account: str) -> Iterator[str]:
    for entry in entries:
        if any(ref.id == account for place in key_places(entry) for ref in our_references(place.value)):
            yield entry.id


def _elsewhere_in_config(files: ConfigFiles, found: Sequence[KeyCopy]) -> Iterator[KeyCopy]:
    """Comments and other settings that hold a key which was met: they are found by the text."""
    for handle in dict.fromkeys(copy.handle for copy in found if copy.handle is not None):
        for path, config in files.files:
            for number, line in enumerate(config.lines, 1):
                where = f"{config.path}:{number}"
                known = sum(1 for copy in found if copy.location == where and copy.handle == handle)
                if line.count(handle) > known:
                    yield KeyCopy(OTHER_LAYER, where, handle, note="in a comment or another setting", path=path)


def _marked(copy: KeyCopy, chosen: Iterable[Winner]) -> KeyCopy:
    providers = tuple(dict.fromkeys(winner.provider_id for winner in chosen if _is_taken(copy, winner)))
    return replace(copy, wins=bool(providers), providers=providers)


def _is_taken(copy: KeyCopy, winner: Winner) -> bool:
    if copy.handle is not None and winner.handle is not None and copy.handle != winner.handle:
        return False
    if copy.layer == KEYRING_LAYER:
        return winner.layer == "secret-exec" and winner.provider_id in copy.providers
    if copy.layer != winner.layer:
        return False
    if copy.place and copy.layer.startswith("secret-"):
        return copy.place[:3] == (*PROVIDERS, winner.provider_id)
    return not winner.location or copy.location == winner.location


def _where(config: ConfigFile, path: ConfigPath) -> str:
    line = _line(config, path)
    return f"{config.path}:{line}" if line else config.path


def _line(config: ConfigFile, path: ConfigPath) -> int:
    place = config.place(path)
    return place.value.line if place else 0


def _named(name: str, note: str) -> str:
    """A note, with the variable's name where it is not the usual one."""
    named = "" if name == KEY_VARIABLE else f"as {name}"
    return "; ".join(part for part in (named, note) if part)
