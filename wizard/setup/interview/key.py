"""Step 2: the key, checked against the gateway as soon as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wizard.base.errors import UserError
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.portkey.account import read_providers
from wizard.portkey.answers import Meaning
from wizard.portkey.hosts import HostKind
from wizard.setup import flow
from wizard.setup.interview.talk import JumpError, Talk
from wizard.setup.key import KEYS_PAGE, KeyAnswer, read_key, take_key
from wizard.setup.key_shape import judge_key
from wizard.setup.models import CATALOGUE_PAGE
from wizard.setup.prompter.model import BackError, Choice, ChoicePrompt, ConfirmPrompt, SecretPrompt
from wizard.setup.standing import held_key
from wizard.setup.verify import Looked, LookError, Trouble, look_into_catalogue
from wizard.terminal.links import browser_here, open_link
from wizard.terminal.words import plural

TYPED: Final = "the prompt"
_TYPE: Final = "type"
_AGAIN: Final = "again"
_OTHER_KEY: Final = "key"
_OTHER_GATEWAY: Final = "gateway"
_UNCHECKED: Final = "unchecked"
_SIGN_UP: Final = "https://app.portkey.ai"


def key(talk: Talk) -> bool:
    """Offers the keys that are there, asks for one, hidden, where none is taken; then asks the gateway about it."""
    if talk.stated("api_key_stdin") or talk.stated("api_key_file"):
        talk.key = _held(talk)
        check(talk)
        return False
    talk.step(2)
    known = {f"{number}": answer for number, answer in enumerate(_known_keys(talk))}
    while True:
        chosen = _choose(talk, known) if known else None
        if chosen is not None:
            talk.key = chosen
            break
        try:
            _ask(talk)
        except BackError:
            if not known:
                raise
        else:
            break
    check(talk)
    return True


def _known_keys(talk: Talk) -> tuple[KeyAnswer, ...]:
    """The key that was typed before, and the one that the variable or OpenClaw has; the same one once."""
    found = [answer for answer in (talk.key, _held(talk)) if answer is not None]
    return tuple({answer.facts.handle: answer for answer in reversed(found)}.values())[::-1]


def _choose(talk: Talk, known: Mapping[str, KeyAnswer]) -> KeyAnswer | None:
    choices = [Choice(value, f"The one {_origin(answer)}", _look_of(answer, talk)) for value, answer in known.items()]
    choices.append(Choice(_TYPE, "Another one", "typed or pasted now"))
    return known.get(talk.prompter.choose(ChoicePrompt("key_source", talk.title("api_key"), choices)))


def _look_of(answer: KeyAnswer, talk: Talk) -> str:
    """The fingerprint of a key; of one that is too short to have one, its length."""
    fingerprint = answer.facts.fingerprint
    if fingerprint.startswith("sha256:"):
        return fingerprint
    return plural(len(talk.request.vault.reveal(answer.facts.handle)), "character")


def _origin(answer: KeyAnswer) -> str:
    return "typed before" if answer.origin == TYPED else f"in {answer.origin}"


def check(talk: Talk) -> None:
    """Asks the gateway which models the key may use, until it tells or the person goes on without."""
    talk.unchecked = False
    talk.keeps_providers = True
    talk.looked = None
    if talk.stated("no_verify"):
        return
    while True:
        talk.step(2)
        try:
            _look(talk)
        except LookError as error:
            if not _after(talk, error):
                return
        else:
            return


def _look(talk: Talk) -> None:
    gateway, vault = talk.gateway(), talk.request.vault
    if talk.key is None:
        _ask(talk)
    held = talk.key
    if held is None:
        return
    talk.dim(f"Asking {gateway.origin} which models the key may use …")
    ask = flow.asker(talk.request, talk.found.seen)
    talk.looked = look_into_catalogue(gateway, held, ask, vault)
    providers = read_providers(gateway.api_root, held.facts.handle, ask) if talk.catalogue is not None else None
    talk.providers = {provider.slug: provider for provider in providers or ()}
    _show(talk, held, talk.looked)


def _show(talk: Talk, held: KeyAnswer, looked: Looked) -> None:
    if looked.catalogue is None:
        talk.care("The gateway takes the key; it keeps no catalogue of models.")
        return
    models, slugs = looked.catalogue.models, looked.catalogue.slugs
    may = f"{plural(len(slugs), 'provider')} and {plural(len(models), 'model')}"
    talk.good(f"{_look_of(held, talk)} works, may use {may}.")
    if not looked.catalogue.complete:
        talk.care("The catalogue could not be read to its end; models that are missing below can be typed.")


def _ask(talk: Talk) -> None:
    """Shows where keys are made, and asks for one."""
    gateway = talk.gateway()
    if gateway.kind is HostKind.HOSTED and not talk.linked:
        talk.linked = True
        talk.say("No key yet? Make an account, an AI provider (its slug stands before its models), and an API key:")
        for page in (_SIGN_UP, CATALOGUE_PAGE, KEYS_PAGE):
            open_link(talk.environment, talk.console, page, asked=False)
        if browser_here(talk.environment) and talk.prompter.confirm(
            ConfirmPrompt("open_page", "Open the page of API keys in a browser")
        ):
            open_link(talk.environment, talk.console, KEYS_PAGE, asked=True)
    prompt = SecretPrompt(
        "api_key",
        talk.title("api_key"),
        lambda text: judge_key(text, gateway.kind),
        "It is not shown while you type or paste it.",
    )
    value = talk.prompter.secret(prompt)
    talk.key = take_key(value, TYPED, talk.found.layers, talk.request.vault)


def _after(talk: Talk, error: LookError) -> bool:
    """Says what went wrong and asks what to do; whether the gateway is to be asked again."""
    talk.broken(error.message)
    if error.said:
        talk.dim(f"It says: {error.said}")
    if error.meaning is Meaning.KEY_LACKS_PERMISSION:
        talk.say(f"Tick the permission completions.write or models.list for this key at {KEYS_PAGE}, then check again.")
    if error.trouble is Trouble.NO_CATALOGUE:
        talk.say("Such a gateway keeps no providers and no keys: the key is the provider's own, and a header names it.")
        talk.keeps_providers = False
        talk.looked = Looked(None)
        return False
    choices = {
        Trouble.KEY: [
            Choice(_OTHER_KEY, "Another key"),
            Choice(_AGAIN, "Check again", "after a change on the Portkey page"),
            Choice(_OTHER_GATEWAY, "Another gateway", "a key belongs to one gateway"),
            Choice(_UNCHECKED, "Go on without checking", "models are typed, not chosen"),
        ],
    }.get(
        error.trouble,
        [
            Choice(_AGAIN, "Try again"),
            Choice(_OTHER_GATEWAY, "Another gateway"),
            Choice(_OTHER_KEY, "Another key"),
            Choice(_UNCHECKED, "Go on without checking", "models are typed, not chosen"),
        ],
    )
    answer = talk.prompter.choose(ChoicePrompt("key_trouble", "What now", choices))
    if answer == _OTHER_GATEWAY:
        if talk.stated("gateway_url"):
            talk.care("The gateway was named by --gateway-url: run setup again without it, and start over.")
            return True
        raise JumpError("gateway")
    if answer == _OTHER_KEY:
        talk.key = None
    if answer == _UNCHECKED:
        talk.unchecked = True
    return answer != _UNCHECKED


def _held(talk: Talk) -> KeyAnswer | None:
    """The key that the flags, the variable or OpenClaw give, where it can be one."""
    seen, environment, vault = talk.found.seen, talk.environment, talk.request.vault
    by_flag = talk.stated("api_key_stdin") or talk.stated("api_key_file")
    if talk.key is not None and by_flag:
        # Standard input gives it once.
        return talk.key
    try:
        held = held_key(talk.provider_id, seen, vault)
        return read_key(talk.given, held, talk.found.layers, environment, vault)
    except UserError as error:
        if by_flag:
            raise
        if environment.variables.get(KEY_VARIABLE, "").strip():
            talk.step(2)
            talk.care(error.message)
        return None
