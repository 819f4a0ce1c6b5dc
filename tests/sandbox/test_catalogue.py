"""The catalogue and the control plane: shapes, paging, scopes, created configs, counted requests."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from wizard.sandbox.accounts import Account, default_account
from wizard.sandbox.gateway import Sandbox

WINDOW = {
    "time_of_generation_min": "2026-01-01T00:00:00Z",
    "time_of_generation_max": "2030-01-01T00:00:00Z",
}


def test_the_catalogue_lists_every_model_under_its_slug(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    body = http.get(f"{sandbox.base_url}/models", headers=good).json()
    assert body["object"] == "list"
    assert body["total"] == len(body["data"]) == 9
    assert body["data"][0] == {
        "id": "@anthropic-prod/claude-opus-4-5",
        "slug": "claude-opus-4-5",
        "canonical_slug": "claude-opus-4-5",
        "object": "model",
    }
    slugs = {model["id"][1:].partition("/")[0] for model in body["data"]}
    assert slugs == {"anthropic-prod", "openai-prod", "bedrock-eu", "anthropic-old"}


def test_pages_of_a_catalogue_of_500_models_make_the_whole(start: Callable[..., Sandbox], http: httpx.Client) -> None:
    sandbox = start(default_account().with_models(500))
    headers = {"x-portkey-api-key": sandbox.account.key("good").value}
    url = f"{sandbox.base_url}/models"
    whole = http.get(url, headers=headers).json()
    assert whole["total"] == 500
    pages = [http.get(url, headers=headers, params={"limit": 200, "offset": offset}).json() for offset in (0, 200, 400)]
    assert [page["total"] for page in pages] == [500, 500, 500]
    assert [len(page["data"]) for page in pages] == [200, 200, 100]
    assert [model for page in pages for model in page["data"]] == whole["data"]
    assert http.get(url, headers=headers, params={"offset": 900}).json()["data"] == []


def test_the_catalogue_filters_by_vendor_and_sorts(sandbox: Sandbox, good: dict[str, str], http: httpx.Client) -> None:
    url = f"{sandbox.base_url}/models"
    openai = http.get(url, headers=good, params={"provider": "openai", "sort": "name", "order": "desc"}).json()
    assert [model["slug"] for model in openai["data"]] == ["gpt-5.2", "gpt-5-mini", "gpt-5", "gpt-4o"]
    by_vendor = http.get(url, headers=good, params={"sort": "provider"}).json()["data"]
    assert [model["id"].partition("/")[0] for model in (by_vendor[0], by_vendor[-1])] == [
        "@anthropic-prod",
        "@openai-prod",
    ]


@pytest.mark.parametrize(
    ("key", "extra"),
    [("default-config", {}), ("good", {"x-portkey-provider": "@anthropic-prod"})],
)
def test_a_default_config_or_provider_turns_the_list_into_the_vendors(
    key: str,
    extra: dict[str, str],
    sandbox: Sandbox,
    http: httpx.Client,
    routing: Callable[[httpx.Response], dict[str, str]],
) -> None:
    headers = {"x-portkey-api-key": sandbox.account.key(key).value, **extra}
    url = f"{sandbox.base_url}/models"
    proxied = http.get(url, headers=headers)
    body = proxied.json()
    assert body["provider"] == "anthropic"
    assert "total" not in body
    assert body["data"][0] == {
        "id": "claude-opus-4-5",
        "object": "model",
        "created": 0,
        "owned_by": "anthropic",
    }
    assert routing(proxied)["last-used-option-index"] == "config"
    forced = http.get(url, headers={**headers, "x-portkey-fetch-integrated-models": "true"}).json()
    assert forced["total"] == 9


def test_the_catalogue_needs_a_scope_that_lists(sandbox: Sandbox, http: httpx.Client) -> None:
    headers = {"x-portkey-api-key": sandbox.account.key("no-scope").value}
    response = http.get(f"{sandbox.base_url}/models", headers=headers)
    assert response.status_code == 403
    headers = {"x-portkey-api-key": sandbox.account.key("inference-only").value}
    assert http.get(f"{sandbox.base_url}/models", headers=headers).status_code == 200


def test_providers_come_in_pages_with_budget_and_status(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    url = f"{sandbox.base_url}/providers"
    whole = http.get(url, headers=good).json()
    assert whole["object"] == "list"
    assert whole["total"] == 4
    statuses = {entry["slug"]: entry["status"] for entry in whole["data"]}
    assert statuses["anthropic-prod"] == "active"
    assert statuses["bedrock-eu"] == "exhausted"
    bedrock = http.get(f"{url}/bedrock-eu", headers=good).json()
    assert bedrock["usage_limits"] == {
        "credit_limit": 50,
        "type": "cost",
        "alert_threshold": 40,
        "periodic_reset": "monthly",
    }
    assert set(bedrock) >= {"name", "slug", "integration_id", "note", "rate_limits", "expires_at", "object"}
    pages = [
        http.get(url, headers=good, params={"current_page": page, "page_size": 3}).json()["data"] for page in (0, 1)
    ]
    assert [len(page) for page in pages] == [3, 1]
    assert pages[0] + pages[1] == whole["data"]


def test_saved_configs_can_be_listed_read_created_and_used(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    url = f"{sandbox.base_url}/configs"
    listed = http.get(url, headers=good).json()
    assert listed["success"] is True
    assert [config["slug"] for config in listed["data"]] == [
        "pc-single-91c4e2",
        "pc-fallback-3fa0b7",
        "pc-split-5d82a1",
    ]
    body = {"provider": "@openai-prod", "override_params": {"model": "gpt-5"}}
    created = http.post(url, headers=good, json={"name": "mine", "config": body}).json()
    assert created["success"] is True
    assert set(created["data"]) == {"id", "version_id"}
    mine = next(
        config for config in http.get(url, headers=good).json()["data"] if config["id"] == created["data"]["id"]
    )
    assert mine["name"] == "mine"
    read = http.get(f"{url}/{mine['slug']}", headers=good).json()
    assert read == {"success": True, "data": {"config": body}}
    reply = http.post(
        f"{sandbox.base_url}/chat/completions",
        headers={**good, "x-portkey-config": mine["slug"]},
        json={"model": "dummy", "messages": [{"role": "user", "content": "hi"}]},
    )
    assert reply.json()["model"] == "gpt-5"


def test_analytics_count_routed_requests_once_they_are_visible(
    sandbox: Sandbox,
    good: dict[str, str],
    http: httpx.Client,
    bodies: dict[str, Callable[..., dict[str, object]]],
) -> None:
    url = f"{sandbox.base_url}/analytics/graphs/requests"

    def count(**filters: str) -> int:
        response = http.get(url, headers=good, params={**WINDOW, **filters})
        total: int = response.json()["summary"]["total"]
        return total

    sandbox.log_delay = 60
    headers = {**good, "x-portkey-trace-id": "t-1", "x-portkey-metadata": '{"team":"blue"}'}
    http.post(f"{sandbox.base_url}/chat/completions", headers=headers, json=bodies["/chat/completions"]())
    refused = bodies["/chat/completions"]("@nope/x")
    http.post(f"{sandbox.base_url}/chat/completions", headers=headers, json=refused)
    assert count(trace_id="t-1") == 0
    sandbox.log_delay = 0
    assert count(trace_id="t-1") == 1
    assert count(trace_id="t-2") == 0
    assert count(metadata='{"team":"blue"}') == 1
    assert count(metadata='{"team":"red"}') == 0
    assert count(status_code="200") == 1
    assert count(metadata="not json") == 1
    assert http.get(url, headers=good).json()["data"]["errorCode"] == "AB01"


def test_calls_without_data_here_are_refused_as_a_workspace_key_would_be(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    for path in ("/integrations", "/api-keys", "/policies/usage-limits", "/admin/workspaces"):
        response = http.get(sandbox.base_url + path, headers=good)
        assert (response.status_code, response.json()["data"]["errorCode"]) == (403, "AB03")


def test_a_data_plane_without_control_plane_takes_those_paths_for_routed_ones(
    start: Callable[..., Sandbox], http: httpx.Client
) -> None:
    sandbox = start(replace(default_account(), control_plane=False))
    headers = {"x-portkey-api-key": sandbox.account.key("good").value}
    for path in ("/providers", "/configs", "/analytics/graphs/requests"):
        response = http.get(sandbox.base_url + path, headers=headers)
        assert response.status_code == 400
        assert response.json()["message"] == "Either x-portkey-config or x-portkey-provider header is required"


def test_an_account_refuses_to_shrink() -> None:
    account: Account = default_account()
    with pytest.raises(ValueError, match="cannot make 3 models"):
        account.with_models(3)


def test_made_up_secrets_follow_from_their_seed() -> None:
    again, other = default_account("sandbox"), default_account("elsewhere")
    assert default_account() == again
    assert {key.value for key in again.keys}.isdisjoint(key.value for key in other.keys)
    values = [key.value for key in again.keys] + [entry.vendor_key for entry in again.providers]
    assert len(set(values)) == len(values)
    assert all(value.startswith(("pk-", "sk-")) and len(value) >= 30 for value in values)
