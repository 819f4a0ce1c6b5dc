"""One root cause out of many findings: what refutes what, what follows from what, and what comes first.

The rules are the contract's; nothing here depends on the order in which checks happen to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from wizard.diagnosis import view
from wizard.diagnosis.model import Confidence, Evidence, Finding, Severity
from wizard.openclaw.references import all_names
from wizard.route.model import HOP_ORDER, Hop, Route

# Within one hop the earlier code comes first; codes that no rule names follow in the order of their numbers.
_PRECEDENCE: Final = {
    Hop.OPENCLAW: ("PKC103", "PKC115", "PKC114", "PKC113", "PKC102", "PKC105", "PKC107", "PKC106"),
    Hop.KEY: ("PKC202", "PKC201", "PKC203", "PKC208", "PKC206", "PKC205", "PKC207"),
    Hop.NETWORK: ("PKC307", "PKC306", "PKC303", "PKC302", "PKC301", "PKC305", "PKC323", "PKC317", "PKC304"),
    Hop.PROVIDER: ("PKC510",),
}

# Mending the first removes the very observation behind the second, where both stand on one route.
_CONSEQUENCES: Final = {
    "PKC103": ("PKC105", "PKC106"),
    "PKC107": ("PKC106",),
    "PKC108": ("PKC401",),
    "PKC114": ("PKC202",),
    "PKC201": ("PKC205", "PKC401"),
    "PKC202": ("PKC203", "PKC205"),
    "PKC203": ("PKC205", "PKC206"),
    "PKC301": ("PKC304", "PKC317", "PKC323", "PKC401"),
    "PKC302": ("PKC301", "PKC304", "PKC317", "PKC323", "PKC401", "PKC504", "PKC513"),
    "PKC303": ("PKC301", "PKC302", "PKC304", "PKC311", "PKC312", "PKC313", "PKC317", "PKC320", "PKC323"),
    "PKC305": ("PKC323", "PKC320"),
    "PKC306": ("PKC301", "PKC302", "PKC304", "PKC311", "PKC312", "PKC313", "PKC314", "PKC315", "PKC317", "PKC323"),
    "PKC307": ("PKC301", "PKC302", "PKC303", "PKC311"),
    "PKC317": ("PKC304",),
    "PKC323": ("PKC304",),
    "PKC407": ("PKC506",),
    "PKC502": ("PKC401",),
    "PKC510": ("PKC401", "PKC405", "PKC406", "PKC407", "PKC501", "PKC502"),
}
_CONFIG_WIDE: Final = ("PKC102", "PKC103", "PKC105", "PKC114", "PKC115")
_CONFIDENT: Final = (Confidence.CERTAIN, Confidence.LIKELY)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Findings in the order of their weight, the root cause first; `causes` leads from a finding to its cause."""

    findings: tuple[Finding, ...]
    root: Finding | None
    causes: dict[Finding, Finding]


def rank(evidence: Evidence, findings: Iterable[Finding]) -> Ranked:
    """Drops what a live answer refutes, folds consequences, and names the root cause."""
    standing = [left for finding in findings if (left := unrefuted(evidence, finding)) is not None]
    standing.sort(key=_weight)
    causes = _causes(evidence, standing)
    root = _root(evidence, standing, causes)
    standing.sort(key=lambda finding: (finding is not root, finding in causes, *_weight(finding)))
    return Ranked(tuple(standing), root, causes)


def unrefuted(evidence: Evidence, finding: Finding) -> Finding | None:
    """What is left of a claim from the files beside live successes: it holds for the routes that did not work.

    Nothing is left where the primary worked, or every route that was asked: the same entry's fallbacks are seldom
    asked, and their silence speaks for nothing.
    """
    if finding.basis == "live" or finding.settled_by is None or not finding.route_ids:
        return finding
    routes = [route for route in evidence.routes if route.id in finding.route_ids]
    before_routing = HOP_ORDER[finding.settled_by] <= HOP_ORDER[Hop.GATEWAY]
    succeeded = view.was_routed if before_routing else view.works
    good = [route for route in routes if succeeded(evidence, route)]
    asked = [route for route in routes if view.call(evidence, route) is not None]
    if not good:
        return finding
    if len(good) == len(asked) or any(route.role == "primary" and route.is_default for route in good):
        return None
    left = tuple(route.id for route in routes if route not in good)
    return replace(finding, route_ids=left)


def primary_route(evidence: Evidence) -> Route | None:
    """The route that the verdict is about: the default agent's primary, else the first that goes to Portkey."""
    to_portkey = view.portkey_routes(evidence)
    default = [route for route in evidence.routes if route.is_default and route.role == "primary"]
    through = [route for route in default if route in to_portkey or view.ref_meant(evidence, route) is not None]
    return next(iter((*through, *to_portkey, *default)), None)


def on_primary(evidence: Evidence, finding: Finding) -> bool:
    """Whether a finding speaks of the route that the verdict is about.

    The default agent's own primary is that route too, even where something else takes its place on the way to Portkey:
    a fallback that answers hides what is wrong with it.
    """
    primary = primary_route(evidence)
    own = (route.id for route in evidence.routes if route.is_default and route.role == "primary")
    return not finding.route_ids or primary is None or not {primary.id, *own}.isdisjoint(finding.route_ids)


def _root(evidence: Evidence, standing: Sequence[Finding], causes: dict[Finding, Finding]) -> Finding | None:
    def counts(finding: Finding) -> bool:
        return finding.confidence in _CONFIDENT and finding not in causes and on_primary(evidence, finding)

    for severity in (Severity.ERROR, Severity.WARNING):
        found = [finding for finding in standing if finding.severity is severity]
        chosen = next((finding for finding in found if counts(finding)), None)
        if chosen is not None:
            return chosen
    return None


def _causes(evidence: Evidence, standing: Sequence[Finding]) -> dict[Finding, Finding]:
    causes: dict[Finding, Finding] = {}
    for finding in standing:
        cause = next((other for other in standing if _follows(evidence, finding, other)), None)
        if cause is not None:
            causes[finding] = cause
    return causes


def _follows(evidence: Evidence, finding: Finding, other: Finding) -> bool:
    """Whether a finding is gone once another is mended."""
    if finding is other or other.severity is not Severity.ERROR or other.confidence not in _CONFIDENT:
        return False
    if finding.code not in _CONSEQUENCES.get(other.code, ()):
        return False
    if other.code == "PKC114" and not _names_outdated_variable(evidence, finding):
        return False
    wide = other.code in _CONFIG_WIDE
    return wide or set(finding.route_ids) <= set(other.route_ids)


def _names_outdated_variable(evidence: Evidence, finding: Finding) -> bool:
    """Whether the reference that came to nothing is to a variable directly below `env`."""
    config = evidence.openclaw.config
    section = config.get(("env",))
    wanted = all_names(config.get(finding.where.path)) if finding.where is not None else set()
    return isinstance(section, Mapping) and not wanted.isdisjoint(section)


def _weight(finding: Finding) -> tuple[int, int, int, str, str]:
    """Errors before warnings, the sure before the possible, then the hop, then the tie rules, then code and place."""
    severity = list(Severity).index(finding.severity)
    possible = int(finding.confidence is Confidence.POSSIBLE)
    place = ".".join(map(str, finding.where.path)) if finding.where else ""
    ties = _PRECEDENCE.get(finding.hop, ())
    tie = ties.index(finding.code) if finding.code in ties else len(ties)
    return (severity + len(Severity) * possible, HOP_ORDER[finding.hop], tie, finding.code, place)
