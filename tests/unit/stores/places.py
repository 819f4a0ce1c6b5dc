"""A home with OpenClaw's files in it, looked at as the key commands do."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.base.environment import Environment
from wizard.change.apply import Applied, apply
from wizard.change.plan import Plan
from wizard.change.reading import ConfigSource, read_source
from wizard.keys.keyring_store import KeyringError
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.seen import OpenClawSeen
from wizard.stores.model import KeyCopy, StoreContext
from wizard.stores.moving import sharing_entries
from wizard.stores.overview import copies
from wizard.stores.winners import winners

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER = "Hc6bN1gPs9Wf4Xe0Tk5u"
ENTRY = {
    "baseUrl": "https://api.portkey.ai/v1",
    "apiKey": "${PORTKEY_API_KEY}",
    "api": "openai-completions",
    "models": [{"id": "@anthropic-prod/claude-opus-4-5", "name": "Opus"}],
}
PRIMARY = {"agents": {"defaults": {"model": {"primary": "portkey/@anthropic-prod/claude-opus-4-5"}}}}


@dataclass
class MemoryKeyring:
    """A keyring in memory; `trouble` is raised by every call."""

    entries: dict[tuple[str, str], str] = field(default_factory=dict)
    trouble: KeyringError | None = None

    def read(self, service: str, account: str) -> str | None:
        self._fail()
        return self.entries.get((service, account))

    def write(self, service: str, account: str, value: str) -> None:
        self._fail()
        self.entries[service, account] = value

    def delete(self, service: str, account: str) -> None:
        self._fail()
        self.entries.pop((service, account), None)

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Place:
    """A home, and what the stores see in it."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    vault: Vault = field(default_factory=Vault)
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    cwd: Path | None = None

    @property
    def config(self) -> Path:
        return self.home / ".openclaw" / "openclaw.json"

    @property
    def dotenv(self) -> Path:
        return self.home / ".openclaw" / ".env"

    @property
    def environment(self) -> Environment:
        streams = (io.StringIO(), io.StringIO(), io.StringIO())
        return Environment(self.variables, self.home, self.cwd or self.home, *streams, system="linux")

    @property
    def located(self) -> Located:
        return locate_config(self.environment)

    @property
    def seen(self) -> OpenClawSeen:
        return collect_openclaw(self.environment, self.located, self.vault, lambda _: self.keyring)

    @property
    def source(self) -> ConfigSource:
        return read_source(self.located.path, self.environment, self.vault)

    def write(self, path: str, text: str | Mapping[str, Any]) -> Path:
        """Writes a file of the home; data becomes JSON."""
        target = self.home / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_text(text if isinstance(text, str) else json.dumps(text, indent=2), encoding="utf-8")
        return target

    def configures(self, *, key: str | None = None, entry: Mapping[str, Any] | None = None, **rest: Any) -> None:
        """Has a config with one Portkey entry, the key in `env.vars` where one is given."""
        config: dict[str, Any] = {"env": {"vars": {"PORTKEY_API_KEY": key}}} if key else {}
        config["models"] = {"mode": "merge", "providers": {"portkey": {**ENTRY, **(entry or {})}}}
        self.write(".openclaw/openclaw.json", {**config, **PRIMARY, **rest})

    def context(self, handle: str | None = None, origin: str = "a test") -> StoreContext:
        seen = self.seen
        context = StoreContext(self.located, seen, (), self.environment, origin)
        won = winners(seen) if seen.config.problem is None else ()
        ids = sharing_entries(context, handle or (won[0].handle if won else None))
        return StoreContext(self.located, seen, ids, self.environment, origin)

    def copies(self) -> tuple[KeyCopy, ...]:
        return copies(self.seen, self.located, self.environment, self.vault, self.keyring)

    def takes(self, value: str) -> str:
        """The handle of a value."""
        return self.vault.take(value, "a test").handle

    def applies(self, plan: Plan) -> Applied:
        return apply(plan, self.environment, self.vault, keyring=self.keyring, command="a test")
