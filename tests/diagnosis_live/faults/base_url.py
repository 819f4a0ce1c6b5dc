"""Faults that a base URL shows by its text."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import (
    Deaf,
    answering,
    below,
    local_models,
    misbehaving,
    once,
    open_source,
    vendor_fails,
)
from tests.diagnosis_live.scenario import HOSTED, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox import misbehave
from wizard.sandbox.http_messages import Answer, RawConnection, RawReply, json_answer, text_answer
from wizard.sandbox.provider import Fault as VendorFault

OFFLINE: Final = ("--offline",)
COMPANY: Final = "llm.acme.example"
# Nothing listens on the port of the discard service.
CLOSED: Final = "http://127.0.0.1:9/v1"


def at_url(base_url: str, **settings: Any) -> dict[str, Any]:
    return config(entry(baseUrl=base_url, **settings))


def hosted(base_url: str = f"https://{HOSTED}/v1", **more: Any) -> Scenario:
    return Scenario(by_machine(at_url(base_url)), **{"names": (HOSTED,), "tls": "good", **more})


FAULTS: Final = (
    Fault("PKC301", "the hosted gateway without /v1", Scenario(by_machine(_at(f"https://{HOSTED}"))), at="baseUrl"),
    Fault("PKC301", "a gateway elsewhere without /v1", Scenario(by_hand(_at("{{origin}}/"))), at="baseUrl"),
    Fault(
        "PKC302",
        "the whole endpoint",
        Scenario(by_machine(_at(f"https://{HOSTED}/v1/chat/completions"))),
        at="baseUrl",
    ),
    Fault("PKC302", "a second /v1", Scenario(by_hand(_at("{{base}}/v1/"))), at="baseUrl"),
    Fault(
        "PKC302",
        "the messages endpoint",
        Scenario(in_haste(_at("{{base}}/messages", api=MESSAGES, authHeader=True))),
        at="baseUrl",
    ),
    Fault("PKC303", "the dashboard", _hosted("https://app.portkey.ai/v1", names=("app.portkey.ai",)), at="baseUrl"),
    Fault(
        "PKC303",
        "the control plane",
        Scenario(by_hand(_at("https://albus.portkey.ai/v1", api="openai-responses")), flags=OFFLINE),
        at="baseUrl",
    ),
    Fault("PKC305", "plain http", Scenario(by_machine(_at(f"http://{HOSTED}/v1")), names=(HOSTED,)), at="baseUrl"),
    Fault(
        "PKC305",
        "plain http, the other hosted gateway",
        Scenario(by_hand(_at("http://aigw.portkey.ai", api=MESSAGES, authHeader=True)), flags=OFFLINE),
        at="baseUrl",
    ),
    Fault(
        "PKC306",
        "another ending",
        Scenario(by_machine(_at("https://api.portkey.com/v1")), names=("api.portkey.com",)),
        at="baseUrl",
    ),
    Fault("PKC306", "a slip of the keyboard", Scenario(by_hand(_at("https://api.porktey.ai/v1"))), at="baseUrl"),
    Fault("PKC307", "no scheme", Scenario(by_machine(_at(f"{HOSTED}/v1"))), at="baseUrl"),
    Fault("PKC307", "a variable that is not set", Scenario(by_hand(_at("${PORTKEY_BASE_URL}"))), at="baseUrl"),
    Fault(
        "PKC307",
        "a user and password, to which OpenClaw sends nothing",
        Scenario(by_machine(_at("http://me:and-a-password@127.0.0.1:{{port}}/v1"))),
        at="baseUrl",
    ),
    Fault("PKC307", "a blank inside", Scenario(by_hand(_at(f"https://{HOSTED} /v1"))), at="baseUrl"),
)


NEIGHBOURS: Final = ()
