"""The look around that every key command begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wizard.base.environment import Environment
from wizard.keys.keyring_store import Keyring
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.running_gateway import running_gateway
from wizard.openclaw.seen import EnvLayer, OpenClawSeen, Runtime
from wizard.setup.flow import Send
from wizard.stores.model import KeyCopy
from wizard.stores.overview import copies
from wizard.stores.service import gateways_environment
from wizard.stores.winners import Winner, portkey_entries, winners


@dataclass(frozen=True)
class Request:
    """One run of a key command.

    Attributes:
        environment: the surroundings.
        vault: keeps secrets.
        open_keyring: gives the keyring of an environment.
        send: sends a probe to the gateway, as `Client.send` does.
        config_path: `--openclaw-config`, or None.
        profile: `--profile`, or None.
    """

    environment: Environment
    vault: Vault
    open_keyring: Callable[[Environment], Keyring]
    send: Send
    config_path: str | None = None
    profile: str | None = None

    @property
    def keyring(self) -> Keyring:
        """The keyring of this run's own environment."""
        return self.open_keyring(self.environment)


@dataclass(frozen=True)
class Around:
    """What is there.

    Attributes:
        located: OpenClaw's files.
        seen: what was seen of OpenClaw.
        found: every copy of the key.
        entries: the names of the provider entries that go to Portkey, those in use first.
        won: what OpenClaw takes for each of them; the default agent's primary route first.
        gateway_shown: whether a gateway of OpenClaw's runs whose environment can be seen.
    """

    located: Located
    seen: OpenClawSeen
    found: tuple[KeyCopy, ...]
    entries: tuple[str, ...]
    won: tuple[Winner, ...]
    gateway_shown: bool = False

    @property
    def layers(self) -> tuple[EnvLayer, ...]:
        """The layers that OpenClaw reads the key from in this shell and folder, the config's last."""
        return next((each.layers for each in self.seen.runtimes if each.runtime is Runtime.CLI), ())

    @property
    def winner(self) -> Winner | None:
        """What the first Portkey entry has, or None where there is no such entry."""
        return self.won[0] if self.won else None

    @property
    def winning(self) -> KeyCopy | None:
        """The copy that the first Portkey entry takes, or None."""
        first = self.winner
        return next((copy for copy in self.found if first is not None and first.provider_id in copy.providers), None)


def look_around(request: Request) -> Around:
    """Reads what is there; a config that cannot be read leaves the places outside it.

    Raises:
        UserError: the profile's name is none; exit code 2.
    """
    environment, vault = request.environment, request.vault
    located = locate_config(environment, config_path=request.config_path, profile=request.profile)
    seen = collect_openclaw(environment, located, vault, request.open_keyring)
    found = copies(seen, located, environment, vault, request.keyring)
    gateway = running_gateway(located, environment)
    shown = gateway is not None and gateways_environment(gateway) is not None
    if seen.config.problem is not None:
        return Around(located, seen, found, (), (), shown)
    entries = tuple(entry.id for entry in portkey_entries(seen))
    return Around(located, seen, found, entries, winners(seen), shown)
