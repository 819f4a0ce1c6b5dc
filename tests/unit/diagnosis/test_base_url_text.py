"""What a base URL's text alone proves, and what it should be instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.diagnosis.base_url import fault_of
from wizard.portkey import hosts

V1 = "https://api.portkey.ai/v1"

FAULTS = [
    ("api.portkey.ai/v1", "PKC307", V1),
    ("https://user:word@api.portkey.ai/v1", "PKC307", V1),
    ("https://api.portkey.ai@llm.acme.com/v1", "PKC307", "https://llm.acme.com/v1"),
    ('"https://api.portkey.ai/v1"', "PKC307", V1),
    ("https//api.portkey.ai/v1", "PKC307", None),
    ("https:/api.portkey.ai/v1", "PKC307", V1),
    ("http://llm acme/v1", "PKC307", None),
    ("${PORTKEY_URL}", "PKC307", None),
    ("https://${HOST}/v1", "PKC307", None),
    ("", "PKC307", None),
    ("ftp://api.portkey.ai/v1", "PKC307", None),
    ("https://api.portkey.ai:0/v1", "PKC307", None),
    ("https://api.portkey.com/v1", "PKC306", V1),
    ("https://apiportkey.ai/v1", "PKC306", V1),
    ("https://api.portkey.a/v1", "PKC306", V1),
    ("https://aip.portkey.ai/v1", "PKC306", V1),
    ("https://app.portkey.ai/v1", "PKC303", V1),
    ("https://portkey.ai", "PKC303", V1),
    ("https://docs.portkey.ai/v1/chat/completions", "PKC303", V1),
    ("https://aws-cp.portkey.ai/v1", "PKC303", V1),
    (f"{V1}/chat/completions", "PKC302", V1),
    (f"{V1}/chat/completions/", "PKC302", V1),
    (f"{V1}/messages", "PKC302", V1),
    (f"{V1}/responses", "PKC302", V1),
    (f"{V1}/models", "PKC302", V1),
    ("https://api.portkey.ai/chat/completions", "PKC302", V1),
    (f"{V1}/v1", "PKC302", V1),
    (f"{V1}/v1/", "PKC302", V1),
    ("https://llm.acme.com/v1/messages", "PKC302", "https://llm.acme.com/v1"),
    ("http://127.0.0.1:8787/v1/chat/completions", "PKC302", "http://127.0.0.1:8787/v1"),
    ("https://api.portkey.ai", "PKC301", V1),
    ("https://api.portkey.ai/", "PKC301", V1),
    ("https://aigw.portkey.ai", "PKC301", "https://aigw.portkey.ai/v1"),
    ("http://api.portkey.ai/v1", "PKC305", V1),
    ("HTTP://API.PORTKEY.AI/v1", "PKC305", "https://API.PORTKEY.AI/v1"),
]

FINE = [
    V1,
    f"{V1}/",
    "HTTPS://API.PORTKEY.AI/v1",
    "https://api.portkey.ai./v1",
    "https://aigw.portkey.ai/v1",
    "http://localhost:8787/v1",
    "http://127.0.0.1:8787",
    "http://[::1]:8787/v1",
    "https://portkey.acme.com/v1",
    "https://portkey-gateway.internal/v1",
    "http://portkey:8787/v1",
    "https://llm.acme.com/gateway",
    "https://llm.acme.com/models",
    "https://llm.acme.com/messages/v1",
    "https://llm.acme.com/v1beta/completions-of-ours",
    "https://api.porter.ai/v1",
    "https://api.openai.com/v1",
    "https://10.0.0.7/v1",
    "http://gateway.default.svc.cluster.local:8787/v1",
]


@pytest.mark.parametrize(("text", "code", "better"), FAULTS)
def test_fault_is_seen_in_the_text(text: str, code: str, better: str | None) -> None:
    fault = fault_of(text, openai=True)
    assert fault is not None
    assert (fault.code, fault.better) == (code, better)
    assert fault.reason


@pytest.mark.parametrize("text", FINE)
def test_nothing_is_said_of_a_text_that_can_be_right(text: str) -> None:
    assert fault_of(text, openai=True) is None


@pytest.mark.parametrize("text", ["https://api.portkey.ai", "https://api.portkey.ai/", "https://aigw.portkey.ai"])
def test_messages_need_no_v1(text: str) -> None:
    assert fault_of(text, openai=False) is None


def test_second_v1_is_no_fault_where_it_is_dropped() -> None:
    asked = "https://llm.acme.com/v1/messages"
    assert fault_of("https://llm.acme.com/v1/v1", openai=False, asked=asked) is None
    doubled = fault_of("https://llm.acme.com/v1/v1", openai=False, asked="https://llm.acme.com/v1/v1/messages")
    assert doubled is not None
    assert doubled.code == "PKC302"


@pytest.mark.parametrize("openai", [True, False])
@pytest.mark.parametrize("text", [text for text, _, better in FAULTS if better is not None])
def test_what_is_proposed_instead_is_without_fault(text: str, openai: bool) -> None:
    fault = fault_of(text, openai=openai)
    if fault is not None and fault.better is not None:
        assert fault_of(fault.better, openai=openai) is None


@given(st.text(max_size=40) | st.from_regex(r"https?://[\w.\[\]:@%-]{0,30}(/v1){0,3}[\w/]{0,12}", fullmatch=True))
def test_no_text_is_too_odd(text: str) -> None:
    fault = fault_of(text, openai=True)
    if fault is None:
        assert hosts.origin(text) is not None
    elif fault.better is not None:
        assert hosts.origin(fault.better) is not None
