"""The order in which models are offered: newest first, by what the catalogue itself tells.

Portkey's own catalogue is documented to list names only; gateways that hand on a vendor's list add `created`, and some
a context window. Where there are no dates, the version numbers in the names order the models of one family, and the
families stay in the catalogue's order: which family is the better one is not ours to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from wizard.portkey.catalogue import CatalogueModel

_PART: Final = re.compile(r"[A-Za-z]+|\d+")
# Longer numbers in names are dates, as in claude-opus-4-20250514 or gpt-4-0613.
_VERSION_DIGITS: Final = 2


def newest_first(models: Iterable[CatalogueModel]) -> tuple[CatalogueModel, ...]:
    """The models, newest first; those without a date behind those with one."""
    listed = tuple(models)
    if any(model.created for model in listed):
        return tuple(sorted(listed, key=lambda model: (-(model.created or 0), -(model.context or 0))))
    families: dict[tuple[str, ...], list[CatalogueModel]] = {}
    for model in listed:
        families.setdefault(_family(model), []).append(model)
    return tuple(model for family in families.values() for model in sorted(family, key=_version, reverse=True))


def _family(model: CatalogueModel) -> tuple[str, ...]:
    return (model.slug, *(part.lower() for part in _PART.findall(model.model) if part.isalpha()))


def _version(model: CatalogueModel) -> tuple[tuple[int, ...], tuple[int, ...]]:
    numbers = [part for part in _PART.findall(model.model) if part.isdigit()]
    version = tuple(int(part) for part in numbers if len(part) <= _VERSION_DIGITS)
    dates = tuple(int(part) for part in numbers if len(part) > _VERSION_DIGITS)
    return version, dates
