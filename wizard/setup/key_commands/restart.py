"""What it takes until OpenClaw has the key from its new place."""

from __future__ import annotations

from wizard.change.apply import Applied
from wizard.openclaw.pickup import Need
from wizard.openclaw.running_gateway import running_gateway
from wizard.setup.aftermath import gateway_needs, lock_out_words, touched_by
from wizard.setup.key_commands.change import Prepared
from wizard.setup.key_commands.look import Request


def restarts(prepared: Prepared, applied: Applied | None, request: Request) -> tuple[str, ...]:
    """What to do after the write, each a sentence; empty where nothing was written, or nothing is to be done."""
    if applied is None or not (applied.written or applied.entry_id):
        return ()
    around, moving = prepared.around, prepared.moving
    need, words = gateway_needs(touched_by(moving.plan, moving.paths), around.seen, around.located)
    idle = need is Need.NOTHING and running_gateway(around.located, request.environment) is None
    waits = lock_out_words(around.located, around.entries, request.environment.now())
    return (*(() if idle else (words,)), *waits)
