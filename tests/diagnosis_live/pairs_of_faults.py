"""Pairs of faults on one route, with the one that is the root cause and what becomes of the other.

The expected winner follows from the rules of the contract alone: the earlier hop comes first (openclaw, key, network,
gateway, provider, model); within one hop the stated order; what would go with the other fault is folded into it; what
nobody could see behind the first fault is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.diagnosis_live.faults.gateway import PLAIN
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import misbehaving, open_source
from tests.diagnosis_live.scenario import HOSTED, OLD, Scenario
from tests.diagnosis_live.writing import by_hand, by_machine, config, entry
from wizard.sandbox import misbehave

WRONG_KEY: Final = "pk-wrongWRONGwrongWRONGwrong012"
BROKEN_CONFIG: Final = {"x-portkey-config": "{not json"}
UNSET: Final = "${NO_SUCH_KEY}"
BELOW_ENV: Final = {"SOME_SETTING": "1"}


@dataclass(frozen=True)
class Pair:
    """Two faults: the one that comes first, the other, and what becomes of that one."""

    first: str
    other: str
    becomes: Literal["second", "folded", "unseen"]
    why: str
    scenario: Scenario


def written(portkey_entry: dict[str, Any], **more: Any) -> str:
    """The text of a config with this entry."""
    return by_machine(config(portkey_entry, **more))


def _pair(
    first: str, other: str, becomes: Literal["second", "folded", "unseen"], why: str, text: str, **more: Any
) -> Pair:
    return Pair(first, other, becomes, why, Scenario(text, **more))


_SILENT: Final = misbehaving(misbehave.silent())
_RESETS: Final = misbehaving(misbehave.resets())

# The earlier hop wins.
HOPS: Final = (
    _pair(
        "PKC103",
        "PKC205",
        "unseen",
        "nothing can be read of the rest",
        written(entry(apiKey=WRONG_KEY)).replace('"api":', '"api"'),
    ),
    _pair(
        "PKC114",
        "PKC202",
        "second",
        "openclaw before key; another variable is missing than the one below env",
        written(entry(apiKey=UNSET), env=BELOW_ENV),
    ),
    _pair(
        "PKC114",
        "PKC202",
        "folded",
        "moving the variable would set the key",
        written(entry(apiKey="${PORTKEY_API_KEY}"), env={"PORTKEY_API_KEY": "{{key}}"}),
    ),
    _pair("PKC114", "PKC205", "second", "openclaw before key", written(entry(apiKey=WRONG_KEY), env=BELOW_ENV)),
    _pair(
        "PKC115",
        "PKC301",
        "second",
        "openclaw before network",
        by_hand(config(entry(baseUrl=f"https://{HOSTED}"), agents={"main": {}})),
    ),
    _pair(
        "PKC115",
        "PKC506",
        "second",
        "openclaw before provider",
        by_hand(config(entry(), primary="portkey/@anthropic-old/claude-opus-4-5", agents={"entries": {"main": {}}})),
        version=OLD,
    ),
    _pair("PKC108", "PKC205", "second", "openclaw before key", written(entry(apiKey=WRONG_KEY), primary=PLAIN)),
    _pair("PKC108", "PKC202", "second", "openclaw before key", written(entry(apiKey=UNSET), primary=PLAIN)),
    _pair("PKC108", "PKC208", "second", "openclaw before key", written(entry(api=MESSAGES), primary=PLAIN)),
    _pair("PKC108", "PKC312", "second", "openclaw before network", written(entry(), primary=PLAIN), host=_RESETS),
    _pair(
        "PKC201", "PKC311", "second", "key before network", written(entry(apiKey="", baseUrl=f"https://{HOSTED}/v1"))
    ),
    _pair(
        "PKC202", "PKC301", "second", "key before network", written(entry(apiKey=UNSET, baseUrl=f"https://{HOSTED}"))
    ),
    _pair(
        "PKC203",
        "PKC302",
        "second",
        "key before network",
        written(entry(apiKey="<your key>", baseUrl=f"https://{HOSTED}/v1/chat/completions")),
    ),
    _pair(
        "PKC208",
        "PKC303",
        "second",
        "key before network",
        written(entry(api=MESSAGES, baseUrl="https://app.portkey.ai/v1")),
    ),
    _pair("PKC202", "PKC312", "second", "key before network", written(entry(apiKey=UNSET)), host=_RESETS),
    _pair(
        "PKC205",
        "PKC405",
        "unseen",
        "the gateway looks at the key first",
        written(entry(apiKey=WRONG_KEY, headers={"x-portkey-config": "pc-gone"})),
    ),
    _pair(
        "PKC206",
        "PKC501",
        "unseen",
        "the gateway looks at the key first",
        written(entry(apiKey="{{key:expired}}"), primary="portkey/@nobody/claude"),
    ),
    _pair("PKC205", "PKC406", "second", "key before gateway", written(entry(apiKey=WRONG_KEY, headers=BROKEN_CONFIG))),
    _pair(
        "PKC207",
        "PKC406",
        "second",
        "key before gateway",
        written(entry(apiKey="{{key:no-scope}}", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC301",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl=f"https://{HOSTED}", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC305",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl=f"http://{HOSTED}/v1", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC306",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl="https://api.portkey.co/v1", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC307",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl="api.portkey.ai", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC311",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
    ),
    _pair("PKC312", "PKC406", "second", "network before gateway", written(entry(headers=BROKEN_CONFIG)), host=_RESETS),
    _pair(
        "PKC313",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(headers=BROKEN_CONFIG)),
        host=_SILENT,
        patience=0.2,
    ),
    _pair(
        "PKC314",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
        names=(HOSTED,),
        tls="good",
        env={"NODE_EXTRA_CA_CERTS": ""},
    ),
    _pair(
        "PKC315",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
        names=(HOSTED,),
        tls="expired",
    ),
    _pair(
        "PKC317",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(headers=BROKEN_CONFIG)),
        host=misbehaving(misbehave.captive_portal()),
    ),
    _pair(
        "PKC323",
        "PKC406",
        "second",
        "network before gateway",
        written(entry(headers=BROKEN_CONFIG)),
        host=misbehaving(misbehave.redirect("https://elsewhere.example")),
    ),
    _pair(
        "PKC401",
        "PKC504",
        "unseen",
        "the model is behind the gateway",
        written(entry(models=[{"id": "no-such-model", "name": "M"}]), primary="portkey/no-such-model"),
    ),
    _pair(
        "PKC506",
        "PKC504",
        "unseen",
        "the provider looks at its key first",
        written(entry(), primary="portkey/@anthropic-old/no-such-model"),
    ),
)

# Within one hop the stated order.
TIES: Final = (
    _pair(
        "PKC115",
        "PKC108",
        "second",
        "a shape that stops OpenClaw before a model that it sends",
        by_hand(config(primary=PLAIN, agents={"main": {}})),
    ),
    _pair("PKC114", "PKC108", "second", "likewise", written(entry(), primary=PLAIN, env=BELOW_ENV)),
    _pair("PKC203", "PKC208", "second", "203 > 208", written(entry(api=MESSAGES, apiKey="YOUR_PORTKEY_API_KEY"))),
    _pair("PKC203", "PKC205", "folded", "a right key would be accepted", written(entry(apiKey="'{{key}}'"))),
    _pair(
        "PKC202",
        "PKC208",
        "second",
        "202 stands before all of what a key is like",
        written(entry(api=MESSAGES, apiKey=UNSET)),
    ),
    _pair("PKC208", "PKC205", "second", "208 > 205", written(entry(api=MESSAGES, apiKey=WRONG_KEY))),
    _pair(
        "PKC510",
        "PKC401",
        "unseen",
        "510 > 401: the open-source gateway cannot know better",
        written(entry()),
        host=open_source(),
    ),
    _pair(
        "PKC510",
        "PKC407",
        "unseen",
        "510 > 407",
        written(entry(headers={"x-portkey-provider": "@openai-prod"})),
        host=open_source(),
    ),
    _pair(
        "PKC510",
        "PKC406",
        "folded",
        "510 > 405, which this gateway words as 406",
        written(entry(headers={"x-portkey-config": "pc-single-91c4e2"})),
        host=open_source(),
    ),
    _pair(
        "PKC502",
        "PKC401",
        "unseen",
        "502 for the model string",
        written(entry(), primary="portkey/anthropic-prod/claude-opus-4-5"),
    ),
    _pair("PKC108", "PKC401", "unseen", "the ref explains what the gateway misses", written(entry(), primary=PLAIN)),
    _pair(
        "PKC407",
        "PKC501",
        "unseen",
        "407 for the header",
        written(
            entry(models=[{"id": "claude-opus-4-5", "name": "M"}], headers={"x-portkey-provider": "anthropic-prod"}),
            primary=PLAIN,
        ),
    ),
    _pair("PKC317", "PKC304", "unseen", "317 > 304", written(entry()), host=misbehaving(misbehave.plain_404())),
)
