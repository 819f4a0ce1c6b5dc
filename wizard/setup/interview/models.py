"""Step 3, second part: which models OpenClaw is to know, which comes first, and what is tried behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from wizard.portkey.catalogue import Catalogue, CatalogueModel, split_model
from wizard.portkey.hosts import HostKind
from wizard.portkey.newest import newest_first
from wizard.setup import checks
from wizard.setup.interview.provider import CONFIG, VENDOR
from wizard.setup.interview.role import selection
from wizard.setup.interview.talk import CHANGE, Talk
from wizard.setup.names import readable_name
from wizard.setup.prompter.model import Choice, ChoicePrompt, ManyPrompt, TextPrompt, Verdict

_TYPED: Final = "typed"
_CONFIG_MODEL: Final = "portkey-config"


def models(talk: Talk) -> bool:
    """Asks for the models to list, from the catalogue where there is one."""
    if talk.stated("model") or talk.stated("primary"):
        return False
    talk.step(3)
    offered = _offered(talk)
    if not offered or talk.answers.get("route_by") == CONFIG:
        return _type(talk)
    listed = _listed(talk)
    chosen = [name for name in talk.answers.get("model", listed) if name in [choice.value for choice in offered]]
    prompt = ManyPrompt(
        "model",
        talk.title("model"),
        offered,
        chosen,
        "Those that OpenClaw may use; one is enough.",
        least=1,
    )
    picked = talk.prompter.choose_many(prompt)
    if _TYPED in picked:
        name = talk.prompter.text(TextPrompt("model_name", "Model", None, _judge(talk), "As @slug/model."))
        picked = tuple(_with_slug(name, talk) if pick == _TYPED else pick for pick in picked)
    talk.answers["model"] = list(dict.fromkeys(picked))
    talk.answers["unlisted"] = []
    _forget_what_is_gone(talk)
    return True


def primary(talk: Talk) -> bool:
    """Asks which of several models comes first."""
    picked = list(talk.given.get("model") or ())
    if talk.stated("primary"):
        return False
    if len(picked) < 2:
        talk.answers["primary"] = picked[0] if picked else None
        return False
    talk.step(3)
    before = talk.answers.get("primary") or _present_primary(talk)
    prompt = ChoicePrompt(
        "primary",
        talk.title("primary"),
        [Choice(name, name, _readable(name)) for name in picked],
        before if before in picked else picked[0],
        "The one that OpenClaw asks first.",
    )
    talk.answers["primary"] = talk.prompter.choose(prompt)
    return True


def fallback(talk: Talk) -> bool:
    """Asks which models are tried when the primary fails; none is an answer."""
    if talk.stated("fallback") or talk.answers.get("use_as") == "listed" or talk.stated("use_as"):
        return False
    picked = list(talk.given.get("model") or ())
    first = talk.given.get("primary")
    catalogue = talk.catalogue
    rest = newest_first(catalogue.models) if catalogue is not None and talk.answers.get("route_by") != CONFIG else ()
    names = list(dict.fromkeys([*picked, *(model.id for model in rest if _can_be_written(model.id))]))
    choices = [Choice(name, name, _readable(name)) for name in names if name != first]
    if not choices:
        return False
    talk.step(3)
    known = {choice.value for choice in choices}
    chosen = [name for name in talk.answers.get("fallback", _present_fallbacks(talk)) if name in known]
    prompt = ManyPrompt(
        "fallback",
        talk.title("fallback"),
        choices,
        chosen,
        "Tried in this order when the primary fails. None is fine: press Enter.",
    )
    talk.answers["fallback"] = list(talk.prompter.choose_many(prompt))
    return True


def _type(talk: Talk) -> bool:
    """Asks for one model by its name."""
    by_config = talk.answers.get("route_by") == CONFIG
    slug = _slug(talk)
    before = next(iter(talk.answers.get("model", ())), None) or next(iter(_listed(talk)), None)
    if by_config:
        before = before or _CONFIG_MODEL
        text = "The config decides; this name is what OpenClaw shows and what a config without a model hands on."
    elif slug:
        text = f"A model of @{slug}, as its vendor calls it."
    elif talk.gateway().kind is HostKind.HOSTED:
        text = "As @slug/model, such as @anthropic-prod/claude-opus-4-5."
    else:
        text = "As this gateway knows it: @slug/model, or the model's own name."
    name = talk.prompter.text(TextPrompt("model", "Model", before, _judge(talk), text))
    talk.answers["model"] = talk.answers["unlisted"] = [_with_slug(name.strip(), talk)]
    _forget_what_is_gone(talk)
    return True


def _judge(talk: Talk) -> Callable[[str], Verdict]:
    def judge(text: str) -> Verdict:
        verdict = talk.judge("model")(text)
        if verdict.refused is not None:
            return verdict
        name = text.strip()
        taken = _with_slug(name, talk)
        bare = split_model(taken) is None and talk.answers.get("route_by") not in (CONFIG, VENDOR)
        if bare and talk.gateway().kind is HostKind.HOSTED:
            better = f"@{name}" if "/" in name and split_model(f"@{name}") else f"@slug/{name}"
            return Verdict(refused=f"names no provider: write {better}")
        return Verdict(note=f"becomes {taken}" if taken != name else "")

    return judge


def _with_slug(name: str, talk: Talk) -> str:
    """A typed name as it is meant: `slug/model` of a known slug lacks its `@` only."""
    slug = _slug(talk)
    if split_model(name) is not None or talk.answers.get("route_by") == CONFIG:
        return name
    known = set(talk.catalogue.slugs if talk.catalogue is not None else ()) | set(talk.providers)
    if name.partition("/")[0] in known and split_model(f"@{name}") is not None:
        return f"@{name}"
    return f"@{slug}/{name}" if slug else name


def _offered(talk: Talk) -> list[Choice]:
    """The models of the chosen provider, newest first; before them what the entry lists already."""
    catalogue = talk.catalogue
    if catalogue is None:
        return []
    slug = _slug(talk)
    possible = newest_first(catalogue.of(slug) if slug else catalogue.models)
    if not possible:
        return []
    listed = [name for name in _listed(talk) if _can_be_written(name)]
    by_id = _by_id(catalogue)
    typed = [name for name in talk.answers.get("model", ()) if name not in by_id]
    names = dict.fromkeys([*listed, *typed, *(model.id for model in possible if _can_be_written(model.id))])
    choices = [Choice(name, name, _detail(name, by_id.get(name), listed)) for name in names]
    if not catalogue.complete:
        choices.append(Choice(_TYPED, "Another model", "typed: the catalogue could not be read to its end"))
    return choices


def _can_be_written(name: str) -> bool:
    """Whether a name from outside can stand in OpenClaw's config, which takes `${…}` for a variable."""
    try:
        checks.model(name)
    except ValueError:
        return False
    return True


def _slug(talk: Talk) -> str:
    """The chosen provider without its @; empty where none was chosen."""
    return str(talk.given.get("slug") or "").removeprefix("@")


def _by_id(catalogue: Catalogue) -> dict[str, CatalogueModel]:
    return {model.id: model for model in catalogue.models}


def _detail(name: str, model: CatalogueModel | None, listed: Iterable[str]) -> str:
    parts = [_readable(name)]
    if name in listed:
        parts.append("listed now" if model is not None else "listed now, not in the catalogue")
    if model is not None and model.context:
        parts.append(f"{model.context // 1000}k context")
    if model is not None and model.created:
        parts.append(model.created_on)
    return " · ".join(parts)


def _readable(name: str) -> str:
    model = split_model(name)
    return readable_name(model.model if model else name, None)


def _listed(talk: Talk) -> list[str]:
    """What the entry that is changed lists already."""
    if talk.mode != CHANGE:
        return []
    listed = talk.entry.get("models")
    items = listed if isinstance(listed, list) else []
    return [item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]


def _present_primary(talk: Talk) -> str | None:
    """The first model of this entry's that is asked now, at once or behind another."""
    present = selection(talk)
    refs = [present.primary, *present.fallbacks] if present.primary is not None else present.fallbacks
    return next(iter(_own([ref for ref, _ in refs], talk)), None)


def _present_fallbacks(talk: Talk) -> list[str]:
    return _own([ref for ref, _ in selection(talk).fallbacks], talk)


def _own(refs: list[str], talk: Talk) -> list[str]:
    """The models among these refs that are this entry's."""
    prefix = f"{talk.provider_id}/"
    return [ref.removeprefix(prefix) for ref in refs if ref.startswith(prefix)]


def _forget_what_is_gone(talk: Talk) -> None:
    """A primary and fallbacks said earlier stand only as far as they still can."""
    picked = talk.answers["model"]
    if talk.answers.get("primary") not in picked:
        talk.answers.pop("primary", None)
