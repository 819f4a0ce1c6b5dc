"""One examination: evidence, answers, diagnosis, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.base.limits import Deadline
from wizard.diagnosis.diagnose import Selection, diagnose
from wizard.diagnosis.model import Evidence, Scope, Severity
from wizard.doctor.collect import collect
from wizard.doctor.runner import Watcher, probe
from wizard.keys.vault import Vault
from wizard.openclaw.config_view import agents, provider_entries
from wizard.report.build import build_report
from wizard.report.frames import code_frames
from wizard.report.model import CodeFrame, Report


@dataclass(frozen=True, slots=True)
class Request:
    """What to examine and how.

    Attributes:
        scope: what is allowed and asked for.
        selection: which checks run.
        config_path: the config to look at instead of the one OpenClaw would find, or None.
        profile: OpenClaw's profile, or None.
        trust_hosts: hosts that the user confirmed for this run.
        fail_on: the weight from which findings make the exit status 1.
        seconds: the limit of the whole run.
    """

    scope: Scope = Scope()
    selection: Selection = Selection()
    config_path: str | None = None
    profile: str | None = None
    trust_hosts: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    seconds: float = limits.DOCTOR_SECONDS


@dataclass(frozen=True, slots=True)
class Examination:
    """An examination's outcome; `frames` are the lines around each finding's place, by the finding's id."""

    evidence: Evidence
    report: Report
    frames: Mapping[str, CodeFrame] = field(default_factory=dict)


def examine(environment: Environment, request: Request, watch: Watcher | None = None) -> Examination:
    """Examines the routes of this environment.

    Raises:
        UserError: the request cannot be carried out as it is.
    """
    started = environment.monotonic()
    vault = Vault()
    evidence = collect(
        environment,
        vault,
        request.scope,
        config_path=request.config_path,
        profile=request.profile,
        trust_hosts=request.trust_hosts,
    )
    _check_names(evidence, request.scope)
    if not request.scope.offline:
        evidence = probe(evidence, vault, Deadline(started + request.seconds, environment.monotonic), watch)
    diagnosis = diagnose(evidence, request.selection)
    elapsed = round((environment.monotonic() - started) * 1000)
    report = build_report(evidence, diagnosis, duration_ms=elapsed, fail_on=request.fail_on)
    return Examination(evidence, report, code_frames(evidence, diagnosis.ranked))


def _check_names(evidence: Evidence, scope: Scope) -> None:
    """An agent or a provider that the config does not have cannot be examined.

    Raises:
        UserError: `--agent` or `--provider` names one; the message lists those there are.
    """
    config = evidence.openclaw.config
    if config.problem is not None:
        return
    asked = (
        ("--agent", scope.agent, [agent.id for agent in agents(config)]),
        ("--provider", scope.provider, [entry.id for entry in provider_entries(config)]),
    )
    for flag, name, known in asked:
        if name is not None and name not in known:
            raise usage_error(f"{flag} {name}: {config.path} has none of that name.", f"It has {', '.join(known)}.")
