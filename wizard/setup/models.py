"""Which models to list and which to use first: what was typed, held against the catalogue and the config."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from wizard.base.errors import UserError, usage_error
from wizard.portkey.catalogue import Catalogue, CatalogueModel, split_model
from wizard.setup.answers import Answers
from wizard.setup.questions import BY_ID, missing

_SHOWN: Final = 5
CATALOGUE_PAGE: Final = "https://app.portkey.ai/model-catalog"


@dataclass(frozen=True, slots=True)
class Selection:
    """The models as OpenClaw's config is to name them: ids of the provider entry, the primary among them."""

    models: tuple[str, ...]
    primary: str
    fallbacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def select_models(answers: Answers, catalogue: Catalogue | None, current: str | None) -> Selection:
    """The models that the answers mean.

    Args:
        answers: what was typed.
        catalogue: what the key may use, or None where nobody looked.
        current: the model that the config's primary already names through this provider, or None.

    Raises:
        UserError: no model can be told, or one is not in the catalogue; exit code 2.
    """
    typed = answers.models or ((answers.primary,) if answers.primary else (_default(answers, catalogue, current),))
    listed = [_resolved(name, answers, catalogue) for name in typed]
    primary = _primary(answers, catalogue, current, listed)
    fallbacks = [_resolved(name, answers, catalogue) for name in answers.fallbacks]
    if primary in fallbacks:
        raise usage_error(f"{primary} is the primary model and a fallback.", "Leave it out of --fallback.")
    models = tuple(dict.fromkeys((*listed, primary, *fallbacks)))
    notes = _held_against(models, answers.unlisted, catalogue)
    return Selection(models, primary, tuple(dict.fromkeys(fallbacks)), notes)


def _primary(answers: Answers, catalogue: Catalogue | None, current: str | None, listed: list[str]) -> str:
    """The stated one, else the one in use: a second run adds a model, it does not change what the agents use."""
    if answers.primary:
        return _resolved(answers.primary, answers, catalogue)
    in_use = current is not None and (catalogue is None or not catalogue.complete or current in catalogue.ids)
    return current if current is not None and in_use and answers.config_id is None else listed[0]


def _default(answers: Answers, catalogue: Catalogue | None, current: str | None) -> str:
    if current is not None and answers.slug is None:
        return current
    if catalogue is None:
        raise missing(BY_ID["model"], "No model was named", "With --no-verify nobody looks into the catalogue.")
    possible = catalogue.of(answers.slug) if answers.slug else catalogue.models
    if answers.slug and not possible:
        raise _unknown_slug(answers.slug, catalogue)
    if not possible:
        raise usage_error(
            "This key may use no model yet.",
            f"Add a provider and its models at {CATALOGUE_PAGE}, then run this again.",
        )
    if len(possible) > 1:
        raise missing(
            BY_ID["model"],
            f"No model was named, and the key may use {len(possible)}",
            f"For example {_some(model.id for model in possible)}.",
        )
    return possible[0].id


def _resolved(name: str, answers: Answers, catalogue: Catalogue | None) -> str:
    """The id that a typed name means: `@slug/model`, or a bare name where a Portkey config does the routing."""
    name = name.removeprefix(f"{answers.provider_id}/")
    if split_model(name) is not None:
        return name
    if answers.slug is not None:
        return f"@{answers.slug}/{name}"
    if answers.config_id is not None or answers.vendor is not None or (catalogue is None and name in answers.unlisted):
        return name
    offering = [model.slug for model in catalogue.models if model.model == name] if catalogue else []
    if len(offering) == 1:
        return f"@{offering[0]}/{name}"
    if catalogue is not None and name.partition("/")[0] in catalogue.slugs:
        raise missing(BY_ID["slug"], f"{name} names no provider", f"Did you mean @{name}?")
    known = offering or (list(catalogue.slugs) if catalogue else [])
    hint = f"It may be {_some('@' + slug for slug in known)}. " if known else ""
    raise missing(BY_ID["slug"], f"{name} names no provider", f"{hint}Or write the model as @slug/{name}.")


def _held_against(models: Iterable[str], unlisted: tuple[str, ...], catalogue: Catalogue | None) -> tuple[str, ...]:
    if catalogue is None:
        return ()
    notes = []
    for name in models:
        model = split_model(name)
        if model is None or name in catalogue.ids:
            continue
        if not catalogue.complete:
            notes.append(f"{name} is not in the part of the catalogue that could be read.")
        elif name in unlisted:
            notes.append(f"{name} is not in this key's catalogue.")
        else:
            raise _unknown(model, catalogue)
    return tuple(notes)


def _unknown(model: CatalogueModel, catalogue: Catalogue) -> UserError:
    if model.slug not in catalogue.slugs:
        return _unknown_slug(model.slug, catalogue, model.id)
    near = catalogue.near(model)
    hint = f"Near it: {_some(near)}." if near else f"The key may use {_some(m.id for m in catalogue.of(model.slug))}."
    return usage_error(
        f"{model.id}: the provider @{model.slug} has no such model in this key's catalogue.",
        f"{hint} To write it all the same: --no-verify.",
    )


def _unknown_slug(slug: str, catalogue: Catalogue, model: str | None = None) -> UserError:
    known = _some("@" + name for name in catalogue.near_slugs(slug))
    hint = f"The key may use {known}." if known else f"The key may use no provider yet: see {CATALOGUE_PAGE}."
    return usage_error(
        f"{model or f'--slug @{slug}'}: this key's catalogue has no provider @{slug}.",
        f"{hint} To write it all the same: --no-verify.",
    )


def _some(names: Iterable[str]) -> str:
    every = list(names)
    shown = ", ".join(every[:_SHOWN])
    return f"{shown} and {len(every) - _SHOWN} more" if len(every) > _SHOWN else shown


def current_model(value: Any, provider_id: str, agent: str | None = None) -> str | None:
    """The model that the primary of all agents, or of one, names through a provider as `@slug/model`, or None."""
    model = _at(value, "agents", "defaults", "model") if agent is None else _own_model(value, agent)
    ref = model.get("primary") if isinstance(model, dict) else model
    if not isinstance(ref, str) or not ref.startswith(f"{provider_id}/"):
        return None
    name = ref.removeprefix(f"{provider_id}/")
    return name if split_model(name) is not None else None


def _own_model(value: Any, agent: str) -> Any:
    entry = _at(value, "agents", "entries", agent)
    listed = _at(value, "agents", "list")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    found = entry if isinstance(entry, dict) else next((item for item in items if item.get("id") == agent), {})
    return found.get("model")


def _at(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
