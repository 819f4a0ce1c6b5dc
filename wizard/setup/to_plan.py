"""Answers and a config to a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.change.edits import ConfigEdits
from wizard.change.included import edits_for
from wizard.change.plan import Plan, Set
from wizard.change.reading import ConfigSource
from wizard.keys.vault import Vault
from wizard.openclaw.seen import LayerName, OpenClawSeen
from wizard.portkey import headers
from wizard.setup.agent_model import add_agent_model, refuse_overridden_default
from wizard.setup.answers import Answers
from wizard.setup.models import Selection
from wizard.setup.old_copies import notes_on_old_copies
from wizard.setup.provider_entry import add_provider
from wizard.setup.rivals import note_of, rivals
from wizard.setup.sharing import notes_on_sharing
from wizard.setup.take_out import removals
from wizard.stores.model import StoreContext
from wizard.stores.registry import store


def to_plan(source: ConfigSource, answers: Answers, selection: Selection, vault: Vault, context: StoreContext) -> Plan:
    """What has to change so that requests take the wanted route; nothing where they already do.

    Args:
        source: the config as it is.
        answers: what was told.
        selection: the models.
        vault: compares the key with what is stored.
        context: the installation: its files, its version, its saved keys.

    Raises:
        UserError: the answers do not fit this config; exit code 2.
    """
    seen, keeper = context.seen, store(answers.storage)
    edits = ConfigEdits(source.value, vault.reveal)
    outside = keeper.put(edits, answers.key.facts.handle, context)
    add_provider(edits, answers, selection, keeper.reference(context))
    refuse_overridden_default(seen.config, answers)
    add_agent_model(edits, answers, selection, seen.install.version)
    operations = tuple(edits.operations)
    private = any(isinstance(item, Set) and item.value == answers.key.facts.handle for item in operations)
    ahead = rivals(answers.key.facts.handle, answers.storage, context, _gone(answers))
    notes = (
        *answers.notes,
        *selection.notes,
        *_notes_on_files(source, private=private),
        *map(note_of, ahead),
        *notes_on_old_copies(answers, source.value, context, {each.location for each in ahead}),
        *notes_on_sharing(answers, context),
        *_notes_on_openclaw(answers, seen),
        *_notes_on_entry(edits, answers),
    )
    writes = edits_for(source, operations, vault.reveal, private=private)
    # The key before the config, which must not refer to one that is not there yet.
    taken = removals(answers.take_out, context.located)
    return Plan((*outside, *writes, *taken), notes)


def _gone(answers: Answers) -> tuple[LayerName, ...]:
    return tuple(layer for layer in LayerName if layer.value in answers.take_out)


def _notes_on_files(source: ConfigSource, *, private: bool) -> Iterator[str]:
    if source.exists and private and source.ownership.mode & 0o077:
        mode = f"{source.ownership.mode:03o}"
        yield f"Others may read {source.shown} now (mode {mode}); with the key in it, only its owner may."


def _notes_on_openclaw(answers: Answers, seen: OpenClawSeen) -> Iterator[str]:
    if seen.install.executable is None:
        yield "No openclaw was found on PATH; its config is written all the same."
    if answers.gateway.to_remember:
        yield f"The key goes to {answers.gateway.origin} because you named it; that is remembered for later runs."


def _notes_on_entry(edits: ConfigEdits, answers: Answers) -> Iterator[str]:
    sent = edits.get(("models", "providers", answers.provider_id, "headers"))
    for name, value in sent.items() if isinstance(sent, Mapping) else ():
        wanted = {headers.CONFIG: answers.config_id, headers.PROVIDER: answers.vendor}
        routes = name.lower() in headers.ROUTING and not wanted.get(name.lower())
        if routes and isinstance(value, str):
            yield f"The entry's header {name} also says where requests go, and wins over the model's @slug."
    if edits.get(("models", "mode")) == "replace":
        yield "models.mode is replace: OpenClaw knows the providers in this file only."
