"""Step 3, first part: the provider in Portkey that the models come from, or a saved config that chooses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wizard.portkey import headers
from wizard.portkey.account import AccountConfig, AccountProvider, read_configs
from wizard.portkey.catalogue import split_model
from wizard.portkey.hosts import HostKind
from wizard.setup import checks, flow
from wizard.setup.interview.key import check
from wizard.setup.interview.talk import ADD, CHANGE, Talk
from wizard.setup.models import CATALOGUE_PAGE
from wizard.setup.prompter.model import Choice, ChoicePrompt, TextPrompt, Verdict
from wizard.terminal.links import open_link
from wizard.terminal.words import plural

CONFIG: Final = "config"
VENDOR: Final = "vendor"
_TYPED: Final = "typed"
_NONE: Final = "none"
_NAMED: Final = "named"
_ANSWERS: Final = {CONFIG: "config_id", VENDOR: "vendor"}
_AGAIN: Final = "again"
_STATUS: Final = {"exhausted": "budget used up", "expired": "expired"}


def provider(talk: Talk) -> bool:
    """Asks for one of the providers that the key may really use."""
    if any(talk.stated(name) for name in ("model", "primary", "slug", "config_id", "vendor")):
        return False
    while True:
        if talk.catalogue is None:
            return _without_catalogue(talk)
        talk.step(3)
        answer = talk.prompter.choose(_prompt(talk))
        if answer == _NONE:
            _show_page(talk)
            check(talk)
            continue
        talk.answers["route_by"] = answer if answer in (CONFIG, _TYPED) else "slug"
        talk.answers["slug"] = answer.removeprefix("@") if answer.startswith("@") else None
        _forget_other_ways(talk, answer)
        return True


def typed_slug(talk: Talk) -> bool:
    """Asks for a slug that the list does not have."""
    if talk.answers.get("route_by") != _TYPED:
        return False
    talk.step(3)
    prompt = TextPrompt(
        "slug",
        "Provider slug",
        judge=_judge_slug(talk),
        help="As the Portkey page shows it, with or without its @, such as @anthropic-prod.",
    )
    talk.answers["slug"] = talk.prompter.text(prompt).removeprefix("@")
    return True


def config_id(talk: Talk) -> bool:
    """Asks for a saved Portkey config, from a list where the key may read it."""
    if talk.stated("config_id") or talk.answers.get("route_by") != CONFIG:
        return False
    talk.step(3)
    known = _configs(talk)
    before = talk.answers.get("config_id") or _entry_config(talk)
    if known:
        choices = [Choice(each.id, each.id, each.name) for each in known]
        pointed = before if before in [each.id for each in known] else None
        answer = talk.prompter.choose(ChoicePrompt("config_id", talk.title("config_id"), choices, pointed))
    else:
        prompt = TextPrompt(
            "config_id",
            talk.title("config_id"),
            before,
            talk.judge("config_id"),
            "Its id begins with pc- and stands beside its name on https://app.portkey.ai/configs.",
        )
        answer = talk.prompter.text(prompt)
    talk.answers["config_id"] = answer
    return True


def vendor(talk: Talk) -> bool:
    """Asks what a gateway without a catalogue calls the provider."""
    if talk.stated("vendor") or talk.answers.get("route_by") != VENDOR:
        return False
    talk.step(3)
    prompt = TextPrompt(
        "vendor",
        talk.title("vendor"),
        talk.answers.get("vendor") or _entry_vendor(talk),
        talk.judge("vendor"),
        "As the gateway spells it, such as openai, anthropic or vertex-ai.",
    )
    talk.answers["vendor"] = talk.prompter.text(prompt)
    return True


def entry_name(talk: Talk) -> bool:
    """Asks what a further entry is to be called in OpenClaw."""
    if talk.mode != ADD or talk.stated("provider_id"):
        return False
    talk.step(3)
    taken = talk.found.seen.config.get(("models", "providers"))
    names = set(taken) if isinstance(taken, dict) else set()
    slug = str(talk.given.get("slug") or "").removeprefix("@")
    wished = (f"portkey-{slug.partition('-')[0]}", f"portkey-{slug}") if slug else ()
    free = (name for name in (*wished, *(f"portkey-{number}" for number in range(2, 99))) if name not in names)

    def judge(text: str) -> Verdict:
        verdict = talk.judge("provider_id")(text)
        if verdict.refused is None and text.strip() in names:
            return Verdict(refused="is the name of an entry that is there already")
        return verdict

    prompt = TextPrompt(
        "provider_id",
        talk.title("provider_id"),
        talk.answers.get("provider_id") or next(free, None),
        judge,
        "Model names in OpenClaw begin with it.",
    )
    talk.answers["provider_id"] = talk.prompter.text(prompt)
    return True


def describe(known: AccountProvider | None, count: int) -> str:
    """What stands behind a slug in the list: vendor, status, how many models."""
    parts = [plural(count, "model")] if count else ["no models listed"]
    if known is None:
        return parts[0]
    status = _STATUS.get(known.status or "", known.status)
    if known.status == "exhausted" and known.resets:
        status = f"{status}, begins anew {known.resets}"
    if known.status == "expired" and known.expires_at:
        status = f"{status} since {known.expires_at[:10]}"
    return " · ".join([*(part for part in (known.vendor, status) if part), *parts])


def _prompt(talk: Talk) -> ChoicePrompt:
    catalogue = talk.catalogue
    slugs = list(catalogue.slugs) if catalogue is not None else []
    # A provider of the account whose models the catalogue does not list can be used with a typed model.
    slugs += [slug for slug in talk.providers if slug not in slugs]
    working = sorted(slugs, key=lambda slug: _rank(talk.providers.get(slug)))
    choices = [
        Choice(f"@{slug}", f"@{slug}", describe(talk.providers.get(slug), len(catalogue.of(slug)) if catalogue else 0))
        for slug in working
    ]
    config = Choice(CONFIG, "A saved Portkey config (pc-…)", "it chooses provider and model for every request")
    typed = Choice(_TYPED, "Another slug", "typed")
    if choices:
        choices += [config, typed, Choice(_NONE, "Not here yet", "shows the page, then checks again")]
    else:
        talk.care("This key may use no provider yet.")
        choices = [Choice(_NONE, "Add one on the Portkey page, then check again", "shows the page"), config, typed]
    before = talk.answers.get("slug") or _entry_slug(talk)
    pointed = f"@{before}" if before in slugs else CONFIG if _entry_config(talk) else None
    help_text = "The AI provider in Portkey whose models OpenClaw is to use."
    return ChoicePrompt("provider", talk.title("slug"), choices, pointed, help_text)


def _rank(known: AccountProvider | None) -> int:
    return 1 if known is not None and known.status in _STATUS else 0


def _show_page(talk: Talk) -> None:
    talk.say("Add a provider with its credentials here, and let this key's workspace use it:")
    open_link(talk.environment, talk.console, CATALOGUE_PAGE, asked=True)
    talk.prompter.choose(ChoicePrompt("provider_added", "Then", [Choice(_AGAIN, "Check again")]))


def _without_catalogue(talk: Talk) -> bool:
    """Nobody told of providers: a model's name says it all, or a saved config does, or a header names the provider."""
    named = Choice(_NAMED, "By the model's name", "typed, as @slug/model")
    config = Choice(CONFIG, "By a saved Portkey config (pc-…)", "it chooses provider and model for every request")
    vendor = Choice(VENDOR, "By the provider's name, in a header", "such as openai, for the open-source gateway")
    if not talk.keeps_providers:
        choices = [vendor, Choice(_NAMED, "By the model's name alone", "where something else adds that header")]
    elif talk.gateway().kind is HostKind.HOSTED:
        choices = [named, config]
    else:
        choices = [named, config, vendor]
    standing = CONFIG if _entry_config(talk) else VENDOR if _entry_vendor(talk) else None
    before = talk.answers.get("route_by") or standing
    pointed = before if before in [choice.value for choice in choices] else None
    talk.step(3)
    help_text = "The gateway lists no providers: how is it to know where a request goes?"
    answer = talk.prompter.choose(ChoicePrompt("route_by", "Routing", choices, pointed, help_text))
    talk.answers["route_by"] = answer
    talk.answers["slug"] = None
    _forget_other_ways(talk, answer)
    return True


def _forget_other_ways(talk: Talk, answer: str) -> None:
    """A header that stays in an entry, or an answer from before, would go on choosing the provider."""
    for way, present in ((CONFIG, _entry_config(talk)), (VENDOR, _entry_vendor(talk))):
        name = _ANSWERS[way]
        if answer != way:
            talk.answers.pop(name, None)
        talk.answers[f"clear_{name}"] = answer != way and present is not None and talk.mode == CHANGE


def _configs(talk: Talk) -> tuple[AccountConfig, ...]:
    if talk.unchecked or talk.key is None:
        return ()
    ask = flow.asker(talk.request, talk.found.seen)
    known = read_configs(talk.gateway().api_root, talk.key.facts.handle, ask) or ()
    # What is no id cannot be written, whoever lists it.
    return tuple(each for each in known if talk.judge("config_id")(each.id).refused is None)


def _judge_slug(talk: Talk) -> Callable[[str], Verdict]:
    known = [*(talk.catalogue.slugs if talk.catalogue is not None else ()), *talk.providers]

    def judge(text: str) -> Verdict:
        try:
            slug = checks.slug(text.strip())
        except ValueError as error:
            return Verdict(refused=str(error))
        if known and slug not in known and talk.gateway().kind is HostKind.HOSTED:
            return Verdict(warning="is none that this key may use, as far as the catalogue tells")
        return Verdict(note=f"@{slug}")

    return judge


def _entry_slug(talk: Talk) -> str | None:
    """The slug of the first model that the entry lists."""
    listed = talk.entry.get("models")
    for item in listed if isinstance(listed, list) else ():
        model = split_model(str(item.get("id"))) if isinstance(item, dict) else None
        if model is not None:
            return model.slug
    return None


def _entry_config(talk: Talk) -> str | None:
    value = _entry_header(talk, headers.CONFIG)
    return value if value is not None and value.startswith("pc-") else None


def _entry_vendor(talk: Talk) -> str | None:
    value = _entry_header(talk, headers.PROVIDER)
    return value if value is not None and not value.startswith("@") else None


def _entry_header(talk: Talk, wanted: str) -> str | None:
    sent = talk.entry.get("headers")
    for name, value in sent.items() if isinstance(sent, dict) else ():
        if name.lower() == wanted and isinstance(value, str):
            return value
    return None
