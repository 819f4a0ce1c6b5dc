"""Hands OpenClaw the key out of the system's keyring: OpenClaw's exec secret provider protocol, version 1.

    stdin   {"protocolVersion": 1, "provider": "portkey-claw", "ids": ["ID", …]}
    stdout  {"protocolVersion": 1, "values": {"ID": "…"}, "errors": {"ID": {"code": "NOT_FOUND", "message": "…"}}}

OpenClaw reads the answer only where the exit status is 0. Of the codes 2026.9.6 shows NOT_FOUND alone, 2026.5.7 shows
the message; standard error is for people who run the resolver by hand. Source: docs/facts/openclaw.md.

Started by the resolver file in OpenClaw's state folder for every OpenClaw command, so it imports as little as it can.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from wizard.keys.keyring_worker import answer, own_stdout

PROTOCOL: Final = 1
NOT_FOUND: Final = "NOT_FOUND"
_SERVICE: Final = "portkey-claw"
_LIMIT_SECONDS: Final = 3.0
_BY_HAND: Final = (
    "This is for OpenClaw, not for people: it speaks the exec secret provider protocol on stdin and stdout.\n"
    "To see where the key is, run: portkey-claw key status\n"
)

Read = Callable[[str], dict[str, Any]]


def respond(request: str, read: Read) -> dict[str, Any]:
    """The answer to a request.

    Args:
        request: the request's text.
        read: what the keyring says of an account: `{"value"}`, or `{"trouble", "detail"}`.
    """
    try:
        asked = json.loads(request)
        ids = [each for each in asked["ids"] if isinstance(each, str)]
        understood = asked.get("protocolVersion") == PROTOCOL
    except (ValueError, LookupError, TypeError, AttributeError):
        ids, understood = [], True
    values: dict[str, str] = {}
    errors: dict[str, dict[str, str]] = {}
    for each in dict.fromkeys(ids):
        said = read(each) if understood else {"trouble": "unsupported", "detail": "Only protocol version 1 is spoken."}
        if said.get("trouble"):
            errors[each] = {"code": str(said["trouble"]).replace("-", "_").upper(), "message": str(said.get("detail"))}
        elif said.get("value"):
            values[each] = said["value"]
        else:
            errors[each] = {"code": NOT_FOUND, "message": "The keyring has no such entry. Run: portkey-claw key set"}
    return {"protocolVersion": PROTOCOL, "values": values, **({"errors": errors} if errors else {})}


def complaints(response: dict[str, Any]) -> str:
    """What a person should read of an answer, a line an id; empty where all is well."""
    return "".join(f"portkey-claw: {each}: {error['message']}\n" for each, error in response.get("errors", {}).items())


def _read(account: str) -> dict[str, Any]:
    return answer({"op": "read", "service": _SERVICE, "account": account})


def main() -> None:
    """Answers one request; where the keyring hangs it says so itself, for OpenClaw would show nothing but a timeout."""
    if sys.stdin.isatty():
        sys.stderr.write(_BY_HAND)
    request = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    with own_stdout() as out:
        _answer(request, out)


def _answer(request: str, out: BinaryIO) -> None:
    lock = threading.Lock()

    def say(response: dict[str, Any]) -> None:
        sys.stderr.write(complaints(response))
        sys.stderr.flush()
        out.write(json.dumps(response).encode() + b"\n")
        out.flush()

    def too_late() -> None:
        with lock:
            detail = f"The keyring did not answer within {_LIMIT_SECONDS:g} s."
            say(respond(request, lambda _: {"trouble": "timeout", "detail": detail}))
            # The other thread hangs in a call that cannot be ended.
            os._exit(0)

    watch = threading.Timer(_LIMIT_SECONDS, too_late)
    watch.daemon = True
    watch.start()
    response = respond(request, _read)
    with lock:
        watch.cancel()
        say(response)


if __name__ == "__main__":
    main()
