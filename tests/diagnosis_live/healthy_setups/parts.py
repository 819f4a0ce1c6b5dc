"""What several of the healthy set-ups share."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.writing import config, entry

KEY: Final = "${PORTKEY_API_KEY}"
HEADER: Final = "x-portkey-api-key"


def having(**settings: Any) -> dict[str, Any]:
    """A whole config, its Portkey entry having these settings."""
    return config(entry(**settings))
