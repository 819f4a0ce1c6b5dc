"""Which config OpenClaw reads here, and which folders and files belong to it.

Source: measured selectors and OpenClaw's own path rules on 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.errors import usage_error

CONFIG_NAME: Final = "openclaw.json"
_LEGACY_NAME: Final = "clawdbot.json"
_STATE_NAME: Final = ".openclaw"
_LEGACY_STATE_NAME: Final = ".clawdbot"
_PROFILE: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Located:
    """OpenClaw's files for this environment; none of them need exist.

    Attributes:
        path: the active config file.
        state_dir: the state folder.
        dotenv: the state folder's `.env`, as OpenClaw looks for it.
        gateway_env: the gateway's own environment file, or None where another state folder switches it off.
        selected_by: what made it this config: `default`, a variable's name, `--profile`, or `legacy folder`.
        profile: the profile, or None.
    """

    path: Path
    state_dir: Path
    dotenv: Path
    gateway_env: Path | None
    selected_by: str
    profile: str | None


def locate_config(environment: Environment, *, config_path: str | None = None, profile: str | None = None) -> Located:
    """Finds the config as OpenClaw would, honouring its variables and our `--openclaw-config` and `--profile`.

    Raises:
        UserError: the profile's name is not one that OpenClaw accepts.
    """
    variables = environment.variables
    home = _openclaw_home(environment)
    profile = _checked_profile(profile)
    stated = config_path or _variable(environment, "OPENCLAW_CONFIG_PATH")
    state_dir, selected_by = _state_dir(environment, home, profile)
    if stated:
        path = _expand(stated, home, environment.cwd)
        selected_by = "--openclaw-config" if config_path else "OPENCLAW_CONFIG_PATH"
    else:
        path = _config_in(state_dir)
        if path.name == _LEGACY_NAME and selected_by == "default":
            selected_by = "legacy file name"
    overridden = selected_by in ("OPENCLAW_STATE_DIR", "--profile")
    # OpenClaw looks for .env beside a stated config, though the rest of the state stays where it was.
    beside = path.parent if stated and "OPENCLAW_STATE_DIR" not in variables and not profile else None
    dotenv = (beside or (state_dir if overridden else home / _STATE_NAME)) / ".env"
    gateway_env = None if overridden and state_dir != home / _STATE_NAME else home / ".config/openclaw/gateway.env"
    return Located(path, state_dir, dotenv, gateway_env, selected_by, profile)


def _state_dir(environment: Environment, home: Path, profile: str | None) -> tuple[Path, str]:
    override = _variable(environment, "OPENCLAW_STATE_DIR")
    if override:
        return _expand(override, home, environment.cwd), "OPENCLAW_STATE_DIR"
    if profile:
        return home / f"{_STATE_NAME}-{profile}", "--profile"
    current = home / _STATE_NAME
    legacy = home / _LEGACY_STATE_NAME
    if not _is_there(current) and _is_there(legacy):
        return legacy, "legacy folder"
    return current, "OPENCLAW_HOME" if _variable(environment, "OPENCLAW_HOME") else "default"


def _config_in(folder: Path) -> Path:
    candidates = (folder / CONFIG_NAME, folder / _LEGACY_NAME)
    # A link that leads nowhere is still the file that OpenClaw will try to read.
    return next((path for path in candidates if _is_there(path)), candidates[0])


def _is_there(path: Path) -> bool:
    """Whether something of that name exists; a folder that may not be entered is as if it were empty."""
    return os.path.lexists(path)


def _openclaw_home(environment: Environment) -> Path:
    stated = _variable(environment, "OPENCLAW_HOME")
    return _expand(stated, environment.home, environment.cwd) if stated else environment.home


def _variable(environment: Environment, name: str) -> str:
    return environment.variables.get(name, "").strip()


def _expand(text: str, home: Path, cwd: Path) -> Path:
    text = text.strip()
    if text == "~" or text.startswith(("~/", "~\\")):
        return home / text[2:]
    return cwd / text


def _checked_profile(profile: str | None) -> str | None:
    if profile is None or profile.lower() == "default":
        return None
    if not _PROFILE.match(profile):
        raise usage_error(
            f"--profile {profile!r} is not a name that OpenClaw accepts.",
            "Use letters, digits, dash and underscore, 64 at most.",
        )
    return profile
