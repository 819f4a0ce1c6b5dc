"""What setup says of keys that OpenClaw would take before the one that is about to be stored."""

from __future__ import annotations

from collections.abc import Collection

from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import LayerName
from wizard.stores.model import PROFILE_LAYER, Storage, StoreContext
from wizard.stores.precedence import Stronger, stronger


def rivals(
    handle: str, storage: Storage, context: StoreContext, gone: Collection[LayerName] = ()
) -> tuple[Stronger, ...]:
    """The keys that would win over one in a store: in this shell and folder, and wherever else OpenClaw is started.

    Here the shell's or the folder's own variable may hold the same key and hide what the background gateway meets.

    Args:
        handle: the key.
        storage: where it is to be.
        context: what was seen.
        gone: the layers from which the key is taken away in the same change.
    """
    outside = ((), (LayerName.PROCESS,), (LayerName.PROCESS, LayerName.CWD_DOTENV))
    found = (each for without in outside for each in stronger(handle, storage, context, (*gone, *without)))
    return tuple(dict.fromkeys(found))


def note_of(each: Stronger) -> str:
    """What the user should know of it before the write, whole sentences."""
    if each.layer == PROFILE_LAYER:
        return (
            f"OpenClaw has saved another key for this provider itself ({each.location}), and takes that one before "
            "the config's. Remove it there, or give the provider entry another name with --provider-id."
        )
    if each.handle is None:
        return f"{KEY_VARIABLE} is empty in {place_of(each)}, and that hides the stored key. Remove it there."
    return (
        f"{KEY_VARIABLE} in {place_of(each)} has another value, and OpenClaw takes that one wherever it sees it. "
        "Remove it there, or change it to the same key."
    )


def question_of(each: Stronger) -> str:
    """The same before the question what to do about it."""
    if each.layer == PROFILE_LAYER:
        return (
            f"OpenClaw has saved another key for this provider itself, in {each.location}. It takes that one before "
            "any other, so the new key would not be used."
        )
    if each.handle is None:
        return f"{KEY_VARIABLE} is empty in {place_of(each)}. OpenClaw would find no key there, the new one included."
    return (
        f"{place_of(each)} holds another key, {each.handle}. OpenClaw takes that one wherever it sees it, so the new "
        "key would not be used there."
    )


def place_of(each: Stronger) -> str:
    """Where it is, for people."""
    return "the environment of this shell" if each.layer == LayerName.PROCESS else each.location
