"""A key that OpenClaw saved itself: what it comes before, and how it is taken away without touching the config."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import TURN_SECONDS, VERSIONS, Home, make_home
from wizard.base.environment import Environment
from wizard.keys.vault import Vault
from wizard.openclaw.locate import locate_config
from wizard.openclaw.profile_rank import outranks
from wizard.openclaw.profile_removal import log_out
from wizard.openclaw.profiles import saved_profiles
from wizard.openclaw.versions import parse_version
from wizard.sandbox.gateway import Sandbox

pytestmark = pytest.mark.real

NEW = VERSIONS[0]
SAVED = "a-saved-key-of-some-length-0123"
REFERENCE = "${PORTKEY_API_KEY}"
CONFIG = """{{
  // mine
  gateway: {{mode: "local"}}, env: {{vars: {{PORTKEY_API_KEY: "{key}"}}}},
  models: {{mode: "merge", providers: {{portkey: {{baseUrl: "{url}", api: "openai-completions", apiKey: "{api_key}",
    models: [{{id: "@anthropic-prod/claude-opus-4-5", name: "M"}}]}}}}}},
  agents: {{defaults: {{model: {{primary: "portkey/@anthropic-prod/claude-opus-4-5"}}}}}},
}}
"""


def _save(home: Home) -> None:
    if NEW in str(home.executable):
        arguments = ("models", "auth", "paste-api-key", "--provider", "portkey")
        # With the reference in the config it ends with rc 1, and saves the key all the same.
        subprocess.run(
            [str(home.executable), *arguments],
            input=SAVED + "\n",
            cwd=home.path,
            env=home.variables,
            capture_output=True,
            text=True,
            timeout=TURN_SECONDS,
            check=False,
        )
        return
    store = {"version": 1, "profiles": {"portkey:manual": {"type": "api_key", "provider": "portkey", "key": SAVED}}}
    path = home.path / ".openclaw/agents/main/agent/auth-profiles.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(store))
    path.chmod(0o600)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_key_that_goes_out_beside_a_saved_one(lab: Any, version: str, hosted: Sandbox, tmp_path: Path) -> None:
    home = make_home(lab, version, tmp_path)
    key = hosted.account.key("good").value
    text = CONFIG.format(key=key, url=hosted.base_url, api_key=REFERENCE)
    home.write_config(text)
    _save(home)
    environment = Environment(home.variables, home.path, home.path)
    located, vault = locate_config(environment), Vault()
    (saved,) = saved_profiles(located.state_dir, environment, vault)
    assert (saved.provider_id, saved.name) == ("portkey", "portkey:manual")
    assert vault.reveal(saved.key or "") == SAVED

    home.turn()
    calls = [request for request in hosted.requests if request.method == "POST"]
    expected = SAVED if outranks(REFERENCE, parse_version(version)) else key
    assert {call.header("authorization") for call in calls} == {f"Bearer {expected}"}

    if version == NEW:
        log_out(saved, located, environment, str(home.executable))
        assert saved_profiles(located.state_dir, environment, vault) == ()
        holders = [path for path in home.path.rglob("*") if path.is_file() and SAVED.encode() in path.read_bytes()]
        assert holders == []
    assert home.config.read_text() == text
