"""Which config OpenClaw reads, for every selector; tests/real/test_locate.py asks the real one the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openclaw.conftest import Surroundings
from tests.unit.openclaw.selectors import CASES, Selector
from wizard.base.errors import ExitCode, UserError
from wizard.openclaw.locate import Located, locate_config


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_config_that_is_read(home: Path, surroundings: Surroundings, case: Selector) -> None:
    case.prepare(home)
    located = locate_config(surroundings(case.variables(home)), profile=case.profile)
    assert located.path == home / case.path
    assert located.selected_by == case.selected_by
    assert located.profile == (case.profile if case.profile and case.profile.lower() != "default" else None)


def locate(surroundings: Surroundings, profile: str | None = None, **variables: str) -> Located:
    return locate_config(surroundings(variables), profile=profile)


def test_our_own_flag_comes_before_everything(home: Path, surroundings: Surroundings) -> None:
    environment = surroundings(OPENCLAW_CONFIG_PATH="/elsewhere.json", OPENCLAW_STATE_DIR="/elsewhere")
    located = locate_config(environment, config_path="mine.json", profile="work")
    assert (located.path, located.selected_by) == (home / "project/mine.json", "--openclaw-config")


@pytest.mark.parametrize("profile", ["a b", "", "-work", "../work", "work\n", "x" * 65, "wörk", "a/b", "."])
def test_a_profile_that_openclaw_refuses(surroundings: Surroundings, profile: str) -> None:
    with pytest.raises(UserError) as caught:
        locate_config(surroundings(), profile=profile)
    assert caught.value.code is ExitCode.USAGE


# Which `.env` files count: state folder, gateway, and those of the second round.
FILES = {
    "default": ({}, None, (".openclaw/.env", ".config/openclaw/gateway.env", None, None)),
    "a stated config": (
        {"OPENCLAW_CONFIG_PATH": "{home}/x/a.json"},
        None,
        (".openclaw/.env", ".config/openclaw/gateway.env", "x/.env", None),
    ),
    "a stated state folder": ({"OPENCLAW_STATE_DIR": "{home}/s"}, None, ("s/.env", None, None, None)),
    "the default state folder, stated": (
        {"OPENCLAW_STATE_DIR": "{home}/.openclaw"},
        None,
        (".openclaw/.env", ".config/openclaw/gateway.env", None, None),
    ),
    "a stated state folder that is empty": (
        {"OPENCLAW_STATE_DIR": ""},
        None,
        (".openclaw/.env", ".config/openclaw/gateway.env", None, None),
    ),
    "both": (
        {"OPENCLAW_STATE_DIR": "{home}/s", "OPENCLAW_CONFIG_PATH": "{home}/x/a.json"},
        None,
        ("s/.env", None, None, None),
    ),
    "a profile": ({}, "work", (".openclaw-work/.env", None, None, None)),
    "a profile and a config": (
        {"OPENCLAW_CONFIG_PATH": "{home}/x/a.json"},
        "work",
        (".openclaw-work/.env", None, None, None),
    ),
    "another home": (
        {"OPENCLAW_HOME": "{home}/oh"},
        None,
        ("oh/.openclaw/.env", "oh/.config/openclaw/gateway.env", None, None),
    ),
}


@pytest.mark.parametrize(("variables", "profile", "wanted"), FILES.values(), ids=FILES)
def test_the_environment_files(
    home: Path,
    surroundings: Surroundings,
    variables: dict[str, str],
    profile: str | None,
    wanted: tuple[str | None, ...],
) -> None:
    stated = {name: value.format(home=home) for name, value in variables.items()}
    located = locate(surroundings, profile, **stated)
    found = (located.dotenv, located.gateway_env, located.later_dotenv, located.later_gateway_env)
    assert found == tuple(home / path if path else None for path in wanted)


def test_the_environment_files_of_a_legacy_folder(home: Path, surroundings: Surroundings) -> None:
    (home / ".clawdbot").mkdir()
    located = locate(surroundings)
    assert (located.dotenv, located.later_dotenv) == (home / ".clawdbot/.env", home / ".openclaw/.env")
    assert located.state_dir == home / ".clawdbot"


def test_a_home_that_a_file_names_has_files_of_its_own(home: Path, surroundings: Surroundings) -> None:
    (home / ".openclaw").mkdir()
    (home / ".openclaw/.env").write_text(f"OPENCLAW_HOME={home}/oh\n")
    located = locate(surroundings)
    assert located.dotenv == home / ".openclaw/.env"
    assert located.later_dotenv == home / "oh/.openclaw/.env"
    assert located.later_gateway_env == home / "oh/.config/openclaw/gateway.env"


def test_a_folder_that_may_not_be_entered_is_as_if_empty(home: Path, surroundings: Surroundings) -> None:
    (home / ".openclaw").write_text("a file in the place of a folder")
    assert locate(surroundings).path == home / ".openclaw/openclaw.json"
