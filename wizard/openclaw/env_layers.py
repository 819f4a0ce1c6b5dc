"""The environment that OpenClaw's routes see: its layers, and which of them wins for a name.

Source: precedence measured on the wire on 2026.3.13, 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wizard.openclaw.seen import ConfigFile, EnvLayer, LayerName, LayerVariable
from wizard.openclaw.versions import ENV_VARS_ONLY, Version

KEY_VARIABLE: Final = "PORTKEY_API_KEY"

# Collected whether or not the config names them: they decide how a request travels.
TRANSPORT_VARIABLES: Final = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_SYSTEM_CA",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "SSL_CERT_FILE",
)


def config_layer(config: ConfigFile, version: Version | None) -> EnvLayer:
    """The variables that the config itself sets.

    Up to 2026.7 they may also stand directly below `env`; OpenClaw passes over values that are blank. A value may
    itself be a reference to a variable of another layer.
    """
    found: dict[str, LayerVariable] = {}
    section = config.get(("env",))
    if isinstance(section, Mapping):
        _add_variables(found, config, ("env", "vars"), section.get("vars"))
        if version is None or version < ENV_VARS_ONLY:
            _add_variables(found, config, ("env",), section)
    return EnvLayer(LayerName.CONFIG, config.path, found)


def winner(layers: Sequence[EnvLayer], name: str) -> tuple[EnvLayer, LayerVariable] | None:
    """The layer whose value OpenClaw uses for a name.

    A file never overrides what is set before it, not even an empty value; the config fills in what is empty.
    """
    for layer in layers:
        variable = layer.variables.get(name)
        if variable is None:
            continue
        if variable.value.strip() or layer.name is LayerName.CONFIG:
            return layer, variable
        # Set but empty: it hides the files after it, and only the config can still fill it.
        rest = (later for later in layers if later.name is LayerName.CONFIG and name in later.variables)
        return next(((later, later.variables[name]) for later in rest), (layer, variable))
    return None


def _add_variables(found: dict[str, LayerVariable], config: ConfigFile, path: tuple[str, ...], values: Any) -> None:
    if not isinstance(values, Mapping):
        return
    for name, value in values.items():
        if name in ("vars", "shellEnv") and path == ("env",):
            continue
        if isinstance(value, str) and value.strip():
            place = config.place((*path, name))
            found[name] = LayerVariable(value, place.value.line if place else 0)
