"""How the doctor compares with OpenClaw's own commands: `python tests/benchmarks/bench_doctor.py`.

Runs each pair in turns, A B A B …, on one config, and prints the medians and their ratio. It is no test: a busy machine
changes every number, the ratios least.
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
from collections.abc import Sequence
from pathlib import Path

from wizard.sandbox.accounts import default_account
from wizard.sandbox.gateway import Sandbox

ROUNDS = 7
MODEL = "@anthropic-prod/claude-opus-4-5"


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


def seconds(command: Sequence[str], home: Path, search_path: str) -> float:
    """How long one run takes."""
    environment = {"HOME": str(home), "PATH": search_path, "NO_PROXY": "127.0.0.1", "OPENCLAW_NO_AUTO_UPDATE": "1"}
    started = time.perf_counter()
    subprocess.run(command, env=environment, cwd=home, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def pair(name: str, left: Sequence[str], right: Sequence[str], home: Path, search_path: str) -> str:
    """One line: both medians and the median of the ratios, pair by pair."""
    times = [(seconds(left, home, search_path), seconds(right, home, search_path)) for _ in range(ROUNDS)]
    a, b = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(first / second for first, second in times)
    return f"{name:<62} {a:6.2f} s   {b:6.2f} s   ratio {ratio:5.2f}"


def main() -> None:
    """Measures and prints."""
    ours = str(Path(sys.executable).parent / "portkey-claw")
    program = openclaw()
    account = default_account().with_models(500)
    with tempfile.TemporaryDirectory() as folder, Sandbox(account, record=False) as gateway:
        home = Path(folder)
        write_config(home, gateway)
        search_path = f"{program.parent}:{os.environ['PATH']}" if program else os.environ["PATH"]
        python = [sys.executable, "-c", "pass"]
        print(pair("--version / an empty Python", [ours, "--version"], python, home, search_path))
        print(pair("doctor --offline / an empty Python", [ours, "doctor", "--offline"], python, home, search_path))
        if program is None:
            print("OpenClaw is not installed: python tests/real/lab/install.py")
            return
        validate = [str(program), "config", "validate", "--json"]
        infer = [str(program), "infer", "model", "run", "--local", "--prompt", "hi"]
        doctor, offline = [ours, "doctor"], [ours, "doctor", "--offline"]
        print(pair("doctor --offline / openclaw config validate", offline, validate, home, search_path))
        print(pair("doctor, 500 models / openclaw infer model run", doctor, infer, home, search_path))


def write_config(home: Path, gateway: Sandbox) -> None:
    """A route that works."""
    entry = {
        "baseUrl": gateway.base_url,
        "apiKey": gateway.account.key("good").value,
        "api": "openai-completions",
        "models": [{"id": MODEL, "name": "Opus"}],
    }
    config = {
        "agents": {"defaults": {"model": {"primary": f"portkey/{MODEL}"}}},
        "models": {"mode": "merge", "providers": {"portkey": entry}},
    }
    (home / ".openclaw").mkdir(mode=0o700)
    (home / ".openclaw" / "openclaw.json").write_text(json.dumps(config), encoding="utf-8")


if __name__ == "__main__":
    main()
