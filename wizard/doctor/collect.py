"""Collects the evidence that needs no network."""

from __future__ import annotations

import platform
from dataclasses import replace

from wizard.base.environment import Environment, architecture, in_container
from wizard.diagnosis.model import Evidence, Machine, Scope
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.locate import locate_config
from wizard.openclaw.seen import OpenClawSeen
from wizard.portkey import hosts
from wizard.route.transport import ca_files, proxy_is_set


def collect(
    environment: Environment,
    vault: Vault,
    scope: Scope,
    *,
    config_path: str | None = None,
    profile: str | None = None,
    trust_hosts: tuple[str, ...] = (),
) -> Evidence:
    """Everything that can be seen without the network.

    Raises:
        UserError: the profile's name is not one that OpenClaw accepts.
    """
    located = locate_config(environment, config_path=config_path, profile=profile)
    seen = collect_openclaw(environment, located, vault)
    evidence = Evidence(
        openclaw=seen,
        machine=_machine(environment, seen),
        collected_at=environment.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        scope=scope,
        secrets=vault.facts(),
    )
    used = [route.base_url.value for route in evidence.routes if route.base_url is not None]
    confirmed = (*scope.trusted_origins, *hosts.trusted_origins(trust_hosts, used))
    return replace(evidence, scope=replace(scope, trusted_origins=tuple(dict.fromkeys(confirmed))))


def _machine(environment: Environment, seen: OpenClawSeen) -> Machine:
    names = {"darwin": "macos", "win32": "windows"}
    return Machine(
        os=names.get(environment.system, environment.system),
        arch=architecture(),
        python=platform.python_version(),
        container=in_container(),
        proxy_set=proxy_is_set(seen),
        ca_sources=("mozilla", *ca_files(seen)),
    )
