"""What an account tells of itself, and that silence is never taken for an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from wizard.portkey.account import AccountProvider, config_exists, read_configs, read_providers
from wizard.portkey.exchange import Exchange, Probe

ROOT = "https://api.portkey.ai/v1"


def answering(*answers: tuple[int, Any]) -> tuple[Callable[[Probe], Exchange], list[Probe]]:
    """Somebody who gives these answers in turn, the last one for ever; and what was asked."""
    asked: list[Probe] = []

    def ask(probe: Probe) -> Exchange:
        status, body = answers[min(len(asked), len(answers) - 1)]
        asked.append(probe)
        text = body if isinstance(body, str) else json.dumps(body)
        return Exchange(probe.id, probe.kind, (), probe.method, probe.url, status=status, body=text)

    return ask, asked


def test_providers_with_vendor_and_status() -> None:
    row = {
        "slug": "bedrock-eu",
        "name": "Bedrock",
        "provider": "bedrock",
        "status": "exhausted",
        "usage_limits": {"periodic_reset": "monthly"},
        "expires_at": None,
    }
    ask, asked = answering((200, {"object": "list", "total": 1, "data": [row, {"slug": "no slug"}, 7]}))
    assert read_providers(ROOT, "‹key›", ask) == (
        AccountProvider("bedrock-eu", "Bedrock", "bedrock", "exhausted", "monthly"),
    )
    assert asked[0].url == f"{ROOT}/providers?current_page=0&page_size=100"
    assert ("x-portkey-api-key", "‹key›") in asked[0].headers
    assert all(name != "authorization" for name, _ in asked[0].headers)


def test_every_page_is_read() -> None:
    pages = [
        {"object": "list", "total": 150, "data": [{"slug": f"s{n}"} for n in range(start, min(start + 100, 150))]}
        for start in (0, 100)
    ]
    ask, asked = answering(*((200, page) for page in pages))
    assert len(read_providers(ROOT, "k", ask) or ()) == 150
    assert len(asked) == 2


def test_a_list_that_never_ends_is_left() -> None:
    ask, asked = answering((200, {"object": "list", "total": 10**6, "data": [{"slug": "same"}]}))
    assert len(read_providers(ROOT, "k", ask) or ()) == 1
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"success": False, "data": {"errorCode": "AB05"}}),
        (403, {"success": False, "data": {"errorCode": "AB03"}}),
        (400, {"status": "failure", "message": "Either x-portkey-config or x-portkey-provider header is required"}),
        (200, "<html>"),
        (200, []),
        (200, {"data": {}}),
        (500, ""),
    ],
)
def test_who_does_not_tell_is_not_heard(status: int, body: Any) -> None:
    ask, _ = answering((status, body))
    assert read_providers(ROOT, "k", ask) is None
    assert read_configs(ROOT, "k", ask) is None


def test_configs_by_id_and_name() -> None:
    ask, _ = answering(
        (200, {"success": True, "data": [{"slug": "pc-a", "name": "A"}, {"slug": "x"}, {"name": "B"}, None]})
    )
    assert [(config.id, config.name) for config in read_configs(ROOT, "k", ask) or ()] == [("pc-a", "A")]


@pytest.mark.parametrize(
    ("status", "body", "there"),
    [
        (200, {"success": True, "data": {}}, True),
        (404, {"success": False, "data": {"errorCode": "AB08"}}, False),
        (404, "<html>not here</html>", None),
        (403, {}, None),
        (400, {}, None),
        (200, "no json", None),
    ],
)
def test_whether_a_config_exists(status: int, body: Any, there: bool | None) -> None:
    ask, asked = answering((status, body))
    assert config_exists("pc-a/../b", ROOT, "k", ask) is there
    assert asked[0].url == f"{ROOT}/configs/pc-a%2F..%2Fb"
