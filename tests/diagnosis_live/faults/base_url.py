"""Faults that a base URL shows by its text."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import (
    below,
)
from tests.diagnosis_live.scenario import HOSTED, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import by_hand, by_machine, config, entry, in_haste

OFFLINE: Final = ("--offline",)
COMPANY: Final = "llm.acme.example"
# Nothing listens on the port of the discard service.
CLOSED: Final = "http://127.0.0.1:9/v1"


def at_url(base_url: str, **settings: Any) -> dict[str, Any]:
    """A config whose entry has this base URL."""
    return config(entry(baseUrl=base_url, **settings))


def hosted(base_url: str = f"https://{HOSTED}/v1", **more: Any) -> Scenario:
    """A config that goes to one of Portkey's own hosts, which answers here."""
    return Scenario(by_machine(at_url(base_url)), **{"names": (HOSTED,), "tls": "good", **more})


FAULTS: Final = (
    Fault("PKC301", "the hosted gateway without /v1", Scenario(by_machine(at_url(f"https://{HOSTED}"))), at="baseUrl"),
    Fault("PKC301", "a gateway elsewhere without /v1", Scenario(by_hand(at_url("{{origin}}/"))), at="baseUrl"),
    Fault(
        "PKC302",
        "the whole endpoint",
        Scenario(by_machine(at_url(f"https://{HOSTED}/v1/chat/completions"))),
        at="baseUrl",
    ),
    Fault("PKC302", "a second /v1", Scenario(by_hand(at_url("{{base}}/v1/"))), at="baseUrl"),
    Fault(
        "PKC302",
        "the messages endpoint",
        Scenario(in_haste(at_url("{{base}}/messages", api=MESSAGES, authHeader=True))),
        at="baseUrl",
    ),
    Fault("PKC303", "the dashboard", hosted("https://app.portkey.ai/v1", names=("app.portkey.ai",)), at="baseUrl"),
    Fault(
        "PKC303",
        "the control plane",
        Scenario(by_hand(at_url("https://albus.portkey.ai/v1", api="openai-responses")), flags=OFFLINE),
        at="baseUrl",
    ),
    Fault("PKC305", "plain http", Scenario(by_machine(at_url(f"http://{HOSTED}/v1")), names=(HOSTED,)), at="baseUrl"),
    Fault(
        "PKC305",
        "plain http, the other hosted gateway",
        Scenario(by_hand(at_url("http://aigw.portkey.ai", api=MESSAGES, authHeader=True)), flags=OFFLINE),
        at="baseUrl",
    ),
    Fault(
        "PKC306",
        "another ending",
        Scenario(by_machine(at_url("https://api.portkey.com/v1")), names=("api.portkey.com",)),
        at="baseUrl",
    ),
    Fault("PKC306", "a slip of the keyboard", Scenario(by_hand(at_url("https://api.porktey.ai/v1"))), at="baseUrl"),
    Fault("PKC307", "no scheme", Scenario(by_machine(at_url(f"{HOSTED}/v1"))), at="baseUrl"),
    Fault("PKC307", "a variable that is not set", Scenario(by_hand(at_url("${PORTKEY_BASE_URL}"))), at="baseUrl"),
    Fault(
        "PKC307",
        "a user and password, to which OpenClaw sends nothing",
        Scenario(by_machine(at_url("http://me:and-a-password@127.0.0.1:{{port}}/v1"))),
        at="baseUrl",
    ),
    Fault("PKC307", "a blank inside", Scenario(by_hand(at_url(f"https://{HOSTED} /v1"))), at="baseUrl"),
)


NEIGHBOURS: Final = (
    Neighbour(
        "PKC301",
        "messages need no /v1",
        Scenario(by_hand(at_url("{{origin}}", api=MESSAGES, headers={"x-portkey-api-key": "{{key}}"}))),
    ),
    Neighbour("PKC302", "a slash at the end", Scenario(by_machine(at_url("{{base}}/")))),
    Neighbour(
        "PKC302",
        "two /v1 for messages, of which OpenClaw drops both",
        Scenario(by_machine(at_url("{{base}}/v1", api=MESSAGES, authHeader=True))),
    ),
    Neighbour(
        "PKC302",
        "a gateway of the company's below a path called models",
        Scenario(
            by_hand(at_url("{{origin}}/models", api=MESSAGES, authHeader=True)),
            host=below("/models"),
        ),
    ),
    Neighbour("PKC303", "the gateway's own host", hosted()),
    Neighbour("PKC305", "plain http on this machine", Scenario(by_hand(at_url("http://localhost:{{port}}/v1")))),
    Neighbour(
        "PKC306",
        "a company's own name with Portkey in it",
        Scenario(
            by_machine(at_url("https://portkey.acme.example/v1")),
            names=("portkey.acme.example",),
            tls="good",
            flags=("--trust-host", "portkey.acme.example"),
        ),
    ),
    Neighbour(
        "PKC307",
        "the same variable, and it is set",
        Scenario(by_hand(at_url("${PORTKEY_BASE_URL}")), env={"PORTKEY_BASE_URL": "{{base}}"}),
    ),
)
