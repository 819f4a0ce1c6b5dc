"""How an entry is now, so that a later run leaves it so and need not be told the key again."""

from __future__ import annotations

from typing import Any

from wizard.keys.vault import Vault
from wizard.openclaw.config_view import PROVIDERS
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import OUR_PROVIDER, SecretRef, secret_ref
from wizard.openclaw.seen import KEYRING_PLACE, EnvLayer, LayerName, OpenClawSeen
from wizard.portkey import headers
from wizard.route.model import Api
from wizard.setup.key import KeyAnswer, key_in_layers
from wizard.stores.entries import VARIABLE_REFERENCE
from wizard.stores.model import Storage


def standing_storage(value: Any, provider_id: str, layers: tuple[EnvLayer, ...]) -> str | None:
    """The store that an entry's key is in, or None where that cannot be told; a new entry's is that of the others.

    Args:
        value: the config's plain value.
        provider_id: the entry.
        layers: the layers that OpenClaw reads.
    """
    names = [provider_id] if _entry(value, provider_id) else list(_providers(value))
    return next(filter(None, (_storage_of(_reference(value, name), layers) for name in names)), None)


def _storage_of(reference: Any, layers: tuple[EnvLayer, ...]) -> str | None:
    if _ours(reference) is not None:
        return Storage.KEYRING.value
    if reference != VARIABLE_REFERENCE:
        return None
    holding = [layer.name for layer in layers if _holds_key(layer)]
    stores = {LayerName.CONFIG: Storage.OPENCLAW_ENV, LayerName.STATE_DOTENV: Storage.DOTENV}
    return next((store.value for name, store in stores.items() if name in holding), None)


def standing_api(value: Any, provider_id: str) -> str | None:
    """The wire format of an entry that works with Portkey as it stands, or None.

    The Anthropic format needs the key in a header of Portkey's; without one the default mends it.
    """
    entry = _entry(value, provider_id)
    api, sent = entry.get("api"), entry.get("headers")
    names = {name.lower() for name in sent} if isinstance(sent, dict) else set()
    if api == Api.RESPONSES.value or (api == Api.MESSAGES.value and headers.API_KEY in names):
        return str(api)
    return None


def held_key(provider_id: str, seen: OpenClawSeen, vault: Vault) -> KeyAnswer | None:
    """The key that OpenClaw has for an entry now, or None: from the keyring it refers to, else from its layers.

    A new entry gets that of the others. A keyring that does not answer is no key.
    """
    value = seen.config.value
    names = [provider_id] if _entry(value, provider_id) else list(_providers(value))
    accounts = [ref.id for ref in (_ours(_reference(value, name)) for name in names) if ref is not None]
    if not accounts:
        return key_in_layers(seen.runtimes[0].layers, vault)
    handle = next((key.handle for key in seen.keyring_keys if key.account in accounts and key.handle), None)
    return KeyAnswer(vault.take(vault.reveal(handle), KEYRING_PLACE), KEYRING_PLACE, None) if handle else None


def _reference(value: Any, provider_id: str) -> Any:
    return _entry(value, provider_id).get("apiKey")


def _providers(value: Any) -> dict[str, Any]:
    for step in PROVIDERS:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _entry(value: Any, provider_id: str) -> dict[str, Any]:
    entry = _providers(value).get(provider_id)
    return entry if isinstance(entry, dict) else {}


def _ours(reference: Any) -> SecretRef | None:
    """The reference to our resolver that a value is, or None."""
    ref = secret_ref(reference)
    return ref if ref is not None and ref.source == "exec" and ref.provider == OUR_PROVIDER else None


def _holds_key(layer: EnvLayer) -> bool:
    variable = layer.variables.get(KEY_VARIABLE)
    return variable is not None and bool(variable.value.strip())
