"""The one place that holds secret values. It cannot be printed, copied or serialised."""

from __future__ import annotations

import hashlib
from typing import Final, NoReturn

from wizard.keys.facts import SecretFacts, flags_of, length_class, vendor_of

# A shorter or less varied value could be guessed from eight hex digits of its hash.
_FINGERPRINT_LENGTH: Final = 16
_FINGERPRINT_VARIETY: Final = 8
# Replacing one- to three-letter values would tear texts apart and hide nothing.
_REDACTABLE_LENGTH: Final = 4


class Vault:
    """Secret values of one run, known outside by their handles only."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._facts: dict[str, SecretFacts] = {}

    def take(self, value: str, source: str) -> SecretFacts:
        """Keep a value and give back what may be said of it; the same value always has the same handle."""
        known = self._facts.get(value)
        if known is not None:
            return known
        fingerprint = self._fingerprint(value)
        facts = SecretFacts(
            handle=f"‹{fingerprint}›",
            fingerprint=fingerprint,
            length_class=length_class(value),
            flags=flags_of(value),
            vendor=vendor_of(value),
            source=source,
        )
        self._facts[value] = facts
        self._values[facts.handle] = value
        return facts

    def facts(self) -> dict[str, SecretFacts]:
        """All facts by handle."""
        return {facts.handle: facts for facts in self._facts.values()}

    def reveal(self, text: str) -> str:
        """The text with every handle replaced by its value: for the wire and for OpenClaw's config only."""
        for handle, value in self._values.items():
            if handle in text:
                text = text.replace(handle, value)
        return text

    def redact(self, text: str) -> str:
        """The text with every known value replaced by its handle, longest values first."""
        for value in sorted(self._facts, key=len, reverse=True):
            if len(value) >= _REDACTABLE_LENGTH and value in text:
                text = text.replace(value, self._facts[value].handle)
        return text

    def _fingerprint(self, value: str) -> str:
        if len(value) >= _FINGERPRINT_LENGTH and len(set(value)) >= _FINGERPRINT_VARIETY:
            digest = hashlib.sha256(value.encode("utf-8", errors="surrogatepass")).hexdigest()
            return f"sha256:{digest[:8]}"
        return f"secret-{len(self._values) + 1}"

    def __repr__(self) -> str:
        return f"<Vault of {len(self._values)} secrets>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Vault cannot be serialised")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Vault cannot be copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Vault cannot be copied")
