"""Where the key may go: origins, hosts that the user confirmed, and URLs that parsers read differently."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey import hosts

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
    "https://[::1]443": None,
    "https://[::1]80:443": None,
    "https://[::1]:": "https://[::1]",
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
    where = hosts.origin(f"https://{text}")
    known = where is not None and (where.host in hosts.HOSTED or hosts.is_loopback(where.host))
    assert known or not hosts.may_receive_key(f"https://{text}")
