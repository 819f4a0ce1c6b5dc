"""Whether a saved Portkey config is there, asked before it is written into OpenClaw's config."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from wizard.base.errors import usage_error
from wizard.portkey.account import config_exists, read_configs
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.answers import Answers


def check_config_id(answers: Answers, ask: Callable[[Probe], Exchange]) -> str | None:
    """What to say where the gateway does not tell of configs; None where it does, or none was named.

    Raises:
        UserError: the account has no such config; exit code 2.
    """
    wanted = answers.config_id
    if wanted is None:
        return None
    where, handle = answers.gateway.api_root, answers.key.facts.handle
    there = config_exists(wanted, where, handle, ask)
    if there is None:
        return f"Whether the Portkey config {wanted} exists could not be checked: this key may not read configs."
    if there:
        return None
    known = [config.id for config in read_configs(where, handle, ask) or ()]
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5) or known[:3]
    hint = f"It has {', '.join(near)}. " if near else ""
    raise usage_error(
        f"--config-id {wanted}: this key's workspace has no such config.",
        f"{hint}Configs are listed at https://app.portkey.ai/configs. To write it all the same: --no-verify.",
    )
