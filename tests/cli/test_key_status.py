"""`key status`: every copy, the winner, the exit status, in every output format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import User

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER = "Hc6bN1gPs9Wf4Xe0Tk5u"


def status(user: User, *arguments: str, **variables: str) -> Any:
    return json.loads(user.runs("key", "status", "--json", *arguments, **variables).stdout)


@pytest.fixture(autouse=True)
def entry(user: User) -> None:
    user.routes_to("https://api.portkey.ai/v1", "${PORTKEY_API_KEY}")


def write(user: User, path: str, text: str) -> None:
    target = user.home / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def test_without_a_key_the_exit_status_is_one_and_says_what_to_do(user: User) -> None:
    ran = user.runs("key", "status")
    assert ran.returncode == 1
    assert "no Portkey key for portkey" in ran.stdout
    assert ran.stdout.rstrip().endswith("portkey-claw key set")


def test_without_a_config_it_points_to_setup(user: User) -> None:
    user.config.unlink()
    ran = user.runs("key", "status")
    assert ran.returncode == 1
    assert ran.stdout.rstrip().endswith("portkey-claw setup")


def test_the_winner_is_marked_and_no_key_is_shown(user: User) -> None:
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    ran = user.runs("key", "status", PORTKEY_API_KEY=OTHER)
    assert ran.returncode == 0
    assert KEY not in ran.stdout + ran.stderr
    assert OTHER not in ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("✓ OpenClaw takes the Portkey key from the environment of this shell")
    assert any(line.startswith("  ✓ process-env") and "used by portkey" in line for line in lines)
    assert any(line.startswith("  ! state-dotenv") and "another key" in line for line in lines)
    assert "portkey-claw key remove --from state-dotenv" in ran.stdout


def test_the_document_has_every_layer(user: User) -> None:
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    document = status(user)
    (layer,) = document["layers"]
    assert layer == {
        "layer": "state-dotenv",
        "location": "~/.openclaw/.env:1",
        "fingerprint": layer["fingerprint"],
        "wins": True,
        "providers": ["portkey"],
        "note": None,
    }
    assert layer["fingerprint"].startswith("sha256:")
    assert (document["schema_version"], document["storage"], document["exit_code"]) == (1, "dotenv", 0)
    assert document["differs"] is False
    assert document["service"]["sees_key"] is True
    assert document["entries"][0]["layer"] == "state-dotenv"


@pytest.mark.parametrize(
    ("path", "text", "storage"),
    [
        (".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n", "dotenv"),
        (".config/openclaw/gateway.env", f"PORTKEY_API_KEY={KEY}\n", "env"),
        (".env", f"PORTKEY_API_KEY={KEY}\n", "env"),
    ],
)
def test_the_storage_is_the_one_of_the_winner(user: User, path: str, text: str, storage: str) -> None:
    write(user, path, text)
    assert status(user)["storage"] == storage


def test_a_key_of_this_folder_alone_is_said_to_be_unseen_by_a_service(user: User) -> None:
    write(user, ".env", f"PORTKEY_API_KEY={KEY}\n")
    document = status(user)
    assert document["service"]["sees_key"] is None
    assert "has no key" in document["service"]["note"]
    assert any(row["command"] == "portkey-claw key move --to openclaw-env" for row in document["advice"])


def test_another_key_in_a_losing_layer_makes_a_difference(user: User) -> None:
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    assert status(user, PORTKEY_API_KEY=OTHER)["differs"] is True
    assert status(user, PORTKEY_API_KEY=KEY)["differs"] is False


def test_a_backup_of_openclaws_is_named(user: User) -> None:
    user.routes_to("https://api.portkey.ai/v1", KEY)
    write(user, ".openclaw/openclaw.json.bak", user.config.read_text())
    ran = user.runs("key", "status")
    assert "~/.openclaw/openclaw.json.bak" in ran.stdout
    assert ran.stdout.rstrip().endswith("portkey-claw key remove --from backup")


def test_a_profile_and_a_config_elsewhere_are_looked_at(user: User) -> None:
    write(user, ".openclaw-work/openclaw.json", user.config.read_text())
    write(user, ".openclaw-work/.env", f"PORTKEY_API_KEY={KEY}\n")
    assert status(user)["exit_code"] == 1
    work = status(user, "--profile", "work")
    assert [layer["location"] for layer in work["layers"]] == ["~/.openclaw-work/.env:1"]
    elsewhere = status(user, "--openclaw-config", str(user.home / ".openclaw-work/openclaw.json"))
    assert [layer["location"] for layer in elsewhere["layers"]] == ["~/.openclaw-work/.env:1"]


def test_a_config_that_cannot_be_read_is_said_and_the_rest_is_shown(user: User) -> None:
    user.config.write_text("{ no json")
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    document = status(user)
    assert [layer["layer"] for layer in document["layers"]] == ["state-dotenv"]
    assert document["exit_code"] == 0
    (user.home / ".openclaw/.env").unlink()
    assert status(user)["exit_code"] == 3


def test_plain_mode_is_one_fact_a_line(user: User) -> None:
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    ran = user.runs("key", "status", "--plain", PORTKEY_API_KEY=OTHER)
    lines = ran.stdout.splitlines()
    assert all(": " in line for line in lines)
    assert not set(ran.stdout) & set("✓✗·─│")
    assert [line.split(":")[0] for line in lines] == [
        *("key", "process-env", "state-dotenv", "service", "advice", "advice")
    ]


def test_quiet_is_the_sentence_alone(user: User) -> None:
    assert len(user.runs("key", "status", "--quiet", PORTKEY_API_KEY=KEY).stdout.splitlines()) == 1


@pytest.mark.parametrize("columns", ["40", "60", "80"])
def test_nothing_but_commands_is_wider_than_the_screen(user: User, columns: str) -> None:
    write(user, ".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    ran = user.runs("key", "status", PORTKEY_API_KEY=OTHER, COLUMNS=columns)
    assert all(len(line) <= int(columns) or "portkey-claw" in line for line in ran.stdout.splitlines())


def test_without_an_action_the_usage_is_named(user: User) -> None:
    ran = user.runs("key")
    assert ran.returncode == 2
    assert "status, set, move or remove" in ran.stderr
