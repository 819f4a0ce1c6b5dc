"""Does the config have the shape that the installed OpenClaw reads?

Source: `config validate` and `config schema` of 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy
from wizard.openclaw.seen import ConfigPath
from wizard.openclaw.versions import AGENTS_ENTRIES_SEEN, AGENTS_LIST_SEEN, ENV_VARS_ONLY, Version, parse_version
from wizard.route.model import Api, Refusal

_ENV_SETTINGS: Final = ("vars", "shellEnv")
_AGENTS_ALWAYS: Final = ("defaults", "list", "entries", "ownership", "$include")
_MEND: Final = "openclaw doctor --fix"


@check("PKC114")
def env_key_outdated(evidence: Evidence) -> Iterator[Finding]:
    """The installed OpenClaw refuses variables directly below env."""
    version = parse_version(evidence.openclaw.install.version)
    section = evidence.openclaw.config.get(("env",))
    if version is None or version < ENV_VARS_ONLY or not isinstance(section, Mapping):
        return
    names = [name for name in section if name not in (*_ENV_SETTINGS, "$include")]
    if not names:
        return
    listed = ", ".join(f"env.{name}" for name in names)
    yield found(
        "PKC114",
        f"{listed}: OpenClaw {evidence.openclaw.install.version} reads variables from env.vars only and refuses "
        "to start with this file.",
        Remedy(f"Move {listed} into env.vars; OpenClaw's own doctor does it.", (_MEND,)),
        evidence=(f"OpenClaw {evidence.openclaw.install.version}; env.NAME was dropped in 2026.8.1",),
        where=view.where(evidence, ("env", names[0]), key=True),
        route_ids=_all_ids(evidence),
        failure_class="config_invalid",
    )


@check("PKC113")
def api_unsuitable(evidence: Evidence) -> Iterator[Finding]:
    """The entry's api cannot be spoken with Portkey."""
    for _, routes in grouped(view.portkey_routes(evidence), lambda route: route.provider_path):
        wrong = [route for route in routes if route.refusal is Refusal.UNKNOWN_API and not view.is_open(route)]
        if not wrong:
            continue
        known = [api.value for api in Api]
        near = difflib.get_close_matches(wrong[0].api or "", known, n=1, cutoff=0.6)
        better = near[0] if near else Api.COMPLETIONS.value
        yield found(
            "PKC113",
            f'api is "{wrong[0].api}". A Portkey gateway speaks {", ".join(known[:-1])} and {known[-1]}.',
            Remedy(f'Set api to "{better}".'),
            where=view.where(evidence, view.setting_path(evidence, wrong[0], "api")),
            route_ids=ids(wrong),
            failure_class="api",
        )


@check("PKC115")
def agents_shape_outdated(evidence: Evidence) -> Iterator[Finding]:
    """The installed OpenClaw refuses the shape of agents."""
    section = evidence.openclaw.config.get(("agents",))
    if not isinstance(section, Mapping):
        return
    version = parse_version(evidence.openclaw.install.version)
    for path, reason, better in _refused(section, version):
        yield found(
            "PKC115",
            f"{'.'.join(map(str, path))}: {reason}, so it refuses to start with this file.",
            Remedy(better),
            confidence=Confidence.CERTAIN if version is not None else Confidence.LIKELY,
            evidence=(f"OpenClaw {evidence.openclaw.install.version or '(version unknown)'}",),
            where=view.where(evidence, path, key=True),
            route_ids=_all_ids(evidence),
            failure_class="config_invalid",
        )


def _refused(section: Mapping[str, Any], version: Version | None) -> Iterator[tuple[ConfigPath, str, str]]:
    for name, value in section.items():
        if name not in _AGENTS_ALWAYS:
            agent = isinstance(value, Mapping)
            better = _agent_place(name, version) if agent else f"Remove agents.{name}, or move it into agents.defaults."
            yield (
                ("agents", name),
                "no version of OpenClaw reads an agent there" if agent else "OpenClaw knows no such setting",
                better,
            )
    if version is None:
        return
    if version <= AGENTS_LIST_SEEN:
        for name in ("entries", "ownership"):
            if name in section:
                yield (
                    ("agents", name),
                    f"OpenClaw {_text(version)} knows agents.list only",
                    "Write the agents into agents.list.",
                )
    if version >= AGENTS_ENTRIES_SEEN:
        yield from _ambiguous_roster(section, version)


def _ambiguous_roster(section: Mapping[str, Any], version: Version) -> Iterator[tuple[ConfigPath, str, str]]:
    """2026.9.6 wants to be told who owns several agents: by `ownership`, or by exactly one marked as the default."""
    if section.get("ownership") == "explicit":
        return
    for name in ("list", "entries"):
        roster = section.get(name)
        agents = roster if isinstance(roster, list) else list(roster.values()) if isinstance(roster, Mapping) else []
        marked = [agent for agent in agents if isinstance(agent, Mapping) and agent.get("default") is True]
        if len(agents) > 1 and len(marked) != 1:
            reason = f"OpenClaw {_text(version)} wants ownership or one default for several agents"
            yield ("agents", name), reason, 'Set agents.ownership to "explicit".'


def _agent_place(name: str, version: Version | None) -> str:
    if name == "main":
        return "Write its model into agents.defaults.model, which every agent uses unless it has its own."
    place = "agents.list" if version is not None and version <= AGENTS_LIST_SEEN else f"agents.entries.{name}"
    return f"Write the agent into {place}."


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _all_ids(evidence: Evidence) -> tuple[str, ...]:
    return tuple(route.id for route in evidence.routes)
