"""The environment that a running OpenClaw gateway was started with, where the system shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.vault import Vault
from wizard.openclaw.locate import Located
from wizard.openclaw.running_gateway import RunningGateway, running_gateway
from wizard.stores.model import SERVICE_LAYER, KeyCopy

_PROCESSES: Final = Path("/proc")


def gateways_environment(gateway: RunningGateway) -> dict[str, str] | None:
    """The variables that the gateway's process was started with, or None where they cannot be read.

    Linux shows them to the user whose process it is. What OpenClaw reads from `.env` files later is not among them.
    """
    try:
        text = read_text(_PROCESSES / str(gateway.pid) / "environ", limit=limits.ENV_FILE_BYTES, lenient=True).text
    except UnreadableFileError:
        return None
    pairs = (entry.partition("=") for entry in text.split("\0") if "=" in entry)
    return {name: value for name, _, value in pairs}


def in_service(names: Iterable[str], located: Located, environment: Environment, vault: Vault) -> Iterator[KeyCopy]:
    """The key in the environment of a running gateway."""
    gateway = running_gateway(located, environment)
    variables = gateways_environment(gateway) if gateway is not None else None
    if gateway is None or variables is None:
        return
    where = f"the running gateway, process {gateway.pid}"
    for name in names:
        if name in variables:
            value = variables[name]
            handle = vault.take(value, where).handle if value.strip() else None
            note = "" if handle else "empty: it hides the files that OpenClaw reads after it"
            yield KeyCopy(SERVICE_LAYER, where, handle, note=note, name=name)
