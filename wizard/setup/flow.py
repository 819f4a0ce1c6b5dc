"""The steps of setup: look, answer, verify, plan; then, after one confirmation, write once and examine the route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.change.apply import apply
from wizard.change.plan import Plan
from wizard.change.preview import preview
from wizard.change.reading import ConfigSource, read_source, refuse_unsafe
from wizard.change.trusted_hosts import remember_origin, remembered_origins
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.seen import Install
from wizard.portkey.exchange import Exchange, Probe
from wizard.report.model import Report
from wizard.setup.answers import Answers, read_answers
from wizard.setup.models import Selection, current_model, select_models
from wizard.setup.to_plan import to_plan
from wizard.setup.verify import look_into_catalogue

Ask: TypeAlias = Callable[[Probe], Exchange]


@dataclass(frozen=True, slots=True)
class Examination:
    """How the doctor is to look at the new route.

    Attributes:
        located: the config.
        agent: only this agent's routes, or None.
        no_spend: no model call.
        trusted_origins: who besides the contract's own hosts may have the key.
    """

    located: Located
    agent: str | None
    no_spend: bool
    trusted_origins: tuple[str, ...]


Examine: TypeAlias = Callable[[Examination], Report]


@dataclass(frozen=True)
class Prepared:
    """Everything that is known before the confirmation; nothing was written yet.

    Attributes:
        located: OpenClaw's files.
        install: the OpenClaw that was found.
        source: the config as it was read.
        answers: what was told.
        selection: the models.
        plan: what is to change.
        diff: the same as text, secrets as handles.
    """

    located: Located
    install: Install
    source: ConfigSource
    answers: Answers
    selection: Selection
    plan: Plan
    diff: str


@dataclass(frozen=True)
class Request:
    """One run of setup.

    Attributes:
        given: the flags by question and switch id.
        environment: the surroundings.
        vault: keeps secrets.
        ask: sends a probe to the gateway.
        config_path: `--openclaw-config`, or None.
        profile: `--profile`, or None.
    """

    given: Mapping[str, Any]
    environment: Environment
    vault: Vault
    ask: Ask
    config_path: str | None = None
    profile: str | None = None


def prepare(request: Request) -> Prepared:
    """Reads, asks the gateway, and plans; writes nothing.

    Raises:
        UserError: an answer is missing or wrong (2), the gateway could not be asked (3), or the config must not be
            written (4).
    """
    given, environment, vault = request.given, request.environment, request.vault
    if not given.get("yes") and not given.get("dry_run"):
        raise usage_error(
            "setup writes nothing without a confirmation: give --yes, or --dry-run to see the plan first.",
            "Every answer has a flag: portkey-claw setup --help",
        )
    located = locate_config(environment, config_path=request.config_path, profile=request.profile)
    source = read_source(located.path, environment, vault)
    seen = collect_openclaw(environment, located, vault)
    answers = read_answers(given, seen.runtimes[0].layers, environment, vault)
    looked = None if given.get("no_verify") else look_into_catalogue(answers, request.ask, vault)
    catalogue = looked.catalogue if looked else None
    selection = select_models(answers, catalogue, current_model(source.value, answers.provider_id))
    plan = to_plan(source, answers, selection, vault, seen.install.version)
    if looked:
        plan = replace(plan, notes=(*looked.notes, *plan.notes))
    refuse_unsafe(source, (operation.path for operation in plan.operations), seen.install.version)
    diff = "\n".join(preview(source, edit, vault) for edit in plan.edits)
    return Prepared(located, seen.install, source, answers, selection, plan, diff)


def carry_out(prepared: Prepared, request: Request) -> bool:
    """Writes what was planned, and remembers a gateway that the user named; whether the config was written.

    Raises:
        UserError: nothing was written; exit code 4.
    """
    written = apply(prepared.plan, request.environment, request.vault, openclaw=prepared.install.version)
    gateway = prepared.answers.gateway
    if gateway.to_remember:
        remember_origin(request.environment, gateway.origin)
    return bool(written)


def examination(prepared: Prepared, request: Request) -> Examination:
    """What the doctor is to look at after the write."""
    gateway = prepared.answers.gateway
    typed = (str(gateway.origin),) if gateway.to_remember else ()
    return Examination(
        located=prepared.located,
        agent=prepared.answers.agent,
        no_spend=bool(request.given.get("no_spend")),
        trusted_origins=tuple(dict.fromkeys((*remembered_origins(request.environment), *typed))),
    )
