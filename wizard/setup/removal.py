"""The plan of `setup --remove`: OpenClaw's files as if we had never been there.

A file of which every byte since our first change is ours gets its first bytes back. One that others have changed
since (OpenClaw itself writes its config) keeps their work: what leads to Portkey is taken out of it piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.change.plan import Change, Operation, Plan
from wizard.change.reading import ConfigSource
from wizard.change.trusted_hosts import forgetting
from wizard.json5doc import format_path
from wizard.keys.vault import Vault
from wizard.openclaw.config_view import PROVIDERS, ProviderEntry
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import ConfigPath, OpenClawSeen
from wizard.setup.removing.entries import entries_of, is_ours, leads_to_portkey, origins
from wizard.setup.removing.exact import COMMAND
from wizard.setup.removing.ground import Ground, RemovalEdits, survey
from wizard.setup.removing.key import Rest, take_key_away
from wizard.setup.removing.model_refs import leaving, still_named, take_refs_away
from wizard.setup.removing.notes import left_behind
from wizard.setup.removing.returning import Returning, returns_of
from wizard.stores.model import StoreContext
from wizard.stores.overview import copies

__all__ = ["COMMAND", "plan_removal"]

_MODE: Final[ConfigPath] = ("models", "mode")
_AGENTS: Final[ConfigPath] = ("agents", "list")


def plan_removal(
    source: ConfigSource,
    seen: OpenClawSeen,
    located: Located,
    environment: Environment,
    vault: Vault,
    *,
    provider_id: str | None = None,
) -> Plan:
    """What takes Portkey out of OpenClaw again; no changes where nothing of it is there.

    Args:
        source: the config as `read_config_sources` gives it.
        seen: the installation.
        located: OpenClaw's files.
        environment: whose journal, keyring and state folder count.
        vault: keeps the secrets that are put back.
        provider_id: the one entry to take out, be it ours or not; None for all of ours, and for the first bytes of
            every file where they can be had.

    Raises:
        UserError: there is no such entry (2); the config or what it includes cannot be read (4).
    """
    ground = survey(source, environment)
    gone = _chosen(ground, provider_id)
    ids = (*(entry.id for entry in gone), *(_gone_already(ground) if provider_id is None else ()))
    context = StoreContext(located, seen, ids, environment, "")
    edits = RemovalEdits(ground.value, vault.reveal)
    said = list(_take_entries_away(edits, ground, ids))
    whole = provider_id is None
    returning = returns_of(ground, edits.operations, environment, vault) if whole else Returning({}, None)
    staying = None if returning.covers(ground) else edits.get(())
    rest = Rest(staying, returning.value, whole)
    key = take_key_away(edits, ground, context, vault, rest)
    # A file that goes takes the folder along that was made for it: it goes last.
    going = [each.change for each in returning.files.values() if each.goes and each.change is not None]
    edited = [each for each in _in_files(edits.operations, ground, returning, vault) if each not in going]
    changes: list[Change] = [*edited, *key.changes, *going]
    left = (*entries_of(rest.staying), *entries_of(rest.returned))
    forgotten = forgetting(set(origins(gone)) - set(origins(left)), environment)
    if forgotten is not None:
        changes.append(forgotten)
    # What is said of the pieces holds where the main file is edited by pieces.
    notes = [*(() if next(iter(ground.files)) in returning.files else said), *key.notes, *_of_what_stays(source, rest)]
    if changes:
        notes += left_behind(copies(seen, located, environment, vault, None), seen, context)
    return Plan(tuple(changes), tuple(dict.fromkeys(notes)))


def _chosen(ground: Ground, provider_id: str | None) -> tuple[ProviderEntry, ...]:
    entries = entries_of(ground.value)
    if provider_id is None:
        return tuple(entry for entry in entries if is_ours(entry, ground))
    named = tuple(entry for entry in entries if entry.id == provider_id)
    if not named:
        known = ", ".join(entry.id for entry in entries) or "none"
        raise usage_error(
            f"--provider-id {provider_id}: OpenClaw's config has no such provider entry.", f"It has: {known}"
        )
    return named


def _gone_already(ground: Ground) -> Iterator[str]:
    """Entries that setup made and somebody has taken out since: models may still be named by them."""
    present = {entry.id for entry in entries_of(ground.value)}
    for before in ground.before.values():
        for path in sorted(before.given, key=str):
            if path[:-1] == PROVIDERS and path[-1] not in present:
                yield str(path[-1])


def _take_entries_away(edits: RemovalEdits, ground: Ground, ids: tuple[str, ...]) -> Iterator[str]:
    """Takes the entries out, and every ref to them; gives what is to be said of it."""
    gone = leaving(ground.value, ids)
    for name in ids:
        edits.delete((*PROVIDERS, name), f"provider {name} taken away")
    if ids:
        yield from take_refs_away(edits, ground, gone)
        for path in still_named(edits.get(()), gone):
            yield f"{format_path(path)} still names the provider that goes."
    agents = edits.get(_AGENTS)
    if isinstance(agents, list) and ground.is_new(_AGENTS) and all(_is_bare(agent) for agent in agents):
        edits.delete(_AGENTS, "agents.list taken away: setup made it for the model alone")
    others = entries_of(edits.get(()))
    # `merge` is OpenClaw's default; an entry that came after ours may have been written with it in mind.
    stood = all(ground.was(entry.path) is not None for entry in others)
    if edits.get(_MODE) == "merge" and ground.is_new(_MODE) and stood:
        edits.delete(_MODE, "models.mode taken away: setup put it there")


def _is_bare(agent: Any) -> bool:
    return isinstance(agent, Mapping) and set(agent) == {"id"}


def _in_files(operations: list[Operation], ground: Ground, returning: Returning, vault: Vault) -> Iterator[Change]:
    # Where every file returns, nothing is edited piece by piece.
    edits = {} if returning.covers(ground) else ground.changes(operations, vault)
    for path in ground.files:
        change = returning.files[path].change if path in returning.files else edits.get(path)
        if change is not None:
            yield change


def _of_what_stays(source: ConfigSource, rest: Rest) -> Iterator[str]:
    """What leads to Portkey and stays although everything of ours goes."""
    if not rest.whole:
        return
    again = "portkey-claw setup --remove --provider-id"
    for entry in filter(leads_to_portkey, entries_of(rest.returned)):
        yield (
            f"{source.shown} led to Portkey before portkey-claw came, by the entry {entry.id}, and does so again. "
            f"To take that out as well: {again} {entry.id}"
        )
    for entry in filter(leads_to_portkey, entries_of(rest.staying)):
        yield (
            f"The entry {entry.id} may lead to Portkey too. It stays, for portkey-claw did not make it. "
            f"To take it out: {again} {entry.id}"
        )
