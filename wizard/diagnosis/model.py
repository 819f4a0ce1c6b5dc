"""Evidence and findings: what a check sees, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from wizard.keys.facts import SecretFacts
from wizard.openclaw.seen import ConfigPath, OpenClawSeen
from wizard.portkey.exchange import Exchange
from wizard.route.model import Hop, Route
from wizard.route.resolve import resolve_routes


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """How sure a finding is; `possible` never changes the verdict."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine the evidence is from."""

    os: str
    arch: str
    python: str
    container: bool
    proxy_set: bool = False
    ca_sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user allowed and asked for.

    Attributes:
        offline: no network at all.
        no_spend: nothing that costs tokens.
        all_models: every route, not only each distinct primary.
        provider: only routes through this provider entry, or None.
        agent: only this agent's routes, or None.
        trusted_origins: origins besides the contract's own that may have the real key.
    """

    offline: bool = False
    no_spend: bool = False
    all_models: bool = False
    provider: str | None = None
    agent: str | None = None
    trusted_origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Everything that was seen, as frozen, serialisable data. A check sees nothing else."""

    openclaw: OpenClawSeen
    machine: Machine
    collected_at: str
    scope: Scope = Scope()
    secrets: Mapping[str, SecretFacts] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    out_of_time: bool = False
    schema: int = 1

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The routes that config and environment come to, within the scope."""
        return tuple(
            route
            for route in resolve_routes(self.openclaw, self.scope.agent)
            if (self.scope.agent in (None, route.agent)) and (self.scope.provider in (None, route.ref.provider_id))
        )

    @cached_property
    def _exchange_by_id(self) -> Mapping[str, Exchange]:
        return {exchange.probe_id: exchange for exchange in self.exchanges}

    def exchange(self, probe_id: str) -> Exchange | None:
        """The outcome of a probe, or None where it was not made."""
        return self._exchange_by_id.get(probe_id)


@dataclass(frozen=True, slots=True)
class Where:
    """The place a finding is about; line and column are 1-based code points, 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0
    path: ConfigPath = ()
    length: int = 1


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: a sentence, and commands that are safe to copy and work in this state."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says.

    Attributes:
        code: the catalogue's code.
        severity: its weight here.
        confidence: how sure it is.
        hop: where on the route it sits.
        title: the fault as a clause that can follow a colon, without a full stop.
        message: what is wrong here, in sentences.
        remedy: what to do.
        evidence: what was seen, a line each.
        where: the place in the user's files, or None.
        route_ids: the routes it stops or touches.
        probe_ids: the probes it rests on.
        failure_class: the class of the failure, such as `http_401` or `dns`; never redacted.
        basis: `static` for what the files say, `live` for what was answered.
        settled_by: the hop whose live success refutes a static finding; None where nothing does.
        related: codes worth a look beside it.
    """

    code: str
    severity: Severity
    confidence: Confidence
    hop: Hop
    title: str
    message: str
    remedy: Remedy
    evidence: tuple[str, ...] = ()
    where: Where | None = None
    route_ids: tuple[str, ...] = ()
    probe_ids: tuple[str, ...] = ()
    failure_class: str | None = None
    basis: Literal["static", "live"] = "static"
    settled_by: Hop | None = None
    related: tuple[str, ...] = ()
