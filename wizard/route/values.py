"""What a string or a SecretRef in the config comes to, and which layer its value is from."""

from __future__ import annotations

import json
from typing import Any

from wizard.openclaw import references
from wizard.openclaw.env_layers import winner
from wizard.openclaw.seen import KEYRING_PLACE, ConfigPath, EnvLayer, LayerName, OpenClawSeen
from wizard.route.model import Reference, Resolved


class ConfigValues:
    """The values of one config in the environment of one runtime.

    Args:
        seen: the config, and what our resolver would hand to OpenClaw.
        layers: the runtime's layers in OpenClaw's order of precedence.
    """

    def __init__(self, seen: OpenClawSeen, layers: tuple[EnvLayer, ...]) -> None:
        self._config = seen.config
        self._keyring_keys = seen.keyring_keys
        self._layers = layers

    def resolve(self, value: Any, path: ConfigPath) -> Resolved | None:
        """What a string or a SecretRef comes to; None for anything else, and for a store that cannot be seen here."""
        if isinstance(value, str):
            return self.resolve_text(value, path)
        ref = references.secret_ref(value)
        if ref is None:
            return None
        from_keyring = self._from_keyring(ref)
        if from_keyring is not None and from_keyring.resolved is not None:
            return Resolved(json.dumps(value), from_keyring.resolved, (from_keyring,), path)
        if ref.source != "env":
            return None
        reference = self._reference(ref.id)
        return Resolved(f"${{{ref.id}}}", reference.resolved or f"${{{ref.id}}}", (reference,), path)

    def _from_keyring(self, ref: references.SecretRef | None) -> Reference | None:
        """The key that our own resolver hands to OpenClaw for a reference, or None where it hands on nothing."""
        if ref is None or not references.is_ours(ref):
            return None
        key = next((each for each in self._keyring_keys if each.account == ref.id and each.reaches_openclaw), None)
        return Reference(ref.id, key.handle, f"secret-{ref.source}", KEYRING_PLACE) if key is not None else None

    def is_out_of_sight(self, ref: references.SecretRef | None) -> bool:
        """Whether a reference leads to a store whose values cannot be seen here."""
        return ref is not None and ref.source != "env" and self._from_keyring(ref) is None

    def resolve_text(self, text: str, path: ConfigPath) -> Resolved:
        """What a string comes to, its `${NAME}` filled in as OpenClaw does."""
        bare = references.bare_variable(text)
        if bare is not None:
            return Resolved(text, text, (Reference(bare, substituted=False),), path)
        found = tuple(
            self._reference(token.name) if token.substituted else Reference(token.name, substituted=False)
            for token in references.tokens(text)
            if not token.escaped
        )
        values = {reference.name: reference.resolved for reference in found if reference.substituted}
        return Resolved(text, references.substitute(text, values.get), found, path)

    def _reference(self, name: str) -> Reference:
        won = winner(self._layers, name)
        if won is None:
            return Reference(name)
        layer, variable = won
        where = f"{layer.location}:{variable.line}" if variable.line else layer.location
        return Reference(name, self._variable(name, layer, variable.value) or None, layer.name.value, where)

    def _variable(self, name: str, layer: EnvLayer, value: str) -> str:
        """A variable's value; one that the config sets may itself refer to a variable of another layer."""
        if layer.name is not LayerName.CONFIG or not references.names(value):
            return value
        outside = tuple(each for each in self._layers if each.name is not LayerName.CONFIG)

        def look_up(inner: str) -> str | None:
            won = winner(outside, inner)
            return won[1].value if won is not None and inner != name else None

        resolved = references.substitute(value, look_up)
        return "" if references.names(resolved) else resolved

    def location(self, resolved: Resolved) -> tuple[str, str]:
        """The layer that a value lives in, and the place, in words."""
        if resolved.references:
            first = resolved.references[0]
            return (first.layer or "none"), first.location
        place = self._config.place(resolved.path)
        where = f"{self._config.path}:{place.value.line}" if place else self._config.path
        return ("header" if "headers" in resolved.path or "auth" in resolved.path else "literal"), where
