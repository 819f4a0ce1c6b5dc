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


QUOTES: Final = "\"'`“”‘’"
# What HTTP takes away around a header's value; a no-break space from a web page is not among it.
HTTP_SPACE: Final = " \t\r\n"


class SecretFlag(StrEnum):
    """A visible defect or a kind, none of which needs the value to be told."""

    EMPTY = "empty"
    TRAILING_SPACE = "trailing-space"
    LEADING_SPACE = "leading-space"
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
        """The flags that make a key unusable as it stands, in the order of the enumeration.

        White space behind a value is none: HTTP takes it away.
        """
        harmless = (SecretFlag.JWT, SecretFlag.TRAILING_SPACE)
        return tuple(flag for flag in SecretFlag if flag in self.flags and flag not in harmless)


def length_class(value: str) -> str:
    """The class of a secret's length; the length itself would help to guess short ones."""
    if not value:
        return "empty"
    if len(value) < 16:
        return "short"
    return "usual" if len(value) <= 128 else "long"


def flags_of(value: str) -> frozenset[SecretFlag]:
    """The defects and the kind that a secret's own text shows."""
    core = value.strip(HTTP_SPACE)
    tests = {
        SecretFlag.EMPTY: not core.strip(),
        SecretFlag.TRAILING_SPACE: value != value.rstrip(HTTP_SPACE),
        SecretFlag.LEADING_SPACE: value != value.lstrip(HTTP_SPACE),
        SecretFlag.LINE_BREAK: "\n" in core or "\r" in core,
        SecretFlag.WHITE_SPACE: any(map(_is_blank, core.removeprefix("Bearer "))),
        SecretFlag.CONTROL: any(map(_is_control, value)),
        SecretFlag.NON_LATIN: any(ord(character) > 255 for character in core),
        SecretFlag.QUOTED: len(core) > 1 and (core[0] in QUOTES or core[-1] in QUOTES),
        SecretFlag.BEARER_PREFIX: core.lower().startswith("bearer "),
        SecretFlag.UNRESOLVED_REFERENCE: REFERENCE.search(value) is not None,
        SecretFlag.PLACEHOLDER: REFERENCE.search(value) is None and _PLACEHOLDERS.match(core) is not None,
        SecretFlag.JWT: is_jwt(core),
    }
    return frozenset(flag for flag, holds in tests.items() if holds)


def _is_blank(character: str) -> bool:
    return character.isspace() and character not in "\r\n" and not _is_control(character)


def _is_control(character: str) -> bool:
    return (character < " " and character not in "\t\r\n") or character == "\x7f"


def is_jwt(value: str) -> bool:
    """Whether a value has a JSON Web Token's three base64url parts; enterprise gateways take one as a key."""
    return re.fullmatch(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", value) is not None


def vendor_of(value: str) -> str | None:
    """The vendor whose prefix a key bears. A Portkey key has no prefix that could be relied on."""
    return next((vendor for prefix, vendor in _VENDOR_PREFIXES if value.strip().startswith(prefix)), None)
