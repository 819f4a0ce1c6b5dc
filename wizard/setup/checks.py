"""What a single answer must look like. Each check gives the normalised answer or raises ValueError with a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from wizard.portkey.catalogue import SLUG, split_model

# Portkey cuts longer ones silently (its documentation on metadata, read 2026-08).
METADATA_CHARACTERS: Final = 128

_PROVIDER_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AGENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CONFIG_ID: Final = re.compile(r"pc-[A-Za-z0-9_-]+")


def any_text(text: str) -> str:
    """Takes everything but nothing."""
    if not text.strip():
        raise ValueError("is empty")
    return text


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Makes a check that takes these words only."""

    def check(text: str) -> str:
        if text in choices:
            return text
        raise ValueError(f"is unknown: choose {' or '.join(choices)}")

    return check


def provider_id(text: str) -> str:
    """Takes a name that OpenClaw takes for a provider entry and that can stand before the `/` of a model ref."""
    if not _PROVIDER_ID.fullmatch(text):
        raise ValueError("is no name for a provider: use letters, digits, dot, dash and underscore")
    return text


def agent_id(text: str) -> str:
    """Takes an agent's id."""
    if not _AGENT_ID.fullmatch(text):
        raise ValueError("is no agent id: use letters, digits, dash and underscore")
    return text


def config_id(text: str) -> str:
    """Takes the id of a saved Portkey config."""
    if not _CONFIG_ID.fullmatch(text):
        raise ValueError("is no id of a saved Portkey config: it starts with pc- and is shown beside the config's name")
    return text


def slug(text: str) -> str:
    """Takes a provider slug with or without its `@` and gives it without."""
    name = text.removeprefix("@")
    if not SLUG.fullmatch(name):
        raise ValueError("is no provider slug: it has letters, digits, dash and underscore, such as @anthropic-prod")
    return name


def vendor(text: str) -> str:
    """Takes the name that a gateway without a catalogue has for a provider, such as `openai` or `vertex-ai`."""
    if not SLUG.fullmatch(text):
        hint = ": a slug with its @ belongs to --slug" if text.startswith("@") else ""
        raise ValueError(f"is no provider's name, such as openai or anthropic{hint}")
    return text


def model(text: str) -> str:
    """Takes `@slug/model`, or a bare model name."""
    if not text or any(character.isspace() or not character.isprintable() for character in text) or "${" in text:
        raise ValueError("is no model name")
    if text.startswith("@") and split_model(text) is None and not text.startswith(("@cf/", "@hf/")):
        raise ValueError("is no model name: write @slug/model")
    if text.endswith("/"):
        raise ValueError("is no model name: the model after the slash is missing")
    return text


def trace_id(text: str) -> str:
    """Takes what can stand in a header as it is."""
    if not text.strip() or not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("is no trace id: use plain ASCII characters, no white space around it")
    return text


def metadata(text: str) -> str:
    """Takes `KEY=VALUE` within Portkey's limits."""
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise ValueError("is no metadata: write KEY=VALUE")
    for part, what in ((key, "key"), (value, "value")):
        if len(part) > METADATA_CHARACTERS:
            raise ValueError(f"has a {what} of {len(part)} characters, and Portkey cuts it at {METADATA_CHARACTERS}")
    return text
