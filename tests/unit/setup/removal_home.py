"""A home in which setup and its removal are run one after the other, each as a run of its own."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.base.environment import Environment
from wizard.change.apply import apply
from wizard.change.included import read_config_sources
from wizard.change.plan import Plan
from wizard.change.preview import preview
from wizard.change.undo import carry_out_undo, plan_undo
from wizard.json5doc import Document
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import Located, locate_config
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.flow import Request, prepare
from wizard.setup.removal import COMMAND, plan_removal

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
MODEL = "@anthropic-prod/claude-opus-4-5"
OTHER_MODEL = "@openai-prod/gpt-5.2"
CATALOGUE = (MODEL, "@anthropic-prod/claude-sonnet-4-5", OTHER_MODEL)


def no_gateway(probe: Probe, transport: Transport) -> Exchange:
    """Stands for a gateway that must not be asked."""
    raise AssertionError(f"{probe.url} was asked by way of {transport}")


@dataclass
class FakeKeyring:
    """A keyring that is open and in memory."""

    entries: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, service: str, account: str) -> str | None:
        return self.entries.get((service, account))

    def write(self, service: str, account: str, value: str) -> None:
        self.entries[service, account] = value

    def delete(self, service: str, account: str) -> None:
        self.entries.pop((service, account), None)


@dataclass
class RemovalHome:
    """A home with OpenClaw's folder below it."""

    home: Path
    keyring: FakeKeyring = field(default_factory=FakeKeyring)
    variables: dict[str, str] = field(default_factory=lambda: {"PORTKEY_API_KEY": KEY})

    @property
    def folder(self) -> Path:
        return self.home / ".openclaw"

    @property
    def config(self) -> Path:
        return self.folder / "openclaw.json"

    @property
    def dotenv(self) -> Path:
        return self.folder / ".env"

    @property
    def environment(self) -> Environment:
        return Environment(
            variables=dict(self.variables),
            home=self.home,
            cwd=self.home,
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            system="linux",
        )

    @property
    def located(self) -> Located:
        return locate_config(self.environment)

    @property
    def value(self) -> Any:
        return Document.parse(self.config.read_text(encoding="utf-8")).value

    def write(self, text: str, mode: int = 0o600) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.config.write_bytes(text.encode("utf-8"))
        self.config.chmod(mode)

    def rewrite(self, value: Any = None) -> None:
        """What OpenClaw does to its config when it writes it: plain JSON, no comments, a note of its own."""
        value = self.value if value is None else value
        value = {**value, "meta": {"lastTouchedVersion": "2026.5.7"}}
        self.config.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")

    def setup(self, **given: Any) -> None:
        """Runs setup by flags, without asking the gateway."""
        vault = Vault()
        stated = {"yes": True, "no_verify": True, **({} if "model" in given else {"model": [MODEL]}), **given}
        prepared = prepare(Request(stated, self.environment, vault, no_gateway))
        apply(prepared.plan, self.environment, vault, keyring=self.keyring)

    def undo(self) -> None:
        """Takes the last change back."""
        vault = Vault()
        undo = plan_undo(self.environment, vault, keyring=self.keyring)
        assert undo is not None
        carry_out_undo(undo, self.environment, vault, keyring=self.keyring)

    def plan(self, provider_id: str | None = None) -> Plan:
        """Plans the removal."""
        return self._plan(Vault(), provider_id)

    def diff(self, provider_id: str | None = None) -> str:
        """What the user is shown of the removal."""
        vault = Vault()
        return preview(self._plan(vault, provider_id), self.environment, vault)

    def remove(self, provider_id: str | None = None) -> Plan:
        """Plans the removal and carries it out."""
        vault = Vault()
        plan = self._plan(vault, provider_id)
        apply(plan, self.environment, vault, keyring=self.keyring, command=COMMAND)
        return plan

    def _plan(self, vault: Vault, provider_id: str | None) -> Plan:
        located = self.located
        source = read_config_sources(located, self.environment, vault)
        seen = collect_openclaw(self.environment, located, vault)
        return plan_removal(source, seen, located, self.environment, vault, provider_id=provider_id)
