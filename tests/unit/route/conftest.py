"""Routes from a config's text, without a file: the layers are given, every secret has a handle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from wizard.base.files import FileText
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.env_layers import config_layer
from wizard.openclaw.redaction import redact_variable
from wizard.openclaw.seen import (
    EnvLayer,
    Install,
    KeyringKey,
    LayerName,
    LayerVariable,
    OpenClawSeen,
    Runtime,
    RuntimeSeen,
    SavedProfile,
)
from wizard.openclaw.versions import parse_version
from wizard.route.model import Route
from wizard.route.resolve import resolve_routes

NEW, OLD = "2026.9.6", "2026.5.7"
K = "hT3k9dJ2lAq8ZxW0pRk5"
LOOPBACK = "http://127.0.0.1:8787/v1"
REMOTE = "https://gateway.acme.com/v1"

See = Callable[..., OpenClawSeen]
Resolve = Callable[..., Route]


@pytest.fixture(params=[NEW, OLD])
def version(request: pytest.FixtureRequest) -> str:
    """Each OpenClaw line that was measured."""
    return str(request.param)


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def see(vault: Vault) -> See:
    """What is seen of OpenClaw for a config's text and variables; PORTKEY_API_KEY is in the process environment."""

    def seen(
        text: str,
        version: str | None = NEW,
        process: Mapping[str, str] | None = None,
        state: Mapping[str, str] | None = None,
        profiles: tuple[SavedProfile, ...] = (),
        service: Mapping[str, str] | None = None,
        keyring: tuple[KeyringKey, ...] = (),
    ) -> OpenClawSeen:
        config = parse_config(FileText(text, 0o600, symlink=False), "~/.openclaw/openclaw.json", "default", vault)

        def runtime(kind: Runtime, variables: Mapping[str, str]) -> RuntimeSeen:
            return RuntimeSeen(
                kind,
                (
                    layer(LayerName.PROCESS, "the process environment", variables),
                    layer(LayerName.STATE_DOTENV, "~/.openclaw/.env", state or {}, line=1),
                    config_layer(config, parse_version(version)),
                ),
            )

        def layer(name: LayerName, place: str, variables: Mapping[str, str], line: int = 0) -> EnvLayer:
            found = {
                each: LayerVariable(redact_variable(vault, each, value, place), line)
                for each, value in variables.items()
            }
            return EnvLayer(name, place, found)

        runtimes = [runtime(Runtime.CLI, {"PORTKEY_API_KEY": K} if process is None else process)]
        if service is not None:
            runtimes.append(runtime(Runtime.SERVICE, service))
        return OpenClawSeen(
            install=Install("/usr/bin/openclaw" if version else None, version),
            config=config,
            runtimes=tuple(runtimes),
            saved_profiles=profiles,
            keyring_keys=keyring,
        )

    return seen


def entry(settings: str, *, base_url: str | None = LOOPBACK, api: str | None = None, models: str | None = None) -> str:
    """The base config of docs/facts/openclaw.md with these settings in its provider entry."""
    listed = models if models is not None else '[{id: "@anthropic/claude-x", name: "M"}]'
    parts = [f"models: {listed}"]
    if base_url is not None:
        parts.append(f'baseUrl: "{base_url}"')
    if api is not None:
        parts.append(f'api: "{api}"')
    if settings:
        parts.append(settings)
    return (
        f'{{models: {{mode: "merge", providers: {{portkey: {{{", ".join(parts)}}}}}}}, '
        'agents: {defaults: {model: {primary: "portkey/@anthropic/claude-x"}}}}'
    )


@pytest.fixture
def resolve(see: See) -> Resolve:
    """The primary route of a config."""

    def first(text: str, version: str | None = NEW, **more: Any) -> Route:
        return resolve_routes(see(text, version, **more))[0]

    return first


def sent(vault: Vault, route: Route) -> dict[str, str] | None:
    """The headers that leave, secrets revealed, names in small letters; None where nothing leaves."""
    if route.request is None:
        return None
    return {name.lower(): vault.reveal(value) for name, value in route.request.headers}
