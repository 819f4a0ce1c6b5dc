"""Step 3, last part: what becomes of the model that OpenClaw uses now. Nothing is switched without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wizard.change.trusted_hosts import remembered_origins
from wizard.openclaw.config_view import Agent, Selection, agents, default_selection
from wizard.setup.interview.talk import CHANGE, Talk
from wizard.setup.prompter.model import Choice, ChoicePrompt
from wizard.setup.questions import FALLBACK, LISTED, PRIMARY
from wizard.setup.strangers import own_entries

_EVERYBODY: Final = "everybody"
# How a kept answer is shown, where its models are not known yet.
TITLES: Final[Mapping[str, str]] = {
    PRIMARY: "Portkey first",
    FALLBACK: "Portkey as fallback",
    LISTED: "Portkey beside the present model",
}


def agent(talk: Talk) -> bool:
    """Asks whose model is set, where the default agent has one of its own that would hide the default."""
    if talk.stated("agent"):
        return False
    hiding = _hiding(talk)
    if hiding is None:
        talk.answers.pop("agent", None)
        talk.answers.pop("default_may_hide", None)
        return False
    own = hiding.own.primary[0] if hiding.own is not None and hiding.own.primary is not None else ""
    talk.step(3)
    talk.care(f"The agent {hiding.id}, which answers by default, has a model of its own: {own}")
    choices = [
        Choice(hiding.id, f"Set the model of {hiding.id}", "its requests go through Portkey"),
        Choice(_EVERYBODY, "Set the default of all agents", f"{hiding.id} stays with {own}"),
    ]
    before = _EVERYBODY if talk.answers.get("default_may_hide") else None
    answer = talk.prompter.choose(ChoicePrompt("agent", talk.title("agent"), choices, before))
    talk.answers["agent"] = None if answer == _EVERYBODY else answer
    talk.answers["default_may_hide"] = answer == _EVERYBODY
    return True


def role(talk: Talk) -> bool:
    """Asks what becomes of another primary model in use."""
    if talk.stated("use_as"):
        return False
    present = _in_use(talk)
    if present is None or present.startswith(f"{talk.provider_id}/"):
        talk.answers.pop("use_as", None)
        return False
    talk.step(3)
    talk.say(f"OpenClaw uses {present} now.")
    first = str(talk.given.get("primary") or "")
    new = f"{talk.provider_id}/{first}"
    # A present model that goes through Portkey as well is no opposite of it.
    made = first if first and _goes_through_portkey(talk, present) else "Portkey"
    choices = [
        Choice(PRIMARY, f"Make {made} the default", f"{new} first, in the place of {present}"),
        Choice(LISTED, "Keep it, and add Portkey beside it", "the Portkey models can be chosen in OpenClaw"),
        Choice(FALLBACK, "Keep it, with Portkey as fallback", f"{new} when {present} fails"),
    ]
    prompt = ChoicePrompt("use_as", talk.title("use_as"), choices, talk.answers.get("use_as") or _standing(talk))
    talk.answers["use_as"] = talk.prompter.choose(prompt)
    return True


def _standing(talk: Talk) -> str | None:
    """What the entry that is changed is now: behind another model, or merely there; None where it is new."""
    if talk.mode != CHANGE:
        return None
    behind = any(ref.startswith(f"{talk.provider_id}/") for ref, _ in selection(talk).fallbacks)
    return FALLBACK if behind else LISTED


def _goes_through_portkey(talk: Talk, ref: str) -> bool:
    known = remembered_origins(talk.environment)
    return ref.partition("/")[0] in [entry.id for entry in own_entries(talk.found.seen, known)]


def _hiding(talk: Talk) -> Agent | None:
    """The default agent, where its own model is none of this entry's."""
    first = next(each for each in agents(talk.found.seen.config) if each.is_default)
    if first.own is None or first.own.primary is None:
        return None
    return None if first.own.primary[0].startswith(f"{talk.provider_id}/") else first


def _in_use(talk: Talk) -> str | None:
    present = selection(talk).primary
    return present[0] if present is not None else None


def selection(talk: Talk) -> Selection:
    """The models in use now: the one agent's own where an agent was named and has some, else the default's."""
    config = talk.found.seen.config
    name = talk.given.get("agent")
    own = next((each.own for each in agents(config) if each.id == name), None) if name else None
    return own if own is not None and own.primary is not None else default_selection(config)
