"""The path that is asked: every row of docs/facts/openclaw.md, section 2."""

from __future__ import annotations

import pytest

from tests.unit.route.conftest import NEW, OLD, Resolve, entry
from wizard.keys.vault import Vault
from wizard.openclaw.versions import parse_version
from wizard.route import wire
from wizard.route.model import Api, Refusal

H = "http://127.0.0.1:8787"

# baseUrl; openai-completions; openai-responses; anthropic-messages.
PATHS: dict[str, tuple[str, str, str]] = {
    "": ("/chat/completions", "/responses", "/v1/messages"),
    "/": ("/chat/completions", "/responses", "/v1/messages"),
    "/v1": ("/v1/chat/completions", "/v1/responses", "/v1/messages"),
    "/v1/": ("/v1/chat/completions", "/v1/responses", "/v1/messages"),
    "/prefix/v1": ("/prefix/v1/chat/completions", "/prefix/v1/responses", "/prefix/v1/messages"),
    "/prefix": ("/prefix/chat/completions", "/prefix/responses", "/prefix/v1/messages"),
    "/v1/chat/completions": (
        "/v1/chat/completions/chat/completions",
        "/v1/chat/completions/responses",
        "/v1/chat/completions/v1/messages",
    ),
    "/v1/messages": ("/v1/messages/chat/completions", "/v1/messages/responses", "/v1/messages/v1/messages"),
    "/v1/responses": ("/v1/responses/chat/completions", "/v1/responses/responses", "/v1/responses/v1/messages"),
}
APIS = (Api.COMPLETIONS, Api.RESPONSES, Api.MESSAGES)


@pytest.mark.parametrize(("base", "paths"), PATHS.items(), ids=[f"H{base}" for base in PATHS])
def test_the_path_that_is_asked(resolve: Resolve, version: str, base: str, paths: tuple[str, ...]) -> None:
    for api, path in zip(APIS, paths, strict=True):
        route = resolve(entry('apiKey: "unused"', base_url=H + base, api=api.value), version)
        assert route.request is not None
        assert (route.request.method, route.request.url) == ("POST", H + path)


@pytest.mark.parametrize(("version", "path"), [(NEW, "/v1/messages"), (OLD, "/v1/v1/messages")])
def test_a_doubled_v1(resolve: Resolve, version: str, path: str) -> None:
    route = resolve(entry('apiKey: "unused"', base_url=f"{H}/v1/v1", api="anthropic-messages"), version)
    assert route.request is not None
    assert route.request.url == H + path
    openai = resolve(entry('apiKey: "unused"', base_url=f"{H}/v1/v1", api="openai-responses"), version)
    assert openai.request is not None
    assert openai.request.url == f"{H}/v1/v1/responses"


def test_blanks_around_the_base_url_do_no_harm(resolve: Resolve, version: str) -> None:
    route = resolve(entry('apiKey: "unused"', base_url=f" {H}/v1 "), version)
    assert route.request is not None
    assert route.request.url == f"{H}/v1/chat/completions"


@pytest.mark.parametrize(
    "base_url", ["gateway.acme.com/v1", "${MISSING}/v1", "", "ftp://h/v1", "https://", "https://a b/"]
)
def test_what_is_no_url_is_not_asked(resolve: Resolve, version: str, base_url: str) -> None:
    route = resolve(entry('apiKey: "unused"', base_url=base_url), version)
    assert (route.request, route.refusal) == (None, Refusal.INVALID_URL)


def test_an_entry_without_a_base_url(resolve: Resolve, version: str) -> None:
    route = resolve(entry('apiKey: "unused"', base_url=None), version)
    assert (route.request, route.refusal) == (None, Refusal.INVALID_URL)


def test_a_base_url_from_a_variable(resolve: Resolve, vault: Vault, version: str) -> None:
    route = resolve(
        entry('apiKey: "unused"', base_url="${GATEWAY}/v1"), version, process={"GATEWAY": "https://gateway.acme.com"}
    )
    assert route.request is not None
    assert vault.reveal(route.request.url) == "https://gateway.acme.com/v1/chat/completions"
    assert route.base_url is not None
    assert route.base_url.raw == "${GATEWAY}/v1"


@pytest.mark.parametrize(("version", "host"), [(NEW, "http://127.0.0.1:9999"), (OLD, H)])
def test_a_models_own_base_url_counts_for_new_versions(resolve: Resolve, version: str, host: str) -> None:
    models = '[{id: "@anthropic/claude-x", baseUrl: "http://127.0.0.1:9999/v1"}]'
    route = resolve(entry('apiKey: "unused"', base_url=f"{H}/v1", models=models), version)
    assert route.request is not None
    assert route.request.url == f"{host}/v1/chat/completions"


@pytest.mark.parametrize(
    ("base", "models", "sibling"),
    [
        ("", "/v1/models", "/models"),
        ("/v1", "/v1/models", "/v1/models"),
        ("/prefix/v1/", "/prefix/v1/models", "/prefix/v1/models"),
    ],
)
def test_the_model_list_beside_the_turn(base: str, models: str, sibling: str) -> None:
    for api in APIS:
        assert wire.models_url(api, H + base) == H + models
    assert wire.sibling_url(Api.COMPLETIONS, H + base) == H + sibling
    assert wire.sibling_url(Api.MESSAGES, H + base) == H + models


def test_without_a_version_the_newest_is_meant() -> None:
    assert wire.request_url(Api.MESSAGES, f"{H}/v1/v1") == wire.request_url(
        Api.MESSAGES, f"{H}/v1/v1", parse_version(NEW)
    )
