"""Answers and a config to a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.change.plan import EditConfig, Plan, Set
from wizard.change.reading import ConfigSource
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import OpenClawSeen
from wizard.portkey import headers
from wizard.setup.agent_model import add_agent_model, refuse_overridden_default
from wizard.setup.answers import Answers
from wizard.setup.edits import Edits
from wizard.setup.models import Selection
from wizard.setup.provider_entry import add_provider
from wizard.setup.questions import OPENCLAW_ENV


def to_plan(source: ConfigSource, answers: Answers, selection: Selection, vault: Vault, seen: OpenClawSeen) -> Plan:
    """What has to change in the config so that requests take the wanted route; nothing where they already do.

    Args:
        source: the config as it is.
        answers: what was told.
        selection: the models.
        vault: compares the key with what is stored.
        seen: the installation: its version, its saved keys.

    Raises:
        UserError: the answers do not fit this config; exit code 2.
    """
    edits = Edits(source.value, vault.reveal)
    if answers.storage == OPENCLAW_ENV:
        _add_key(edits, answers)
    add_provider(edits, answers, selection)
    refuse_overridden_default(seen.config, answers)
    add_agent_model(edits, answers, selection, seen.install.version)
    operations = tuple(edits.operations)
    private = any(isinstance(item, Set) and item.value == answers.key.facts.handle for item in operations)
    notes = (
        *answers.notes,
        *selection.notes,
        *_notes_on_files(source, private=private),
        *_notes_on_openclaw(answers, seen),
        *_notes_on_entry(edits, answers),
    )
    edit = EditConfig(source.path, source.digest, operations, private)
    return Plan((edit,) if operations else (), notes)


def _add_key(edits: Edits, answers: Answers) -> None:
    place = ("env", "vars", KEY_VARIABLE)
    replaced = ", in the place of another one" if edits.get(place) else ""
    key = answers.key
    edits.set(place, key.facts.handle, f"the key {key.facts.handle} (from {key.origin}) in env.vars{replaced}")
    # OpenClaw refuses a variable right below `env` from 2026.8.1 on, and every version reads env.vars.
    edits.delete(("env", KEY_VARIABLE), f"env.{KEY_VARIABLE} taken away: the key's place is env.vars")


def _notes_on_files(source: ConfigSource, *, private: bool) -> Iterator[str]:
    if not source.exists:
        yield f"{source.shown} is not there yet and will be made."
    elif private and source.ownership.mode & 0o077:
        mode = f"{source.ownership.mode:03o}"
        yield f"Others may read {source.shown} now (mode {mode}); with the key in it, only its owner may."


def _notes_on_openclaw(answers: Answers, seen: OpenClawSeen) -> Iterator[str]:
    if seen.install.executable is None:
        yield "No openclaw was found on PATH; its config is written all the same."
    if any(profile.provider_id == answers.provider_id for profile in seen.saved_profiles):
        yield (
            f"OpenClaw has a saved key of its own for {answers.provider_id} and takes it before the config's. "
            "portkey-claw doctor tells whether that matters."
        )
    if answers.gateway.to_remember:
        yield f"The key goes to {answers.gateway.origin} because you named it; that is remembered for later runs."


def _notes_on_entry(edits: Edits, answers: Answers) -> Iterator[str]:
    sent = edits.get(("models", "providers", answers.provider_id, "headers"))
    for name, value in sent.items() if isinstance(sent, Mapping) else ():
        routes = name.lower() in headers.ROUTING and not (name.lower() == headers.CONFIG and answers.config_id)
        if routes and isinstance(value, str):
            yield f"The entry's header {name} also says where requests go, and wins over the model's @slug."
    if edits.get(("models", "mode")) == "replace":
        yield "models.mode is replace: OpenClaw knows the providers in this file only."
