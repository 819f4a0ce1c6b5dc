"""What may be said of a secret without giving it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

REFERENCE: Final = re.compile(r"\$\{[^}]*\}")

# Prefixes under which other vendors issue their keys, longest first; from the vendors' own documentation.
_VENDOR_PREFIXES: Final = (
    ("sk-ant-", "Anthropic"),
    ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"),
    ("sk-or-", "OpenRouter"),
    ("github_pat_", "GitHub"),
    ("AIza", "Google"),
    ("AKIA", "AWS"),
    ("gsk_", "Groq"),
    ("xai-", "xAI"),
    ("hf_", "Hugging Face"),
    ("ghp_", "GitHub"),
    ("pplx-", "Perplexity"),
    ("r8_", "Replicate"),
    ("nvapi-", "NVIDIA"),
)

_PLACEHOLDERS: Final = re.compile(
    r"""^(?:
        [<\[{].*[>\]}]                                  # <your key>
      | (?:your|my|the|insert|enter|paste|add|put)[\W_].*(?:key|token|here).*   # YOUR_PORTKEY_API_KEY
      | (?:portkey[\W_]?)?(?:api[\W_]?)?key(?:[\W_]?here)?
      | (?:change|replace)[\W_]?me | todo | tbd | none | null | undefined | example
      | x{6,} | \*{4,} | \.{3,} | (?:sk|pk)-(?:\.{3}|…|x{3,}|\*{3,})
    )$""",
    re.VERBOSE | re.IGNORECASE,
)


class SecretFlag(StrEnum):
    """A visible defect or a kind, none of which needs the value to be told."""

    EMPTY = "empty"
    WHITE_SPACE = "white-space"
    LINE_BREAK = "line-break"
    CONTROL = "control-character"
    NON_LATIN = "non-latin-1"
    QUOTED = "quoted"
    BEARER_PREFIX = "bearer-prefix"
    PLACEHOLDER = "placeholder"
    UNRESOLVED_REFERENCE = "unresolved-reference"
    JWT = "jwt"


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """A secret as evidence may hold it.

    Attributes:
        handle: the text in the secret's place, such as `‹sha256:1f9c22ab›`; equal for equal values.
        fingerprint: the handle without its brackets.
        length_class: `empty`, `short` (under 16 characters), `usual` (to 128) or `long`.
        flags: its visible defects and kind.
        vendor: the vendor whose key prefix it bears, or None.
        source: where it was met first, in words.
    """

    handle: str
    fingerprint: str
    length_class: str
    flags: frozenset[SecretFlag]
    vendor: str | None
    source: str

    @property
    def defects(self) -> tuple[SecretFlag, ...]:
        """The flags that make a key unusable as it stands, in the order of the enumeration."""
        return tuple(flag for flag in SecretFlag if flag in self.flags and flag is not SecretFlag.JWT)


def length_class(value: str) -> str:
    """The class of a secret's length; the length itself would help to guess short ones."""
    if not value:
        return "empty"
    if len(value) < 16:
        return "short"
    return "usual" if len(value) <= 128 else "long"


def flags_of(value: str) -> frozenset[SecretFlag]:
    """The defects and the kind that a secret's own text shows."""
    found = set()
    stripped = value.strip()
    if not stripped:
        found.add(SecretFlag.EMPTY)
    if "\n" in value or "\r" in value:
        found.add(SecretFlag.LINE_BREAK)
    elif any(character.isspace() for character in value.removeprefix("Bearer ")):
        found.add(SecretFlag.WHITE_SPACE)
    if any(ord(character) < 32 and not character.isspace() for character in value) or "\x7f" in value:
        found.add(SecretFlag.CONTROL)
    if any(ord(character) > 255 for character in value):
        found.add(SecretFlag.NON_LATIN)
    if len(stripped) > 1 and (stripped[0] in "\"'`“”‘’" or stripped[-1] in "\"'`“”‘’"):
        found.add(SecretFlag.QUOTED)
    if stripped.lower().startswith("bearer "):
        found.add(SecretFlag.BEARER_PREFIX)
    if REFERENCE.search(value):
        found.add(SecretFlag.UNRESOLVED_REFERENCE)
    elif _PLACEHOLDERS.match(stripped):
        found.add(SecretFlag.PLACEHOLDER)
    if is_jwt(stripped):
        found.add(SecretFlag.JWT)
    return frozenset(found)


def is_jwt(value: str) -> bool:
    """Whether a value has a JSON Web Token's three base64url parts; enterprise gateways take one as a key."""
    return re.fullmatch(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", value) is not None


def vendor_of(value: str) -> str | None:
    """The vendor whose prefix a key bears. A Portkey key has no prefix that could be relied on."""
    return next((vendor for prefix, vendor in _VENDOR_PREFIXES if value.strip().startswith(prefix)), None)
