"""Where `key set` takes the key from: a pipe, a file, or a prompt that does not show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from wizard.base import limits
from wizard.base.errors import ExitCode, UserError, usage_error
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.portkey.hosts import HostKind
from wizard.setup.key import KEYS_PAGE, KeyAnswer, read_key, take_key
from wizard.setup.key_commands.look import Around, Request
from wizard.setup.key_shape import judge_key
from wizard.setup.prompter.model import BackError, Prompter, SecretPrompt

_FLAGS: Final = "--api-key-stdin or --api-key-file PATH"


def obtain_key(given: Mapping[str, Any], around: Around, request: Request, prompter: Prompter) -> KeyAnswer:
    """The key that is to be stored.

    The environment's own variable is passed over: it may be the very key that is to be replaced.

    Raises:
        UserError: there is no key, or it is none; exit code 2.
    """
    environment = request.environment
    stated = dict(given)
    if not (given.get("api_key_stdin") or given.get("api_key_file")):
        if prompter.asks:
            return _asked(around, request, prompter)
        if environment.stdin.isatty():
            raise _missing()
        stated["api_key_stdin"] = True
        # Whoever pipes nothing has forgotten the key, not the flag.
        if not (text := environment.stdin.read(limits.ANSWER_BYTES)).strip():
            raise _missing()
        return take_key(text.rstrip("\r\n"), "standard input", around.layers, request.vault)
    variables = {name: value for name, value in environment.variables.items() if name != KEY_VARIABLE}
    return read_key(stated, None, around.layers, replace(environment, variables=variables), request.vault)


def _asked(around: Around, request: Request, prompter: Prompter) -> KeyAnswer:
    prompt = SecretPrompt(
        "api_key",
        "Portkey API key",
        judge=lambda text: judge_key(text, HostKind.HOSTED),
        help=f"Keys are made at {KEYS_PAGE}. It is not shown while you type.",
    )
    try:
        return take_key(prompter.secret(prompt), "the prompt", around.layers, request.vault)
    except BackError:
        raise left() from None


def left() -> UserError:
    """What asking for the step before the first one comes to."""
    return UserError(ExitCode.INTERRUPTED, "Left; nothing was written.")


def _missing() -> UserError:
    return usage_error(
        f"The key is missing: {_FLAGS}.",
        f"Keys are made at {KEYS_PAGE}. Never pass one as a plain argument: other users of this machine could read it.",
    )
