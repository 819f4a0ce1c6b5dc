"""Step 1: what is there, what is wanted with it, and which gateway it is about."""

from __future__ import annotations

from typing import Final

from wizard.change.trusted_hosts import remembered_origins
from wizard.openclaw.config_view import ProviderEntry, default_selection, provider_entries
from wizard.portkey import hosts
from wizard.portkey.hosts import DEFAULT_BASE_URL, HostKind
from wizard.setup.interview.talk import ADD, CHANGE, FIRST, Talk
from wizard.setup.prompter.model import BackError, Choice, ChoicePrompt, ConfirmPrompt, TextPrompt
from wizard.setup.questions import PROVIDER_ID
from wizard.setup.strangers import destination, own_entries, refuse_stranger, stranger_named
from wizard.terminal.words import plural

KEEP: Final = "keep"
REMOVE: Final = "remove"
_OTHER: Final = "other"
_AIRS: Final = f"https://{hosts.HOSTED[1]}/v1"
_INSTALL: Final = "npm install -g openclaw@latest"
_INSTALL_PAGE: Final = "https://docs.openclaw.ai/install"


class FinishedError(Exception):
    """Nothing more is to be asked: what is there is kept, or taken away.

    Attributes:
        keep: whether it is kept.
        provider_id: the entry that is taken away, or None for all of ours.
    """

    def __init__(self, *, keep: bool, provider_id: str | None = None) -> None:
        super().__init__()
        self.keep = keep
        self.provider_id = provider_id


def start(talk: Talk) -> bool:
    """Shows what was found; where Portkey is there already, asks what is wanted."""
    talk.step(1)
    _show_found(talk)
    confirmed = _confirmed(talk)
    if talk.stated("provider_id"):
        refuse_stranger(talk.found.seen.config, talk.provider_id, confirmed)
    entries = own_entries(talk.found.seen, confirmed)
    if not entries:
        talk.answers["mode"] = _beside_a_stranger(talk, confirmed)
        return False
    for entry in entries:
        talk.say(f"Portkey {entry.id}: {_described(entry)}")
    if talk.stated("provider_id"):
        known = talk.given["provider_id"] in [entry.id for entry in entries]
        talk.answers["mode"] = CHANGE if known else ADD
        return False
    answer = talk.prompter.choose(
        ChoicePrompt("start", "Portkey is set up already", _choices(entries), default=f"{CHANGE}:{entries[0].id}")
        if _has_flags(talk)
        else ChoicePrompt("start", "Portkey is set up already", _choices(entries))
    )
    what, _, name = answer.partition(":")
    if what == KEEP:
        raise FinishedError(keep=True)
    if what == REMOVE:
        raise FinishedError(keep=False, provider_id=name or None)
    before = (talk.answers.get("mode"), talk.answers.get("provider_id"))
    if before != (what, name or None):
        # Another entry has other models, another gateway: what was said of the first does not fit it.
        talk.answers.clear()
    talk.answers["mode"] = what
    if name:
        talk.answers["provider_id"] = name
    return True


def gateway(talk: Talk) -> bool:
    """Asks which gateway it is."""
    if talk.stated("gateway_url"):
        return False
    talk.step(1)
    standing = _standing(talk)
    choices = [
        Choice(DEFAULT_BASE_URL, "Portkey's own", "api.portkey.ai"),
        Choice(_AIRS, "Prisma AIRS AI Gateway", "aigw.portkey.ai, for tenants of Palo Alto Networks"),
    ]
    known = [f"{origin}/v1" for origin in remembered_origins(talk.environment)]
    for url in dict.fromkeys([*([standing] if standing else []), *known]):
        if url not in (DEFAULT_BASE_URL, _AIRS):
            detail = "in use by the entry" if url == standing else "confirmed in an earlier run"
            choices.append(Choice(url, url, detail))
    choices.append(Choice(_OTHER, "Another one", "your own, your company's, or portkey-claw sandbox"))
    before = talk.answers.get("gateway_url") or standing or DEFAULT_BASE_URL
    pointed = before if before in [choice.value for choice in choices] else _OTHER
    if talk.answers.get("gateway_other"):
        # It was typed, so an Enter leads back to what was typed.
        pointed = _OTHER
    elif not _may_have_the_key(talk, before):
        # An Enter out of habit must not choose a host that somebody else may have written into the config.
        pointed = DEFAULT_BASE_URL
    help_text = "Where requests go. If you signed up at app.portkey.ai, it is Portkey's own."
    answer = talk.prompter.choose(ChoicePrompt("gateway", talk.title("gateway_url"), choices, pointed, help_text))
    talk.answers["gateway_other"] = answer == _OTHER
    if answer != _OTHER:
        talk.answers["gateway_url"] = answer
    return True


def gateway_url(talk: Talk) -> bool:
    """Asks for the URL of a gateway of one's own."""
    if talk.stated("gateway_url") or not talk.answers.get("gateway_other"):
        return False
    talk.step(1)
    before = talk.answers.get("gateway_url")
    default = before if before not in (DEFAULT_BASE_URL, _AIRS) else None
    url = talk.prompter.text(
        TextPrompt(
            "gateway_url",
            "URL of the gateway",
            default,
            talk.judge_gateway,
            "Such as https://gateway.example.com/v1. Your Portkey key will be sent there.",
        )
    )
    talk.answers["gateway_url"] = url
    where = talk.gateway()
    for note in where.notes:
        talk.care(note)
    return True


def confirmed_gateway(talk: Talk) -> bool:
    """Asks before the key goes to a host that stands in the config and was never confirmed.

    Raises:
        BackError: it is not to go there; another gateway is to be chosen.
    """
    url = str(talk.answers.get("gateway_url") or DEFAULT_BASE_URL)
    if talk.stated("gateway_url") or talk.answers.get("gateway_other") or _may_have_the_key(talk, url):
        return False
    talk.step(1)
    where = talk.gateway()
    for note in where.notes:
        talk.care(note)
    help_text = "It is not one of Portkey's own hosts, and nobody confirmed it yet. The yes is remembered."
    if not talk.prompter.confirm(
        ConfirmPrompt("confirmed_gateway", f"Send the Portkey key to {where.origin}", help=help_text)
    ):
        raise BackError
    return True


def _may_have_the_key(talk: Talk, url: str) -> bool:
    return url == _OTHER or hosts.may_receive_key(url, remembered_origins(talk.environment))


def _show_found(talk: Talk) -> None:
    seen, source = talk.found.seen, talk.found.source
    version = seen.install.version
    config = f"config {source.shown}"
    if not source.exists:
        config += " (will be made)"
    else:
        count = len(provider_entries(seen.config))
        parts = [plural(count, "provider")] if count else []
        parts += ["comments are kept"] if not seen.config.strict_json else []
        config += f" ({', '.join(parts)})" if parts else ""
    if seen.install.executable is None:
        talk.care("OpenClaw is not installed here. Its config is written all the same; to install it:")
        talk.console.copyable(_INSTALL, _INSTALL_PAGE, indent=4)
        talk.say(config[:1].upper() + config[1:])
    else:
        talk.say(f"Found   OpenClaw {version or '(version unknown)'}, {config}")
    primary = default_selection(seen.config).primary
    if primary is not None:
        talk.say(f"Model   {primary[0]}")


def _confirmed(talk: Talk) -> tuple[str, ...]:
    """The origins that the person confirmed as gateways: in earlier runs, or by the flag of this one."""
    named = (str(talk.gateway().origin),) if talk.stated("gateway_url") else ()
    return (*remembered_origins(talk.environment), *named)


def _beside_a_stranger(talk: Talk, confirmed: tuple[str, ...]) -> str:
    """What is wanted where nothing goes to Portkey yet: somebody's own provider of our name stays as it is."""
    stranger = None if talk.stated("provider_id") else stranger_named(talk.found.seen.config, PROVIDER_ID, confirmed)
    if stranger is None:
        return FIRST
    talk.care(
        f"A provider called {stranger.id} is there already and leads to {destination(stranger)}, which does not look "
        "like Portkey. It stays as it is, and the new entry gets another name."
    )
    return ADD


def _described(entry: ProviderEntry) -> str:
    where = hosts.origin(str(entry.settings.get("baseUrl", "")))
    return f"{where.host if where else 'no URL'}, {plural(len(entry.models), 'model')}"


def _choices(entries: tuple[ProviderEntry, ...]) -> list[Choice]:
    many = len(entries) > 1
    choices = [Choice(KEEP, "Keep it", "test the route as it is")]
    choices += [
        Choice(f"{CHANGE}:{entry.id}", f"Change {entry.id}" if many else "Change it", "gateway, key, models, storage")
        for entry in entries
    ]
    choices.append(Choice(ADD, "Add another provider entry", "beside what is there"))
    choices += [Choice(f"{REMOVE}:{entry.id}", f"Remove {entry.id}") for entry in entries] if many else []
    choices.append(Choice(REMOVE, "Remove it all" if many else "Remove it", "OpenClaw's config as it was before"))
    return choices


def _has_flags(talk: Talk) -> bool:
    return any(talk.stated(name) for name in ("model", "primary", "fallback", "slug", "config_id", "key_storage"))


def _standing(talk: Talk) -> str | None:
    """Where the entry leads that is changed, or the first one that another is added to."""
    entries = own_entries(talk.found.seen, _confirmed(talk))
    own = (entry for entry in entries if entry.id == talk.provider_id)
    entry = next(own, None) if talk.mode == CHANGE else next(iter(entries), None)
    url = entry.settings.get("baseUrl") if entry is not None else None
    where = hosts.origin(url) if isinstance(url, str) else None
    if not isinstance(url, str) or where is None:
        return None
    return url if hosts.kind(where.host) in (HostKind.HOSTED, HostKind.OTHER, HostKind.LOOPBACK) else None
