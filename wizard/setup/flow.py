"""The steps of setup: look, answer, verify, plan; then, after one confirmation, write once and examine the route.

What the flags leave open is asked before (`wizard.setup.interview`); what was asked comes here as answers too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.change.apply import Applied, apply
from wizard.change.included import read_config_sources
from wizard.change.plan import EditConfig, Plan
from wizard.change.preview import preview
from wizard.change.reading import ConfigSource, refuse_unsafe
from wizard.change.trusted_hosts import remembered_origins, remembering
from wizard.diagnosis.model import Scope
from wizard.doctor.examine import Examination, examine
from wizard.doctor.examine import Request as DoctorRequest
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.config_view import provider_entries
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.seen import ConfigPath, EnvLayer, Install, OpenClawSeen
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.route.model import Api
from wizard.route.transport import ca_files, proxy_for
from wizard.setup import resume
from wizard.setup.answers import Answers, checked, read_answers
from wizard.setup.config_id import check_config_id
from wizard.setup.gateway import Gateway, read_gateway, standing_gateway
from wizard.setup.key import KeyAnswer, read_key
from wizard.setup.models import Selection, current_model, select_models
from wizard.setup.questions import BY_ID, PROVIDER_ID
from wizard.setup.standing import held_key, standing_api, standing_storage
from wizard.setup.strangers import own_entries, refuse_stranger
from wizard.setup.to_plan import to_plan
from wizard.setup.verify import Looked, LookError, Trouble, look_into_catalogue
from wizard.stores.model import StoreContext

Send: TypeAlias = Callable[[Probe, Transport], Exchange]


@dataclass(frozen=True)
class Found:
    """What is there before anything is asked.

    Attributes:
        located: OpenClaw's files.
        source: the config as it was read.
        seen: the installation, its environment layers, its saved keys.
    """

    located: Located
    source: ConfigSource
    seen: OpenClawSeen

    @property
    def layers(self) -> tuple[EnvLayer, ...]:
        """The layers that OpenClaw reads the key from, the config's last."""
        return self.seen.runtimes[0].layers


@dataclass(frozen=True)
class Known:
    """What was found out on the way already; None where it was not."""

    found: Found | None = None
    key: KeyAnswer | None = None
    looked: Looked | None = None


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
        seen: the installation as it was before.
    """

    located: Located
    install: Install
    source: ConfigSource
    answers: Answers
    selection: Selection
    plan: Plan
    diff: str
    seen: OpenClawSeen


@dataclass(frozen=True)
class Request:
    """One run of setup.

    Attributes:
        given: the answers by question and switch id.
        environment: the surroundings.
        vault: keeps secrets.
        send: sends a probe to the gateway, as `Client.send` does.
        config_path: `--openclaw-config`, or None.
        profile: `--profile`, or None.
        confirms: somebody is asked before anything is written.
    """

    given: Mapping[str, Any]
    environment: Environment
    vault: Vault
    send: Send
    config_path: str | None = None
    profile: str | None = None
    confirms: bool = False


def look(request: Request) -> Found:
    """Reads what is there.

    Raises:
        UserError: the config cannot be read (4), or the profile's name is none (2).
    """
    located = locate_config(request.environment, config_path=request.config_path, profile=request.profile)
    source = read_config_sources(located, request.environment, request.vault)
    return Found(located, source, collect_openclaw(request.environment, located, request.vault))


def asker(request: Request, seen: OpenClawSeen) -> Callable[[Probe], Exchange]:
    """Sends probes as OpenClaw's requests would travel: its proxy, its trust."""

    def ask(probe: Probe) -> Exchange:
        return request.send(probe, Transport(proxy_for(seen, probe.url), ca_files(seen)))

    return ask


def with_standing(given: Mapping[str, Any], found: Found, environment: Environment) -> dict[str, Any]:
    """The answers, and for what they leave open how it is now: a later run leaves gateway, store and format.

    Raises:
        UserError: the entry leads to a host of the user's that was never confirmed; exit code 2.
    """
    entry = given.get("provider_id") or PROVIDER_ID
    filled = dict(given)
    if filled.get("gateway_url") is None:
        # A new entry's key is that of the others, so it goes where theirs go.
        confirmed = remembered_origins(environment)
        others = own_entries(found.seen, confirmed)
        known = any(each.id == entry for each in provider_entries(found.seen.config))
        like = entry if known or not others else others[0].id
        filled["gateway_url"] = standing_gateway(found.seen.config, like, confirmed)
    if filled.get("key_storage") is None:
        filled["key_storage"] = standing_storage(found.source.value, entry, found.layers)
    if filled.get("api") is None:
        filled["api"] = standing_api(found.source.value, entry)
    return filled


def gateway_of(given: Mapping[str, Any]) -> Gateway:
    """The gateway that the answers name, the default where they name none.

    Raises:
        UserError: the URL is none; exit code 2.
    """
    url, api = (given.get(name) or str(BY_ID[name].default) for name in ("gateway_url", "api"))
    return read_gateway(url, Api(checked(BY_ID["api"], api)))


def prepare(request: Request, known: Known | None = None) -> Prepared:
    """Reads, asks the gateway, and plans; writes nothing.

    Raises:
        UserError: an answer is missing or wrong (2), the gateway could not be asked (3), or the config must not be
            written (4).
    """
    known = known or Known()
    environment, vault = request.environment, request.vault
    _refuse_without_confirmation(request)
    found = known.found or look(request)
    seen, source = found.seen, found.source
    given = with_standing(request.given, found, environment)
    _refuse_stranger(given, found, environment)
    key = known.key or _key(given, found, environment, vault)
    answers = read_answers(given, key, found.layers)
    ask = asker(request, seen)
    looked = None if given.get("no_verify") else known.looked or _looked(answers, ask, vault)
    unsure = None if looked is None else check_config_id(answers, ask)
    current = current_model(source.value, answers.provider_id, answers.agent)
    selection = select_models(answers, looked.catalogue if looked else None, current)
    context = StoreContext(found.located, seen, (answers.provider_id,), environment, key.origin)
    plan = to_plan(source, answers, selection, vault, context)
    notes = (*(looked.notes if looked else ()), *((unsure,) if unsure else ()), *plan.notes)
    named = remembering(answers.gateway.origin, environment) if answers.gateway.to_remember else None
    plan = replace(plan, changes=(*plan.changes, *((named,) if named else ())), notes=notes)
    refuse_unsafe(source, _own_places(plan, source), seen.install.version)
    diff = preview(plan, environment, vault)
    return Prepared(found.located, seen.install, source, answers, selection, plan, diff, seen)


def carry_out(prepared: Prepared, request: Request) -> Applied:
    """Writes what was planned.

    Raises:
        UserError: nothing was written; exit code 4.
    """
    return carry_out_plan(prepared.plan, request, prepared.install.version, "setup")


def carry_out_plan(plan: Plan, request: Request, openclaw: str | None, command: str) -> Applied:
    """Writes a plan; an interview that was left before is then done with.

    Raises:
        UserError: nothing was written; exit code 4.
    """
    applied = apply(plan, request.environment, request.vault, openclaw=openclaw, command=command)
    resume.forget(request.environment)
    return applied


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


def _own_places(plan: Plan, source: ConfigSource) -> Iterator[ConfigPath]:
    """The places in the active file itself; those in included files are looked at where they are written."""
    for change in plan.changes:
        if isinstance(change, EditConfig) and change.path == source.path:
            yield from (operation.path for operation in change.operations)


def _looked(answers: Answers, ask: Callable[[Probe], Exchange], vault: Vault) -> Looked:
    try:
        return look_into_catalogue(answers.gateway, answers.key, ask, vault)
    except LookError as error:
        # Who names the provider as such a gateway does knows that it keeps no catalogue.
        if error.trouble is Trouble.NO_CATALOGUE and answers.vendor is not None:
            return Looked(None)
        raise


def _key(given: Mapping[str, Any], found: Found, environment: Environment, vault: Vault) -> KeyAnswer:
    held = held_key(given.get("provider_id") or PROVIDER_ID, found.seen, vault)
    return read_key(given, held, found.layers, environment, vault)


def _refuse_stranger(given: Mapping[str, Any], found: Found, environment: Environment) -> None:
    named = gateway_of(given)
    confirmed = (*remembered_origins(environment), str(named.origin))
    refuse_stranger(found.seen.config, given.get("provider_id") or PROVIDER_ID, confirmed)


def _refuse_without_confirmation(request: Request) -> None:
    if not request.given.get("yes") and not request.given.get("dry_run") and not request.confirms:
        raise usage_error(
            "setup writes nothing without a confirmation: give --yes, or --dry-run to see the plan first.",
            "Every answer has a flag: portkey-claw setup --help",
        )
