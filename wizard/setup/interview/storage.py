"""Step 4: where the key is kept, and what would win over it there."""

from __future__ import annotations

from typing import Final

from wizard.base.errors import UserError
from wizard.keys.keyring_store import KeyringError, describe_keyring
from wizard.openclaw.seen import LayerName
from wizard.setup.interview.key import check
from wizard.setup.interview.talk import JumpError, Talk
from wizard.setup.key import KeyAnswer, check_kept_key
from wizard.setup.prompter.model import Choice, ChoicePrompt
from wizard.setup.rivals import question_of, rivals
from wizard.setup.standing import standing_storage
from wizard.stores.model import PROFILE_LAYER, TERMS, Storage, StorageTerms, StoreContext
from wizard.stores.precedence import Stronger

_USE: Final = "use"
_TAKE_OUT: Final = "take-out"
_RENAME: Final = "rename"
_LEAVE: Final = "leave"
_BACK: Final = "back"

# A working folder's file belongs to a project and the gateway's to its service: `key remove` leaves them alone as well.
_EDITABLE: Final = (LayerName.STATE_DOTENV,)


def storage(talk: Talk) -> bool:
    """Asks where the key is to be kept; what cannot be used here is shown with its reason."""
    if talk.stated("key_storage"):
        return False
    talk.step(4)
    standing = standing_storage(talk.found.source.value, talk.provider_id, talk.found.layers)
    choices = [
        Choice(terms.storage.value, terms.title, _detail(terms, standing), _refusal(talk, terms.storage))
        for terms in TERMS
    ]
    usable = [choice.value for choice in choices if choice.refused is None]
    before = talk.answers.get("key_storage") or standing
    prompt = ChoicePrompt(
        "key_storage",
        talk.title("key_storage"),
        choices,
        before if before in usable else None,
        "OpenClaw reads it from there whenever it sends a request.",
    )
    talk.answers["key_storage"] = talk.prompter.choose(prompt)
    return True


def rival(talk: Talk) -> bool:
    """Says which keys would win over the stored one, and offers the ways out; before anything is written."""
    talk.answers["take_out"] = []
    asked = False
    for each in _rivals(talk):
        talk.step(4)
        talk.care(question_of(each))
        answer = talk.prompter.choose(ChoicePrompt("rival", "What now", _ways_out(talk, each)))
        asked = True
        if answer == _TAKE_OUT:
            talk.answers["take_out"].append(each.layer)
        elif answer == _USE and each.handle is not None:
            _use(talk, each)
            return True
        elif answer == _RENAME:
            talk.answers["mode"] = "add"
            talk.answers.pop("provider_id", None)
            raise JumpError("entry_name")
        elif answer == _BACK:
            raise JumpError("key_storage")
    return asked


def _use(talk: Talk, each: Stronger) -> None:
    vault = talk.request.vault
    facts = vault.take(vault.reveal(each.handle or ""), each.location)
    talk.key = KeyAnswer(facts, each.location, None)
    talk.say("Taken. It is checked like the other one:")
    check(talk)
    talk.step(4)


def _rivals(talk: Talk) -> tuple[Stronger, ...]:
    if talk.key is None:
        return ()
    chosen = Storage(talk.given.get("key_storage") or Storage.OPENCLAW_ENV)
    found = talk.found
    context = StoreContext(found.located, found.seen, (talk.provider_id,), talk.environment, talk.key.origin)
    return rivals(talk.key.facts.handle, chosen, context)


def _ways_out(talk: Talk, each: Stronger) -> list[Choice]:
    choices = []
    if each.layer in _EDITABLE:
        choices.append(
            Choice(_TAKE_OUT, f"Take it out of {each.location}", "together with the rest, undo brings it back")
        )
    if each.layer == PROFILE_LAYER and not talk.stated("provider_id"):
        choices.append(Choice(_RENAME, "Give the new entry another name", "saved keys belong to a provider's name"))
    if each.handle is not None:
        choices.append(Choice(_USE, "Use that key instead", each.handle))
    if not talk.stated("key_storage"):
        choices.append(Choice(_BACK, "Keep the key somewhere else"))
    later = "unset PORTKEY_API_KEY" if each.layer == LayerName.PROCESS else "change it there"
    choices.append(Choice(_LEAVE, "Leave it", f"{later} before you use OpenClaw"))
    return choices


def _detail(terms: StorageTerms, standing: str | None) -> str:
    now = "it is there now; " if terms.storage.value == standing else ""
    return f"{now}{terms.gain}; {terms.cost}"


def _refusal(talk: Talk, kind: Storage) -> str | None:
    """Why a store cannot be used here, a clause, or None."""
    if kind is Storage.KEYRING:
        try:
            describe_keyring(talk.environment)
        except KeyringError as error:
            return _clause(error.detail)
    if kind is Storage.ENV and talk.key is not None:
        try:
            check_kept_key(talk.key, talk.found.layers)
        except UserError as error:
            return _clause(error.message.removeprefix("--key-storage env: "))
    return None


def _clause(text: str) -> str:
    return text.rstrip(".")
