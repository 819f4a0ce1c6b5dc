"""The model catalogue: which `@slug/model` names a key may use, as `GET /models` lists them.

Source: Portkey's API reference (read 2026-08) for the request and the shape of its answer; on the gateway's 2.2.3
was measured that without `x-portkey-fetch-integrated-models` a key with a default config gets the provider's own
list instead. Some gateways of organisations answer with bare names whatever is asked.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from wizard.base import limits
from wizard.portkey import headers
from wizard.portkey.exchange import Exchange, Probe, ProbeKind

PAGE_SIZE: Final = 100
# A gateway that never ends its list must not hold us; no account was heard of with as many models.
_PAGES: Final = 50
_NEAR: Final = 5

# Portkey's own list has neither dates nor sizes; lists that a gateway hands on from a vendor name them so.
_CONTEXT: Final = ("context_window", "context_length", "max_context_length")
_LARGEST: Final = 2**33

SLUG: Final = re.compile(r"^[A-Za-z0-9_-]+$")
# Names of models at Workers AI and Hugging Face begin so; the gateway does not take them for a slug.
_NO_SLUG: Final = ("@cf/", "@hf/")


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One model of one provider.

    Attributes:
        id: `@slug/model`.
        slug: the provider's part of it, without `@`.
        model: the model's part.
        created: when it came, in Unix seconds, or None where the catalogue does not tell.
        context: its context window in tokens, or None where the catalogue does not tell.
    """

    id: str
    slug: str
    model: str
    created: int | None = None
    context: int | None = None

    @property
    def created_on(self) -> str:
        """The day it came, such as `2026-05-14`; empty where that is not known."""
        return datetime.fromtimestamp(self.created, UTC).strftime("%Y-%m-%d") if self.created else ""


def split_model(text: str) -> CatalogueModel | None:
    """The parts of an `@slug/model` name, or None where it names no slug.

    The slug ends at the first `/`, as the gateway has it; the model may hold more of them.
    """
    if not text.startswith("@") or text.startswith(_NO_SLUG):
        return None
    slug, _, model = text[1:].partition("/")
    return CatalogueModel(text, slug, model) if SLUG.match(slug) and model else None


@dataclass(frozen=True)
class Catalogue:
    """The models that a key may use, in the gateway's order; `complete` is false where not every page came."""

    models: tuple[CatalogueModel, ...]
    complete: bool = True

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """The provider slugs, without `@`, in the order they appear."""
        return tuple(dict.fromkeys(model.slug for model in self.models))

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every `@slug/model` name."""
        return frozenset(model.id for model in self.models)

    def of(self, slug: str) -> tuple[CatalogueModel, ...]:
        """The models of one slug."""
        return tuple(model for model in self.models if model.slug == slug)

    def near(self, wanted: CatalogueModel) -> tuple[str, ...]:
        """The names that a wrong one may have been meant for, the likeliest first: the same model elsewhere leads."""
        same_model = [model.id for model in self.models if model.model == wanted.model]
        names = [model.model for model in self.of(wanted.slug)]
        if names:
            close = [f"@{wanted.slug}/{name}" for name in difflib.get_close_matches(wanted.model, names, n=_NEAR)]
        else:
            close = difflib.get_close_matches(wanted.id, sorted(self.ids), n=_NEAR)
        return tuple(dict.fromkeys((*same_model, *close)))[:_NEAR]

    def near_slugs(self, slug: str) -> tuple[str, ...]:
        """The slugs that a wrong one may have been meant for; all of them where they are few."""
        close = difflib.get_close_matches(slug, self.slugs, n=_NEAR, cutoff=0.5)
        return tuple(dict.fromkeys((*close, *self.slugs)))[:_NEAR]


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One answer: its usable models, how many rows it had, and how many there are in all (None: it did not say)."""

    models: tuple[CatalogueModel, ...]
    rows: int
    total: int | None


class NoCatalogueError(Exception):
    """The gateway gave no catalogue; `exchange` is what it answered, `listed` how many bare names it listed."""

    def __init__(self, exchange: Exchange, listed: int = 0) -> None:
        super().__init__(f"no catalogue: status {exchange.status}, {listed} names without a slug")
        self.exchange = exchange
        self.listed = listed


def parse_page(body: str) -> CataloguePage | None:
    """One page of the catalogue, or None where the text is no list of models. Rows of other shapes are passed over."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return None
    total = data.get("total")
    known = total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
    return CataloguePage(tuple(_models(rows)), len(rows), known)


def read_catalogue(base_url: str, key_handle: str, ask: Callable[[Probe], Exchange]) -> Catalogue:
    """Asks a gateway for every page of the catalogue.

    Args:
        base_url: where `/models` hangs below, as a rule the gateway's URL with `/v1`.
        key_handle: the key's handle; `ask` reveals it where that is allowed.
        ask: sends one probe.

    Raises:
        NoCatalogueError: the first page did not come, or lists no `@slug/model`.
    """
    found: dict[str, CatalogueModel] = {}
    rows = 0
    for number in range(_PAGES):
        exchange = ask(catalogue_probe(base_url, key_handle, offset=rows, number=number))
        page = parse_page(exchange.body) if exchange.status == 200 and not exchange.body_truncated else None
        if page is None:
            if number:
                return Catalogue(tuple(found.values()), complete=False)
            raise NoCatalogueError(exchange)
        new = [model for model in page.models if model.id not in found]
        found.update((model.id, model) for model in new)
        rows += page.rows
        if not found and page.rows:
            raise NoCatalogueError(exchange, listed=page.rows)
        # A gateway that knows no pages sends the same list again and again.
        all_read = page.total is None or rows >= page.total
        if all_read or not new:
            return Catalogue(tuple(found.values()), complete=all_read)
    return Catalogue(tuple(found.values()), complete=False)


def catalogue_probe(base_url: str, key_handle: str, *, offset: int = 0, number: int = 0) -> Probe:
    """The question for one page."""
    query = urlencode({"limit": PAGE_SIZE, "offset": offset})
    return Probe(
        id=f"setup:catalogue:{number}",
        kind=ProbeKind.CATALOGUE,
        route_ids=(),
        method="GET",
        url=f"{base_url.rstrip('/')}/models?{query}",
        headers=((headers.API_KEY, key_handle), (headers.FETCH_CATALOGUE, "true"), ("accept", "application/json")),
        answer_limit=limits.CATALOGUE_BYTES,
    )


def _models(rows: Iterable[Any]) -> Iterable[CatalogueModel]:
    for row in rows:
        name = row.get("id") if isinstance(row, dict) else None
        model = split_model(name) if isinstance(name, str) and name.isprintable() else None
        if model is not None:
            yield replace(model, created=_number(row, "created"), context=_number(row, *_CONTEXT))


def _number(row: dict[str, Any], *names: str) -> int | None:
    """The first of these fields that holds a positive number of a believable size."""
    values = (row.get(name) for name in names)
    return next((int(value) for value in values if isinstance(value, int) and 0 < value <= _LARGEST), None)
