"""OpenClaw configs in the hands of different writers: one meaning, three ways to put it down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Writer = Callable[[Any], str]

OPUS: Final = "@anthropic-prod/claude-opus-4-5"
GPT: Final = "@openai-prod/gpt-5.2"
GONE: Final = object()  # a setting that is to be left out

_PLAIN: Final = re.compile(r"^[A-Za-z_$][\w$]*$")


def entry(**settings: Any) -> dict[str, Any]:
    """A provider entry that works, with these settings in place of its own; `GONE` leaves one out."""
    usual = {
        "baseUrl": "{{base}}",
        "apiKey": "{{key}}",
        "api": "openai-completions",
        "models": [{"id": OPUS, "name": "Opus"}],
    }
    return {name: value for name, value in {**usual, **settings}.items() if value is not GONE}


def config(
    portkey: Mapping[str, Any] | None = None,
    *,
    primary: Any = f"portkey/{OPUS}",
    others: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    agents: Mapping[str, Any] | None = None,
    **top: Any,
) -> dict[str, Any]:
    """A whole config as data: the entry `portkey` (a working one by default), the default model, and what is added."""
    model = {} if primary is GONE else {"model": {"primary": primary}}
    return {
        **top,
        "agents": {"defaults": {**model, **(defaults or {})}, **(agents or {})},
        "models": {"mode": "merge", "providers": {"portkey": portkey or entry(), **(others or {})}},
    }


def by_machine(value: Any) -> str:
    """Strict JSON, as OpenClaw's own commands write it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def by_hand(value: Any) -> str:
    """JSON5 as people write it: bare names, single quotes, trailing commas, comments."""
    return "// my OpenClaw\n" + _hand(value, "") + "\n/* end */\n"


def in_haste(value: Any) -> str:
    """JSON5 as it is pasted together: tabs, one line where it fits, CRLF line ends, a byte order mark."""
    text = _hand(value, "").replace("  ", "\t").replace("\n", "\r\n")
    return "\ufeff" + text


def _hand(value: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        members = "".join(f"{inner}{_name(name)}: {_hand(item, inner)},\n" for name, item in value.items())
        return f"{{\n{members}{indent}}}"
    if isinstance(value, list):
        if all(not isinstance(item, Mapping | list) for item in value):
            return "[" + ", ".join(_hand(item, inner) for item in value) + "]"
        return "[\n" + "".join(f"{inner}{_hand(item, inner)},\n" for item in value) + f"{indent}]"
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
        return f"'{quoted}'"
    return json.dumps(value)


def _name(name: str) -> str:
    return name if _PLAIN.match(name) else f"'{name}'"
