"""Which config OpenClaw reads here, and which folders and files belong to it.

Source: `openclaw config file` and agent turns of 2026.5.7 and 2026.9.6 for every selector, see docs/facts/openclaw.md.
OpenClaw reads its `.env` files in two rounds, each over a state folder of its own idea; a file may name the config
or the state folder that counts from then on.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.base.files import UnreadableFileError, read_text
from wizard.openclaw.dotenv import parse_dotenv

CONFIG_NAME: Final = "openclaw.json"
_LEGACY_NAME: Final = "clawdbot.json"
_NAMES: Final = (CONFIG_NAME, _LEGACY_NAME)
_STATE_NAME: Final = ".openclaw"
_LEGACY_STATE_NAME: Final = ".clawdbot"
_PROFILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CONFIG_PATH: Final = "OPENCLAW_CONFIG_PATH"
_STATE_DIR: Final = "OPENCLAW_STATE_DIR"
_HOME: Final = "OPENCLAW_HOME"


@dataclass(frozen=True, slots=True)
class Located:
    """OpenClaw's files for this environment; none of them need exist.

    Attributes:
        path: the active config file.
        state_dir: the state folder.
        dotenv: the state folder's `.env`, as OpenClaw looks for it.
        gateway_env: the gateway's own environment file, or None where another state folder switches it off.
        selected_by: what made it this config: `default`, a variable's name (with the file that sets it), `--profile`,
            `--openclaw-config`, `legacy folder` or `legacy file name`.
        profile: the profile, or None.
        later_dotenv: the `.env` that OpenClaw reads in its second round, after those, or None where it is the same.
        later_gateway_env: the gateway's environment file of the second round, or None where it is the same.
    """

    path: Path
    state_dir: Path
    dotenv: Path
    gateway_env: Path | None
    selected_by: str
    profile: str | None
    later_dotenv: Path | None = None
    later_gateway_env: Path | None = None


def locate_config(environment: Environment, *, config_path: str | None = None, profile: str | None = None) -> Located:
    """Finds the config as OpenClaw would, honouring its variables and our `--openclaw-config` and `--profile`.

    Raises:
        UserError: the profile's name is not one that OpenClaw accepts.
    """
    profile = _checked_profile(profile)
    selectors = _Selectors(environment)
    if config_path:
        selectors.set(_CONFIG_PATH, config_path, "--openclaw-config")
    if profile:
        selectors.take_profile(profile)
    dotenv, gateway_env = selectors.state_dir / ".env", selectors.gateway_env(selectors.state_dir)
    selectors.read(dotenv)
    selectors.read(gateway_env)
    path, selected_by = selectors.config()
    state_dir = selectors.state_dir
    later_dotenv, later_gateway_env = selectors.config_dir / ".env", selectors.gateway_env(selectors.config_dir)
    return Located(
        path=path,
        state_dir=state_dir,
        dotenv=dotenv,
        gateway_env=gateway_env,
        selected_by=selected_by,
        profile=profile,
        later_dotenv=later_dotenv if later_dotenv != dotenv else None,
        later_gateway_env=later_gateway_env if later_gateway_env != gateway_env else None,
    )


class _Selectors:
    """The variables that choose the config, where each is from, and what they come to."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._values = {
            name: environment.variables[name]
            for name in (_CONFIG_PATH, _STATE_DIR, _HOME)
            if name in environment.variables
        }
        self._origins: dict[str, str] = {}

    def set(self, name: str, value: str, origin: str) -> None:
        self._values[name] = value
        self._origins[name] = origin

    def take_profile(self, profile: str) -> None:
        """A profile fills in what the environment does not set itself."""
        if not self._value(_STATE_DIR):
            self.set(_STATE_DIR, str(self._home / f"{_STATE_NAME}-{profile}"), "--profile")
        if not self._value(_CONFIG_PATH):
            origin = self._origins.get(_STATE_DIR, _STATE_DIR)
            self.set(_CONFIG_PATH, str(self.state_dir / CONFIG_NAME), origin)

    def read(self, path: Path | None) -> None:
        """Takes from an environment file what nothing before it has set, be it to the empty text."""
        try:
            text = read_text(path, limit=limits.ENV_FILE_BYTES, lenient=True).text if path else ""
        except UnreadableFileError:
            return
        for name, (value, _) in parse_dotenv(text).items():
            if name in (_CONFIG_PATH, _STATE_DIR, _HOME) and name not in self._values:
                self.set(name, value, f"{name} in {self._environment.display(path or '')}")

    @property
    def _home(self) -> Path:
        stated = self._value(_HOME)
        # What a script's unset variable leaves there is taken for no home.
        if not stated or stated in ("undefined", "null"):
            return self._environment.home
        return _expand(stated, self._environment.home, self._environment.cwd)

    @property
    def state_dir(self) -> Path:
        stated = self._value(_STATE_DIR)
        if stated:
            return _expand(stated, self._home, self._environment.cwd)
        current, legacy = self._home / _STATE_NAME, self._home / _LEGACY_STATE_NAME
        return legacy if not _is_there(current) and _is_there(legacy) else current

    @property
    def config_dir(self) -> Path:
        """The folder of the second round: the state folder where one is stated, else the stated config's."""
        if self._value(_STATE_DIR):
            return self.state_dir
        stated = self._value(_CONFIG_PATH)
        return _expand(stated, self._home, self._environment.cwd).parent if stated else self._home / _STATE_NAME

    def gateway_env(self, state_dir: Path) -> Path | None:
        """The gateway's file; only a state folder that is stated and is another than the default switches it off."""
        elsewhere = _STATE_DIR in self._values and state_dir != self._home / _STATE_NAME
        return None if elsewhere else self._home / ".config/openclaw/gateway.env"

    def config(self) -> tuple[Path, str]:
        stated = self._value(_CONFIG_PATH)
        if stated:
            path = _expand(stated, self._home, self._environment.cwd)
            return path, self._origins.get(_CONFIG_PATH, _CONFIG_PATH)
        default = "default" if self._home == self._environment.home else self._origins.get(_HOME, _HOME)
        folders = [self._home / _STATE_NAME, self._home / _LEGACY_STATE_NAME]
        if self._value(_STATE_DIR):
            default = self._origins.get(_STATE_DIR, _STATE_DIR)
            folders = [self.state_dir]
        candidates = (folder / name for folder in folders for name in _NAMES)
        found = next((path for path in candidates if _is_there(path)), self.state_dir / CONFIG_NAME)
        if found.parent.name == _LEGACY_STATE_NAME and default == "default":
            return found, "legacy folder"
        return found, "legacy file name" if found.name == _LEGACY_NAME and default == "default" else default

    def _value(self, name: str) -> str:
        return self._values.get(name, "").strip()


def _is_there(path: Path) -> bool:
    """Whether something is there, as Node sees it: a link that leads nowhere, or what may not be reached, is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _expand(text: str, home: Path, cwd: Path) -> Path:
    text = text.strip()
    if text == "~" or text.startswith(("~/", "~\\")):
        return Path(os.path.normpath(home / text[2:]))
    return Path(os.path.normpath(cwd / text))


def _checked_profile(profile: str | None) -> str | None:
    if profile is None or profile.lower() == "default":
        return None
    if not _PROFILE.fullmatch(profile):
        raise usage_error(
            f"--profile {profile!r} is not a name that OpenClaw accepts.",
            "Use letters, digits, dash and underscore, 64 at most.",
        )
    return profile
