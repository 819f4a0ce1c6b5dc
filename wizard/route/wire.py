"""What OpenClaw puts on the wire for one turn: method, URL, headers, model string, by version.

Source: recorded from real agent turns of 2026.3.13, 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from wizard.openclaw.versions import MODEL_BASE_URL_SEEN, Version
from wizard.portkey import headers
from wizard.portkey.exchange import Headers
from wizard.route.model import Api

_ENDPOINTS: Final = {Api.COMPLETIONS: "/chat/completions", Api.RESPONSES: "/responses", Api.MESSAGES: "/v1/messages"}
ANTHROPIC_VERSION: Final = "2023-06-01"

# What OpenClaw sends as the key of a loopback endpoint for which none is configured.
LOCAL_PLACEHOLDER: Final = "custom-local"
_PLACEHOLDERS: Final[Mapping[Api, Headers]] = {
    Api.COMPLETIONS: (),
    Api.RESPONSES: ((headers.AUTHORIZATION, f"Bearer {LOCAL_PLACEHOLDER}"),),
    Api.MESSAGES: ((headers.VENDOR_API_KEY, LOCAL_PLACEHOLDER),),
}


def request_url(api: Api, base_url: str, version: Version | None = None) -> str:
    """The URL of a turn.

    The OpenAI clients append their endpoint to the base URL as it stands; the Anthropic one brings its own `/v1`
    and drops one that the base URL ends in, newer versions every one.
    """
    base = base_url.rstrip("/")
    if api is Api.MESSAGES:
        old = version is not None and version < MODEL_BASE_URL_SEEN
        base = re.sub(r"/v1$" if old else r"(?:/v1)+$", "", base)
    return base + _ENDPOINTS[api]


def models_url(api: Api, base_url: str) -> str:
    """The gateway's model list beside the turn's own endpoint: the same prefix, so the same mistakes show."""
    return request_url(api, base_url).removesuffix(_ENDPOINTS[api]).removesuffix("/v1") + "/v1/models"


def sibling_url(api: Api, base_url: str) -> str:
    """The model list under exactly the prefix that a turn will use, without the `/v1` that is missing there."""
    if api is Api.MESSAGES:
        return models_url(api, base_url)
    return base_url.rstrip("/") + "/models"


def effective_headers(own: Headers, configured: Headers, *, api: Api, has_key: bool, auth_header: bool) -> Headers:
    """All headers of a turn: the configured ones over OpenClaw's own, with the exceptions that were measured.

    `authHeader: true` puts the entry's key into Authorization even where a header is configured; and without a key
    the completions client drops a configured Authorization together with its placeholder.
    """
    if api is Api.COMPLETIONS and not has_key:
        configured = tuple(pair for pair in configured if pair[0].lower() != headers.AUTHORIZATION)
    forced = tuple(pair for pair in own if auth_header and pair[0] == headers.AUTHORIZATION)
    return laid_over(own, configured, forced)


def key_headers(api: Api, key: str | None, *, auth_header: bool, loopback: bool) -> Headers:
    """The headers in which OpenClaw itself puts the entry's key."""
    if key is None:
        return _PLACEHOLDERS[api] if loopback else ()
    if api.is_openai:
        return ((headers.AUTHORIZATION, f"Bearer {key}"),)
    found = [(headers.VENDOR_API_KEY, key)]
    if auth_header:
        found.append((headers.AUTHORIZATION, f"Bearer {key}"))
    return tuple(found)


def request_auth_headers(auth: Any) -> tuple[tuple[str, str, Any, str], ...]:
    """The header that `request.auth` adds: name, what stands before the value, config value, the setting that holds it.

    The blank at the end of a configured prefix is lost on the way.
    """
    if not isinstance(auth, Mapping):
        return ()
    mode = auth.get("mode")
    if mode == "authorization-bearer":
        return ((headers.AUTHORIZATION, "Bearer ", auth.get("token"), "token"),)
    if mode == "header" and isinstance(auth.get("headerName"), str):
        prefix = auth.get("prefix")
        return ((auth["headerName"], prefix.strip() if isinstance(prefix, str) else "", auth.get("value"), "value"),)
    return ()


def laid_over(base: Iterable[tuple[str, str]], *layers: Iterable[tuple[str, str]]) -> Headers:
    """Headers laid over each other: names match in any case, the last one's value counts."""
    merged: dict[str, tuple[str, str]] = {}
    for layer in (base, *layers):
        for name, value in layer:
            merged[name.lower()] = (name, value)
    return tuple(merged.values())


def refuses_unresolved_key(version: Version | None) -> bool:
    """Whether a key reference that comes to nothing stops the turn: seen on 2026.5.7; 2026.9.6 sends its text."""
    return version is not None and (2026, 5, 0) <= version < (2026, 8, 1)
