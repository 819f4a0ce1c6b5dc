"""`key set`, `key move` and `key remove` as users and scripts run them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import User
from wizard.sandbox.gateway import Sandbox

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER = "Hc6bN1gPs9Wf4Xe0Tk5u"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(autouse=True)
def entry(user: User) -> None:
    user.routes_to("https://api.portkey.ai/v1", "${PORTKEY_API_KEY}")


def sets(user: User, *arguments: str, key: str = KEY, **variables: str) -> subprocess.CompletedProcess[str]:
    return user.runs("key", "set", "--yes", "--no-verify", *arguments, stdin=f"{key}\n", **variables)


def status(user: User, **variables: str) -> Any:
    return json.loads(user.runs("key", "status", "--json", **variables).stdout)


def holders(user: User, key: str = KEY) -> set[str]:
    """Every file of the home with the key in it."""
    files = (path for path in user.home.rglob("*") if path.is_file())
    return {str(path.relative_to(user.home)) for path in files if key in path.read_text(errors="replace")}


def files(user: User) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in user.home.rglob("*") if path.is_file()}


# --- set --------------------------------------------------------------------------------------------------------------


def test_a_piped_key_goes_into_the_config_by_default(user: User) -> None:
    ran = sets(user)
    assert ran.returncode == 0, ran.stderr
    assert KEY not in ran.stdout + ran.stderr
    assert holders(user) == {".openclaw/openclaw.json"}
    assert status(user)["storage"] == "openclaw-env"
    assert user.config.stat().st_mode & 0o077 == 0


def test_a_key_is_set_where_the_one_before_is(user: User) -> None:
    sets(user, "--storage", "dotenv")
    sets(user, key=OTHER)
    assert (user.home / ".openclaw/.env").read_text() == f"PORTKEY_API_KEY={OTHER}\n"
    assert "PORTKEY_API_KEY=" not in user.config.read_text()


def test_a_key_comes_from_a_file_too(user: User) -> None:
    (user.home / "key.txt").write_text(f"{KEY}\n")
    ran = user.runs("key", "set", "--yes", "--no-verify", "--api-key-file", "key.txt")
    assert ran.returncode == 0, ran.stderr
    assert status(user)["exit_code"] == 0


def test_the_variable_of_the_environment_is_no_new_key(user: User) -> None:
    ran = user.runs("key", "set", "--yes", "--no-verify", PORTKEY_API_KEY=OTHER)
    assert ran.returncode == 2
    assert "--api-key-stdin or --api-key-file" in ran.stderr


def test_a_key_as_an_argument_is_refused_and_not_repeated(user: User) -> None:
    for arguments in (("--api-key", KEY), (f"--api-key={KEY}",), (KEY,)):
        ran = user.runs("key", "set", "--yes", *arguments)
        assert ran.returncode == 2
        assert KEY not in ran.stdout + ran.stderr


@pytest.mark.parametrize("bad", ["two words", "'quoted-key-1234567'", "Bearer abcdefghijkl", "${PORTKEY_API_KEY}"])
def test_what_is_no_key_is_refused(user: User, bad: str) -> None:
    before = files(user)
    ran = sets(user, key=bad)
    assert ran.returncode == 2
    assert files(user) == before


def test_without_a_terminal_and_without_yes_the_flag_is_named(user: User) -> None:
    for command in (("set",), ("move", "--to", "dotenv"), ("remove",)):
        ran = user.runs("key", *command, stdin=KEY)
        assert ran.returncode == 2
        assert "--yes" in ran.stderr


def test_a_dry_run_shows_the_plan_and_writes_nothing(user: User) -> None:
    before = files(user)
    ran = user.runs("key", "set", "--dry-run", "--no-verify", stdin=KEY)
    assert ran.returncode == 0
    assert "Plan" in ran.stdout
    assert "+  " in ran.stdout
    assert files(user) == before


def test_a_stronger_layer_is_told_before_the_write(user: User) -> None:
    ran = sets(user, PORTKEY_API_KEY=OTHER)
    assert "is another key" in " ".join(ran.stdout.split())
    assert ran.stdout.index("another key") < ran.stdout.index("Written")


def test_a_key_that_the_gateway_refuses_is_not_stored(user: User, sandbox: Sandbox) -> None:
    user.routes_to(sandbox.base_url, "${PORTKEY_API_KEY}")
    before = files(user)
    refused = user.runs("key", "set", "--yes", stdin=KEY)
    assert refused.returncode == 2
    assert "refuses the key" in refused.stderr
    assert KEY not in refused.stderr
    assert files(user) == before
    good = sandbox.account.key("good").value
    taken = user.runs("key", "set", "--yes", stdin=good)
    assert taken.returncode == 0, taken.stderr
    assert holders(user, good) == {".openclaw/openclaw.json"}


def test_a_gateway_that_does_not_answer_leaves_it_undetermined(user: User) -> None:
    user.routes_to("http://127.0.0.1:9/v1", "${PORTKEY_API_KEY}")
    ran = user.runs("key", "set", "--yes", stdin=KEY)
    assert ran.returncode == 3
    assert "--no-verify" in ran.stderr


def test_the_key_is_not_sent_to_a_host_that_nobody_confirmed(user: User) -> None:
    user.routes_to("http://gateway.internal.test:9/v1", "${PORTKEY_API_KEY}")
    ran = user.runs("key", "set", "--yes", stdin=KEY)
    assert ran.returncode == 0, ran.stderr
    assert "was not tried" in " ".join(ran.stdout.split())


def test_a_keyring_that_is_not_there_is_said_before_anything_is_written(user: User) -> None:
    before = files(user)
    ran = sets(user, "--storage", "keyring")
    assert ran.returncode == 4
    assert "openclaw-env or dotenv" in ran.stderr
    assert files(user) == before


def test_the_first_entry_uses_the_new_key_whatever_it_used_before(user: User) -> None:
    ref = {"source": "exec", "provider": "vault", "id": "portkey/key"}
    user.routes_to("https://api.portkey.ai/v1", apiKey=ref)
    assert status(user)["layers"][0]["layer"] == "secret-exec"
    ran = sets(user)
    assert ran.returncode == 0, ran.stderr
    assert status(user)["storage"] == "openclaw-env"


def test_a_config_elsewhere_gets_a_dotenv_beside_it(user: User) -> None:
    elsewhere = user.home / "elsewhere" / "openclaw.json"
    elsewhere.parent.mkdir()
    elsewhere.write_text(user.config.read_text())
    ran = sets(user, "--storage", "dotenv", "--openclaw-config", str(elsewhere))
    assert ran.returncode == 0, ran.stderr
    assert holders(user) == {"elsewhere/.env"}
    assert (
        json.loads(user.runs("key", "status", "--json", "--openclaw-config", str(elsewhere)).stdout)["exit_code"] == 0
    )


def test_a_profile_has_a_dotenv_of_its_own(user: User) -> None:
    (user.home / ".openclaw-work").mkdir()
    (user.home / ".openclaw-work/openclaw.json").write_text(user.config.read_text())
    ran = sets(user, "--storage", "dotenv", "--profile", "work")
    assert ran.returncode == 0, ran.stderr
    assert holders(user) == {".openclaw-work/.env"}


def test_what_openclaw_holds_back_after_a_refused_key_is_said(user: User) -> None:
    folder = user.home / ".openclaw/agents/main/agent"
    folder.mkdir(parents=True)
    until = round((time.time() + 60) * 1000)
    state = {"usageStats": {"inline-api-key:portkey": {"cooldownUntil": until, "cooldownReason": "auth"}}}
    with closing(sqlite3.connect(folder / "openclaw-agent.sqlite")) as database, database:
        database.execute("CREATE TABLE auth_profile_state (state_key TEXT, state_json TEXT)")
        database.execute("INSERT INTO auth_profile_state VALUES ('primary', ?)", (json.dumps(state),))
    assert "still holds portkey back for" in " ".join(sets(user).stdout.split())


def test_a_gateway_that_may_run_is_said_to_need_a_restart(user: User) -> None:
    ran = sets(user, "--storage", "dotenv", "--json")
    assert any("openclaw gateway restart" in each for each in json.loads(ran.stdout)["restart"])


def test_the_restart_is_of_the_gateway_of_this_profile(user: User) -> None:
    ran = sets(user, "--profile", "work", "--storage", "dotenv", "--json")
    assert any("openclaw --profile work gateway restart" in each for each in json.loads(ran.stdout)["restart"])


def test_the_help_shows_the_manual_way_with_its_warning(user: User) -> None:
    text = user.runs("key", "set", "--help").stdout
    assert "openclaw config set env.vars.PORTKEY_API_KEY" in text
    assert "list of processes" in text
    assert "history of your shell" in text


# --- move -------------------------------------------------------------------------------------------------------------


def test_a_moved_key_is_in_its_new_place_and_in_named_backups_only(user: User) -> None:
    sets(user)
    (user.home / ".openclaw/openclaw.json.bak").write_text(user.config.read_text())
    ran = user.runs("key", "move", "--to", "dotenv", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert KEY not in ran.stdout + ran.stderr
    left = holders(user)
    assert ".openclaw/.env" in left
    assert ".openclaw/openclaw.json" not in left
    shown = ran.stdout.replace("\n", "")
    assert all(f"~/{path}" in shown for path in left - {".openclaw/.env"})
    assert (user.home / ".openclaw/.env").stat().st_mode & 0o777 == 0o600


def test_openclaws_record_of_a_turn_is_named_when_the_key_moves(user: User) -> None:
    sets(user)
    record = user.home / ".openclaw/agents/main/sessions/1.trajectory.jsonl"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"vars": {"KEY_A": KEY}}) + "\n")
    ran = user.runs("key", "move", "--to", "dotenv", "--yes", "--prune", "--json")
    assert ran.returncode == 0, ran.stderr
    notes = json.loads(ran.stdout)["notes"]
    assert any("The key stays in ~/.openclaw/agents/main/sessions/1.trajectory.jsonl" in note for note in notes)
    assert record.exists()


def test_prune_leaves_the_key_in_its_new_place_alone(user: User) -> None:
    sets(user)
    (user.home / ".openclaw/openclaw.json.bak").write_text(user.config.read_text())
    ran = user.runs("key", "move", "--to", "dotenv", "--yes", "--prune", "--json")
    assert ran.returncode == 0, ran.stderr
    assert holders(user) == {".openclaw/.env"}
    document = json.loads(ran.stdout)
    assert document["backups"]
    assert all(row["pruned"] for row in document["backups"])
    assert user.runs("undo", "--yes").returncode in (2, 4)
    assert holders(user) == {".openclaw/.env"}


def test_backups_can_be_emptied_later(user: User) -> None:
    sets(user)
    user.runs("key", "move", "--to", "dotenv", "--yes")
    assert len(holders(user)) > 1
    assert user.runs("key", "remove", "--from", "backup", "--yes").returncode == 0
    assert holders(user) == {".openclaw/.env"}


def test_a_move_can_be_undone(user: User) -> None:
    sets(user)
    before = user.config.read_bytes()
    user.runs("key", "move", "--to", "dotenv", "--yes")
    undone = user.runs("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert user.config.read_bytes() == before
    assert status(user)["storage"] == "openclaw-env"


def test_a_second_move_to_the_same_place_changes_nothing(user: User) -> None:
    sets(user)
    user.runs("key", "move", "--to", "dotenv", "--yes", "--prune")
    before = files(user)
    ran = user.runs("key", "move", "--to", "dotenv", "--yes", "--json")
    assert json.loads(ran.stdout)["written"] is False
    assert files(user) == before


def test_the_shells_own_variable_stays_and_is_said(user: User) -> None:
    ran = user.runs("key", "move", "--to", "openclaw-env", "--yes", "--json", PORTKEY_API_KEY=KEY)
    document = json.loads(ran.stdout)
    assert [row["layer"] for row in document["left"]] == ["process-env"]
    assert any("unset it" in note for note in document["notes"])


def test_nothing_can_be_moved_where_there_is_no_key(user: User) -> None:
    ran = user.runs("key", "move", "--to", "dotenv", "--yes")
    assert ran.returncode == 2
    assert "key set" in ran.stderr


def test_moving_without_a_place_names_the_flag(user: User) -> None:
    sets(user)
    ran = user.runs("key", "move", "--yes")
    assert ran.returncode == 2
    assert "--to" in ran.stderr


def test_an_environment_takes_the_key_only_where_openclaw_sees_it_there(user: User) -> None:
    sets(user)
    refused = user.runs("key", "move", "--to", "env", "--yes")
    assert refused.returncode == 2
    other = user.runs("key", "move", "--to", "env", "--yes", PORTKEY_API_KEY=OTHER)
    # What the shell has wins already, so that it is the key in use.
    assert other.returncode == 0
    assert KEY not in user.config.read_text()


# --- remove -----------------------------------------------------------------------------------------------------------


def test_removing_takes_the_key_and_leaves_the_reference(user: User) -> None:
    sets(user)
    ran = user.runs("key", "remove", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "will fail" in " ".join(ran.stdout.split())
    assert KEY not in user.config.read_text()
    assert "${PORTKEY_API_KEY}" in user.config.read_text()
    assert status(user)["exit_code"] == 1


@pytest.mark.parametrize("layer", ["state-dotenv", "dotenv"])
def test_removing_from_one_layer_says_what_is_taken_then(user: User, layer: str) -> None:
    sets(user)
    (user.home / ".openclaw/.env").write_text(f"A=1\nPORTKEY_API_KEY={OTHER}\n")
    ran = user.runs("key", "remove", "--from", layer, "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "then takes PORTKEY_API_KEY from ~/.openclaw/openclaw.json" in " ".join(ran.stdout.split())
    assert (user.home / ".openclaw/.env").read_text() == "A=1\n"
    assert status(user)["storage"] == "openclaw-env"


def test_a_named_keyring_that_cannot_be_asked_is_no_success(user: User) -> None:
    """There is no D-Bus session in this home."""
    before = files(user)
    ran = user.runs("key", "remove", "--from", "keyring", "--yes")
    assert ran.returncode == 4
    assert "D-Bus" in ran.stderr
    assert "Nothing has to change" not in ran.stdout
    assert files(user) == before


def test_removing_everything_says_that_a_keyring_was_not_asked_only_where_it_may_have_a_key(user: User) -> None:
    sets(user)
    ran = user.runs("key", "remove", "--yes")
    assert (ran.returncode, "keyring" in ran.stdout) == (0, False)
    user.routes_to(
        "https://api.portkey.ai/v1",
        apiKey={"source": "exec", "provider": "portkey-claw", "id": "portkey-api-key:1f9c22ab"},
    )
    ran = user.runs("key", "remove", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "a key in it stays" in " ".join(ran.stdout.split())


@pytest.mark.parametrize("layer", ["process-env", "cwd-dotenv", "gateway-env-file", "login-shell", "nonsense"])
def test_what_is_not_ours_is_refused_by_name(user: User, layer: str) -> None:
    ran = user.runs("key", "remove", "--from", layer, "--yes")
    assert ran.returncode == 2
    assert layer in ran.stderr or "config-env" in ran.stderr


def test_an_error_is_one_json_document_too(user: User) -> None:
    ran = user.runs("key", "move", "--to", "dotenv", "--yes", "--json")
    document = json.loads(ran.stdout)
    assert document["exit_code"] == ran.returncode == 2
