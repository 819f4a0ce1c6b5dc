"""What `setup --remove` leaves behind, in words: it is the user's, another program's, or what undo needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wizard.change.state import state_folder
from wizard.openclaw.config_view import agents
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.pins import session_pins
from wizard.openclaw.profile_removal import logout_command
from wizard.openclaw.seen import LayerName, OpenClawSeen
from wizard.setup.say import openclaw_command
from wizard.stores.model import BACKUP_LAYER, LOGIN_SHELL_LAYER, KeyCopy, StoreContext

_SHOWN: Final = 3
_ENVIRONMENT: Final = (LayerName.PROCESS.value, LOGIN_SHELL_LAYER)
_FILES: Final = (LayerName.CWD_DOTENV.value, LayerName.GATEWAY_ENV_FILE.value)


def left_behind(found: Sequence[KeyCopy], seen: OpenClawSeen, context: StoreContext) -> Iterator[str]:
    """A note for each kind of trace that stays.

    Args:
        found: every copy of the key.
        seen: the installation.
        context: the entries that go, and whose files these are.
    """
    folded = {each.lower() for each in context.provider_ids}
    for profile in seen.saved_profiles:
        if profile.provider_id.lower() in folded:
            command = logout_command(profile, agents(seen.config)[0].id)
            way = "Take it out of that file by hand."
            if command is not None:
                way = f"To take it away: {openclaw_command(context.located, *command[1:])}"
            yield f"OpenClaw keeps a saved key for {profile.provider_id}: {profile.name} in {profile.location}. {way}"
    pins = session_pins(context.located.state_dir, context.environment.now())
    pinned = [pin for pin in pins if pin.provider_id.lower() in folded]
    if pinned:
        named = ", ".join(f"{pin.session} ({pin.provider_id}/{pin.model})" for pin in pinned[:_SHOWN])
        more = f" and {len(pinned) - _SHOWN} more" if len(pinned) > _SHOWN else ""
        yield f"These sessions keep a model that goes: {named}{more}. Choose another one in those chats (/model)."
    shells = _places(copy for copy in found if copy.layer in _ENVIRONMENT)
    if shells:
        yield f"{KEY_VARIABLE} stays where your shell gets it from: {shells}."
    files = _places(copy for copy in found if copy.layer in _FILES)
    if files:
        yield f"{KEY_VARIABLE} stays in {files}, which portkey-claw did not write."
    backups = [copy for copy in found if copy.layer == BACKUP_LAYER]
    own = state_folder(context.environment)
    theirs = _places(copy for copy in backups if copy.path is None or not copy.path.is_relative_to(own))
    if theirs:
        yield f"OpenClaw's own copies from before still hold the key: {theirs}. Delete them if nobody else may have it."
    if any(copy.path is not None and copy.path.is_relative_to(own) for copy in backups):
        yield (
            f"portkey-claw's copies from before its changes hold the key too, for undo. They are in "
            f"{context.environment.display(own)}: delete that folder once you need no undo."
        )


def _places(copies: Iterable[KeyCopy]) -> str:
    return ", ".join(dict.fromkeys(copy.location for copy in copies))
