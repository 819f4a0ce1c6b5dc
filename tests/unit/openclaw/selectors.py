"""Every way to choose OpenClaw's config: what is set, what files there are, and which one is read.

Held against `openclaw config file` of 2026.5.7 and 2026.9.6 in tests/real/test_locate.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Selector:
    """One case.

    Attributes:
        name: what is set.
        path: the config that is read, below the home folder.
        selected_by: what our report says chose it.
        env: variables; `{home}` stands for the home folder.
        profile: the value of `--profile`.
        files: files below the home folder with their text; a name that ends in `/` is a folder, a text that starts
            with `-> ` a link.
        only: the versions that agree; both where it is empty.
    """

    name: str
    path: str
    selected_by: str = "default"
    env: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    only: str = ""

    def variables(self, home: Path) -> dict[str, str]:
        """The variables for this home."""
        return {name: value.format(home=home) for name, value in self.env.items()}

    def prepare(self, home: Path) -> None:
        """Puts the files there."""
        for name, text in self.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("/"):
                path.mkdir(exist_ok=True)
            elif text.startswith("-> "):
                path.symlink_to(home / text[3:])
            else:
                path.write_text(text.format(home=home) if "{home}" in text else text)


CONFIG, STATE, HOME = "OPENCLAW_CONFIG_PATH", "OPENCLAW_STATE_DIR", "OPENCLAW_HOME"
STANDARD = ".openclaw/openclaw.json"
NEW, OLD = "2026.9.6", "2026.5.7"
DOTENV = "OPENCLAW_CONFIG_PATH in ~/.openclaw/.env"

CASES: Final = (
    Selector("nothing", STANDARD),
    Selector("the file", STANDARD, files={STANDARD: "{}"}),
    Selector("config", "x/a.json", CONFIG, {CONFIG: "{home}/x/a.json"}),
    Selector("config with a tilde", "x/a.json", CONFIG, {CONFIG: "~/x/a.json"}),
    Selector("config in the working folder", "project/x/a.json", CONFIG, {CONFIG: "x/a.json"}),
    Selector("config with blanks around it", "x/a.json", CONFIG, {CONFIG: "  {home}/x/a.json "}),
    Selector("config with dots", "y/a.json", CONFIG, {CONFIG: "{home}/x/../y/a.json"}),
    Selector("config that is blank", STANDARD, env={CONFIG: "  "}),
    Selector("state", "s/openclaw.json", STATE, {STATE: "{home}/s"}),
    Selector("state with a tilde", "s/openclaw.json", STATE, {STATE: "~/s"}),
    Selector("state in the working folder", "project/s/openclaw.json", STATE, {STATE: "s/"}),
    Selector("state with the old name", "s/clawdbot.json", STATE, {STATE: "{home}/s"}, files={"s/clawdbot.json": "{}"}),
    Selector("state without a config", "s/openclaw.json", STATE, {STATE: "{home}/s"}, files={STANDARD: "{}"}),
    Selector("home", "oh/.openclaw/openclaw.json", HOME, {HOME: "{home}/oh"}),
    Selector("home with a tilde", "oh/.openclaw/openclaw.json", HOME, {HOME: "~/oh"}),
    Selector("home that is blank", STANDARD, env={HOME: " "}),
    Selector("home that a script left unset", STANDARD, env={HOME: "undefined"}, only=NEW),
    Selector(
        "home with a legacy folder",
        "oh/.clawdbot/clawdbot.json",
        HOME,
        {HOME: "{home}/oh"},
        files={"oh/.clawdbot/clawdbot.json": "{}"},
    ),
    Selector("home and config with a tilde", "oh/a.json", CONFIG, {HOME: "{home}/oh", CONFIG: "~/a.json"}),
    Selector("home and state with a tilde", "oh/s/openclaw.json", STATE, {HOME: "{home}/oh", STATE: "~/s"}),
    Selector("state and config", "a.json", CONFIG, {STATE: "{home}/s", CONFIG: "{home}/a.json"}),
    Selector("profile", ".openclaw-work/openclaw.json", "--profile", profile="work"),
    Selector("profile in capitals", ".openclaw-Work/openclaw.json", "--profile", profile="Work"),
    Selector("profile called default", STANDARD, profile="default"),
    Selector("profile called Default", STANDARD, profile="Default"),
    Selector("profile and state", "s/openclaw.json", STATE, {STATE: "{home}/s"}, "work"),
    Selector("profile and config", "a.json", CONFIG, {CONFIG: "{home}/a.json"}, "work"),
    Selector("profile and home", "oh/.openclaw-work/openclaw.json", "--profile", {HOME: "{home}/oh"}, "work"),
    Selector(
        "profile without a config", ".openclaw-work/openclaw.json", "--profile", profile="work", files={STANDARD: "{}"}
    ),
    Selector(
        "profile and the old name",
        ".openclaw-work/openclaw.json",
        "--profile",
        profile="work",
        files={".openclaw-work/clawdbot.json": "{}"},
    ),
    Selector("profile by a variable", STANDARD, env={"OPENCLAW_PROFILE": "work"}),
    Selector("old variables", STANDARD, env={"CLAWDBOT_CONFIG_PATH": "{home}/x", "CLAWDBOT_STATE_DIR": "{home}/y"}),
    Selector("legacy folder", ".clawdbot/clawdbot.json", "legacy folder", files={".clawdbot/clawdbot.json": "{}"}),
    Selector(
        "legacy folder, new name",
        ".clawdbot/openclaw.json",
        "legacy folder",
        files={".clawdbot/openclaw.json": "{}", ".clawdbot/clawdbot.json": "{}"},
    ),
    Selector("legacy folder without a config", ".clawdbot/openclaw.json", "legacy folder", files={".clawdbot/": ""}),
    Selector(
        "legacy folder beside an empty new one",
        ".clawdbot/clawdbot.json",
        "legacy folder",
        files={".clawdbot/clawdbot.json": "{}", ".openclaw/": ""},
    ),
    Selector("legacy folder beside a new one", STANDARD, files={".clawdbot/clawdbot.json": "{}", STANDARD: "{}"}),
    Selector(
        "old name in the new folder",
        ".openclaw/clawdbot.json",
        "legacy file name",
        files={".openclaw/clawdbot.json": "{}"},
    ),
    Selector("both names in the new folder", STANDARD, files={".openclaw/clawdbot.json": "{}", STANDARD: "{}"}),
    Selector("names of another age", STANDARD, files={".moltbot/moltbot.json": "{}", ".openclaw/moltbot.json": "{}"}),
    Selector(
        "link that leads nowhere",
        ".openclaw/clawdbot.json",
        "legacy file name",
        files={STANDARD: "-> gone", ".openclaw/clawdbot.json": "{}"},
    ),
    Selector("link that leads nowhere, alone", STANDARD, files={STANDARD: "-> gone"}),
    Selector(
        "folder that leads nowhere",
        ".clawdbot/clawdbot.json",
        "legacy folder",
        files={".openclaw": "-> gone", ".clawdbot/clawdbot.json": "{}"},
    ),
    Selector(
        "config by the state's .env",
        "a.json",
        DOTENV,
        files={".openclaw/.env": "export OPENCLAW_CONFIG_PATH='{home}/a.json' # note\n"},
    ),
    Selector(
        "state by the state's .env",
        "s/openclaw.json",
        f"{STATE} in ~/.openclaw/.env",
        files={".openclaw/.env": f"{STATE}={{home}}/s\n"},
    ),
    Selector(
        "home by the state's .env",
        "oh/.openclaw/openclaw.json",
        f"{HOME} in ~/.openclaw/.env",
        files={".openclaw/.env": f"{HOME}={{home}}/oh\n"},
        only=NEW,
    ),
    Selector(
        "config by the legacy folder's .env",
        "a.json",
        f"{CONFIG} in ~/.clawdbot/.env",
        files={".clawdbot/.env": f"{CONFIG}={{home}}/a.json\n"},
    ),
    Selector("config by the project's .env", STANDARD, files={"project/.env": f"{CONFIG}={{home}}/a.json\n"}),
    Selector(
        "config by a .env that the environment empties",
        STANDARD,
        env={CONFIG: ""},
        files={".openclaw/.env": f"{CONFIG}={{home}}/a.json\n"},
    ),
    Selector(
        "profile and its .env",
        ".openclaw-work/openclaw.json",
        "--profile",
        profile="work",
        files={".openclaw-work/.env": f"{CONFIG}={{home}}/a.json\n"},
    ),
    Selector(
        "state and its .env",
        "a.json",
        f"{CONFIG} in ~/s/.env",
        {STATE: "{home}/s"},
        files={"s/.env": f"{CONFIG}={{home}}/a.json\n", ".openclaw/.env": f"{CONFIG}={{home}}/b.json\n"},
    ),
)
