"""Nothing secret survives in a config as evidence, wherever it stands, and nothing harmless is hidden."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.openclaw.conftest import Parse
from wizard.base.files import FileText
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.redaction import redact_config_string, redact_text, redact_variable
from wizard.openclaw.seen import ConfigFile

# A long random key, a short one with a dash, a password, and one with characters of its own.
CANARIES = ("hT3k9dJ2lAq8ZxW0pRk5Vn+c1M/=", "pk-live-42ab", "hunter2hunter2", "s3cr3t!x")
MODEL = "@anthropic-prod/claude-opus-4-5"
CONFIG = """{
  // old: apiKey: "CANARY"
  /* PORTKEY_API_KEY=CANARY */
  "env": { "vars": { "PORTKEY_API_KEY": "CANARY", FOO: 'CANARY' }, OLD: "CANARY" },
  models: { mode: "merge", providers: { portkey: {
    baseUrl: "https://user:CANARY@gateway.acme.com/v1?token=CANARY",
    api: "openai-completions",
    "apiKey": "CANARY",
    headers: { "x-portkey-api-key": "CANARY", Authorization: "Bearer CANARY", "x-custom": 'CANARY',
      "x-portkey-config": '{"provider":"openai","api_key":"CANARY"}' },
    request: { auth: { mode: "header", headerName: "x-k", value: "CANARY", token: "CANARY" } },
    models: [ { id: "@anthropic-prod/claude-opus-4-5", name: "Opus", headers: { "x-k": "CANARY" } } ],
  } } },
  channels: { telegram: { botToken: "CANARY" } },
  mcp: { servers: { x: { env: { TOKEN: "CANARY", PLAIN: "CANARY" }, args: ["--token=CANARY"] } } },
}
"""


@pytest.fixture(params=CANARIES)
def canary(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def evidence(text: str) -> ConfigFile:
    return parse_config(FileText(text, 0o600, symlink=False), "~/.openclaw/openclaw.json", "default", Vault())


def test_no_canary_survives(canary: str) -> None:
    config = evidence(CONFIG.replace("CANARY", canary))
    assert config.problem is None
    assert canary not in repr(config)


@pytest.mark.parametrize("number", range(CONFIG.count("CANARY")))
def test_each_place_hides_by_itself(canary: str, number: int) -> None:
    parts = CONFIG.split("CANARY")
    others = "${OTHER}".join(parts[number + 1 :])
    text = "${OTHER}".join(parts[: number + 1]) + canary + others
    assert canary not in repr(evidence(text)), text.splitlines()[text[: text.index(canary)].count("\n")]


@pytest.mark.parametrize("canary", CANARIES[1:])  # a / would end the user part of an address
def test_what_is_harmless_is_still_there(canary: str) -> None:
    config = evidence(CONFIG.replace("CANARY", canary))
    entry = config.get(("models", "providers", "portkey"))
    assert (entry["api"], entry["models"][0]["id"], entry["models"][0]["name"]) == ("openai-completions", MODEL, "Opus")
    assert entry["baseUrl"].startswith("https://‹")
    assert "@gateway.acme.com/v1?token=‹" in entry["baseUrl"]
    assert entry["headers"]["Authorization"].startswith("Bearer ‹")
    assert json.loads(entry["headers"]["x-portkey-config"])["provider"] == "openai"
    assert (entry["request"]["auth"]["mode"], entry["request"]["auth"]["headerName"]) == ("header", "x-k")
    assert len(config.lines) == CONFIG.count("\n")


@pytest.mark.parametrize("canary", CANARIES[1:])
def test_the_values_come_back_from_the_vault(canary: str) -> None:
    text = CONFIG.replace("CANARY", canary)
    vault = Vault()
    config = parse_config(FileText(text, 0o600, symlink=False), "", "", vault)
    entry = config.get(("models", "providers", "portkey"))
    assert vault.reveal(entry["baseUrl"]) == f"https://user:{canary}@gateway.acme.com/v1?token={canary}"
    assert vault.reveal(entry["headers"]["Authorization"]) == f"Bearer {canary}"
    assert json.loads(vault.reveal(entry["headers"]["x-portkey-config"]))["api_key"] == canary
    assert vault.reveal(config.get(("env", "vars", "FOO"))) == canary


# --- Files that are no JSON5: every way to break one of them in one place.

BREAKS = ("", '"', "'", "}", "{", ",", "\n", "“", "\\", "/*")


def broken(text: str, canary: str, step: int) -> list[str]:
    """The text with one character taken out, cut there, or with another put in, outside the canaries."""
    found = []
    for place in range(0, len(text), step):
        left, right = text[:place], text[place:]
        if any(left.endswith(canary[:cut]) and right.startswith(canary[cut:]) for cut in range(1, len(canary))):
            continue
        found += [left, *(left + each + right for each in BREAKS[1:])]
        if not right.startswith(canary[0]):
            found.append(left + right[1:])
    return found


def test_no_canary_survives_in_a_broken_file(canary: str) -> None:
    leaks = []
    seen_broken = 0
    for text in broken(CONFIG.replace("CANARY", canary), canary, 11):
        config = evidence(text)
        seen_broken += config.problem is not None
        if any(canary in line for line in config.lines) or (config.problem is not None and canary in repr(config)):
            leaks.append(text)
    assert seen_broken > 200
    assert leaks == []


@pytest.mark.parametrize(
    "line",
    [
        'apiKey: "CANARY',
        "apiKey: CANARY,",
        'apiKey "CANARY"',
        '"apiKey": "CANARY" "api": "x"',
        '"apiKey"= "CANARY"',
        "apiKey: “CANARY”,",
        "apiKey: `CANARY`,",
        "apiKey: \"CANARY',",
        "apiKey:\n  'CANARY'",
        '"PORTKEY_API_KEY": "CANARY"',
        '"Authorization": "Bearer CANARY"',
        '"x-custom": "CANARY"',
        'headers: {"x-portkey-config": \'{"api_key":"CANARY"}\'}',
        'auth: {mode: "header", value: "CANARY"}',
        "// apiKey: CANARY",
        "export PORTKEY_API_KEY=CANARY",
    ],
)
def test_the_one_broken_line_hides_its_secret(canary: str, line: str) -> None:
    config = evidence("{\n  " + line.replace("CANARY", canary) + "\n  } }")
    assert config.problem is not None
    assert canary not in repr(config)
    assert len(config.lines) == line.count("\n") + 3


def test_a_broken_line_still_shows_what_is_harmless() -> None:
    line = f'    {{ "id": "{MODEL}" "name": "Opus", maxTokens: 8192, baseUrl: "https://gateway.acme.com/v1" }}'
    config = evidence("{\n" + line + "\n}")
    assert config.problem is not None
    assert config.lines[1] == line


# --- One string at a time.

PORTKEY = ("models", "providers", "portkey")
SHOWN: dict[str, tuple[tuple[str | int, ...], str]] = {
    "a reference": ((*PORTKEY, "apiKey"), "${PORTKEY_API_KEY}"),
    "a reference behind a scheme": ((*PORTKEY, "headers", "Authorization"), "Bearer ${PORTKEY_API_KEY}"),
    "a bare variable": ((*PORTKEY, "apiKey"), "PORTKEY_API_KEY"),
    "nothing": ((*PORTKEY, "apiKey"), ""),
    "an address": ((*PORTKEY, "baseUrl"), "https://gateway.acme.com:8443/prefix/v1"),
    "an address of a long path": (
        (*PORTKEY, "baseUrl"),
        "https://gateway.acme.com/accounts/Team2Production/portkey/v1",
    ),
    "a model": ((*PORTKEY, "models", 0, "id"), "@fireworks/accounts/fireworks/models/llama_v3p1_405b_instruct"),
    "a model with humps": ((*PORTKEY, "models", 0, "id"), "@hf-team/Mixtral_8x7B_Instruct_v0_1_GPTQ_4bit"),
    "a primary": (("agents", "defaults", "model", "primary"), f"portkey/{MODEL}"),
    "a config id": ((*PORTKEY, "headers", "x-portkey-config"), "pc-my-config-1a2b3c"),
    "a slug": ((*PORTKEY, "headers", "x-portkey-provider"), "@anthropic-prod"),
    "metadata": ((*PORTKEY, "headers", "x-portkey-metadata"), '{ "_user": "someone", "team": "a" }'),
    "metadata with a reference": ((*PORTKEY, "headers", "x-portkey-metadata"), '{"_user":"${USER_OF_TEAM_2}"}'),
    "a trace id": ((*PORTKEY, "headers", "x-portkey-trace-id"), "openclaw-main"),
    "a manner of auth": ((*PORTKEY, "request", "auth", "headerName"), "x-portkey-api-key"),
    "a limit": ((*PORTKEY, "models", 0, "maxTokens"), "8192"),
    "a routing variable": (("env", "vars", "PORTKEY_CONFIG"), "pc-my-config-1a2b3c"),
    "an address in a variable": (("env", "vars", "GATEWAY"), "https://gateway.acme.com/v1"),
    "a folder": (("agents", "defaults", "workspace"), "~/projects/team2/openclaw-workspace"),
    "a sentence": (("agents", "defaults", "note"), "the key: see the dashboard of 2026"),
}
HIDDEN: dict[str, tuple[tuple[str | int, ...], str, str]] = {
    "a key": ((*PORTKEY, "apiKey"), "portkey", "‹secret-1›"),
    "a key between references": ((*PORTKEY, "apiKey"), "pre-${FOO}-post", "‹secret-1›${FOO}‹secret-2›"),
    "a header": ((*PORTKEY, "headers", "x-portkey-api-key"), "abc", "‹secret-1›"),
    "any header": ((*PORTKEY, "headers", "x-tenant"), "abc", "‹secret-1›"),
    "a header of a model": ((*PORTKEY, "models", 0, "headers", "X-Api-Key"), "abc", "‹secret-1›"),
    "a scheme's secret": ((*PORTKEY, "headers", "Authorization"), "Bearer abc", "Bearer ‹secret-1›"),
    "a key without a scheme": ((*PORTKEY, "headers", "Authorization"), "abc", "‹secret-1›"),
    "an unknown scheme": ((*PORTKEY, "headers", "Authorization"), "Token abc", "‹secret-1›"),
    "a value of auth": ((*PORTKEY, "request", "auth", "value"), "abc", "‹secret-1›"),
    "a variable": (("env", "vars", "ANY"), "abc", "‹secret-1›"),
    "a variable of old": (("env", "ANY"), "abc", "‹secret-1›"),
    "a program's variable": (("mcp", "servers", "x", "env", "ANY"), "abc", "‹secret-1›"),
    "a password in an address": ((*PORTKEY, "baseUrl"), "https://u:p@h/v1", "https://‹secret-1›@h/v1"),
    "a password with an @ in it": ((*PORTKEY, "baseUrl"), "https://u:p@ss@h/v1", "https://‹secret-1›@h/v1"),
    "a password in a broken address": ((*PORTKEY, "baseUrl"), "https:/u:p@h/v1", "https:/‹secret-1›@h/v1"),
    "a secret in a query": (
        (*PORTKEY, "baseUrl"),
        "https://h/v1?a=b&api_key=p#x",
        "https://h/v1?a=b&api_key=‹secret-1›#x",
    ),
    "JSON in a header": (
        (*PORTKEY, "headers", "x-portkey-config"),
        '{"targets":[{"api_key":"abc"}]}',
        '{"targets": [{"api_key": "‹secret-1›"}]}',
    ),
}


@pytest.mark.parametrize(("path", "value"), SHOWN.values(), ids=SHOWN)
def test_what_is_harmless_stays(path: tuple[str | int, ...], value: str) -> None:
    vault = Vault()
    assert redact_config_string(vault, path, value, "") == value
    assert vault.facts() == {}


@pytest.mark.parametrize(("path", "value", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_secret_goes(path: tuple[str | int, ...], value: str, shown: str) -> None:
    vault = Vault()
    assert redact_config_string(vault, path, value, "") == shown
    assert vault.reveal(shown) == value or json.loads(vault.reveal(shown)) == json.loads(value)


@pytest.mark.parametrize("depth", [500, 5_000, 100_000])
def test_json_in_a_header_may_be_nested_as_deep_as_it_likes(depth: int) -> None:
    value = '{"a":' * depth + '{"api_key":"abc"}' + "}" * depth
    shown = redact_config_string(Vault(), (*PORTKEY, "headers", "x-portkey-config"), value, "")
    assert '"abc"' not in shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("PORTKEY_API_KEY", "abc", "‹secret-1›"),
        ("PORTKEY_API_KEY", "", ""),
        ("PORTKEY_API_KEY", " ", " "),
        ("HTTPS_PROXY", "http://proxy:3128", "http://proxy:3128"),
        ("HTTPS_PROXY", "http://u:p@proxy:3128", "http://‹secret-1›@proxy:3128"),
        ("HTTPS_PROXY", "proxy.acme.com:3128", "proxy.acme.com:3128"),
        ("https_proxy", "u:p@proxy:3128", "‹secret-1›"),
        ("NO_PROXY", "localhost,.acme.com", "localhost,.acme.com"),
        ("NODE_EXTRA_CA_CERTS", "/etc/ca.pem", "/etc/ca.pem"),
        ("PORTKEY_CONFIG", "pc-abc-1", "pc-abc-1"),
        ("MODEL", MODEL, MODEL),
        ("WEBHOOK", "https://h/x?token=p", "https://h/x?token=‹secret-1›"),
        ("WORD", "production", "‹secret-1›"),
    ],
)
def test_variables(name: str, value: str, shown: str) -> None:
    assert redact_variable(Vault(), name, value, "") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sk-ant-api03-abcdefgh is Anthropic's", "‹sha256:"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.c2ln", "‹sha256:"),
        ("key=abc123", "key=‹secret-1›"),
        ("old: apiKey: 'abc123'", "old: apiKey: '‹secret-1›'"),
        ("token: 123456:ABCdef1", "token: ‹secret-1›"),
        ("hT3k9dJ2lAq8ZxW0pRk5Vn+c1M/=", "‹sha256:"),
        ("maxTokens: 200000, tokenLimit: 200000, timeoutMs: 200000", None),
        ("apiKey: portkey", None),
        ("the key: see docs/keys.md", None),
        ("PORTKEY_API_KEY_OF_TEAM_2_IN_PRODUCTION", None),
        ("llama_v3p1_405b_instruct_long", None),
        ("a/long/path/of/2026/with/many/steps/in/it", None),
        ("apiKey: ${PORTKEY_API_KEY}", None),
        ("apiKey: { source: 'exec' }", None),
    ],
)
def test_free_text(text: str, shown: str | None) -> None:
    redacted = redact_text(Vault(), text, "")
    assert redacted.startswith(shown) if shown else redacted == text


def test_what_is_learnt_late_goes_from_what_was_read_before(parse: Parse, vault: Vault) -> None:
    secret = "correct-horse-7"
    config = parse(f'{{ // {secret}\n note: "{secret}", models: {{providers: {{p: {{apiKey: "{secret}"}}}}}} }}')
    assert secret not in repr(config)
    assert vault.reveal(config.get(("note",))) == secret


names = st.text(alphabet="abcKEYkey_-", min_size=1, max_size=8)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["env", "models", "headers", "auth", "apiKey", "vars"]), values))
def test_hiding_loses_nothing(value: dict[str, Any]) -> None:
    vault = Vault()
    config = parse_config(FileText(json.dumps(value, ensure_ascii=False), 0o600, symlink=False), "", "", vault)

    def revealed(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: revealed(each) for key, each in item.items()}
        if isinstance(item, list):
            return [revealed(each) for each in item]
        return vault.reveal(item) if isinstance(item, str) else item

    assert config.problem is None
    assert revealed(config.value) == value


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "a." * 150_000, "key" * 100_000, "key=" * 60_000, "://" * 100_000, "A1" * 150_000, "a:" * 150_000],
    ids=lambda text: text[:6],
)
def test_hostile_text_is_read_at_once(text: str) -> None:
    started = time.process_time()
    redact_text(Vault(), text, "")
    assert time.process_time() - started < 3
