"""The key on its way out: the config's variable, OpenClaw's `.env` files, the keyring and the way to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from wizard.change.dotenv_edit import read_value
from wizard.change.entries import FileKind
from wizard.change.plan import Change, EditDotenv, ForgetSecret, RemoveFile, RemoveVariable, SetVariable
from wizard.change.raw import FileNow, read_now
from wizard.json5doc import format_path
from wizard.keys.keyring_store import KeyringError, KeyringTrouble, describe_keyring
from wizard.keys.vault import Vault
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import all_names, our_references
from wizard.openclaw.resolver_file import PROVIDER_PLACE, resolver_path
from wizard.openclaw.seen import ConfigPath
from wizard.setup.removing.before import dotenv_before
from wizard.setup.removing.entries import led_to_portkey
from wizard.setup.removing.exact import return_of
from wizard.setup.removing.ground import Ground, RemovalEdits
from wizard.stores import dotenv, keyring, openclaw_env
from wizard.stores.model import StoreContext


@dataclass(frozen=True)
class Rest:
    """What OpenClaw's config comes to.

    Attributes:
        staying: its value after the edits piece by piece; None where every file returns to what it was.
        returned: its value with the files that return; None where none does.
        whole: whether all of Portkey goes, and not one named entry.
    """

    staying: Any = field(repr=False)
    returned: Any = field(repr=False)
    whole: bool


@dataclass
class KeyRemoval:
    """What happens to the key.

    Attributes:
        changes: those outside the config.
        notes: what stays, and why.
    """

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def take_key_away(edits: RemovalEdits, ground: Ground, context: StoreContext, vault: Vault, rest: Rest) -> KeyRemoval:
    """Takes the key away wherever setup puts it, unless something that stays needs it.

    Args:
        edits: the config's, in which the provider entries are gone already.
        ground: the config as it is and was.
        context: the entries that go.
        vault: keeps what is put back.
        rest: what the config comes to.

    Raises:
        UserError: a `.env` file is there and cannot be read; exit code 4.
    """
    done = KeyRemoval()
    if KEY_VARIABLE in all_names(rest.staying):
        done.notes.append(f"{KEY_VARIABLE} stays where it is: {_users(rest.staying)} needs it.")
    else:
        _out_of_config(edits, ground, context, vault)
        done.changes += _out_of_dotenv(ground, context, vault, rest, done.notes)
    in_use = any(our_references(ground.value)) or edits.get(PROVIDER_PLACE) or resolver_path(context.located).exists()
    if in_use and not any(our_references(rest.returned)):
        done.changes += _without_keyring(keyring.take_away(edits, context), context, done.notes)
    return done


def _out_of_config(edits: RemovalEdits, ground: Ground, context: StoreContext, vault: Vault) -> None:
    """A variable that was there before the config led to Portkey is given back."""
    old = ground.was(openclaw_env.PLACE)
    if isinstance(old, str) and not led_to_portkey(ground):
        edits.set(openclaw_env.PLACE, vault.take(old, "the config before").handle, _BACK.format(KEY_VARIABLE))
    else:
        openclaw_env.take_away(edits, context)


def _out_of_dotenv(
    ground: Ground, context: StoreContext, vault: Vault, rest: Rest, notes: list[str]
) -> Iterator[Change]:
    for path in dotenv.files(context):
        returned = return_of(path, context.environment, FileKind.DOTENV) if rest.whole else None
        if returned is None or (returned.came_out and KEY_VARIABLE in parse_dotenv(returned.text)):
            yield from _out_of_file(read_now(path, context.environment), ground, context, vault, rest, notes)
        elif returned.change is not None:
            yield returned.change


def _out_of_file(
    now: FileNow, ground: Ground, context: StoreContext, vault: Vault, rest: Rest, notes: list[str]
) -> Iterator[Change]:
    """The variable of a file that others write too: it goes if we put it there, or if nobody knows who did."""
    value = read_value(now.data, KEY_VARIABLE) if now.data is not None else None
    if value is None:
        return
    before = dotenv_before(now.target, context.environment)
    old = before.value.get(KEY_VARIABLE) if isinstance(before.value, Mapping) else None
    set_up = any(each.met for each in ground.before.values())
    if KEY_VARIABLE in all_names(rest.returned) or old == value or (set_up and not before.met):
        notes.append(f"{KEY_VARIABLE} stays in {now.shown}: it is not portkey-claw's.")
    elif old is not None:
        back = SetVariable(KEY_VARIABLE, vault.take(old, now.shown).handle, _BACK.format(KEY_VARIABLE))
        yield EditDotenv(now.path, now.digest, (back,))
    else:
        effect = f"{KEY_VARIABLE} taken out of {now.shown}"
        yield EditDotenv(now.path, now.digest, (RemoveVariable(KEY_VARIABLE, effect),))


def _without_keyring(changes: tuple[Change, ...], context: StoreContext, notes: list[str]) -> Iterator[Change]:
    """The changes, less those of a keyring that is out of reach for good: removing must be possible without it."""
    forgotten = [change for change in changes if isinstance(change, ForgetSecret)]
    reached = True
    if forgotten:
        try:
            describe_keyring(context.environment)
        except KeyringError as error:
            reached = error.trouble is KeyringTrouble.LOCKED
            if not reached:
                names = ", ".join(change.account for change in forgotten)
                notes.append(f"The keyring cannot be reached ({error.detail}), so its entry stays: {names}.")
    for change in changes:
        # A file of ours that goes back to its beginning takes the folder along that was made for it.
        returned = return_of(change.path, context.environment, change.kind) if isinstance(change, RemoveFile) else None
        if reached or not isinstance(change, ForgetSecret):
            yield (returned.change if returned is not None else None) or change


def _users(value: Any) -> str:
    """The places that look the variable up, at most three of them."""
    found = [format_path(path) for path in _looking_up(value, ())]
    return ", ".join(found[:3]) + (" and others" if len(found) > 3 else "")


def _looking_up(value: Any, path: ConfigPath) -> Iterator[ConfigPath]:
    if isinstance(value, Mapping) and not (isinstance(value.get("source"), str) and "id" in value):
        for key, item in value.items():
            yield from _looking_up(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _looking_up(item, (*path, index))
    elif KEY_VARIABLE in all_names(value):
        yield path


_BACK: Final = "{} as it was before portkey-claw"
