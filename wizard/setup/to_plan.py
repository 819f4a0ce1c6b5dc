"""Answers and a config to a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.change.plan import EditConfig, Plan, Set
from wizard.change.reading import ConfigSource
from wizard.keys.vault import Vault
from wizard.portkey import headers
from wizard.setup.agent_model import add_agent_model
from wizard.setup.answers import Answers
from wizard.setup.edits import Edits
from wizard.setup.models import Selection
from wizard.setup.provider_entry import add_provider
from wizard.setup.questions import KEY_VARIABLE, OPENCLAW_ENV


def to_plan(source: ConfigSource, answers: Answers, selection: Selection, vault: Vault, openclaw: str | None) -> Plan:
    """What has to change in the config so that requests take the wanted route; nothing where they already do.

    Args:
        source: the config as it is.
        answers: what was told.
        selection: the models.
        vault: compares the key with what is stored.
        openclaw: the version of the OpenClaw that was found, or None.

    Raises:
        UserError: the answers do not fit this config; exit code 2.
    """
    edits = Edits(source.value, vault.reveal)
    if answers.storage == OPENCLAW_ENV:
        _add_key(edits, answers)
    add_provider(edits, answers, selection)
    add_agent_model(edits, answers, selection, openclaw)
    operations = tuple(edits.operations)
    notes = (*answers.notes, *selection.notes, *_notes(edits, answers, source))
    if not operations:
        return Plan(notes=notes)
    private = any(isinstance(item, Set) and item.value == answers.key.facts.handle for item in operations)
    return Plan((EditConfig(source.path, source.digest, operations, private),), notes)


def _add_key(edits: Edits, answers: Answers) -> None:
    place = ("env", "vars", KEY_VARIABLE)
    replaced = ", in the place of another one" if edits.get(place) else ""
    edits.set(place, answers.key.facts.handle, f"the key {answers.key.facts.handle} in env.vars{replaced}")
    # OpenClaw refuses a variable right below `env` from 2026.8.1 on, and every version reads env.vars.
    edits.delete(("env", KEY_VARIABLE), f"env.{KEY_VARIABLE} taken away: the key's place is env.vars")


def _notes(edits: Edits, answers: Answers, source: ConfigSource) -> Iterator[str]:
    if not source.exists:
        yield f"{source.shown} is not there yet and will be made."
    sent = edits.get(("models", "providers", answers.provider_id, "headers"))
    for name, value in sent.items() if isinstance(sent, Mapping) else ():
        routes = name.lower() in headers.ROUTING and not (name.lower() == headers.CONFIG and answers.config_id)
        if routes and isinstance(value, str):
            yield f"The entry's header {name} also says where requests go, and wins over the model's @slug."
    if edits.get(("models", "mode")) == "replace":
        yield "models.mode is replace: OpenClaw knows the providers in this file only."
