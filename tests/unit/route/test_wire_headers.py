"""Which headers leave: every row of docs/facts/openclaw.md, sections 1 and 4."""

from __future__ import annotations

import pytest

from tests.unit.route.conftest import LOOPBACK, NEW, OLD, REMOTE, K, Resolve, entry, sent
from wizard.keys.vault import Vault
from wizard.route.model import Refusal

REF = "${PORTKEY_API_KEY}"
UNUSED = 'apiKey: "unused"'
X, B, P = "x-api-key", "authorization", "x-portkey-api-key"

# Setting; what leaves with anthropic-messages; what leaves with the OpenAI formats. Loopback base URL.
ROWS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "apiKey": (f'apiKey: "{REF}"', {X: K}, {B: f"Bearer {K}"}),
    "a literal apiKey": (f'apiKey: "{K}"', {X: K}, {B: f"Bearer {K}"}),
    "authHeader": (f'apiKey: "{REF}", authHeader: true', {B: f"Bearer {K}", X: K}, {B: f"Bearer {K}"}),
    "authHeader and a SecretRef": (
        'apiKey: {source: "env", provider: "default", id: "PORTKEY_API_KEY"}, authHeader: true',
        {B: f"Bearer {K}", X: K},
        {B: f"Bearer {K}"},
    ),
    "authHeader that is no boolean": (f'apiKey: "{REF}", authHeader: "true"', {X: K}, {B: f"Bearer {K}"}),
    "authHeader false": (f'apiKey: "{REF}", authHeader: false', {X: K}, {B: f"Bearer {K}"}),
    "header": (f'{UNUSED}, headers: {{"x-portkey-api-key": "{REF}"}}', {X: "unused", P: K}, {B: "Bearer unused", P: K}),
    "header, literal": (
        f'{UNUSED}, headers: {{"x-portkey-api-key": "{K}"}}',
        {X: "unused", P: K},
        {B: "Bearer unused", P: K},
    ),
    "header, SecretRef": (
        f'{UNUSED}, headers: {{"x-portkey-api-key": {{source: "env", provider: "default", id: "PORTKEY_API_KEY"}}}}',
        {X: "unused", P: K},
        {B: "Bearer unused", P: K},
    ),
    "header without apiKey": (f'headers: {{"x-portkey-api-key": "{REF}"}}', {X: "custom-local", P: K}, {P: K}),
    "Authorization header": (
        f'{UNUSED}, headers: {{Authorization: "Bearer {REF}"}}',
        {B: f"Bearer {K}", X: "unused"},
        {B: f"Bearer {K}"},
    ),
    "Authorization header without apiKey": (
        f'headers: {{Authorization: "Bearer {REF}"}}',
        {B: f"Bearer {K}", X: "custom-local"},
        {},
    ),
    "authHeader wins over an Authorization header": (
        f'{UNUSED}, authHeader: true, headers: {{Authorization: "Bearer {REF}"}}',
        {B: "Bearer unused", X: "unused"},
        {B: "Bearer unused"},
    ),
    "request.headers": (
        f'{UNUSED}, request: {{headers: {{"x-portkey-api-key": "{REF}"}}}}',
        {X: "unused", P: K},
        {B: "Bearer unused", P: K},
    ),
    "request.auth header": (
        f'{UNUSED}, request: {{auth: {{mode: "header", headerName: "x-portkey-api-key", value: "{REF}"}}}}',
        {X: "unused", P: K},
        {B: "Bearer unused", P: K},
    ),
    "request.auth header without apiKey": (
        f'request: {{auth: {{mode: "header", headerName: "x-portkey-api-key", value: "{REF}"}}}}',
        {X: "custom-local", P: K},
        {P: K},
    ),
    "request.auth header with a prefix, which loses its blank": (
        (
            f'{UNUSED}, request: {{auth: {{mode: "header", headerName: "Authorization", prefix: "Bearer ", '
            f'value: "{REF}"}}}}'
        ),
        {B: f"Bearer{K}", X: "unused"},
        {B: f"Bearer{K}"},
    ),
    "request.auth bearer": (
        f'{UNUSED}, request: {{auth: {{mode: "authorization-bearer", token: "{REF}"}}}}',
        {B: f"Bearer {K}", X: "unused"},
        {B: f"Bearer {K}"},
    ),
    "request.auth default": (
        f'apiKey: "{REF}", request: {{auth: {{mode: "provider-default"}}}}',
        {X: K},
        {B: f"Bearer {K}"},
    ),
    "auth token": (f'apiKey: "{REF}", auth: "token"', {X: K}, {B: f"Bearer {K}"}),
    "an empty x-api-key": (
        f'apiKey: "{REF}", authHeader: true, headers: {{"x-api-key": ""}}',
        {B: f"Bearer {K}", X: ""},
        {B: f"Bearer {K}", X: ""},
    ),
    "an empty apiKey": ('apiKey: ""', {X: "custom-local"}, {}),
    "no key at all": ("", {X: "custom-local"}, {}),
}

# Where openai-responses differs: without an apiKey it sends a placeholder, and a header replaces that.
LOCAL = {B: "Bearer custom-local"}
RESPONSES = {
    ROWS["header without apiKey"][0]: {**LOCAL, P: K},
    ROWS["Authorization header without apiKey"][0]: {B: f"Bearer {K}"},
    ROWS["request.auth header without apiKey"][0]: {**LOCAL, P: K},
    ROWS["an empty apiKey"][0]: LOCAL,
    ROWS["no key at all"][0]: LOCAL,
}


@pytest.mark.parametrize(("settings", "anthropic", "openai"), ROWS.values(), ids=ROWS)
def test_settings_that_carry_the_key(
    resolve: Resolve,
    vault: Vault,
    version: str,
    settings: str,
    anthropic: dict[str, str],
    openai: dict[str, str],
) -> None:
    responses = RESPONSES.get(settings, openai)
    for api, wanted in (
        ("anthropic-messages", anthropic),
        ("openai-completions", openai),
        ("openai-responses", responses),
        (None, openai),
    ):
        route = resolve(entry(settings, api=api), version)
        assert sent(vault, route) == wanted, api
        assert route.refusal is None


@pytest.mark.parametrize(
    "settings",
    [
        f'headers: {{"x-portkey-api-key": "{REF}"}}',
        f'headers: {{Authorization: "Bearer {REF}"}}',
        f'request: {{auth: {{mode: "header", headerName: "x-portkey-api-key", value: "{REF}"}}}}',
        f'request: {{auth: {{mode: "authorization-bearer", token: "{REF}"}}}}',
        'apiKey: ""',
        "",
    ],
)
@pytest.mark.parametrize("api", ["anthropic-messages", "openai-completions"])
def test_without_an_apikey_nothing_leaves_for_another_machine(
    resolve: Resolve, vault: Vault, version: str, settings: str, api: str
) -> None:
    route = resolve(entry(settings, base_url=REMOTE, api=api), version)
    assert (sent(vault, route), route.refusal) == (None, Refusal.NO_KEY)


def test_the_variable_alone_is_not_used(resolve: Resolve, vault: Vault, version: str) -> None:
    assert sent(vault, resolve(entry("", base_url=REMOTE), version)) is None
    assert sent(vault, resolve(entry(""), version)) == {}


@pytest.mark.parametrize("api", ["anthropic-messages", "openai-completions"])
def test_a_models_own_header_is_added_and_wins(resolve: Resolve, vault: Vault, version: str, api: str) -> None:
    models = f'[{{id: "@anthropic/claude-x", headers: {{"X-Portkey-Api-Key": "{REF}"}}}}]'
    for more in ("", ', headers: {"x-portkey-api-key": "other"}'):
        headers = sent(vault, resolve(entry(UNUSED + more, api=api, models=models), version))
        assert headers is not None
        assert headers[P] == K


# Section 4. FOO_KEY=sk-foo, foo_key=sk-lower, EMPTY is empty, MISSING_KEY is not set.
VARIABLES = {
    "FOO_KEY": "sk-foo",
    "FOO2": "sk-two",
    "_FOO1": "one",
    "foo_key": "sk-lower",
    "Foo": "sk-mixed",
    "EMPTY": "",
}

IN_HEADER: dict[str, str] = {
    "${FOO_KEY}": "sk-foo",
    "${MISSING_KEY}": "${MISSING_KEY}",
    "${EMPTY}": "${EMPTY}",
    "${foo_key}": "${foo_key}",
    "$${FOO_KEY}": "${FOO_KEY}",
    "a ${FOO_KEY} b ${FOO2}": "a sk-foo b sk-two",
    "pre-${MISSING_KEY}-${FOO2}": "pre-${MISSING_KEY}-sk-two",
    "${FOO_KEY:-default}": "${FOO_KEY:-default}",
    "${_FOO1}": "one",
    "${1FOO}": "${1FOO}",
}


@pytest.mark.parametrize(("written", "leaves"), IN_HEADER.items(), ids=IN_HEADER)
@pytest.mark.parametrize("name", ["x-portkey-trace-id", "x-portkey-api-key", "x-custom"])
def test_references_in_a_header(
    resolve: Resolve, vault: Vault, version: str, written: str, leaves: str, name: str
) -> None:
    route = resolve(entry(f'{UNUSED}, headers: {{"{name}": "{written}"}}'), version, process=VARIABLES)
    headers = sent(vault, route)
    assert headers is not None
    assert headers[name] == leaves


# What leaves as the key on 2026.9.6, and whether 2026.5.7 refuses instead of sending the same.
IN_KEY: dict[str, tuple[str, bool]] = {
    "${FOO_KEY}": ("sk-foo", False),
    "${MISSING_KEY}": ("${MISSING_KEY}", True),
    "${EMPTY}": ("${EMPTY}", True),
    "pre-${FOO_KEY}-post": ("pre-sk-foo-post", False),
    "pre-${MISSING_KEY}-post": ("pre-${MISSING_KEY}-post", False),
    "Bearer ${FOO_KEY}": ("Bearer sk-foo", False),
    "${FOO_KEY:-default}": ("${FOO_KEY:-default}", False),
    "${foo_key}": ("${foo_key}", False),
    "$FOO_KEY": ("$FOO_KEY", False),
    "FOO_KEY": ("FOO_KEY", False),
    "${ FOO_KEY }": ("${ FOO_KEY }", False),
}


@pytest.mark.parametrize(("written", "leaves", "refused_by_old"), [(k, *v) for k, v in IN_KEY.items()], ids=IN_KEY)
@pytest.mark.parametrize("base_url", [LOOPBACK, REMOTE])
def test_references_in_the_key(
    resolve: Resolve, vault: Vault, written: str, leaves: str, refused_by_old: bool, base_url: str
) -> None:
    text = entry(f'apiKey: "{written}"', base_url=base_url, api="openai-completions")
    assert sent(vault, resolve(text, NEW, process=VARIABLES)) == {B: f"Bearer {leaves}"}
    old = resolve(text, OLD, process=VARIABLES)
    if refused_by_old:
        assert (old.request, old.refusal) == (None, Refusal.KEY_UNRESOLVED)
    else:
        assert sent(vault, old) == {B: f"Bearer {leaves}"}


def test_an_escaped_reference_in_the_key(resolve: Resolve, vault: Vault) -> None:
    route = resolve(entry('apiKey: "$${FOO_KEY}"', api="openai-completions"), NEW, process=VARIABLES)
    assert sent(vault, route) == {B: "Bearer ${FOO_KEY}"}


def test_a_variable_of_the_config_may_refer_to_another_layer(resolve: Resolve, vault: Vault, version: str) -> None:
    config = entry('apiKey: "${INNER}"')[:-1] + ', env: {vars: {INNER: "${FOO_KEY}", EMPTY: ""}}}'
    assert sent(vault, resolve(config, version, process=VARIABLES)) == {B: "Bearer sk-foo"}


def test_an_empty_variable_of_the_config_counts_as_missing(resolve: Resolve, vault: Vault) -> None:
    config = entry('apiKey: "${FOO_KEY}"')[:-1] + ', env: {vars: {FOO_KEY: ""}}}'
    assert sent(vault, resolve(config, NEW, process={})) == {B: "Bearer ${FOO_KEY}"}
    assert resolve(config, OLD, process={}).refusal is Refusal.KEY_UNRESOLVED


@pytest.mark.parametrize("value", ["sk-foo\n", " sk-foo", "sk foo", '"sk-foo"'])
def test_odd_values_go_as_they_are(resolve: Resolve, vault: Vault, value: str) -> None:
    route = resolve(entry('apiKey: "${FOO_KEY}"'), NEW, process={"FOO_KEY": value})
    assert sent(vault, route) == {B: f"Bearer {value}"}


def test_no_route_shows_a_key(resolve: Resolve, version: str) -> None:
    for settings, _, _ in ROWS.values():
        assert K not in repr(resolve(entry(settings, api="anthropic-messages"), version))
