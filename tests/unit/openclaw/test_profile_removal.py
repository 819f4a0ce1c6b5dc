"""The command that takes a saved profile away: what it is given, and what becomes of its refusal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.openclaw.conftest import Surroundings
from wizard.base.errors import ExitCode, UserError
from wizard.openclaw.locate import locate_config
from wizard.openclaw.profile_removal import log_out, logout_command
from wizard.openclaw.seen import SavedProfile

EVERYBODYS = SavedProfile("portkey", "portkey:manual", "~/.openclaw/state/openclaw.sqlite", None)
AN_AGENTS = SavedProfile("portkey", "portkey:two", "~/.openclaw/agents/desk/agent/openclaw-agent.sqlite", None, "desk")
IN_A_FILE = SavedProfile("portkey", "portkey:old", "~/.openclaw/agents/main/agent/auth-profiles.json", None, "main")

# Notes what it was called with beside itself, then does as the marker says.
PROGRAM = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path(sys.argv[0]).parent
config = pathlib.Path(os.environ["OPENCLAW_CONFIG_PATH"])
seen = {{"arguments": sys.argv[1:], "state": os.environ["OPENCLAW_STATE_DIR"]}}
seen["config"] = json.loads(config.read_text())
(here / "seen.json").write_text(json.dumps(seen))
{end}
"""


def _program(folder: Path, end: str = "") -> Path:
    path = folder / "openclaw"
    path.write_text(PROGRAM.format(python=sys.executable, end=end))
    path.chmod(0o755)
    return path


def _run(profile: SavedProfile, surroundings: Surroundings, program: Path, agent: str = "main") -> Any:
    environment = surroundings(PATH="/usr/bin:/bin")
    log_out(profile, locate_config(environment), environment, str(program), agent)
    return json.loads((program.parent / "seen.json").read_text())


def test_the_command_for_people() -> None:
    command = ("openclaw", "models", "auth", "logout")
    assert logout_command(EVERYBODYS) == (*command, "portkey:manual", "--agent", "main", "--yes")
    assert logout_command(EVERYBODYS, "boss") == (*command, "portkey:manual", "--agent", "boss", "--yes")
    assert logout_command(AN_AGENTS, "boss") == (*command, "portkey:two", "--agent", "desk", "--yes")
    assert logout_command(IN_A_FILE) is None


def test_it_runs_with_a_config_of_its_own(home: Path, surroundings: Surroundings) -> None:
    config = home / ".openclaw/openclaw.json"
    config.parent.mkdir()
    config.write_text("{/* mine */}")
    seen = _run(AN_AGENTS, surroundings, _program(home))
    assert seen["arguments"] == ["models", "auth", "logout", "portkey:two", "--agent", "desk", "--yes"]
    assert seen["state"] == str(home / ".openclaw")
    assert seen["config"] == {"agents": {"ownership": "explicit", "entries": {"main": {}, "desk": {}}}}
    assert config.read_text() == "{/* mine */}"


def test_a_refusal_says_why_and_how_to_go_on(home: Path, surroundings: Surroundings) -> None:
    end = 'print("Installed Gateway service state …"); sys.exit("No such profile.\\nWarning: never mind")'
    with pytest.raises(UserError) as caught:
        _run(EVERYBODYS, surroundings, _program(home, end))
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert caught.value.message.endswith("No such profile.")
    assert "openclaw models auth logout portkey:manual --agent main" in caught.value.hint


@pytest.mark.parametrize("profile", [EVERYBODYS, IN_A_FILE], ids=["no program", "no database"])
def test_what_cannot_be_run_at_all(home: Path, surroundings: Surroundings, profile: SavedProfile) -> None:
    with pytest.raises(UserError) as caught:
        _run(profile, surroundings, home / "not there")
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert profile.name in caught.value.message
