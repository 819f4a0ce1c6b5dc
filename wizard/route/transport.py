"""The proxy and the trust that a route's requests meet, from its runtime's environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wizard.openclaw.seen import LayerName, OpenClawSeen
from wizard.portkey import hosts
from wizard.portkey.hosts import Origin

_PROXY_NAMES: Final = {"https": ("https_proxy", "HTTPS_PROXY"), "http": ("http_proxy", "HTTP_PROXY")}


def ca_files(seen: OpenClawSeen) -> tuple[str, ...]:
    """The file that `NODE_EXTRA_CA_CERTS` names; Node reads it from the process environment only, at its start."""
    value = _process(seen).get("NODE_EXTRA_CA_CERTS", "")
    return (value,) if value else ()


def proxy_is_set(seen: OpenClawSeen) -> bool:
    """Whether the environment names any proxy."""
    variables = _process(seen)
    return any(variables.get(name) for names in _PROXY_NAMES.values() for name in names)


def proxy_for(seen: OpenClawSeen, url: str) -> str | None:
    """The proxy for a URL, or None for a direct connection.

    Loopback is always reached directly, and so is everything over plain http: a key would lie open before the proxy.
    """
    where = hosts.origin(url)
    if where is None or hosts.is_loopback(where.host) or where.scheme != "https":
        return None
    variables = _process(seen)
    if _excepted(where, variables.get("no_proxy") or variables.get("NO_PROXY") or ""):
        return None
    return next((variables[name] for name in _PROXY_NAMES["https"] if variables.get(name)), None)


def _excepted(where: Origin, exceptions: str) -> bool:
    """Whether NO_PROXY names a host: exactly, as a parent domain, with its port, or all by `*`."""
    for item in exceptions.replace(",", " ").split():
        name, _, port = item.lower().rpartition(":") if item.count(":") == 1 else (item.lower(), "", "")
        if port and port != str(where.port):
            continue
        bare = name.removeprefix("*").removeprefix(".")
        if not bare or where.host == bare or where.host.endswith("." + bare):
            return name != ""
    return False


def _process(seen: OpenClawSeen) -> Mapping[str, str]:
    layers = seen.runtimes[0].layers if seen.runtimes else ()
    process = next((layer for layer in layers if layer.name is LayerName.PROCESS), None)
    return {name: variable.value for name, variable in process.variables.items()} if process else {}
