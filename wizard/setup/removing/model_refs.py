"""Every place of OpenClaw's config that names a model, and what becomes of those that name one of a removed provider.

Where models are named was taken from `config schema` of 2026.5.7 and 2026.9.6: members whose name, or the name of
something above them, speaks of a model (`model`, `utilityModel`, `imageModel.primary`, `heartbeat.model`,
`subagents.model`, `modelPolicy.allow`, `allowedModels`, `modelByChannel`, …), keys of `agents.*.models`, and items with
a `provider` beside a `model` (`tools.media.models`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wizard.json5doc import format_path
from wizard.openclaw.config_view import PROVIDERS, provider_entry
from wizard.openclaw.seen import ConfigPath
from wizard.setup.removing.ground import Ground, RemovalEdits

_DEFAULT: Final[ConfigPath] = ("agents", "defaults", "model")
# What lies below these names no model of a route.
_OTHER_SECTIONS: Final = ("models", "meta", "env", "secrets", "wizard", "$schema")
# The schema wants it beside its `provider`.
_REQUIRED: Final = "pinnedModel"


@dataclass(frozen=True)
class Leaving:
    """The provider entries that go, and what tells a ref to one of them.

    Attributes:
        ids: their names.
        others: the names of the entries that stay.
        aliases: alias in lower case to model ref.
        bare: model ids that only the entries that go list, which OpenClaw finds without a provider's name.
    """

    ids: tuple[str, ...]
    others: tuple[str, ...]
    aliases: Mapping[str, str]
    bare: Collection[str]

    def leads(self, text: str) -> bool:
        """Whether a model ref, or an alias of one, leads to an entry that goes."""
        meant = self.aliases.get(text.strip().lower(), text).strip()
        provider_id, slash, _ = meant.partition("/")
        return self.names(provider_id) if slash else meant in self.bare

    def names(self, provider_id: str) -> bool:
        """Whether this is the name of an entry that goes; OpenClaw looks at its case only where two differ in it."""
        if provider_id in self.ids or provider_id in self.others:
            return provider_id in self.ids
        folded = provider_id.lower()
        first = next((each for each in (*self.others, *self.ids) if each.lower() == folded), None)
        return first in self.ids


def leaving(value: Any, ids: tuple[str, ...]) -> Leaving:
    """What tells refs to these entries."""
    entries = _at(value, PROVIDERS)
    listed = {
        name: {model.id for model in provider_entry(name, settings).models}
        for name, settings in entries.items()
        if isinstance(settings, Mapping)
    }
    others = tuple(name for name in entries if name not in ids)
    kept = set().union(*(listed.get(name, set()) for name in others))
    bare = {model for name in ids for model in listed.get(name, set()) if "/" not in model} - kept
    known = _at(value, ("agents", "defaults", "models"))
    aliases = {
        settings["alias"].strip().lower(): ref
        for ref, settings in known.items()
        if isinstance(settings, Mapping) and isinstance(settings.get("alias"), str)
    }
    return Leaving(ids, others, aliases, bare)


def take_refs_away(edits: RemovalEdits, ground: Ground, gone: Leaving) -> Iterator[str]:
    """Takes every ref to the entries out of the config, and gives what is to be said of what comes in their place."""
    value = edits.get(())
    selections: dict[ConfigPath, None] = {}
    for path in _places(value, gone):
        selection = _selection_of(path)
        if selection is not None:
            selections[selection] = None
        else:
            edits.delete(path, f"{format_path(path)} taken away: it names {_named(value, path)}")
    for path in selections:
        yield from _mend_selection(edits, ground, gone, path)


def still_named(value: Any, gone: Leaving) -> tuple[ConfigPath, ...]:
    """Places that name one of the entries and are left alone, such as a tool's rules for a provider."""
    return tuple(_mentions(value, (), gone))


def _places(value: Any, gone: Leaving) -> Iterator[ConfigPath]:
    """The places that name one of the entries; those in a list from its end to its start, none below another."""
    taken: ConfigPath | None = None
    for path, item in _walk(value, ()):
        if taken is not None and path[: len(taken)] == taken:
            continue
        if _names_one(path, item, gone):
            taken = path
            yield path


def _walk(value: Any, path: ConfigPath) -> Iterator[tuple[ConfigPath, Any]]:
    """Everything in the sections that may name a model, with its place."""
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        children = ((key, item) for key, item in value.items() if path or key not in _OTHER_SECTIONS)
    elif isinstance(value, list):
        children = ((index, value[index]) for index in range(len(value) - 1, -1, -1))
    for step, item in children:
        yield (*path, step), item
        yield from _walk(item, (*path, step))


def _names_one(path: ConfigPath, item: Any, gone: Leaving) -> bool:
    step, above = path[-1], path[:-1]
    if above and above[0] == "agents" and above[-1] == "models":
        return isinstance(step, str) and gone.leads(step)
    if isinstance(item, Mapping):
        provider = item.get("provider")
        return isinstance(step, int) and "model" in item and isinstance(provider, str) and gone.names(provider)
    return isinstance(item, str) and step != _REQUIRED and _speaks_of_models(path) and gone.leads(item)


def _speaks_of_models(path: ConfigPath) -> bool:
    return any(isinstance(step, str) and "model" in step.lower() for step in path)


def _selection_of(path: ConfigPath) -> ConfigPath | None:
    """The place of the primary model and its fallbacks that a ref is part of; None for a model on its own."""
    if path[-1] == "primary":
        return path[:-1]
    if path[-2:-1] == ("fallbacks",):
        return path[:-2]
    of_agent = len(path) == 4 and path[:2] in (("agents", "entries"), ("agents", "list")) and path[-1] == "model"
    return path if of_agent or path == _DEFAULT else None


@dataclass(frozen=True)
class _Selection:
    primary: str | None
    fallbacks: list[str]

    def without(self, gone: Leaving) -> _Selection:
        kept = self.primary if self.primary is not None and not gone.leads(self.primary) else None
        return _Selection(kept, [name for name in self.fallbacks if not gone.leads(name)])


def _selection(value: Any) -> _Selection:
    if isinstance(value, str):
        return _Selection(value.strip() or None, [])
    if not isinstance(value, Mapping):
        return _Selection(None, [])
    primary, listed = value.get("primary"), value.get("fallbacks")
    fallbacks = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    return _Selection(primary if isinstance(primary, str) and primary.strip() else None, fallbacks)


def _mend_selection(edits: RemovalEdits, ground: Ground, gone: Leaving, path: ConfigPath) -> Iterator[str]:
    """Gives a selection its earlier models back, or what it has besides; without any it goes."""
    now, then = edits.get(path), ground.was(path)
    had = _selection(then).without(gone)
    wanted = _wanted(_selection(now).without(gone), had)
    if not wanted.primary and not wanted.fallbacks:
        # An object that named nothing of ours before is an object again, if an empty one.
        stood = isinstance(then, Mapping) and had == _selection(then)
        _drop_selection(edits, path, now, whole=not stood and not _more_in(now))
        if path == _DEFAULT:
            yield _without_default(edits)
        return
    effect = _effect(path, _selection(now).primary, wanted, _selection(then))
    if isinstance(then, str) and wanted == _selection(then) and not _more_in(now):
        edits.set(path, then, effect)
    elif not isinstance(now, Mapping):
        both = {"primary": wanted.primary, "fallbacks": wanted.fallbacks}
        named = {name: part for name, part in both.items() if part}
        edits.set(path, named if wanted.fallbacks else wanted.primary, effect)
    else:
        if wanted.primary is None:
            edits.delete((*path, "primary"), f"{format_path(path)}.primary taken away: {now.get('primary')}")
        elif now.get("primary") != wanted.primary:
            edits.set((*path, "primary"), wanted.primary, effect)
        had_list = isinstance(then, Mapping) and isinstance(then.get("fallbacks"), list)
        _mend_fallbacks(edits, (*path, "fallbacks"), wanted.fallbacks, keep=had_list)


def _wanted(has: _Selection, had: _Selection) -> _Selection:
    """What a selection comes to: what it has besides what goes, its earlier models, or both."""
    if not has.primary and not has.fallbacks:
        return had
    primary = has.primary or had.primary or has.fallbacks[0]
    # Of the fallbacks those stay that are not ours; where all were, the earlier ones come back.
    fallbacks = [name for name in has.fallbacks or had.fallbacks if name != primary or name in had.fallbacks]
    return _Selection(primary, fallbacks)


def _effect(path: ConfigPath, before: str | None, wanted: _Selection, then: _Selection) -> str:
    back = " (as it was before)" if wanted.primary == then.primary else ""
    instead = f", in the place of {before}" if before != wanted.primary else ""
    return f"{format_path(path)}: {wanted.primary or ', '.join(wanted.fallbacks)}{back}{instead}"


def _mend_fallbacks(edits: RemovalEdits, path: ConfigPath, wanted: list[str], *, keep: bool) -> None:
    where = format_path(path)
    listed = edits.get(path)
    if not isinstance(listed, list):
        if wanted:
            edits.set(path, wanted, f"{where}: {', '.join(wanted)} (as it was before)")
        return
    if not wanted and not keep:
        edits.delete(path, f"{where} taken away: {', '.join(map(str, listed))}")
        return
    for index in range(len(listed) - 1, -1, -1):
        name = listed[index]
        if isinstance(name, str) and name not in wanted:
            edits.delete((*path, index), f"{name} taken out of {where}")
    if edits.get(path) != wanted:
        edits.set(path, wanted, f"{where}: {', '.join(wanted)} (as it was before)")


def _drop_selection(edits: RemovalEdits, path: ConfigPath, now: Any, *, whole: bool) -> None:
    where = format_path(path)
    gone = f"taken away: it names {_selection(now).primary or ', '.join(_selection(now).fallbacks)}"
    if whole or not isinstance(now, Mapping):
        edits.delete(path, f"{where} {gone}")
        return
    for key in ("primary", "fallbacks"):
        edits.delete((*path, key), f"{where}.{key} {gone}")


def _more_in(selection: Any) -> bool:
    """Whether a selection says more than its models, such as how long to wait."""
    return isinstance(selection, Mapping) and any(key not in ("primary", "fallbacks") for key in selection)


def _without_default(edits: RemovalEdits) -> str:
    entries = _at(edits.get(()), PROVIDERS)
    listed = [
        f"{name}/{model.id}"
        for name, settings in entries.items()
        if isinstance(settings, Mapping)
        for model in provider_entry(name, settings).models[:1]
    ]
    if listed:
        return f"No default model is left: OpenClaw then takes the first one listed, {listed[0]}."
    return "No default model is left: OpenClaw then takes its own. Choose one with: openclaw models set PROVIDER/MODEL"


def _mentions(value: Any, path: ConfigPath, gone: Leaving) -> Iterator[ConfigPath]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            if len(path) >= 1 and path[-1] in ("byProvider", "order") and gone.names(key.partition("/")[0]):
                yield here
            elif isinstance(item, str):
                if key == "provider" and "source" not in value and gone.names(item):
                    yield here
                elif key == _REQUIRED and gone.leads(item):
                    yield here
            elif here != PROVIDERS:
                yield from _mentions(item, here, gone)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mentions(item, (*path, index), gone)


def _named(value: Any, path: ConfigPath) -> str:
    found = value
    for step in path:
        found = found[step]
    if isinstance(found, Mapping):
        return f"{found['provider']}/{found['model']}" if "model" in found and "provider" in found else str(path[-1])
    return str(found)


def _at(value: Any, path: ConfigPath) -> Mapping[str, Any]:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) and isinstance(step, str) else None
    return value if isinstance(value, Mapping) else {}
