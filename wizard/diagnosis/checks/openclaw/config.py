"""Is there a config, can it be read, and does anything in it go to Portkey?"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import seen, setup_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Where
from wizard.openclaw.config_view import PROVIDERS, provider_entries
from wizard.openclaw.seen import ConfigPath, ConfigTrouble
from wizard.portkey import hosts
from wizard.portkey.exchange import ProbeKind
from wizard.portkey.hosts import HostKind


@check("PKC102")
def config_not_found(evidence: Evidence) -> Iterator[Finding]:
    """There is no OpenClaw config where this environment would read it."""
    config = evidence.openclaw.config
    if config.problem is None or config.problem.trouble is not ConfigTrouble.MISSING:
        return
    chosen = "" if config.selected_by == "default" else f" ({config.selected_by} points there)"
    yield found(
        "PKC102",
        f"OpenClaw would read {config.path}{chosen}, and there is no such file.",
        Remedy(
            "portkey-claw setup asks for what it needs and writes one; or name yours with --openclaw-config.",
            (setup_command(evidence),),
        ),
        where=Where(config.path),
        failure_class="config_missing",
    )


@check("PKC103")
def config_unreadable(evidence: Evidence) -> Iterator[Finding]:
    """OpenClaw's config cannot be read."""
    config = evidence.openclaw.config
    problem = config.problem
    if problem is None or problem.trouble is ConfigTrouble.MISSING:
        return
    sentence, advice = _SENTENCES[problem.trouble]
    place = f" at line {problem.line}, column {problem.column}" if problem.line else ""
    yield found(
        "PKC103",
        f"{config.path} {sentence}{place}: {problem.reason}. OpenClaw does not start with this file.",
        Remedy(advice.format(line=problem.line or 1)),
        where=Where(config.path, problem.line, problem.column),
        failure_class=f"config_{problem.trouble.value.replace('-', '_')}",
    )


_SENTENCES = {
    ConfigTrouble.SYNTAX: ("is not valid JSON5", "Mend line {line}, then run portkey-claw doctor again."),
    ConfigTrouble.NOT_UTF8: ("is not UTF-8 text", "Save it as UTF-8, then run portkey-claw doctor again."),
    ConfigTrouble.NO_PERMISSION: ("may not be read by this user", "Give this user the right to read it."),
    ConfigTrouble.NOT_A_FILE: ("is not a file", "Move it away, or name the config with OPENCLAW_CONFIG_PATH."),
    ConfigTrouble.TOO_LARGE: ("is too large", "A config of this size is no config: look what fills it."),
    ConfigTrouble.IO: ("could not be read", "Look at the disk or the mount that it is on."),
    ConfigTrouble.NOT_AN_OBJECT: ("holds no settings", "Put the settings into {{ … }}."),
}


@check("PKC105")
def no_portkey_provider(evidence: Evidence) -> Iterator[Finding]:
    """No provider entry goes to a Portkey gateway."""
    config = evidence.openclaw.config
    if config.problem is not None or view.portkey_entries(evidence):
        return
    entries = provider_entries(config)
    asked = [exchange for exchange in evidence.exchanges if exchange.kind is ProbeKind.IDENTIFY]
    unknown = [entry.id for entry in entries if _could_be_portkey(str(entry.settings.get("baseUrl", "")))]
    asked_entries = {route.ref.provider_id for route in evidence.routes if view.identified(evidence, route)}
    unclear = includes(evidence) or any(entry not in asked_entries for entry in unknown)
    names = ", ".join(entry.id for entry in entries)
    holds = f"it has entries for {names}" if names else "it has no provider entries at all"
    yield found(
        "PKC105",
        f"Nothing in {config.path} sends requests to Portkey: {holds}.",
        Remedy(
            "portkey-claw setup adds a Portkey entry; everything else in the file stays as it is.",
            (setup_command(evidence),),
        ),
        confidence=Confidence.POSSIBLE if unclear else Confidence.CERTAIN,
        evidence=tuple(seen(exchange) for exchange in asked),
        where=view.where(evidence, PROVIDERS),
        failure_class="not_configured",
    )


def includes(evidence: Evidence) -> bool:
    """Whether parts of the config that decide about models stand in other files."""
    config = evidence.openclaw.config
    places: tuple[ConfigPath, ...] = ((), ("models",), PROVIDERS, ("agents",), ("agents", "defaults"))
    return any(config.get((*place, "$include")) is not None for place in places)


def _could_be_portkey(base_url: str) -> bool:
    """Whether a host that nothing is known of could be a gateway of the user's company."""
    where = hosts.origin(base_url)
    return where is None or hosts.kind(where.host) in (HostKind.OTHER, HostKind.LOOPBACK)
