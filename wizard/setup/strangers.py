"""A provider entry of somebody else's under the name that setup would use: it stays as it is and gets no key."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.base.errors import usage_error
from wizard.openclaw.config_view import ProviderEntry, provider_entries, provider_entry
from wizard.openclaw.references import is_ours, secret_ref
from wizard.openclaw.seen import ConfigFile, OpenClawSeen
from wizard.portkey import hosts
from wizard.portkey.hosts import HostKind, Origin
from wizard.route.signs import portkey_signs
from wizard.stores.winners import portkey_entries

# Where a provider of one's own may be at work; the other kinds are Portkey's hosts, or slips of the keyboard.
_ELSEWHERE = (HostKind.VENDOR, HostKind.OTHER, HostKind.LOOPBACK)


def is_stranger(entry: ProviderEntry, confirmed: Iterable[str] = ()) -> bool:
    """Whether an entry is somebody's own provider: nothing but, at most, its name speaks for Portkey.

    Args:
        entry: the entry.
        confirmed: origins that the user confirmed as gateways, the one of this run among them.
    """
    url, where = _leads_to(entry)
    if not entry.settings or (where is not None and str(where) in confirmed):
        return False
    nameless = provider_entry("", entry.settings)
    ref = secret_ref(entry.settings.get("apiKey"))
    if portkey_signs(nameless, url) or (ref is not None and is_ours(ref)):
        return False
    if where is None or not (entry.settings.get("models") or entry.settings.get("apiKey")):
        # Nobody works with what leads nowhere, or has neither key nor models: under our name it is a set-up begun.
        return not portkey_signs(entry, url)
    return hosts.kind(where.host) in _ELSEWHERE


def own_entries(seen: OpenClawSeen, confirmed: Iterable[str] = ()) -> tuple[ProviderEntry, ...]:
    """The entries that go to a Portkey gateway, strangers that are merely called so left out."""
    known = tuple(confirmed)
    return tuple(entry for entry in portkey_entries(seen) if not is_stranger(entry, known))


def stranger_named(config: ConfigFile, provider_id: str, confirmed: Iterable[str] = ()) -> ProviderEntry | None:
    """The entry of this name where it is a stranger, or None."""
    entry = next((each for each in provider_entries(config) if each.id == provider_id), None)
    return entry if entry is not None and is_stranger(entry, confirmed) else None


def refuse_stranger(config: ConfigFile, provider_id: str, confirmed: Iterable[str] = ()) -> None:
    """Before a key is asked for or sent.

    Raises:
        UserError: the entry of this name is a stranger; exit code 2.
    """
    entry = stranger_named(config, provider_id, confirmed)
    if entry is None:
        return
    _, where = _leads_to(entry)
    claim = f" If it is a Portkey gateway, name it: --gateway-url {where}/v1" if _may_be_gateway(where) else ""
    raise usage_error(
        f"The provider {provider_id} already leads to {destination(entry)}, which does not look like Portkey.",
        f"Choose another name with --provider-id, or remove that entry.{claim}",
    )


def destination(entry: ProviderEntry) -> str:
    """Where a stranger leads, in words."""
    _, where = _leads_to(entry)
    return str(where) if where is not None else "a vendor of its own"


def _may_be_gateway(where: Origin | None) -> bool:
    return where is not None and hosts.kind(where.host) is not HostKind.VENDOR


def _leads_to(entry: ProviderEntry) -> tuple[str, Origin | None]:
    url = entry.settings.get("baseUrl")
    text = url.strip() if isinstance(url, str) else ""
    return text, hosts.origin(text)
