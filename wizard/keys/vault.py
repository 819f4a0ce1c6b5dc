"""The one place that holds secret values. It cannot be printed, copied or serialised."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NoReturn

from wizard.keys.facts import QUOTES, SecretFacts, flags_of, length_class, vendor_of

# A shorter or less varied value could be guessed from eight hex digits of its hash.
_FINGERPRINT_LENGTH: Final = 16
_FINGERPRINT_VARIETY: Final = 8
_REDACTABLE_LENGTH: Final = 8
_HANDLE: Final = r"‹(?:sha256:[0-9a-f]{8}|secret-\d+)›"
# The beginning of a secret at the end of a text that was cut off; fewer characters give nothing away.
_TELLING_LENGTH: Final = 4


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
        return re.sub(_HANDLE, lambda found: self._values.get(found.group(), found.group()), text)

    def redact(self, text: str) -> str:
        """The text with every known value replaced by its handle, longest values first.

        A value counts where it has a fingerprint, or at least eight characters with a digit and a letter among them.
        Anything less is a word: a key called `portkey` or `test` would tear every answer apart that says
        `x-portkey-config`, and hide nothing that could not be guessed. A server echoes what HTTP made of a value, so
        the value without the white space, the `Bearer` and the quotes around it is replaced as well.
        """
        spellings = {spelling: handle for spelling, handle in self._spellings().items() if spelling in text}
        if not spellings:
            return text
        longest_first = sorted(spellings, key=len, reverse=True)
        # Handles stand first so that none is torn apart by a value that looks like a part of one.
        pattern = re.compile("|".join((_HANDLE, *map(re.escape, longest_first))))
        return pattern.sub(lambda found: spellings.get(found.group(), found.group()), text)

    def redact_cut(self, text: str) -> str:
        """`redact` for a text whose end is missing: the beginning of a value at its end goes as well."""
        text = self.redact(text)
        for spelling, handle in self._spellings().items():
            for length in range(min(len(spelling), len(text)), _TELLING_LENGTH - 1, -1):
                if text.endswith(spelling[:length]):
                    return text[:-length] + handle
        return text

    def _spellings(self) -> dict[str, str]:
        """Every text that gives a value away, with the value's handle; where two values share one, its own."""
        found: dict[str, str] = {}
        for value, facts in self._facts.items():
            bare = value.strip().removeprefix("Bearer ").strip().strip(QUOTES)
            for spelling in (value.strip(), bare):
                found.setdefault(spelling, facts.handle)
        found.update((value, facts.handle) for value, facts in self._facts.items())
        return {spelling: handle for spelling, handle in found.items() if _is_redactable(spelling)}

    def _fingerprint(self, value: str) -> str:
        if _is_random(value):
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


def _is_random(value: str) -> bool:
    return len(value) >= _FINGERPRINT_LENGTH and len(set(value)) >= _FINGERPRINT_VARIETY


def _is_redactable(value: str) -> bool:
    if _is_random(value):
        return True
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return len(value) >= _REDACTABLE_LENGTH and mixed
