"""What a key's own text tells: whether it can be one, and what to say of it while it is typed."""

from __future__ import annotations

from typing import Final

from wizard.keys.facts import SecretFlag, vendor_of
from wizard.keys.vault import Vault
from wizard.portkey.hosts import HostKind
from wizard.setup.prompter.model import Verdict
from wizard.terminal.words import plural

DEFECTS: Final = {
    SecretFlag.EMPTY: "is empty",
    SecretFlag.TRAILING_SPACE: "has white space behind it",
    SecretFlag.LEADING_SPACE: "has white space before it",
    SecretFlag.WHITE_SPACE: "has white space in it",
    SecretFlag.LINE_BREAK: "has a line break in it",
    SecretFlag.CONTROL: "has a control character in it",
    SecretFlag.NON_LATIN: "has characters in it that no HTTP header can carry",
    SecretFlag.QUOTED: "has quotation marks around it",
    SecretFlag.BEARER_PREFIX: "begins with the word Bearer",
    SecretFlag.PLACEHOLDER: "is a placeholder, not a key",
    SecretFlag.UNRESOLVED_REFERENCE: "holds a ${…} reference instead of a key",
}

_SHA: Final = "sha256:"


def judge_key(text: str, kind: HostKind) -> Verdict:
    """What is said of a key while it is typed; white space around it is not part of it.

    Refused is only what cannot be sent or is no key for certain. No prefix is asked for: Portkey's keys have none that
    could be relied on, and another vendor's is a warning only, for a gateway of one's own may take any key.

    Args:
        text: what was typed so far.
        kind: what the gateway's host name tells.
    """
    text = text.strip()
    facts = Vault().take(text, "the prompt")
    refused = next((words for flag, words in DEFECTS.items() if flag in facts.flags), None)
    if refused is None and "${" in text:
        # The closing brace is still to come.
        refused = DEFECTS[SecretFlag.UNRESOLVED_REFERENCE]
    if refused is None and text.lower() == "bearer":
        refused = DEFECTS[SecretFlag.BEARER_PREFIX]
    warning = ""
    vendor = vendor_of(text)
    if vendor is not None and kind is HostKind.HOSTED:
        warning = f"looks like a key of {vendor}'s, and Portkey wants its own; the provider's key stays in Portkey"
    return Verdict(refused, note=_measure(text, facts.fingerprint), warning=warning)


def _measure(text: str, fingerprint: str) -> str:
    """The length and, where the text is long enough to keep it to itself, the fingerprint."""
    if not text:
        return ""
    length = plural(len(text), "character")
    return f"{length}, {fingerprint}" if fingerprint.startswith(_SHA) else length
