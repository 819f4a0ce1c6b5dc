"""The proxy and the trust that a route's requests meet, from its runtime's environment.

Source: measured with recording proxies and certificates on 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wizard.openclaw.seen import LayerName, OpenClawSeen
from wizard.openclaw.versions import ALL_PROXY_SEEN, parse_version
from wizard.portkey import hosts
from wizard.portkey.hosts import Origin

# For https, the stronger first: measured, one for http serves https as well.
_PROXY_NAMES: Final = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY")
_OLD_PROXY_NAMES: Final = ("all_proxy", "ALL_PROXY")
# OpenClaw takes them from here; not from a project's .env, and not from its config.
_OUTSIDE: Final = (LayerName.PROCESS, LayerName.STATE_DOTENV, LayerName.GATEWAY_ENV_FILE)


def ca_files(seen: OpenClawSeen) -> tuple[str, ...]:
    """The file that `NODE_EXTRA_CA_CERTS` names; Node reads it from the process environment only, at its start."""
    value = _process(seen).get("NODE_EXTRA_CA_CERTS", "")
    return (value,) if value else ()


def proxy_is_set(seen: OpenClawSeen) -> bool:
    """Whether the environment names any proxy."""
    variables = _outside(seen)
    return any(variables.get(name) for name in (*_PROXY_NAMES, *_OLD_PROXY_NAMES))


def proxy_for(seen: OpenClawSeen, url: str) -> str | None:
    """The proxy for a URL, or None for a direct connection.

    Loopback is always reached directly, and so is everything over plain http: a key would lie open before the proxy.
    """
    where = hosts.origin(url)
    if where is None or hosts.is_loopback(where.host) or where.scheme != "https":
        return None
    variables = _outside(seen)
    if _excepted(where, variables.get("no_proxy") or variables.get("NO_PROXY") or ""):
        return None
    version = parse_version(seen.install.version)
    old = version is not None and version <= ALL_PROXY_SEEN
    names = (*_PROXY_NAMES, *(_OLD_PROXY_NAMES if old else ()))
    return next((variables[name] for name in names if variables.get(name)), None)


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


def _outside(seen: OpenClawSeen) -> Mapping[str, str]:
    """The variables of the layers that decide about proxies, the stronger layer's value of each."""
    merged: dict[str, str] = {}
    for layer in seen.runtimes[0].layers if seen.runtimes else ():
        if layer.name in _OUTSIDE:
            for name, variable in layer.variables.items():
                merged.setdefault(name, variable.value)
    return merged


def _process(seen: OpenClawSeen) -> Mapping[str, str]:
    layers = seen.runtimes[0].layers if seen.runtimes else ()
    process = next((layer for layer in layers if layer.name is LayerName.PROCESS), None)
    return {name: variable.value for name, variable in process.variables.items()} if process else {}
