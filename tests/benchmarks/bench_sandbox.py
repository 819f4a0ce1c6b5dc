"""How long the sandbox takes to import, to start, to answer: `python tests/benchmarks/bench_sandbox.py`.

Prints one line a measure, in milliseconds. It is no test: on a busy machine every number grows.
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 50
IMPORT = "import time; t = time.perf_counter(); import wizard.sandbox.gateway; print(time.perf_counter() - t)"


@dataclass(frozen=True)
class Measure:
    """One measured thing: its name and its durations in seconds."""

    name: str
    seconds: list[float]

    def line(self) -> str:
        """Its median and its slowest, in milliseconds."""
        middle, slowest = statistics.median(self.seconds) * 1e3, max(self.seconds) * 1e3
        return f"{self.name:<28} median {middle:8.2f} ms   slowest {slowest:8.2f} ms"


def timed(name: str, action: Callable[[], object], rounds: int = ROUNDS) -> Measure:
    """Runs an action so many times and takes the time of each."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return Measure(name, seconds)


def imports(rounds: int = 5) -> Measure:
    """Imports the sandbox in fresh interpreters; what it draws in from the standard library counts."""
    command = [sys.executable, "-c", IMPORT]
    runs = [subprocess.run(command, capture_output=True, check=True, text=True) for _ in range(rounds)]
    return Measure("import, cold", [float(run.stdout) for run in runs])


def main() -> None:
    """Measures and prints."""
    from wizard.sandbox.accounts import default_account
    from wizard.sandbox.gateway import Sandbox

    def whole_life() -> None:
        with Sandbox():
            pass

    print(imports().line())
    print(timed("start and stop", whole_life).line())
    with Sandbox(default_account().with_models(500), record=False) as sandbox:
        connection = http.client.HTTPConnection("127.0.0.1", sandbox.port)
        key = {
            "x-portkey-api-key": sandbox.account.key("good").value,
            "content-type": "application/json",
        }
        model = "@anthropic-prod/claude-opus-4-5"
        body = {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}

        def ask(method: str, path: str, payload: object = None) -> None:
            connection.request(method, path, json.dumps(payload) if payload else None, key)
            connection.getresponse().read()

        print(timed("catalogue of 500 models", lambda: ask("GET", "/v1/models")).line())
        print(timed("message", lambda: ask("POST", "/v1/messages", body)).line())
        print(timed("message, streamed", lambda: ask("POST", "/v1/messages", {**body, "stream": True})).line())
        print(timed("refused key", lambda: ask("POST", "/v1/messages", {"model": "@nope/x"})).line())
        connection.close()


if __name__ == "__main__":
    main()
