"""Which hosts are Portkey's, which only look like it, and where the key may go."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import assume, given
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


# --- Origins and who may have the key.

ORIGINS: dict[str, str | None] = {
    "https://api.portkey.ai/v1": "https://api.portkey.ai",
    "https://api.portkey.ai:443/v1": "https://api.portkey.ai",
    "HTTPS://API.PORTKEY.AI": "https://api.portkey.ai",
    "https://api.portkey.ai./v1": "https://api.portkey.ai",
    "https://user:pw@api.portkey.ai/v1": "https://api.portkey.ai",
    "http://gateway.acme.com:80/v1": "http://gateway.acme.com",
    "http://gateway.acme.com:8787": "http://gateway.acme.com:8787",
    "https://gateway.acme.com:80": "https://gateway.acme.com:80",
    "http://[::1]:8787/v1": "http://[::1]:8787",
    "https://[FD00::1]/": "https://[fd00::1]",
    "https://grün.example/": "https://grün.example",
    "https://xn--grn-hoa.example/": "https://xn--grn-hoa.example",
    "https://my_gateway.acme.com/": "https://my_gateway.acme.com",
    "https://‹secret-1›@gateway.acme.com/": "https://gateway.acme.com",
    "": None,
    "gateway.acme.com/v1": None,
    "//gateway.acme.com": None,
    "ftp://gateway.acme.com": None,
    "https:/gateway.acme.com": None,
    "https://": None,
    "https:///v1": None,
    "https://:443": None,
    "https://gate way.acme.com": None,
    " https://gateway.acme.com": None,
    "https://gateway.acme.com\n": None,
    "https://gateway.acme.com:0": None,
    "https://gateway.acme.com:65536": None,
    "https://gateway.acme.com:port": None,
    "https://gateway%2eacme.com": None,
    "https://100%.acme.com": None,
    "https://[::1": None,
    "https://-gateway.acme.com": None,
    "https://${HOST}/v1": None,
    "https://$HOST/v1": None,
    "https://<your-gateway>/v1": None,
    "https://{gateway}/v1": None,
}


@pytest.mark.parametrize(("url", "origin"), ORIGINS.items(), ids=repr)
def test_origins_are_normalised(url: str, origin: str | None) -> None:
    found = hosts.origin(url)
    assert (str(found) if found else None) == origin


ALLOWED = (
    "https://api.portkey.ai/v1",
    "https://aigw.portkey.ai/v1",
    "https://API.PORTKEY.AI:443/v1",
    "https://api.portkey.ai./v1",
    "https://somebody@api.portkey.ai/v1",
    "http://localhost:8787/v1",
    "http://LOCALHOST/v1",
    "https://localhost/v1",
    "http://127.0.0.1:8787/v1",
    "http://127.9.9.9/",
    "http://[::1]:8787/v1",
    "http://[0:0:0:0:0:0:0:1]/",
)
WITHHELD = (
    "http://api.portkey.ai/v1",
    "https://api.portkey.ai:8443/v1",
    "https://api.portkey.ai@evil.example/v1",
    "https://api.portkey.ai:pw@evil.example/v1",
    "https://api.portkey.ai\\@evil.example/v1",
    "https://evil.example/https://api.portkey.ai",
    "https://evil.example#@api.portkey.ai",
    "https://evil.example?@api.portkey.ai",
    "https://api.portkey.ai.evil.example/v1",
    "https://api.portkey.ai%2eevil.example/v1",
    "https://api-portkey.ai/v1",
    "https://app.portkey.ai/v1",
    "https://portkey.ai/v1",
    "https://albus.portkey.ai/v1",
    "https://x.api.portkey.ai/v1",
    "https://gateway.acme.com/v1",
    "https://api.openai.com/v1",
    "https://api。portkey。ai/v1",
    "https://api.pоrtkey.ai/v1",
    "http://localhost.evil.example/v1",
    "http://127.0.0.1.evil.example/v1",
    "http://127.0.0.1@evil.example/v1",
    "http://0.0.0.0:8787/v1",
    "http://[::]:8787/v1",
    "http://10.0.0.1/v1",
    "http://2130706433/",
    "http://0x7f.1/",
    "no url",
    "",
)


@pytest.mark.parametrize("url", ALLOWED)
def test_who_may_have_the_key(url: str) -> None:
    assert hosts.may_receive_key(url)


@pytest.mark.parametrize("url", WITHHELD, ids=repr)
def test_who_may_not(url: str) -> None:
    assert not hosts.may_receive_key(url)


@pytest.mark.parametrize(
    ("url", "trusted", "may"),
    [
        ("https://gateway.acme.com/v1", "https://gateway.acme.com", True),
        ("https://GATEWAY.acme.com.:443/other", "https://gateway.acme.com", True),
        ("https://gateway.acme.com:8443/v1", "https://gateway.acme.com", False),
        ("http://gateway.acme.com/v1", "https://gateway.acme.com", False),
        ("http://gateway.acme.com/v1", "http://gateway.acme.com", True),
        ("https://x.gateway.acme.com/v1", "https://gateway.acme.com", False),
        ("http://api.portkey.ai/v1", "http://api.portkey.ai", False),
        ("https://gateway.acme.com/v1", "gateway.acme.com", False),
    ],
)
def test_a_confirmed_origin_counts_with_scheme_and_port(url: str, trusted: str, may: bool) -> None:
    assert hosts.may_receive_key(url, (trusted,)) is may


USED = (
    "https://gateway.acme.com/v1",
    "http://gateway.acme.com:8787/v1",
    "https://other.acme.com/v1",
    "http://[fd00::1]:8787/v1",
    "no url",
)


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("gateway.acme.com", ("https://gateway.acme.com", "http://gateway.acme.com:8787")),
        ("GATEWAY.acme.com.", ("https://gateway.acme.com", "http://gateway.acme.com:8787")),
        ("gateway.acme.com:8787", ("http://gateway.acme.com:8787",)),
        ("gateway.acme.com:443", ("https://gateway.acme.com",)),
        ("https://gateway.acme.com/v1", ("https://gateway.acme.com",)),
        ("https://unused.acme.com:8443", ("https://unused.acme.com:8443",)),
        ("[fd00::1]:8787", ("http://[fd00::1]:8787",)),
        ("fd00::1", ("http://[fd00::1]:8787",)),
        ("acme.com", ()),
        ("unused.acme.com", ()),
        ("https://", ()),
        ("", ()),
    ],
)
def test_what_a_trusted_host_stands_for(value: str, origins: tuple[str, ...]) -> None:
    assert hosts.trusted_origins((value,), USED) == origins


def test_several_trusted_hosts_are_one_list_without_doubles() -> None:
    values = ("other.acme.com", "https://other.acme.com", "gateway.acme.com:443")
    assert hosts.trusted_origins(values, USED) == ("https://other.acme.com", "https://gateway.acme.com")


def test_an_origin_is_written_so_that_it_reads_back() -> None:
    for url in (*ALLOWED, *USED):
        origin = hosts.origin(url)
        assert origin is None or hosts.origin(str(origin)) == origin


# The parts of URLs that parsers read differently.
PARTS = st.sampled_from(
    [
        *("https://", "http://", "HTTPS://", "api.portkey.ai", "aigw.portkey.ai", "evil.example", "localhost"),
        *("127.0.0.1", "[::1]", "@", ":", "/", "\\", "?", "#", "%", "%2e", "%40", ".", "..", ";", ",", "443", "80"),
        *("8787", "user", "pw", "。", "．", "／", "＠", "‹secret-1›", "`", "|", "^", "{", "}", "[", "]", "'", "*"),
        *("+", "!", "$", "&", "(", ")", "=", "~", "_", "-", "\u200b", "\u00ad", "é", "ａpi", "ⓛocalhost", "1", "0x7f"),
    ]
)


@given(st.lists(PARTS, min_size=1, max_size=7).map("".join))
def test_the_host_that_is_judged_is_the_host_that_is_asked(rest: str) -> None:
    url = "https://" + rest
    for each in (url, "http://" + rest, rest):
        if not hosts.may_receive_key(each):
            continue
        try:
            asked = httpx.URL(each)
        except httpx.InvalidURL:
            continue  # then nothing is sent
        host = asked.raw_host.decode().rstrip(".")
        where = hosts.origin(each)
        assert where is not None
        assert host in hosts.HOSTED or hosts.is_loopback(host)
        assert (asked.scheme, asked.port or {"https": 443, "http": 80}[asked.scheme]) == (where.scheme, where.port)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    hosts.kind(text)
    hosts.trusted_origins((text,), (text, *USED))
    assume("portkey.ai" not in text.lower())
    assert not hosts.may_receive_key(f"https://{text}") or hosts.is_loopback(
        getattr(hosts.origin(f"https://{text}"), "host", "")
    )
