"""One run of `key set`, `key move` or `key remove`: plan, confirmation, write, and what to know afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.base.errors import usage_error
from wizard.change.apply import Applied, apply
from wizard.keys.keyring_store import KeyringError, describe_keyring
from wizard.openclaw.config_view import agents
from wizard.openclaw.locate import Located
from wizard.openclaw.profile_removal import log_out
from wizard.setup.key_commands import say
from wizard.setup.key_commands.change import Prepared, default_storage, prepare_move, prepare_remove, prepare_set
from wizard.setup.key_commands.look import Request, look_around
from wizard.setup.key_commands.obtain import left, obtain_key
from wizard.setup.key_commands.restart import restarts
from wizard.setup.key_commands.words import own_command
from wizard.setup.lasting import look_again, with_lost
from wizard.setup.prompter.model import BackError, Choice, ChoicePrompt, ConfirmPrompt, Prompter
from wizard.stores.backups import prunable, prune
from wizard.stores.model import BACKUP_LAYER, TERMS, KeyCopy, Storage
from wizard.terminal.console import Console


def change_key(
    what: str, given: Mapping[str, Any], request: Request, prompter: Prompter, console: Console
) -> dict[str, Any]:
    """Carries a command out and gives its JSON document.

    Args:
        what: `set`, `move` or `remove`.
        given: the flags.
        request: the surroundings.
        prompter: asks for what the flags leave open.
        console: what people read.

    Raises:
        UserError: an answer is missing or wrong (2), the gateway did not answer (3), nothing was written (4).
    """
    if not (given.get("yes") or given.get("dry_run") or prompter.asks):
        raise usage_error(
            f"key {what} writes nothing without a confirmation, and there is no terminal to ask at: give --yes, or "
            "--dry-run to see the plan first."
        )
    prepared = _prepared(what, given, request, prompter)
    say.show_plan(prepared, request.environment, console, quiet=bool(given.get("quiet")))
    applied = _applied(what, given, prepared, request, prompter, console)
    declined = applied is None and bool(prepared.moving.plan.changes or prepared.logouts)
    say.show_written(applied, request.environment, console)
    if applied is not None:
        say.show_logouts(prepared, console)
    restart = restarts(prepared, applied, request)
    for sentence in restart:
        console.line(sentence, indent=2)
    # Looked for again: the write itself has left a file from before.
    handles = _handles(what, given, prepared)
    located, environment, vault, keyring = prepared.around.located, request.environment, request.vault, request.keyring
    backups = prunable(located, handles, environment, vault, keyring) if handles else ()
    pruned: tuple[str, ...] = ()
    if backups and not declined:
        if prepared.empties:
            console.blank()
        say.show_backups(backups, request.vault, console)
        if _may_prune(what, given, located, prompter, console):
            pruned = prune(backups, located, environment, vault, keyring)
            say.show_pruned(pruned, console)
    lost = look_again(applied.entry_id if applied else None, environment, console)
    done = say.document(prepared, environment, vault, applied=applied, backups=backups, pruned=pruned, restart=restart)
    return with_lost(done, lost)


def _prepared(what: str, given: Mapping[str, Any], request: Request, prompter: Prompter) -> Prepared:
    around = look_around(request)
    if what == "set":
        stated = given.get("storage")
        key = obtain_key(given, around, request, prompter)
        return prepare_set(request, around, key, Storage(stated) if stated else default_storage(around), given)
    if what == "move":
        return prepare_move(request, around, Storage(given.get("to") or _asked_for_storage(prompter, request)))
    return prepare_remove(request, around, given.get("layer"))


def _asked_for_storage(prompter: Prompter, request: Request) -> str:
    if not prompter.asks:
        raise usage_error(f"--to is missing: choose {', '.join(Storage)}.")
    choices = tuple(
        Choice(terms.storage.value, terms.title, f"{terms.gain}; {terms.cost}", _refused(terms.storage, request))
        for terms in TERMS
    )
    try:
        return prompter.choose(ChoicePrompt("to", "Move the key to", choices))
    except BackError:
        raise left() from None


def _refused(storage: Storage, request: Request) -> str | None:
    try:
        if storage is Storage.KEYRING:
            describe_keyring(request.environment)
    except KeyringError as error:
        return error.detail
    return None


def _confirms(prompter: Prompter, prompt: ConfirmPrompt) -> bool:
    """Whether somebody said yes; there is no step before to go back to."""
    try:
        return prompter.confirm(prompt)
    except BackError:
        return False


def _applied(
    what: str, given: Mapping[str, Any], prepared: Prepared, request: Request, prompter: Prompter, console: Console
) -> Applied | None:
    plan = prepared.moving.plan
    if not plan.changes and not prepared.logouts:
        return None
    if given.get("dry_run"):
        console.line("Nothing was written (--dry-run).")
        return None
    if not given.get("yes") and not _confirms(prompter, ConfirmPrompt("apply", "Apply")):
        console.line("Nothing was written.")
        return None
    _log_out(prepared, request)
    version = prepared.around.seen.install.version
    return apply(
        plan, request.environment, request.vault, openclaw=version, keyring=request.keyring, command=f"key {what}"
    )


def _log_out(prepared: Prepared, request: Request) -> None:
    """Has OpenClaw forget the saved profiles.

    Raises:
        UserError: it did not; exit code 4.
    """
    around = prepared.around
    default = agents(around.seen.config)[0].id
    for profile in prepared.logouts:
        log_out(profile, around.located, request.environment, str(around.seen.install.executable), default)


def _handles(what: str, given: Mapping[str, Any], prepared: Prepared) -> Sequence[str]:
    """The keys that should be in no file from before: those that were moved or taken away."""
    if what == "set":
        return ()
    moving = prepared.moving
    if what == "remove" and given.get("layer") == BACKUP_LAYER:
        return _known(copy for copy in prepared.around.found if copy.layer == BACKUP_LAYER)
    return (*((moving.handle,) if moving.handle else ()), *_known(moving.gone))


def _known(copies: Any) -> tuple[str, ...]:
    found: list[KeyCopy] = list(copies)
    return tuple(dict.fromkeys(copy.handle for copy in found if copy.handle is not None))


def _may_prune(what: str, given: Mapping[str, Any], located: Located, prompter: Prompter, console: Console) -> bool:
    """`--yes` alone never takes away what could bring a config back, unless backups are what was named."""
    if given.get("dry_run"):
        return False
    named = what == "remove" and given.get("layer") == BACKUP_LAYER
    if given.get("prune") or (named and given.get("yes")):
        return True
    if prompter.asks and not given.get("yes"):
        warning = "OpenClaw's backups of its config are removed, and portkey-claw undo cannot bring the key back."
        return _confirms(prompter, ConfirmPrompt("prune", "Take the key out of these too", help=warning))
    console.line("To take it out of these too, which cannot be undone:", indent=2)
    console.copyable(own_command(located, "key remove --from backup"), indent=4)
    return False
