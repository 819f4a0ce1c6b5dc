"""The doctor that scenarios are run with, on a private home and a gateway of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import trustme

from tests.diagnosis_live.scenario import ACCOUNT, NEW, OLD, Doctor
from wizard.sandbox.gateway import Sandbox

PATIENCE = 6.0  # seconds
ENTRY = "lib/node_modules/openclaw/openclaw.mjs"


@pytest.fixture(autouse=True)
def _no_thread_outlives_a_test(gateway: Sandbox) -> Iterator[None]:
    def foreign() -> set[threading.Thread]:
        kept = (f":{gateway.port}", f":{gateway.provider.port}")
        return {thread for thread in threading.enumerate() if not any(port in thread.name for port in kept)}

    before = foreign()
    yield
    # What was given up on ends by itself, a moment later.
    for thread in foreign() - before:
        thread.join(PATIENCE)
    assert foreign() <= before


@pytest.fixture(scope="session")
def gateway() -> Iterator[Sandbox]:
    with Sandbox(ACCOUNT) as running:
        yield running


@pytest.fixture(scope="session")
def installs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The folder for PATH of every OpenClaw version, laid out as `npm install --global` does; never run."""
    found = {}
    for version in (NEW, OLD, "2026.8.1", "2026.7.35"):
        prefix = tmp_path_factory.mktemp(f"openclaw-{version}")
        entry = prefix / ENTRY
        entry.parent.mkdir(parents=True)
        entry.write_text("#!/bin/sh\nexit 99\n")
        entry.chmod(0o755)
        (entry.parent / "package.json").write_text(json.dumps({"name": "openclaw", "version": version}))
        (prefix / "bin").mkdir()
        (prefix / "bin/openclaw").symlink_to(f"../{ENTRY}")
        found[version] = prefix / "bin"
    return found


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def doctor(tmp_path: Path, gateway: Sandbox, installs: Mapping[str, Path], authority: trustme.CA) -> Doctor:
    return Doctor(tmp_path, gateway, installs, authority)
