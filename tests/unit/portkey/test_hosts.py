"""Which hosts are Portkey's, which only look like it, and where the key may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey import hosts
from wizard.portkey.hosts import HostKind

K = HostKind
API, AIGW = "api.portkey.ai", "aigw.portkey.ai"

KINDS: dict[str, HostKind] = {
    "api.portkey.ai": K.HOSTED,
    "aigw.portkey.ai": K.HOSTED,
    "API.Portkey.AI": K.HOSTED,
    "api.portkey.ai.": K.HOSTED,
    "localhost": K.LOOPBACK,
    "LOCALHOST.": K.LOOPBACK,
    "127.0.0.1": K.LOOPBACK,
    "127.255.0.9": K.LOOPBACK,
    "::1": K.LOOPBACK,
    "portkey.ai": K.DASHBOARD,
    "www.portkey.ai": K.DASHBOARD,
    "app.portkey.ai": K.DASHBOARD,
    "docs.portkey.ai": K.DASHBOARD,
    "status.portkey.ai": K.DASHBOARD,
    "albus.portkey.ai": K.CONTROL_PLANE,
    "control.portkey.ai": K.CONTROL_PLANE,
    "mcp.portkey.ai": K.CONTROL_PLANE,
    "agents.portkey.ai": K.CONTROL_PLANE,
    "aws-cp.portkey.ai": K.CONTROL_PLANE,
    "us-east4-gcp-cp.privatelink-gcp.portkey.ai": K.CONTROL_PLANE,
    "api.openai.com": K.VENDOR,
    "api.anthropic.com": K.VENDOR,
    "openrouter.ai": K.VENDOR,
    "localhost.acme.com": K.OTHER,
    "127.0.0.1.nip.io": K.OTHER,
    "127.1": K.OTHER,
    "0.0.0.0": K.OTHER,
    "::": K.OTHER,
    "10.0.0.1": K.OTHER,
    "": K.OTHER,
}

LOOKALIKES: dict[str, str] = {
    # A slip of the keyboard in the whole name.
    "api.portky.ai": API,
    "api.porkey.ai": API,
    "api.protkey.ai": API,
    "api.portkeyy.ai": API,
    "api.portkey.ia": API,
    "api.portkey.a": API,
    "apiportkey.ai": API,
    "ap.portkey.ai": API,
    "apii.portkey.ai": API,
    "pai.portkey.ai": API,
    "agw.portkey.ai": AIGW,
    "aigw.portky.ai": AIGW,
    # Portkey's name under another ending.
    "api.portkey.com": API,
    "api.portkey.io": API,
    "api.portkey.de": API,
    "aigw.portkey.com": AIGW,
    "portkey.com": API,
    "portkey.io": API,
    "portkye.ai": API,
    # The host's name as a part of another.
    "api.portkey.ai.example.com": API,
    "api-portkey.ai": API,
}

# Hosts that people have, and that must never be taken for a slip.
NO_LOOKALIKES = (
    "portkey.acme.com",
    "portkey-gw.internal",
    "portkey-gateway.internal",
    "api.portkey.acme.io",
    "api.portkey.internal",
    "portkey.internal",
    "portkey.local",
    "portkey.lan",
    "portkey.corp",
    "portkey.svc",
    "portkey.home.arpa",
    "portkey.default.svc.cluster.local",
    "api.portkey.test",
    "portkey",
    "portkey-gateway",
    "gateway.acme.com",
    "llm.acme.ai",
    "ai.acme.com",
    "api.acme.ai",
    "aigw.acme.ai",
    "api.porter.ai",
    "api.portly.ai",
    "api.hotkey.ai",
    "api.monkey.ai",
    "api.turkey.ai",
    "api.portia.ai",
    "portia.ai.acme.com",
    "hotkey.ai",
    "donkey.com",
    "portley.com",
    "eu.portkey.ai",
    "gateway.portkey.ai",
    "gw.eu.portkey.ai",
    "acme.portkey.ai",
    "api.openai.com",
    "127.0.0.1",
    "localhost",
    "10.1.2.3",
    "fd00::1",
    "",
    ".",
)


@pytest.mark.parametrize(("host", "kind"), KINDS.items(), ids=repr)
def test_what_a_name_alone_tells(host: str, kind: HostKind) -> None:
    assert hosts.kind(host) is kind


@pytest.mark.parametrize(("host", "meant"), LOOKALIKES.items())
def test_a_near_miss_and_what_it_was_meant_for(host: str, meant: str) -> None:
    assert hosts.nearest_hosted(host) == meant
    assert hosts.nearest_hosted(host.upper() + ".") == meant
    assert hosts.kind(host) is K.LOOKALIKE
    assert not hosts.may_receive_key(f"https://{host}/v1")


@pytest.mark.parametrize("host", NO_LOOKALIKES, ids=repr)
def test_what_people_have_is_no_near_miss(host: str) -> None:
    assert hosts.nearest_hosted(host) is None
    assert hosts.kind(host) is not K.LOOKALIKE


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12))
def test_no_company_is_called_a_near_miss_for_its_own_domain(company: str) -> None:
    for name in (
        f"portkey.{company}.com",
        f"api.portkey.{company}.com",
        f"portkey-{company}.internal",
        f"ai.{company}.com",
    ):
        assert hosts.kind(name) is K.OTHER


@pytest.mark.parametrize("host", hosts.HOSTED)
def test_every_single_slip_in_a_hosted_name_is_seen(host: str) -> None:
    label = host.split(".")[1]
    for index in range(len(label)):
        dropped = host.replace(label, label[:index] + label[index + 1 :])
        doubled = host.replace(label, label[:index] + label[index] + label[index:])
        assert hosts.nearest_hosted(dropped) == hosts.nearest_hosted(doubled) == host
