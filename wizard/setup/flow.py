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
from wizard.diagnosis.model import Scope
from wizard.doctor.examine import Examination, examine
from wizard.doctor.examine import Request as DoctorRequest
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.seen import Install
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.route.transport import ca_files, proxy_for
from wizard.setup.answers import Answers, read_answers
from wizard.setup.gateway import standing_gateway
from wizard.setup.models import Selection, current_model, select_models
from wizard.setup.questions import PROVIDER_ID
from wizard.setup.to_plan import to_plan
from wizard.setup.verify import look_into_catalogue

Send: TypeAlias = Callable[[Probe, Transport], Exchange]


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
        send: sends a probe to the gateway, as `Client.send` does.
        config_path: `--openclaw-config`, or None.
        profile: `--profile`, or None.
    """

    given: Mapping[str, Any]
    environment: Environment
    vault: Vault
    send: Send
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
    if given.get("gateway_url") is None:
        entry = given.get("provider_id") or PROVIDER_ID
        given = {**given, "gateway_url": standing_gateway(seen.config, entry, remembered_origins(environment))}
    answers = read_answers(given, seen.runtimes[0].layers, environment, vault)

    def ask(probe: Probe) -> Exchange:
        return request.send(probe, Transport(proxy_for(seen, probe.url), ca_files(seen)))

    looked = None if given.get("no_verify") else look_into_catalogue(answers, ask, vault)
    catalogue = looked.catalogue if looked else None
    selection = select_models(answers, catalogue, current_model(source.value, answers.provider_id))
    plan = to_plan(source, answers, selection, vault, seen)
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
    gateway = prepared.answers.gateway
    # First, so that an error still means that nothing was written.
    if gateway.to_remember:
        remember_origin(request.environment, gateway.origin)
    return bool(apply(prepared.plan, request.environment, request.vault, openclaw=prepared.install.version))


def examine_route(prepared: Prepared, request: Request) -> Examination:
    """Has the doctor follow the new route; a gateway that the user named in this run counts as confirmed."""
    gateway = prepared.answers.gateway
    typed = (str(gateway.origin),) if gateway.to_remember else ()
    scope = Scope(
        no_spend=bool(request.given.get("no_spend")),
        provider=prepared.answers.provider_id,
        agent=prepared.answers.agent,
        trusted_origins=tuple(dict.fromkeys((*remembered_origins(request.environment), *typed))),
    )
    return examine(request.environment, DoctorRequest(scope, config_path=request.config_path, profile=request.profile))
