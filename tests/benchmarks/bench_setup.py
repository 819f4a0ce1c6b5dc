"""How setup compares with OpenClaw's own way to write its config: `python tests/benchmarks/bench_setup.py`.

Runs each pair in turns, A B A B …, on homes of their own, and prints the medians and their ratio. `setup --dry-run`
asks the sandbox for its catalogue of 3000 models and plans everything; `openclaw config set` writes one value. It is no
test: a busy machine changes every number, the ratios least.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from wizard.json5doc import Document
from wizard.sandbox.accounts import default_account
from wizard.sandbox.gateway import Sandbox

ROUNDS = 5
MODELS = 3000
MODEL = "@anthropic-prod/claude-opus-4-5"
CONFIG = '{ agents: { defaults: { model: "ollama/qwen3:8b" } } } // mine\n'


def openclaw() -> Path | None:
    """The newest OpenClaw of the lab where it is installed."""
    path = Path(__file__).parents[1] / "real" / "lab" / "install.py"
    spec = importlib.util.spec_from_file_location("lab_install", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules["lab_install"] = module
    spec.loader.exec_module(module)
    try:
        found: Path = module.ensure(offline_ok=True).openclaw["2026.9.6"]
    except module.LabUnavailable:
        return None
    return found


class Home:
    """A home with a small config, and the programs run in it."""

    def __init__(self, folder: Path, search_path: str, key: str) -> None:
        self.config = folder / ".openclaw" / "openclaw.json"
        self.config.parent.mkdir(mode=0o700, parents=True)
        self.config.write_text(CONFIG, encoding="utf-8")
        self._folder = folder
        self._variables = {
            "HOME": str(folder),
            "PATH": search_path,
            "NO_PROXY": "127.0.0.1",
            "OPENCLAW_NO_AUTO_UPDATE": "1",
            "PORTKEY_API_KEY": key,
        }

    def run(self, command: Sequence[str]) -> None:
        """Runs a program to its end.

        Raises:
            RuntimeError: it failed, so its time would mean nothing.
        """
        done = subprocess.run(
            command, env=self._variables, cwd=self._folder, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command[:3]} ended with {done.returncode}: {done.stderr.decode()[-500:]}")


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def pair(name: str, left: Callable[[], object], right: Callable[[], object]) -> str:
    """One line: both medians and the median of the ratios, pair by pair."""
    times = [(seconds(left), seconds(right)) for _ in range(ROUNDS)]
    a, b = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(first / second for first, second in times)
    return f"{name:<62} {a:6.2f} s   {b:6.2f} s   ratio {ratio:5.2f}"


def large_config() -> str:
    """A config of more than 1 MB, with a comment, as no fast path takes it."""
    models = [
        {"id": f"vendor/model-{number}", "name": f"Model {number}", "maxTokens": 8192} for number in range(10_000)
    ]
    entry = {"baseUrl": "http://127.0.0.1:11434/v1", "api": "openai-completions", "apiKey": "x", "models": models}
    return "// mine\n" + json.dumps({"models": {"mode": "merge", "providers": {"ollama": entry}}}, indent=2)


def main() -> None:
    """Measures and prints."""
    ours = str(Path(sys.executable).parent / "portkey-claw")
    program = openclaw()
    search_path = f"{program.parent}:{os.environ['PATH']}" if program else os.environ["PATH"]
    text = large_config()
    print(
        pair(
            f"json5doc reads {len(text) / 1e6:.1f} MB / json reads it",
            lambda: Document.parse(text),
            lambda: json.loads(text[8:]),
        )
    )
    account = default_account().with_models(MODELS)
    with tempfile.TemporaryDirectory() as folder, Sandbox(account, record=False) as gateway:
        key = gateway.account.key("good").value
        home, theirs = (Home(Path(folder) / name, search_path, key) for name in ("ours", "theirs"))
        setup = [ours, "setup", "--gateway-url", gateway.base_url, "--model", MODEL]
        plan = [*setup, "--dry-run"]
        write = [*setup, "--yes", "--no-verify"]
        remove = [ours, "setup", "--remove", "--yes"]
        python = [sys.executable, "-c", "pass"]
        print(pair("setup --dry-run / an empty Python", lambda: home.run(plan), lambda: home.run(python)))
        print(
            pair(
                "setup --help / an empty Python", lambda: home.run([ours, "setup", "--help"]), lambda: home.run(python)
            )
        )

        def there_and_back() -> None:
            home.run(write)
            home.run(remove)
            if home.config.read_text(encoding="utf-8") != CONFIG:
                raise RuntimeError("setup --remove did not bring the first bytes back")

        if program is None:
            print("OpenClaw is not installed: python tests/real/lab/install.py")
            return
        config_set = [str(program), "config", "set", "env.vars.OTHER", "text"]
        print(
            pair(
                f"setup --dry-run, {MODELS} models / openclaw config set",
                lambda: home.run(plan),
                lambda: theirs.run(config_set),
            )
        )
        print(pair("setup and setup --remove / openclaw config set", there_and_back, lambda: theirs.run(config_set)))


if __name__ == "__main__":
    main()
