"""OpenClaw's calendar versions, and what changed when.

Source: bisected with `config validate` over 2026.3.13 to 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

import re
from typing import Final

Version = tuple[int, int, int]

# From here on variables must stand below `env.vars`; the top level holds settings only.
ENV_VARS_ONLY: Final[Version] = (2026, 8, 1)
# Seen to know `agents.entries` and to refuse `agents.list`; nothing between was tried.
AGENTS_ENTRIES_SEEN: Final[Version] = (2026, 9, 6)
# The last one seen to know `agents.list` only.
AGENTS_LIST_SEEN: Final[Version] = (2026, 5, 7)
# Seen to let a model's own baseUrl win, and to drop every /v1 that an Anthropic base URL ends in;
# 2026.5.7 does neither.
MODEL_BASE_URL_SEEN: Final[Version] = (2026, 9, 6)
# Seen to take a reference in `apiKey` before a saved auth profile; 2026.5.7 takes the profile in any case.
REFERENCE_BEFORE_PROFILE_SEEN: Final[Version] = (2026, 9, 6)
# Seen to read its config anew when its gateway restarts itself; 2026.5.7 falls back to the one it started with.
RESTART_READS_CONFIG_SEEN: Final[Version] = (2026, 9, 6)
# The last one seen to heed ALL_PROXY.
ALL_PROXY_SEEN: Final[Version] = (2026, 5, 7)


def parse_version(text: str | None) -> Version | None:
    """`2026.9.6` (also with `v`, or with a pre-release ending) as numbers, or None."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text or "")
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
