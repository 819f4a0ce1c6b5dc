"""What is wrong with a base URL by its text alone, and what it should be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from wizard.portkey import hosts
from wizard.portkey.hosts import HostKind
from wizard.route.model import Api, Route

Fault = Literal["PKC301", "PKC302", "PKC303", "PKC305", "PKC306", "PKC307"]

_ENDPOINT: Final = re.compile(
    r"(?P<endpoint>/(?:chat/completions|completions|messages|responses|embeddings|models)(?:/.*)?)$", re.IGNORECASE
)
_ENDPOINT_ANYWHERE: Final = re.compile(
    r"(?P<endpoint>(?:/chat/completions|(?<=/v1)/(?:completions|messages|responses|embeddings|models))(?:/.*)?)$",
    re.IGNORECASE,
)
_USER_INFO: Final = re.compile(r"(?<=://)[^/?#]*@")
_DOUBLED: Final = re.compile(r"/v1(?:/+v1)+$")
_DOUBLED_INSIDE: Final = re.compile(r"/v1/+v1/")


@dataclass(frozen=True, slots=True)
class BaseUrlFault:
    """A fault, the text that should stand there (None where that cannot be told), and why, in words."""

    code: Fault
    better: str | None
    reason: str


def base_url_fault(route: Route) -> BaseUrlFault | None:
    """The one fault of a route's base URL that its text proves, the gravest first; None where the text is fine."""
    if route.base_url is None or not route.portkey_signs:
        return None
    asked = route.request.url if route.request else None
    return fault_of(route.base_url.value, openai=route.api != Api.MESSAGES.value, asked=asked)


def fault_of(text: str, *, openai: bool, asked: str | None = None) -> BaseUrlFault | None:
    """The fault of a base URL's text.

    Args:
        text: the base URL.
        openai: whether OpenClaw takes it as it stands.
        asked: the URL that OpenClaw makes of it, where that is known.
    """
    parts = hosts.split(text)
    if parts is None or parts.hostname is None or parts.username is not None:
        return BaseUrlFault("PKC307", _repaired(text), _why_invalid(text))
    host = parts.hostname.rstrip(".")
    kind = hosts.kind(host)
    host_fault = _host_fault(host, kind)
    if host_fault is not None:
        return host_fault
    path_fault = _path_fault(text, parts.path, kind, openai=openai)
    # Newer versions drop every /v1 that a base URL for messages ends in, and ask the right path.
    harmless = asked is not None and _DOUBLED.search(parts.path.rstrip("/")) and not _DOUBLED_INSIDE.search(asked)
    if path_fault is not None and not harmless:
        return path_fault
    if kind is HostKind.HOSTED and parts.scheme.lower() == "http":
        return BaseUrlFault("PKC305", "https" + text[4:], "plain http would carry the key in the clear")
    return None


def _host_fault(host: str, kind: HostKind) -> BaseUrlFault | None:
    if kind is HostKind.LOOKALIKE:
        near = hosts.nearest_hosted(host)
        return BaseUrlFault("PKC306", f"https://{near}/v1", f"{host} is not a Portkey host; {near} is")
    if kind in (HostKind.DASHBOARD, HostKind.CONTROL_PLANE):
        what = "web pages" if kind is HostKind.DASHBOARD else "the control plane"
        return BaseUrlFault("PKC303", hosts.DEFAULT_BASE_URL, f"{host} serves {what}, not model requests")
    return None


def _path_fault(text: str, path: str, kind: HostKind, *, openai: bool) -> BaseUrlFault | None:
    path = path.rstrip("/")
    base = text.rstrip("/")
    # A gateway of one's own may well live below a path such as /models; the hosted ones live below /v1.
    endpoint = (_ENDPOINT if kind is HostKind.HOSTED else _ENDPOINT_ANYWHERE).search(path)
    if endpoint is not None and base.endswith(endpoint["endpoint"]):
        better = base.removesuffix(endpoint["endpoint"])
        reason = f"OpenClaw appends the endpoint itself; {endpoint['endpoint']} would stand there twice"
        return BaseUrlFault("PKC302", better if better.endswith("/v1") or not openai else f"{better}/v1", reason)
    if _DOUBLED.search(path):
        return BaseUrlFault("PKC302", _DOUBLED.sub("/v1", base), "/v1 stands there twice")
    if openai and kind is HostKind.HOSTED and not re.search(r"/v1(?:/|$)", path):
        return BaseUrlFault("PKC301", f"{base}/v1", "the path that OpenClaw will build has no /v1")
    return None


def _why_invalid(text: str) -> str:
    if not text:
        return "it is missing"
    if _USER_INFO.search(text):
        # Measured on 2026.5.7 and 2026.9.6: "Connection error." after many retries, and no request.
        return "OpenClaw sends nothing to an address with a user name in it"
    if "${" in text:
        return "a reference in it comes to nothing"
    if any(character.isspace() for character in text):
        return "it holds white space"
    if "://" not in text:
        return "it does not start with https://"
    return "it is no http(s) address"


def _repaired(text: str) -> str | None:
    """The address that is certainly meant: white space and user dropped, `https://` put before a hosted host."""
    stripped = _USER_INFO.sub("", text.strip().strip("\"'"))
    if hosts.split(stripped) is not None:
        return stripped
    candidate = "https://" + re.sub(r"^(?:https?:/{0,2}|//)", "", stripped, flags=re.IGNORECASE)
    where = hosts.origin(candidate)
    return candidate if where is not None and where.host in hosts.HOSTED else None
