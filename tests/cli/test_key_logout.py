"""`key remove --from auth-profile`, where OpenClaw keeps the key in a database that only OpenClaw changes."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import User

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
SAVED = "Hc6bN1gPs9Wf4Xe0Tk5u"
PROFILE = {"type": "api_key", "provider": "portkey", "key": SAVED}

# Stands for `openclaw models auth logout`: empties the store, and notes what it was given.
OPENCLAW = """#!{python}
import json, os, pathlib, sqlite3, sys
if "--agent" not in sys.argv or {fails}:
    sys.exit("Multiple agents are configured, so this needs one.")
state = pathlib.Path(os.environ["OPENCLAW_STATE_DIR"])
with sqlite3.connect(state / "state/openclaw.sqlite") as database:
    database.execute("UPDATE config_machine_state SET value_json = '{{}}'")
seen = {{"arguments": sys.argv[1:], "key": os.environ.get("PORTKEY_API_KEY")}}
seen["config"] = os.environ["OPENCLAW_CONFIG_PATH"]
(state.parent / "asked.json").write_text(json.dumps(seen))
"""


def installs(user: User, *, fails: bool = False) -> str:
    """Puts an OpenClaw 2026.9.6 into a folder for PATH, and gives PATH."""
    package = user.home / "lib/node_modules/openclaw"
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"name": "openclaw", "version": "2026.9.6"}))
    program = package / "openclaw.mjs"
    program.write_text(OPENCLAW.format(python=sys.executable, fails=fails))
    program.chmod(0o755)
    (user.home / "bin").mkdir()
    (user.home / "bin/openclaw").symlink_to(program)
    return f"{user.home}/bin:/usr/bin:/bin"


@pytest.fixture(autouse=True)
def saved(user: User) -> None:
    """A literal key in the entry, before which OpenClaw takes the saved one; two agents, `boss` the default one."""
    user.routes_to("https://api.portkey.ai/v1", KEY)
    config = json.loads(user.config.read_text())
    config["agents"]["list"] = [{"id": "other"}, {"id": "boss", "default": True}]
    user.config.write_text("// mine\n" + json.dumps(config))
    (user.home / ".openclaw/state").mkdir()
    store = json.dumps({"version": 1, "profiles": {"portkey:manual": PROFILE}})
    with closing(sqlite3.connect(database_of(user))) as database, database:
        database.execute("CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT)")
        database.execute("INSERT INTO config_machine_state VALUES ('authProfiles.store', ?)", (store,))


def database_of(user: User) -> Path:
    return user.home / ".openclaw/state/openclaw.sqlite"


def is_saved(user: User) -> bool:
    with closing(sqlite3.connect(database_of(user))) as database:
        return SAVED in database.execute("SELECT value_json FROM config_machine_state").fetchone()[0]


def test_openclaw_is_asked_to_forget_its_key_and_the_config_keeps_every_byte(user: User) -> None:
    before = user.config.read_bytes()
    ran = user.runs(
        "key", "remove", "--from", "auth-profile", "--yes", "--json", PATH=installs(user), PORTKEY_API_KEY=KEY
    )
    assert ran.returncode == 0, ran.stderr
    assert SAVED not in ran.stdout + ran.stderr
    assert not is_saved(user)
    assert user.config.read_bytes() == before
    asked = json.loads((user.home / "asked.json").read_text())
    assert asked["arguments"] == ["models", "auth", "logout", "portkey:manual", "--agent", "boss", "--yes"]
    assert asked["key"] is None
    assert asked["config"] != str(user.config)
    document = json.loads(ran.stdout)
    assert document["written"]
    assert [(row["action"], row["path"]) for row in document["changes"]] == [("log-out", "portkey:manual")]
    assert "Undo cannot bring it back" in " ".join(ran.stderr.split())


@pytest.mark.parametrize("arguments", [("--from", "auth-profile", "--dry-run"), ("--yes",)], ids=["dry run", "others"])
def test_it_is_not_asked_unless_the_profile_was_named_and_confirmed(user: User, arguments: tuple[str, ...]) -> None:
    """Undo could not bring it back."""
    ran = user.runs("key", "remove", *arguments, PATH=installs(user))
    assert ran.returncode == 0, ran.stderr
    assert is_saved(user)
    assert not (user.home / "asked.json").exists()


def test_a_refusal_of_openclaws_is_told_and_nothing_is_written(user: User) -> None:
    before = user.config.read_bytes()
    ran = user.runs("key", "remove", "--from", "auth-profile", "--yes", PATH=installs(user, fails=True))
    assert ran.returncode == 4
    assert "Multiple agents are configured" in " ".join(ran.stderr.split())
    assert is_saved(user)
    assert user.config.read_bytes() == before


def test_without_an_openclaw_it_cannot_be_done(user: User) -> None:
    ran = user.runs("key", "remove", "--from", "auth-profile", "--yes")
    assert ran.returncode == 4
    assert "no openclaw is on PATH" in " ".join(ran.stderr.split())
    assert is_saved(user)


def test_status_names_the_command_that_does_it(user: User) -> None:
    status = json.loads(user.runs("key", "status", "--json").stdout)
    assert "portkey-claw key remove --from auth-profile" in {row["command"] for row in status["advice"]}
