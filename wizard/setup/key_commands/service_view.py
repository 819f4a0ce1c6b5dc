"""Whether OpenClaw's background gateway has the key, as far as its files and its process allow to tell."""

from __future__ import annotations

from typing import Final

from wizard.openclaw.env_layers import KEY_VARIABLE, winner
from wizard.openclaw.seen import EnvLayer, LayerName
from wizard.setup.key_commands.look import Around
from wizard.stores.model import KEYRING_LAYER, SERVICE_LAYER, KeyCopy

OF_THIS_SHELL: Final = (LayerName.PROCESS, LayerName.CWD_DOTENV)
_VARIABLES: Final = frozenset(layer.value for layer in LayerName)

View = tuple[bool | None, str]


def service_view(around: Around) -> View:
    """Whether the gateway has the key that is in use here, None where that cannot be told; and the same in words."""
    winning = around.winning
    first = around.winner
    layer = first.layer if first is not None else LayerName.PROCESS.value
    if layer not in _VARIABLES:
        return _from_settings(layer)
    outside = tuple(each for each in around.layers if each.name not in OF_THIS_SHELL)
    found = winner(outside, KEY_VARIABLE)
    heir = found[0] if found is not None and found[1].value.strip() else None
    heirs_key = found[1].value if found is not None and heir is not None else None
    in_use = winning.handle if winning is not None else None
    own = next((copy for copy in around.found if copy.layer == SERVICE_LAYER), None)
    if own is not None:
        return _with_its_own(own, in_use, heir)
    if layer not in OF_THIS_SHELL:
        return True, "A background gateway takes it from there too."
    place = "this shell" if layer == LayerName.PROCESS else "this folder"
    same = heirs_key == in_use
    which = "the same key" if same else "another key"
    if not around.gateway_shown:
        then = f"it then takes {which} from {heir.location}" if heir is not None else "it then has no key"
        return None, f"A background gateway may not see {place}; {then}."
    if heir is None:
        return False, f"The running gateway was not started from {place}, and has no key."
    return same, f"The running gateway takes {which} from {heir.location}."


def _from_settings(layer: str) -> View:
    if layer in ("secret-exec", KEYRING_LAYER):
        return None, "A background gateway takes it from there too, if the keyring is open when it starts."
    return (None if layer.startswith("secret-") else True), "A background gateway takes it from there too."


def _with_its_own(own: KeyCopy, in_use: str | None, heir: EnvLayer | None) -> View:
    """For a gateway that was started with the variable."""
    if own.handle is not None:
        if own.handle == in_use:
            return True, "The running gateway has the same key."
        return False, "The running gateway was started with another key in its environment, and takes that one."
    # Set but empty: only the config can still fill it.
    if heir is not None and heir.name is LayerName.CONFIG:
        return True, "The running gateway takes it from the config."
    return False, "The running gateway was started with the variable empty, and has no key."
