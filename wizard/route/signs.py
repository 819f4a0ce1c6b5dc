"""Why a provider entry is taken for one that goes to a Portkey gateway, before anything is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wizard.openclaw.config_view import ProviderEntry
from wizard.openclaw.references import names
from wizard.portkey import headers, hosts
from wizard.portkey.hosts import HostKind

# `@cf/` and `@hf/` are Cloudflare's and Hugging Face's own model names, not Portkey slugs.
SLUG_MODEL: Final = re.compile(r"^@(?!cf/|hf/)(?P<slug>[^/\s]+)/(?P<model>.+)$")


def portkey_signs(entry: ProviderEntry, base_url: str) -> tuple[str, ...]:
    """The signs, in words; empty where nothing speaks for Portkey."""
    return tuple(_signs(entry, base_url))


def _signs(entry: ProviderEntry, base_url: str) -> Iterator[str]:
    where = hosts.origin(base_url)
    host = where.host if where else ""
    kind = hosts.kind(host) if host else None
    if kind in (HostKind.HOSTED, HostKind.DASHBOARD, HostKind.CONTROL_PLANE):
        yield f"{host} is Portkey's"
    elif kind is HostKind.LOOKALIKE:
        yield f"{host} is nearly the name of a Portkey host"
    elif "portkey" in (host or base_url.lower()):
        yield f"the base URL {base_url} names Portkey"
    if "portkey" in entry.id.lower():
        yield f"the entry is called {entry.id}"
    named = {name for model in (None, *entry.models) for name, _, _ in entry.headers(model)}
    portkey_headers = sorted(name for name in named if name.lower().startswith(headers.PREFIX))
    if portkey_headers:
        yield f"it sends {', '.join(portkey_headers)}"
    # Other vendors have names with @ of their own, such as OpenRouter's presets.
    if kind is not HostKind.VENDOR and any(SLUG_MODEL.match(model.id) for model in entry.models):
        yield "it lists models with a provider slug (@slug/model)"
    key = entry.settings.get("apiKey")
    if isinstance(key, str) and any("PORTKEY" in name for name in names(key)):
        yield "its key is a Portkey key by name"
