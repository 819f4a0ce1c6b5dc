"""The provider entries that `setup --remove` takes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.openclaw.config_view import PROVIDERS, ProviderEntry, provider_entry
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import all_names, our_references
from wizard.portkey import hosts
from wizard.route.signs import portkey_signs
from wizard.setup.removing.ground import Ground


def entries_of(value: Any) -> tuple[ProviderEntry, ...]:
    """All provider entries of a config's plain value."""
    for step in PROVIDERS:
        value = value.get(step) if isinstance(value, Mapping) else None
    listed = value.items() if isinstance(value, Mapping) else ()
    return tuple(provider_entry(name, settings) for name, settings in listed if isinstance(settings, Mapping))


def leads_to_portkey(entry: ProviderEntry) -> bool:
    """Whether something speaks for a Portkey gateway."""
    return bool(portkey_signs(entry, _base_url(entry)))


def is_ours(entry: ProviderEntry, ground: Ground) -> bool:
    """Whether an entry leads to Portkey and takes the key where setup puts it, or was made by setup."""
    if any(our_references(entry.settings)):
        return True
    return leads_to_portkey(entry) and (KEY_VARIABLE in all_names(entry.settings) or ground.is_new(entry.path))


def led_to_portkey(ground: Ground) -> bool:
    """Whether it is known that an entry led to Portkey before our first change, in the main file or where it is now."""
    main = next(iter(ground.before.values()))
    now = ((entry.id, ground.was(entry.path)) for entry in entries_of(ground.value))
    then = (provider_entry(name, settings) for name, settings in now if isinstance(settings, Mapping))
    return any(map(leads_to_portkey, (*entries_of(main.value), *then)))


def origins(entries: Iterable[ProviderEntry]) -> Iterator[str]:
    """Where the entries and their models lead, as scheme, host and port."""
    for entry in entries:
        urls = [entry.settings.get("baseUrl"), *(model.settings.get("baseUrl") for model in entry.models)]
        for url in urls:
            where = hosts.origin(url.strip()) if isinstance(url, str) else None
            if where is not None:
                yield str(where)


def _base_url(entry: ProviderEntry) -> str:
    url = entry.settings.get("baseUrl")
    return url if isinstance(url, str) else ""
