"""The diagnosis report as types; `to_json` of a `Report` is the document of `doctor --json`.

The field names are public: see docs/report.md and report.schema.json beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["live", "offline", "bundle", "bundle-live"]
Verdict = Literal["healthy", "degraded", "broken", "unknown"]
HopStatus = Literal["ok", "failed", "warned", "skipped", "unknown"]


@dataclass(frozen=True, slots=True)
class Tool:
    """This program."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of checks, and what the run cost."""

    passed: int = 0
    failed: int = 0
    warned: int = 0
    skipped: int = 0
    suppressed: int = 0
    model_calls: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class EnvironmentReport:
    """The machine."""

    os: str
    arch: str
    python: str
    container: bool
    proxy_set: bool
    ca_sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """OpenClaw's own background gateway."""

    running: bool | None = None
    version: str | None = None
    remote: bool = False
    in_sync: bool | None = None


@dataclass(frozen=True, slots=True)
class OpenClawReport:
    """The OpenClaw that was looked at."""

    version: str | None
    executable: str | None
    config_path: str
    profile: str | None
    gateway: GatewayReport = GatewayReport()


@dataclass(frozen=True, slots=True)
class RequestReport:
    """What OpenClaw would put on the wire, secrets as fingerprints."""

    method: str
    url: str
    model: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyReport:
    """Where the key comes from: a layer's name, or `none`."""

    layer: str
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class HopReport:
    """One hop of a route; `note` is a few words for people, such as `38 ms`."""

    hop: str
    status: HopStatus
    ms: int | None = None
    code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RouteReport:
    """One route and how far it works."""

    id: str
    runtime: str
    agent: str
    role: str
    via_portkey: bool
    model_ref: str
    provider_id: str | None
    api: str | None
    request: RequestReport | None
    key: KeyReport
    hops: tuple[HopReport, ...]


@dataclass(frozen=True, slots=True)
class GatewayError:
    """What an answer says went wrong, control characters removed."""

    code: str | None
    type: str | None
    message: str


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """One question that was asked."""

    id: str
    route_ids: tuple[str, ...]
    method: str
    url: str
    status: int | None
    duration_ms: int
    ttfb_ms: int | None
    origin: str
    gateway_error: GatewayError | None
    key_fingerprint: str | None
    key_header: str | None
    via_proxy: bool
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class WhereReport:
    """A place in a file of the user's; line and column are 1-based code points, null where there is none."""

    file: str
    line: int | None
    column: int | None
    path: str | None


@dataclass(frozen=True, slots=True)
class RemedyReport:
    """What to do."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixReport:
    """Whether this program can mend it by itself."""

    available: bool
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class ShownReport:
    """OpenClaw's own words for a finding, and the measured version that uses them: the one nearest to the user's."""

    text: str
    version: str


@dataclass(frozen=True, slots=True)
class FindingReport:
    """One finding; `fingerprint` is stable over runs: code and place."""

    id: str
    code: str
    slug: str
    severity: str
    confidence: str
    hop: str
    route_ids: tuple[str, ...]
    probe_ids: tuple[str, ...]
    failure_class: str | None
    title: str
    message: str
    evidence: tuple[str, ...]
    where: WhereReport | None
    remedy: RemedyReport
    fix: FixReport
    caused_by: str | None
    related: tuple[str, ...]
    fingerprint: str
    docs: str
    shown: ShownReport | None = None


@dataclass(frozen=True, slots=True)
class SkippedCheck:
    """A check that could not look, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SuppressedFinding:
    """A finding that the user switched off."""

    code: str
    fingerprint: str
    reason: str


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What became of a finding that was to be mended."""

    finding_id: str
    code: str
    status: Literal["repaired", "still-there", "rolled-back", "refused"]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """Lines of a config around a place, secrets replaced: for people, not part of the JSON document."""

    first_line: int
    lines: tuple[str, ...]
    line: int
    column: int
    length: int


@dataclass(frozen=True)
class Report:
    """One diagnosis."""

    schema_version: int
    tool: Tool
    generated_at: str
    duration_ms: int
    exit_code: int
    mode: Mode
    verdict: Verdict
    root_cause: str | None
    summary: Summary
    environment: EnvironmentReport
    openclaw: OpenClawReport
    routes: tuple[RouteReport, ...] = ()
    probes: tuple[ProbeReport, ...] = ()
    findings: tuple[FindingReport, ...] = ()
    suppressed: tuple[SuppressedFinding, ...] = ()
    skipped: tuple[SkippedCheck, ...] = ()
    repairs: tuple[RepairReport, ...] = ()
    passed: tuple[str, ...] = ()
    fail_on: Literal["error", "warning"] = "error"

    @property
    def root_finding(self) -> FindingReport | None:
        """The finding that is the one root cause, or None."""
        return next((finding for finding in self.findings if finding.id == "f1"), None) if self.root_cause else None

    @property
    def unchecked(self) -> dict[str, tuple[str, ...]]:
        """The codes of the checks that could not look, by the reason."""
        reasons = dict.fromkeys(check.reason for check in self.skipped)
        return {reason: tuple(check.code for check in self.skipped if check.reason == reason) for reason in reasons}
