"""The gateway's URL: what is made of it, and where the key may not go."""

from __future__ import annotations

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.route.model import Api
from wizard.setup.gateway import read_gateway


@pytest.mark.parametrize(
    ("typed", "api", "base_url", "api_root"),
    [
        ("https://api.portkey.ai/v1", Api.COMPLETIONS, "https://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portkey.ai/v1/", Api.RESPONSES, "https://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        (" HTTPS://API.Portkey.AI ", Api.COMPLETIONS, "https://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portkey.ai", Api.MESSAGES, "https://api.portkey.ai", "https://api.portkey.ai/v1"),
        ("https://api.portkey.ai/v1", Api.MESSAGES, "https://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("http://localhost:8787/", Api.COMPLETIONS, "http://localhost:8787/v1", "http://localhost:8787/v1"),
        ("http://[::1]:8787", Api.COMPLETIONS, "http://[::1]:8787/v1", "http://[::1]:8787/v1"),
        ("https://gw.acme.com/portkey", Api.COMPLETIONS, "https://gw.acme.com/portkey", "https://gw.acme.com/portkey"),
        (
            "https://gw.acme.com:8443/x/v1",
            Api.RESPONSES,
            "https://gw.acme.com:8443/x/v1",
            "https://gw.acme.com:8443/x/v1",
        ),
        ("https://gw.acme.com:443/v1", Api.RESPONSES, "https://gw.acme.com/v1", "https://gw.acme.com/v1"),
    ],
)
def test_urls_are_normalised(typed: str, api: Api, base_url: str, api_root: str) -> None:
    gateway = read_gateway(typed, api)
    assert (gateway.base_url, gateway.api_root) == (base_url, api_root)


def test_an_added_v1_is_said() -> None:
    assert "/v1 is added to https://gw.acme.com" in read_gateway("https://gw.acme.com", Api.COMPLETIONS).notes[0]
    assert read_gateway("https://gw.acme.com/v1", Api.COMPLETIONS).notes == ()
    assert read_gateway("https://gw.acme.com", Api.MESSAGES).notes == ()


def test_plain_http_to_a_stranger_is_said() -> None:
    assert "plain http" in " ".join(read_gateway("http://gw.acme.com/v1", Api.COMPLETIONS).notes)
    assert read_gateway("http://127.0.0.1:8787/v1", Api.COMPLETIONS).notes == ()


@pytest.mark.parametrize(
    ("url", "remembered"),
    [
        ("https://api.portkey.ai/v1", False),
        ("https://aigw.portkey.ai/v1", False),
        ("http://127.0.0.1:8787/v1", False),
        ("http://localhost/v1", False),
        ("https://portkey.acme.com/v1", True),
        ("http://10.0.0.7:8787/v1", True),
    ],
)
def test_only_other_hosts_have_to_be_remembered(url: str, remembered: bool) -> None:
    assert read_gateway(url, Api.COMPLETIONS).to_remember is remembered


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://app.portkey.ai", "https://api.portkey.ai/v1"),
        ("https://portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://control.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portky.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portkey.com/v1", "https://api.portkey.ai/v1"),
        ("https://aigw.portkye.ai/v1", "https://aigw.portkey.ai/v1"),
        ("http://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("https://api.portkey.ai:8443/v1", "https://api.portkey.ai/v1"),
        ("https://api.openai.com/v1", "not a Portkey gateway"),
        ("https://api.portkey.ai/v1/chat/completions", "Use https://api.portkey.ai/v1"),
        ("https://gw.acme.com/v1/messages", "Use https://gw.acme.com/v1"),
        ("https://api.portkey.ai/v1/v1", "Use https://api.portkey.ai/v1"),
        ("https://api.portkey.ai/x", "https://api.portkey.ai/x/v1"),
        ("api.portkey.ai/v1", "https://api.portkey.ai/v1"),
        ("ftp://api.portkey.ai/v1", "is no URL"),
        ("https://a b/v1", "is no URL"),
        ("https://${HOST}/v1", "is no URL"),
        ("", "is no URL"),
        ("https://api.portkey.ai:99999/v1", "is no URL"),
    ],
)
def test_other_places_are_refused_with_the_right_url(url: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_gateway(url, Api.COMPLETIONS)
    assert caught.value.code is ExitCode.USAGE
    assert words in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "url", ["https://user:hunter2@gw.acme.com/v1", "https://gw.acme.com/v1?key=hunter2", "hunter2"]
)
def test_a_secret_in_the_url_is_not_repeated(url: str) -> None:
    with pytest.raises(UserError) as caught:
        read_gateway(url, Api.COMPLETIONS)
    assert "hunter2" not in caught.value.message + caught.value.hint
