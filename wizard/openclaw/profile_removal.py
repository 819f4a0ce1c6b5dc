"""Taking a saved auth profile away by OpenClaw's own command, and nothing else with it.

`openclaw models auth logout` also rewrites the config as plain JSON, without its comments. So it is given a config of
its own here, which is all it needs to find the profile; the user's config is not touched.

Source: 2026.9.6, each run with the files before and after; see docs/facts/openclaw.md. 2026.5.7 has no such command:
its profiles are in a file that can be edited.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.locate import CONFIG_NAME, Located
from wizard.openclaw.seen import SavedProfile

_MAIN: Final = "main"
# What starts before OpenClaw's last sentence and is of no use to anyone here.
_NOISE: Final = ("Installed Gateway service state", "Warning:", "[config]")


def logout_command(profile: SavedProfile, agent: str = _MAIN) -> tuple[str, ...] | None:
    """What takes a profile away, to be shown or run; None where OpenClaw has no command for it.

    Args:
        profile: the profile.
        agent: the default agent, which everybody's profiles are asked of.
    """
    if not profile.in_database:
        return None
    return ("openclaw", "models", "auth", "logout", profile.name, "--agent", profile.agent or agent, "--yes")


def log_out(
    profile: SavedProfile,
    located: Located,
    environment: Environment,
    executable: str,
    agent: str = _MAIN,
) -> None:
    """Takes a profile out of OpenClaw's database, for good. No Portkey key is handed over; OpenClaw needs 3 to 10 s.

    Raises:
        UserError: the profile is not in a database, or OpenClaw did not take it away; exit code 4.
    """
    command = logout_command(profile, agent)
    if command is None:
        raise not_written(f"The saved profile {profile.name} is in {profile.location}, not in a database.")
    agents = {name: dict[str, str]() for name in (_MAIN, profile.agent or agent)}
    with tempfile.TemporaryDirectory(prefix="portkey-claw-") as folder:
        config = Path(folder) / CONFIG_NAME
        config.write_text(json.dumps({"agents": {"ownership": "explicit", "entries": agents}}), encoding="utf-8")
        variables = {
            **{name: value for name, value in environment.variables.items() if name != KEY_VARIABLE},
            "OPENCLAW_CONFIG_PATH": str(config),
            "OPENCLAW_STATE_DIR": str(located.state_dir),
            "NO_COLOR": "1",
        }
        try:
            done = subprocess.run(  # noqa: S603 - an absolute path, found as the doctor finds it
                [executable, *command[1:]],
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limits.OPENCLAW_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _refused(profile, command, str(error)) from None
    if done.returncode != 0:
        lines = (done.stdout + b"\n" + done.stderr).decode("utf-8", errors="replace").splitlines()
        said = [line.strip() for line in lines if line.strip() and not line.startswith(_NOISE)]
        raise _refused(profile, command, said[-1] if said else f"exit code {done.returncode}")


def _refused(profile: SavedProfile, command: tuple[str, ...], said: str) -> UserError:
    return not_written(
        f"OpenClaw did not take its saved profile {profile.name} away: {said}", f"Try it yourself: {' '.join(command)}"
    )
