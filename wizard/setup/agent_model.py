"""Where OpenClaw keeps the model of all agents, or of one.

Source: `config validate` on 2026.9.6 and 2026.5.7. Both know `agents.defaults.model`. For one agent 2026.9.6 knows
`agents.entries.<id>.model` and still takes `agents.list`; 2026.5.7 knows `agents.list[].model` only. In both the model
is a string, or an object with `primary` and `fallbacks`. The versions between were not tried. `modelPolicy.allow` is
described in OpenClaw's documentation of 2026.9.6 (`docs/concepts/models.md`); with a list that lacks the primary, a
full agent turn was seen refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from wizard.base.errors import UserError, usage_error
from wizard.change.edits import ConfigEdits
from wizard.openclaw.config_view import agents
from wizard.openclaw.seen import ConfigFile, ConfigPath
from wizard.openclaw.versions import AGENTS_ENTRIES_SEEN, AGENTS_LIST_SEEN, parse_version
from wizard.setup.answers import Answers
from wizard.setup.models import Selection
from wizard.setup.questions import FALLBACK, LISTED

_DEFAULTS: Final[ConfigPath] = ("agents", "defaults", "model")
_ENTRIES: Final[ConfigPath] = ("agents", "entries")
_LIST: Final[ConfigPath] = ("agents", "list")
# The agent that is there without being written down.
_IMPLICIT: Final = "main"


def add_agent_model(edits: ConfigEdits, answers: Answers, selection: Selection, openclaw: str | None) -> None:
    """The operations that make the default, or the one agent, use the selected models.

    Raises:
        UserError: there is no such agent, or it is not known where this OpenClaw version keeps its model; exit code 2.
    """
    primary = f"{answers.provider_id}/{selection.primary}"
    fallbacks = [f"{answers.provider_id}/{name}" for name in selection.fallbacks]
    refs = [primary, *fallbacks]
    if answers.agent is None:
        _set_model(edits, _DEFAULTS, _Wanted(answers, primary, fallbacks), "every agent without a model of its own")
        _allow(edits, _DEFAULTS[:-1], refs)
        return
    who = f"agent {answers.agent}"
    place = _place_of(edits, answers.agent)
    if place is not None:
        _set_model(edits, (*place, "model"), _Wanted(answers, primary, fallbacks), who)
        own = edits.get((*place, "modelPolicy"))
        _allow(edits, place if isinstance(own, Mapping) else _DEFAULTS[:-1], refs)
        return
    if answers.role == LISTED:
        return
    model: Any = {"primary": primary, "fallbacks": fallbacks} if fallbacks else {"primary": primary}
    if _writes_entries(openclaw, answers.agent):
        edits.set((*_ENTRIES, answers.agent, "model"), model, f"primary model of {who}: {primary}")
    else:
        edits.set(_LIST, [{"id": answers.agent, "model": model}], f"primary model of {who}: {primary}")


def refuse_overridden_default(config: ConfigFile, answers: Answers) -> None:
    """The default agent's own model would hide the default of all agents that setup is about to write.

    Raises:
        UserError: it has one that does not go to this entry; exit code 2.
    """
    agent = next(each for each in agents(config) if each.is_default)
    if answers.agent is not None or agent.own is None or agent.own.primary is None:
        return
    if answers.default_may_hide or answers.role == LISTED:
        return
    own, _ = agent.own.primary
    if not own.startswith(f"{answers.provider_id}/"):
        raise usage_error(
            f"The agent {agent.id} has a model of its own, {own}, which the default of all agents does not change.",
            f"Set that agent's model with --agent {agent.id}",
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The model refs to bring in, and how."""

    answers: Answers
    primary: str
    fallbacks: list[str]


def _set_model(edits: ConfigEdits, path: ConfigPath, wanted: _Wanted, who: str) -> None:
    role = wanted.answers.role
    now = edits.get(path)
    before = now.get("primary") if isinstance(now, Mapping) else now
    in_use = isinstance(before, str) and bool(before.strip())
    if role == LISTED:
        return
    if role == FALLBACK and in_use:
        _set_fallbacks(edits, path, wanted, [wanted.primary, *wanted.fallbacks], who)
        return
    was = f" (was {before})" if isinstance(before, str) else ""
    effect = f"primary model of {who}: {wanted.primary}{was}"
    if isinstance(now, Mapping):
        edits.set((*path, "primary"), wanted.primary, effect)
        _set_fallbacks(edits, path, wanted, wanted.fallbacks, who)
    elif wanted.fallbacks:
        then = f"{effect}, then {', '.join(wanted.fallbacks)}"
        edits.set(path, {"primary": wanted.primary, "fallbacks": wanted.fallbacks}, then)
    elif isinstance(now, str):
        edits.set(path, wanted.primary, effect)
    else:
        edits.set(path, {"primary": wanted.primary}, effect)


def _set_fallbacks(edits: ConfigEdits, path: ConfigPath, wanted: _Wanted, new: list[str], who: str) -> None:
    """Adds fallbacks behind the last one of the same entry, before those that leave it; what is there stays."""
    now = edits.get(path)
    if not isinstance(now, Mapping):
        model = {"primary": now, "fallbacks": new}
        edits.set(path, model, f"fallbacks of {who}: {', '.join(new)}")
        return
    present = now.get("fallbacks")
    before = list(present) if isinstance(present, list) else []
    own = f"{wanted.answers.provider_id}/"
    # What becomes the primary needs no second place behind itself.
    kept = [ref for ref in before if ref != now.get("primary")]
    if wanted.answers.whole:
        kept = [ref for ref in kept if not (isinstance(ref, str) and ref.startswith(own) and ref not in new)]
    added = [ref for ref in new if ref not in kept]
    mine = [number for number, ref in enumerate(kept) if isinstance(ref, str) and ref.startswith(own)]
    at = mine[-1] + 1 if mine else (len(kept) if wanted.answers.role == FALLBACK else 0)
    fallbacks = [*kept[:at], *added, *kept[at:]]
    if fallbacks != before:
        dropped = [ref for ref in before if ref not in fallbacks]
        without = f" (no longer {', '.join(map(str, dropped))})" if dropped else ""
        listed = f"fallbacks of {who}: {', '.join(map(str, fallbacks))}{without}"
        gone = f"no fallbacks of {who} any more (were {', '.join(map(str, dropped))})"
        edits.set((*path, "fallbacks"), fallbacks, listed if fallbacks else gone)


def _allow(edits: ConfigEdits, holder: ConfigPath, refs: list[str]) -> None:
    """Where a list says which models may be selected, the selected ones belong to it; an empty list allows all."""
    path = (*holder, "modelPolicy", "allow")
    allowed = edits.get(path)
    if not isinstance(allowed, list) or not allowed:
        return
    patterns = [item for item in allowed if isinstance(item, str)]
    for ref in refs:
        if not any(ref == item or (item.endswith("*") and ref.startswith(item[:-1])) for item in patterns):
            edits.append(path, ref, f"{ref} added to the models that may be selected")


def _place_of(edits: ConfigEdits, agent: str) -> ConfigPath | None:
    """Where an agent is written down, or None where only the implicit one is.

    Raises:
        UserError: agents are written down, and this is none of them.
    """
    entries, listed = edits.get(_ENTRIES), edits.get(_LIST)
    known: list[str] = []
    if isinstance(entries, Mapping):
        known += map(str, entries)
        if agent in entries:
            return (*_ENTRIES, agent)
    if isinstance(listed, list):
        ids = [item.get("id") if isinstance(item, Mapping) else None for item in listed]
        known += [name for name in ids if isinstance(name, str)]
        if agent in ids:
            return (*_LIST, ids.index(agent))
    if known or agent != _IMPLICIT:
        raise _no_such_agent(agent, known or [_IMPLICIT])
    return None


def _no_such_agent(agent: str, known: list[str]) -> UserError:
    return usage_error(
        f"--agent {agent}: OpenClaw's config has no such agent.",
        f"It has {', '.join(known)}. New ones are made with: openclaw agents add {agent}",
    )


def _writes_entries(openclaw: str | None, agent: str) -> bool:
    version = parse_version(openclaw)
    if version is not None and version >= AGENTS_ENTRIES_SEEN:
        return True
    if version is not None and version <= AGENTS_LIST_SEEN:
        return False
    which = f"OpenClaw {openclaw} keeps" if openclaw else "this OpenClaw (none was found on PATH) keeps"
    raise usage_error(
        f"--agent {agent}: it is not known where {which} the model of one agent.",
        "Leave --agent out to set the default of all agents, or write the agent into the config first.",
    )
