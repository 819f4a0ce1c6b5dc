"""The proxy and the trust of a route: docs/facts/openclaw.md, sections 9 and 16, within our own rule for plain http."""

from __future__ import annotations

import pytest

from tests.unit.route.conftest import NEW, OLD, See, entry
from wizard.route.transport import ca_files, proxy_for, proxy_is_set

GW = "https://gw.example.net/v1"
P, P2 = "http://proxy:3128", "http://other:3128"
CONFIG = entry("")

# Variables; the proxy for GW on 2026.9.6; on 2026.5.7 where it differs.
ROWS: dict[str, tuple[dict[str, str], str | None, str | None]] = {
    "none": ({}, None, None),
    "https": ({"HTTPS_PROXY": P}, P, P),
    "https in small letters": ({"https_proxy": P}, P, P),
    "small letters win": ({"HTTPS_PROXY": P, "https_proxy": P2}, P2, P2),
    "an empty one does not hide": ({"https_proxy": "", "HTTPS_PROXY": P}, P, P),
    "http serves https as well": ({"HTTP_PROXY": P}, P, P),
    "http in small letters": ({"http_proxy": P}, P, P),
    "https before http": ({"HTTP_PROXY": P, "HTTPS_PROXY": P2}, P2, P2),
    "all": ({"ALL_PROXY": P}, None, P),
    "all in small letters": ({"all_proxy": P}, None, P),
    "https before all": ({"ALL_PROXY": P, "HTTPS_PROXY": P2}, P2, P2),
}
EXCEPTIONS: dict[str, tuple[dict[str, str], bool]] = {
    "the host": ({"NO_PROXY": "gw.example.net"}, True),
    "a parent": ({"NO_PROXY": "example.net"}, True),
    "a parent with a dot": ({"NO_PROXY": ".example.net"}, True),
    "a parent with a star": ({"NO_PROXY": "*.example.net"}, True),
    "everything": ({"NO_PROXY": "*"}, True),
    "among others": ({"NO_PROXY": "foo, gw.example.net"}, True),
    "with blanks between": ({"NO_PROXY": "foo gw.example.net"}, True),
    "in capitals": ({"NO_PROXY": "GW.Example.NET"}, True),
    "with its port": ({"NO_PROXY": "gw.example.net:443"}, True),
    "with another port": ({"NO_PROXY": "gw.example.net:8443"}, False),
    "another host": ({"NO_PROXY": "foo"}, False),
    "the end of a name": ({"NO_PROXY": "ample.net"}, False),
    "nothing": ({"NO_PROXY": ""}, False),
    "a comma": ({"NO_PROXY": ","}, False),
    "small letters win and except": ({"NO_PROXY": "foo", "no_proxy": "gw.example.net"}, True),
    "small letters win and do not": ({"NO_PROXY": "gw.example.net", "no_proxy": "foo"}, False),
}


@pytest.mark.parametrize(("variables", "new", "old"), ROWS.values(), ids=ROWS)
def test_the_proxy_of_a_remote_gateway(see: See, variables: dict[str, str], new: str | None, old: str | None) -> None:
    assert proxy_for(see(CONFIG, NEW, process=variables), GW) == new
    assert proxy_for(see(CONFIG, None, process=variables), GW) == new
    assert proxy_for(see(CONFIG, OLD, process=variables), GW) == old
    assert proxy_is_set(see(CONFIG, OLD, process=variables)) is bool(variables)


@pytest.mark.parametrize(("variables", "direct"), EXCEPTIONS.values(), ids=EXCEPTIONS)
def test_exceptions(see: See, version: str, variables: dict[str, str], direct: bool) -> None:
    seen = see(CONFIG, version, process={"HTTPS_PROXY": P, **variables})
    assert proxy_for(seen, GW) == (None if direct else P)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8787/v1",
        "https://127.0.0.1:8787/v1",
        "https://localhost/v1",
        "http://[::1]:1/",
        "http://gw.example.net/v1",
        "",
    ],
)
def test_what_our_own_questions_never_send_through_a_proxy(see: See, version: str, url: str) -> None:
    everything = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"), P)
    assert proxy_for(see(CONFIG, version, process=everything), url) is None


def test_layers_that_openclaw_takes_a_proxy_from(see: See, version: str) -> None:
    assert proxy_for(see(CONFIG, version, state={"HTTPS_PROXY": P}), GW) == P
    assert proxy_for(see(CONFIG, version, process={"HTTPS_PROXY": P2}, state={"HTTPS_PROXY": P}), GW) == P2
    config = CONFIG[:-1] + f', env: {{vars: {{HTTPS_PROXY: "{P}"}}}}}}'
    assert proxy_for(see(config, version), GW) is None


def test_a_password_in_the_proxys_address_is_no_plain_text(see: See) -> None:
    found = proxy_for(see(CONFIG, process={"HTTPS_PROXY": "http://user:pr0xy-passw0rd@proxy:3128"}), GW)
    assert found is not None
    assert found.endswith("@proxy:3128")
    assert "passw0rd" not in found


def test_trust_comes_from_the_process_alone(see: See) -> None:
    assert ca_files(see(CONFIG, process={"NODE_EXTRA_CA_CERTS": "/etc/ca.pem"})) == ("/etc/ca.pem",)
    assert ca_files(see(CONFIG, state={"NODE_EXTRA_CA_CERTS": "/etc/ca.pem"})) == ()
    assert ca_files(see(CONFIG, process={"SSL_CERT_FILE": "/etc/ca.pem", "NODE_EXTRA_CA_CERTS": ""})) == ()
