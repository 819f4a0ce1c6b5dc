"""The sandbox in the foreground, for people: says where it is and what it holds, then serves until interrupted."""

import json
import threading
import time
from collections.abc import Iterator
from typing import TextIO

from wizard.sandbox.accounts import Account, ApiKey, ProviderEntry
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Request

_WAKE_SECONDS = 0.5  # Windows delivers ctrl-C only between waits

_KEY_NOTES = {
    "good": "works",
    "expired": "expired",
    "exhausted": "its budget is used up",
    "rate-limited": "over its rate limit",
}
_STATUS_NOTES = {"active": "", "exhausted": "budget used up", "expired": "expired"}


def serve(port: int, out: TextIO, *, account: Account | None = None, stop: threading.Event | None = None) -> None:
    """Serves a sandbox until it is interrupted, and prints a line for each request.

    Args:
        port: The port; 0 takes a free one.
        out: Where the lines go.
        account: Another account than the default.
        stop: Ends it as an interrupt does.

    Raises:
        OSError: The port is taken or not allowed.
    """
    stop = stop or threading.Event()
    sandbox = Sandbox(account, port=port, record=False)
    lock = threading.Lock()

    def say(line: str) -> None:
        with lock:
            out.write(f"{line}\n")
            out.flush()

    sandbox.on_answer = lambda request, status: say(describe_exchange(request, status))
    with sandbox:
        for line in describe(sandbox):
            say(line)
        try:
            while not stop.wait(_WAKE_SECONDS):
                pass
        except KeyboardInterrupt:
            say("Stopped.")


def describe(sandbox: Sandbox) -> Iterator[str]:
    """What a running sandbox holds, in plain lines: URL, keys, providers, configs, and commands to try."""
    account = sandbox.account
    yield f"Portkey sandbox at {sandbox.base_url}"
    yield "It runs on this machine alone; its keys and models are made up."
    yield ""
    yield "Keys"
    width = max((len(key.name) for key in account.keys), default=0)
    for key in account.keys:
        yield f"  {key.name:<{width}}  {key.value}  {_key_note(key)}"
    yield ""
    yield "Providers and models"
    for entry in account.providers:
        note = _provider_note(entry)
        yield f"  @{entry.slug}{f'  ({note})' if note else ''}"
        for model in entry.models:
            yield f"    @{entry.slug}/{model}"
    if account.configs:
        yield ""
        yield "Configs"
        for config in account.configs:
            yield f"  {config.id}  {config.name}"
    yield ""
    yield from _example(sandbox)
    yield "Press ctrl-C to stop."


def _key_note(key: ApiKey) -> str:
    if key.default_config is not None:
        lock = "" if key.config_override_allowed else ", which no request may change"
        return f"works; default config {key.default_config}{lock}"
    if key.state == "good" and "completions.write" not in key.scopes:
        return "may not call models"
    if key.state == "good" and "providers.list" not in key.scopes:
        return "works; may call models and nothing else"
    return _KEY_NOTES.get(key.state, key.state)


def _provider_note(entry: ProviderEntry) -> str:
    if entry.credential == "revoked":
        return f"{entry.vendor} refuses its key"
    if entry.status == "active" and not entry.allow_all_models:
        return "these models only"
    return _STATUS_NOTES.get(entry.status, entry.status)


def _example(sandbox: Sandbox) -> Iterator[str]:
    account = sandbox.account
    key = next((key for key in account.keys if key.state == "good"), None)
    entry = next((entry for entry in account.providers if entry.status == "active" and entry.models), None)
    if key is None or entry is None:
        return
    body = {
        "model": f"@{entry.slug}/{entry.models[0]}",
        "max_tokens": 32,
        "messages": [{"role": "user", "content": "hi"}],
    }
    yield f"Route OpenClaw through it, without touching your own config, and paste the key {key.value}"
    yield f"  portkey-claw setup --profile sandbox --gateway-url {sandbox.base_url}"
    yield ""
    yield "The same without questions"
    yield f"  PORTKEY_API_KEY={key.value} \\"
    yield f"    portkey-claw setup --yes --profile sandbox --gateway-url {sandbox.base_url} \\"
    yield f"    --model @{entry.slug}/{entry.models[0]}"
    yield ""
    yield "Example"
    yield f"  curl {sandbox.base_url}/chat/completions \\"
    yield f"    -H 'x-portkey-api-key: {key.value}' \\"
    yield "    -H 'content-type: application/json' \\"
    yield f"    -d '{json.dumps(body)}'"
    yield ""


def describe_exchange(request: Request, status: int) -> str:
    """One line for a request and its answer: time, status, method, path."""
    clock = time.strftime("%H:%M:%S", time.localtime(request.received_at))
    # The path is the client's text; only what prints as itself goes to the terminal.
    target = "".join(c if c.isascii() and c.isprintable() else "?" for c in request.target)
    return f"{clock}  {status}  {request.method} {target}"
