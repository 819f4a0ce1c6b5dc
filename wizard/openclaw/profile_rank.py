"""Whether OpenClaw takes a key that it saved itself, an auth profile, before the key in the config.

Source: the key seen on the wire in turns of 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

import re
from typing import Any, Final

from wizard.openclaw.references import secret_ref
from wizard.openclaw.seen import OpenClawSeen, SavedProfile
from wizard.openclaw.versions import REFERENCE_BEFORE_PROFILE_SEEN, Version, parse_version

_BARE_REFERENCE: Final = re.compile(r"\$\{[A-Z_][A-Z0-9_]*\}")


def outranks(api_key: Any, version: Version | None) -> bool:
    """Whether an agent's turn takes a saved profile of the provider before what stands in the entry's `apiKey`.

    On 2026.5.7 always. On 2026.9.6 a reference that is all of the value (`${NAME}`, be the variable missing, or a
    SecretRef) comes before the profile; a literal key, a text around a reference, and no `apiKey` come after it.
    `openclaw infer` takes the profile in any case.
    """
    if version is None or version < REFERENCE_BEFORE_PROFILE_SEEN:
        return True
    is_bare = isinstance(api_key, str) and _BARE_REFERENCE.fullmatch(api_key.strip()) is not None
    return not is_bare and secret_ref(api_key) is None


def before_references(seen: OpenClawSeen) -> tuple[SavedProfile, ...]:
    """The saved profiles that come before a bare reference in `apiKey`, as every store of ours is named by one.

    An agent's old file is among them on any version: a newer one makes no request while it is there.
    """
    every = outranks("${PORTKEY_API_KEY}", parse_version(seen.install.version))
    return tuple(profile for profile in seen.saved_profiles if every or not profile.in_database)
