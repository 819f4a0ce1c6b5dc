"""Which hosts are Portkey's, which only look like it, and who may be given the key.

Source: Portkey's documentation (read 2026-08) for the hosts; the product's contract for who may have the key.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

HOSTED: Final = ("api.portkey.ai", "aigw.portkey.ai")
DEFAULT_BASE_URL: Final = "https://api.portkey.ai/v1"
DASHBOARD: Final = "https://app.portkey.ai"

# Web pages, the dashboard and hosts of the control plane: none of them takes model requests.
_PAGES: Final = frozenset(
    {"portkey.ai", "www.portkey.ai", "app.portkey.ai", "dashboard.portkey.ai", "docs.portkey.ai", "status.portkey.ai"}
)
_CONTROL_PLANE: Final = frozenset(
    {"albus.portkey.ai", "control.portkey.ai", "aws-cp.portkey.ai", "mcp.portkey.ai", "agents.portkey.ai"}
)
_CONTROL_PLANE_PATTERN: Final = re.compile(r"^[\w-]*-cp\.(?:[\w-]+\.)*portkey\.ai$")

# Endings that no public name has: what stands below them is a network's own (RFC 2606, RFC 6762, RFC 8375, habit).
_PRIVATE_ENDINGS: Final = frozenset(
    {"internal", "intranet", "local", "localdomain", "localhost", "lan", "home", "arpa", "corp", "private"}
    | {"svc", "cluster", "consul", "test", "example", "invalid"}
)

# Where other vendors take requests directly: certainly not a Portkey gateway.
_VENDORS: Final = (
    "api.openai.com",
    "api.anthropic.com",
    "openrouter.ai",
    "generativelanguage.googleapis.com",
    "api.groq.com",
    "api.mistral.ai",
    "api.deepseek.com",
    "api.x.ai",
    "api.together.xyz",
    "api.fireworks.ai",
    "api.cohere.com",
    "api.perplexity.ai",
    "api.moonshot.ai",
    "api.minimax.io",
    "api.z.ai",
    "integrate.api.nvidia.com",
    "router.huggingface.co",
)


class HostKind(StrEnum):
    """What a host's name alone tells."""

    HOSTED = "hosted"
    DASHBOARD = "dashboard"
    CONTROL_PLANE = "control-plane"
    LOOKALIKE = "lookalike"
    VENDOR = "vendor"
    LOOPBACK = "loopback"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of a URL, normalised: lower case, the scheme's own port filled in."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = {"https": 443, "http": 80}.get(self.scheme)
        return f"{self.scheme}://{host}" if self.port == standard else f"{self.scheme}://{host}:{self.port}"


def split(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) URL with a host and a possible port, or None where it is none."""
    if not url or any(character.isspace() or ord(character) < 32 for character in url) or "${" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or port == 0:
        return None
    # Behind an address in brackets only a port may follow; parsers disagree on what `[::1]443` asks.
    if not re.fullmatch(r"[^\]]*(?:\](?::\d*)?)?", parts.netloc.rpartition("@")[2]):
        return None
    return parts if _HOST.match(parts.hostname) or ":" in parts.hostname else None


_HOST: Final = re.compile(r"^(?!-)[^\s/\\?#@<>\"'{}|^`%$]+$")


def origin(url: str) -> Origin | None:
    """The origin of a URL, or None where it is no URL."""
    parts = split(url)
    if parts is None or parts.hostname is None:
        return None
    scheme = parts.scheme.lower()
    return Origin(scheme, parts.hostname.rstrip("."), parts.port or (443 if scheme == "https" else 80))


def is_loopback(host: str) -> bool:
    """Whether a host is `localhost` or a literal loopback address; a name that resolves there is not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def kind(host: str) -> HostKind:
    """What a host's name alone tells of it."""
    host = host.lower().rstrip(".")
    for known, answer in (
        (host in HOSTED, HostKind.HOSTED),
        (is_loopback(host), HostKind.LOOPBACK),
        (host in _PAGES, HostKind.DASHBOARD),
        (host in _CONTROL_PLANE or bool(_CONTROL_PLANE_PATTERN.match(host)), HostKind.CONTROL_PLANE),
        (host in _VENDORS, HostKind.VENDOR),
        (nearest_hosted(host) is not None, HostKind.LOOKALIKE),
    ):
        if known:
            return answer
    return HostKind.OTHER


def nearest_hosted(host: str) -> str | None:
    """The hosted Portkey host that a name is a near miss of, or None.

    A near miss is a slip of the keyboard in the whole name, or Portkey's name under another public ending
    (`api.portkey.com`). A company's own `portkey.acme.com` or `portkey.internal` is none, nor is another company
    whose name merely resembles Portkey's (`api.porter.ai`).
    """
    host = host.lower().rstrip(".")
    if host in HOSTED or is_loopback(host) or host in _PAGES or host in _CONTROL_PLANE:
        return None
    if host.rpartition(".")[2] in _PRIVATE_ENDINGS:
        return None
    if host.endswith(".portkey.ai"):
        first = host.removesuffix(".portkey.ai")
        return next((known for known in HOSTED if _distance(first, known.split(".")[0]) == 1), None)
    for known in HOSTED:
        if _distance(host, known) <= (2 if "portkey" in host else 1):
            return known
    return _other_ending(host)


# Endings under which somebody could have registered Portkey's name; others are rather a company's own zone.
_ENDINGS: Final = frozenset({"com", "net", "io", "dev", "co", "org", "app", "us", "eu", "ai", "cloud", "xyz"})


def _other_ending(host: str) -> str | None:
    labels = host.split(".")
    if labels[-1] not in _ENDINGS and not any(host.startswith(known + ".") for known in HOSTED):
        return None
    if len(labels) == 3 and labels[0] in ("api", "aigw") and labels[1] == "portkey":
        return f"{labels[0]}.portkey.ai"
    if len(labels) == 2 and _distance(labels[0], "portkey") <= (1 if labels[1] == "ai" else 0):
        return HOSTED[0]
    # api.portkey.ai.example.com and api-portkey.ai pretend to be the host.
    if any(host.startswith(known + ".") for known in HOSTED):
        return next(known for known in HOSTED if host.startswith(known + "."))
    return HOSTED[0] if host in ("api-portkey.ai", "apiportkey.ai") else None


def _distance(left: str, right: str) -> int:
    """Edits between two short names, a swap of neighbours counted as one."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def may_receive_key(url: str, trusted: Iterable[str] = ()) -> bool:
    """Whether the real key may be sent to a URL.

    Hosted Portkey hosts over https on their own port, `localhost` and literal loopback addresses, and the
    origins that the user confirmed, remembered with scheme and port.
    """
    where = origin(url)
    if where is None:
        return False
    if is_loopback(where.host):
        return True
    if where.host in HOSTED:
        return where.scheme == "https" and where.port == 443
    return str(where) in set(trusted)


def trusted_origins(hosts: Iterable[str], used: Iterable[str]) -> tuple[str, ...]:
    """The origins that `--trust-host` values stand for.

    A value with a scheme is an origin itself; a bare `host` or `host:port` means the origins of the URLs
    in use on that host (and, where a port is named, that port).
    """
    found: dict[str, None] = {}
    for value in hosts:
        stated = origin(value) if "://" in value else None
        if stated is not None:
            found[str(stated)] = None
            continue
        for url in used:
            where = origin(url)
            if where and value.lower().rstrip(".") in _spellings(where):
                found[str(where)] = None
    return tuple(found)


def _spellings(where: Origin) -> tuple[str, ...]:
    """How people write a host, alone and with its port; an IPv6 address also in brackets."""
    bracketed = f"[{where.host}]" if ":" in where.host else where.host
    return where.host, bracketed, f"{bracketed}:{where.port}"
