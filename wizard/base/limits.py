"""Every wait and every read of this program has its limit here. Times are seconds, sizes are bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

CONNECT_SECONDS: Final = 5.0
FIRST_BYTE_SECONDS: Final = 20.0
KEYRING_SECONDS: Final = 3.0
LOCK_SECONDS: Final = 10.0
DOCTOR_SECONDS: Final = 30.0
OPENCLAW_SECONDS: Final = 60.0

CONFIG_BYTES: Final = 8 * 2**20
ENV_FILE_BYTES: Final = 2**20
PACKAGE_BYTES: Final = 2**20
DATABASE_BYTES: Final = 256 * 2**20
SESSIONS_BYTES: Final = 32 * 2**20
ANSWER_BYTES: Final = 64 * 2**10
CATALOGUE_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a whole run, on the monotonic clock."""

    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """A deadline that many seconds from now."""
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    @property
    def passed(self) -> bool:
        """Whether the time is used up."""
        return self.remaining() <= 0.0

    def clip(self, seconds: float) -> float:
        """The shorter of a step's own limit and what is left of the run."""
        return min(seconds, self.remaining())
