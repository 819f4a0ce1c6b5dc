"""What the account behind a key tells of itself: its providers with vendor and status, its saved configs.

Source: Portkey's `openapi.yaml` (read 2026-06) for `GET /providers` and `GET /configs`; the vendor's name in
`provider` is documented nowhere and read by Portkey's own command line. Neither costs anything; a key needs the scopes
`providers.list` and `configs.list` or `configs.read` for them, and a gateway without the account layer has none of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from wizard.base import limits
from wizard.portkey import headers
from wizard.portkey.catalogue import SLUG
from wizard.portkey.exchange import Exchange, Probe, ProbeKind

_PAGE_SIZE: Final = 100
_PAGES: Final = 20

Ask = Callable[[Probe], Exchange]


@dataclass(frozen=True, slots=True)
class AccountProvider:
    """A provider of the account.

    Attributes:
        slug: without `@`.
        name: what people call it, or an empty text.
        vendor: the vendor behind it in the gateway's words, such as `anthropic`, or None.
        status: `active`, `exhausted`, `expired` or whatever else is said; None where nothing is.
        resets: how often a used up budget begins anew, such as `monthly`, or None.
        expires_at: when it expires, in ISO 8601, or None.
    """

    slug: str
    name: str = ""
    vendor: str | None = None
    status: str | None = None
    resets: str | None = None
    expires_at: str | None = None


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """A saved config of the account: its `pc-…` id and its name."""

    id: str
    name: str = ""


def read_providers(api_root: str, key_handle: str, ask: Ask) -> tuple[AccountProvider, ...] | None:
    """The account's providers in its own order, or None where this key or gateway does not tell."""
    found: dict[str, AccountProvider] = {}
    for page in range(_PAGES):
        query = urlencode({"current_page": page, "page_size": _PAGE_SIZE})
        data = _json(ask(_probe(api_root, f"providers?{query}", key_handle, number=page)))
        rows = data.get("data") if isinstance(data, dict) and data.get("object") == "list" else None
        if not isinstance(rows, list):
            return tuple(found.values()) if page else None
        known = len(found)
        found.update((provider.slug, provider) for provider in _providers(rows))
        total = data.get("total") if isinstance(data, dict) else None
        if len(found) == known or (isinstance(total, int) and len(found) >= total):
            break
    return tuple(found.values())


def read_configs(api_root: str, key_handle: str, ask: Ask) -> tuple[AccountConfig, ...] | None:
    """The account's saved configs, or None where this key or gateway does not tell."""
    data = _json(ask(_probe(api_root, "configs", key_handle)))
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return None
    texts = ((_text(row.get("slug")), _text(row.get("name"))) for row in rows if isinstance(row, dict))
    return tuple(AccountConfig(slug, name) for slug, name in texts if slug.startswith("pc-"))


def config_exists(config_id: str, api_root: str, key_handle: str, ask: Ask) -> bool | None:
    """Whether the account has a saved config, or None where this key or gateway does not tell."""
    exchange = ask(_probe(api_root, f"configs/{quote(config_id, safe='')}", key_handle))
    if exchange.status == 404 and _json(exchange, status=404) is not None:
        return False
    return True if _json(exchange) is not None else None


def _probe(api_root: str, path: str, key_handle: str, *, number: int = 0) -> Probe:
    return Probe(
        id=f"setup:{path.partition('?')[0]}:{number}",
        kind=ProbeKind.ACCOUNT,
        route_ids=(),
        method="GET",
        url=f"{api_root.rstrip('/')}/{path}",
        headers=((headers.API_KEY, key_handle), ("accept", "application/json")),
        answer_limit=limits.CATALOGUE_BYTES,
    )


def _json(exchange: Exchange, status: int = 200) -> Any:
    if exchange.status != status or exchange.body_truncated or exchange.failure is not None:
        return None
    try:
        return json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None


def _providers(rows: list[Any]) -> Iterator[AccountProvider]:
    for row in rows:
        slug = _text(row.get("slug")) if isinstance(row, dict) else ""
        if not SLUG.match(slug):
            continue
        limit = row.get("usage_limits")
        resets = _text(limit.get("periodic_reset")) if isinstance(limit, dict) else ""
        yield AccountProvider(
            slug,
            _text(row.get("name")),
            _text(row.get("provider")) or None,
            _text(row.get("status")) or None,
            resets or None,
            _text(row.get("expires_at")) or None,
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.isprintable() else ""
