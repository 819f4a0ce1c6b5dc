"""What to know after the write: what must be restarted, what keeps its old model, what has to wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from wizard.base.environment import Environment
from wizard.change.plan import EditConfig, EditDotenv, ForgetSecret, Plan, StoreSecret
from wizard.openclaw import profiles
from wizard.openclaw.locate import Located
from wizard.openclaw.lockout import lock_outs
from wizard.openclaw.pickup import RELOAD_COMMAND, RESTART_COMMAND, Need, Touched, pickup
from wizard.openclaw.pins import SessionPin, pinned_outside, session_pins
from wizard.openclaw.running_gateway import running_gateway
from wizard.openclaw.seen import ConfigPath, OpenClawSeen
from wizard.openclaw.versions import parse_version
from wizard.setup.flow import Prepared
from wizard.setup.questions import LISTED
from wizard.setup.say import openclaw_command
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.words import plural, seconds

_SHOWN: Final = 3


def show_aftermath(prepared: Prepared, environment: Environment, console: Console) -> None:
    """Prints what the user has to do or to know before OpenClaw takes the new route."""
    now = environment.now()
    lines = [
        *_of_the_gateway(prepared, environment),
        *_of_pins(prepared, session_pins(prepared.located.state_dir, now)),
        *lock_out_words(prepared.located, (prepared.answers.provider_id,), now),
    ]
    if lines:
        console.blank()
    for line in lines:
        console.line(line, label=(Span(f"{console.glyphs.care} ", Tone.CARE),))


def touched_by(plan: Plan, paths: Iterable[ConfigPath]) -> Touched:
    """What a running gateway will see of a plan that changes these places of the config."""
    paths = tuple(paths)
    stores = any(isinstance(change, StoreSecret | ForgetSecret) for change in plan.changes)
    edits_env = any(isinstance(change, EditDotenv) for change in plan.changes)
    # A reference that is written anew is looked up anew.
    stored = stores and not any(path[:1] == ("models",) for path in paths)
    saved = any(isinstance(change, EditConfig) and change.path.name == profiles.FILE_NAME for change in plan.changes)
    return Touched(paths, dotenv=edits_env, stored_key=stored, profiles=saved)


def gateway_needs(touched: Touched, seen: OpenClawSeen, located: Located) -> tuple[Need, str]:
    """What a running gateway needs until it has a change, and that as a sentence, its commands for this config."""
    found = pickup(touched, parse_version(seen.install.version), seen.config.value)
    words = found.words
    for command in (RESTART_COMMAND, RELOAD_COMMAND):
        words = words.replace(command, openclaw_command(located, *command.split()[1:]))
    return found.need, words


def lock_out_words(located: Located, provider_ids: Iterable[str], now: datetime) -> Iterator[str]:
    """The providers that OpenClaw still holds back after a refused key; nothing but time ends that."""
    known = {provider_id.lower() for provider_id in provider_ids}
    # The longest comes first, and stays.
    held = {each.provider_id: each for each in reversed(lock_outs(located.state_dir, now))}
    for each in held.values():
        if each.provider_id.lower() in known:
            wait = seconds(max(1000, round((each.until - now).total_seconds() * 1000)))
            yield (
                f"OpenClaw still holds {each.provider_id} back for {wait} after a refused request of the agent "
                f"{each.agent}, whatever the key is now. Wait for that long before you try."
            )


def _paths(plan: Plan, prepared: Prepared) -> Iterator[ConfigPath]:
    for change in plan.changes:
        if isinstance(change, EditConfig):
            own = change.path == prepared.source.path
            # What setup writes into an included file is the provider entry, hardly ever anything else.
            yield from (operation.path if own else ("models",) for operation in change.operations)


def _of_the_gateway(prepared: Prepared, environment: Environment) -> Iterator[str]:
    if prepared.install.executable is None or not prepared.plan.changes:
        return
    if environment.system == "linux" and running_gateway(prepared.located, environment) is None:
        # Elsewhere a lock does not tell it for certain.
        return
    yield gateway_needs(touched_by(prepared.plan, _paths(prepared.plan, prepared)), prepared.seen, prepared.located)[1]


def _of_pins(prepared: Prepared, pins: Iterable[SessionPin]) -> Iterator[str]:
    answers = prepared.answers
    if answers.role == LISTED:
        return
    outside = [
        pin
        for pin in pinned_outside(pins, (answers.provider_id,))
        if answers.agent is None or pin.agent == answers.agent
    ]
    if outside:
        named = ", ".join(f"{pin.session} ({pin.provider_id}/{pin.model})" for pin in outside[:_SHOWN])
        more = f" and {len(outside) - _SHOWN} more" if len(outside) > _SHOWN else ""
        verb = "has a model of its own and stays" if len(outside) == 1 else "have models of their own and stay"
        ref = f"{answers.provider_id}/{prepared.selection.primary}"
        yield (
            f"{plural(len(outside), 'session')} {verb} with it: {named}{more}. "
            f"To move one, choose {ref} in that chat (/model), or begin a new session there."
        )
