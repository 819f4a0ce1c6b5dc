"""Whatever stands in a config and in the files beside it: every check holds, and the report is valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from tests.diagnosis_live.scenario import HOSTED, NEW, OLD, Doctor, Scenario
from tests.diagnosis_live.soundness import examples, hold
from tests.diagnosis_live.writing import OPUS, by_hand, by_machine, config, entry, in_haste

_Texts = st.SearchStrategy[str]
_Values = st.SearchStrategy[Any]

# fmt: off
_TELLING: Final = (
    "", " ", "/", "@", "@/", "portkey/", "@a/b/c", "portkey/@a/b", "${X}", "$${X}", "${", "${}", "${x", "‹x›",
    "‹secret-1›", "//", "https://", "http://[::1", "http://[::1]:99999/v1", "https://user:pw@api.portkey.ai",
    "http://127.0.0.1:9/v1", "http://127.0.0.1:0", "pc-x", "{}", "[]", "null", '{"provider":1}', "Bearer",
    "Bearer\xa0x", "openai-completions", "anthropic-messages", "\u017f", "\u0130", "__proto__", "constructor", "\u202e",
    "\U0001f600", "a\nb", "\0",
)
# fmt: on
_TEXTS: Final[_Texts] = st.sampled_from([*_TELLING, "x" * 5000]) | st.text(max_size=12)
_SCALARS: Final[_Values] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS
)
_ODD: Final[_Values] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3), max_leaves=6
)


def _mostly(usual: _Values) -> _Values:
    return st.one_of(usual, usual, usual, _ODD)


def _object(**members: _Values) -> _Values:
    return _mostly(st.fixed_dictionaries({}, optional={name: _mostly(value) for name, value in members.items()}))


_SECRET_REF: Final = _object(source=st.sampled_from(["env", "file", "exec", "store"]), id=_TEXTS, provider=_TEXTS)
_HEADER_NAMES: Final = st.sampled_from(
    ["x-portkey-api-key", "X-Portkey-Config", "x-portkey-provider", "Authorization", "x-api-key", "x-portkey-metadata"]
)
_HEADERS: Final = st.dictionaries(_HEADER_NAMES | _TEXTS, _TEXTS | _SECRET_REF | _ODD, max_size=3)
_URLS: Final = st.sampled_from(["{{base}}", "{{origin}}", "{{base}}/", f"https://{HOSTED}/v1", "{{base}}/models"])
_APIS: Final = st.sampled_from(["openai-completions", "openai-responses", "anthropic-messages", "ollama"])
_MODEL: Final = _object(
    id=st.sampled_from([OPUS, "claude-opus-4-5", "portkey/x"]) | _TEXTS,
    name=_TEXTS,
    api=_APIS,
    baseUrl=_URLS | _TEXTS,
    headers=_HEADERS,
)
_ENTRY: Final = _object(
    baseUrl=_URLS | _TEXTS,
    apiKey=st.sampled_from(["{{key}}", "${PORTKEY_API_KEY}", "unused"]) | _TEXTS | _SECRET_REF,
    api=_APIS,
    authHeader=st.booleans(),
    headers=_HEADERS,
    request=_object(headers=_HEADERS, auth=_object(mode=_TEXTS, headerName=_HEADER_NAMES, value=_TEXTS, token=_TEXTS)),
    models=st.lists(_MODEL, max_size=3),
)
_REFS: Final = st.sampled_from([f"portkey/{OPUS}", "portkey/claude-opus-4-5", "opus", "other/x"]) | _TEXTS
_CHOICE: Final = _REFS | _object(primary=_REFS, fallbacks=st.lists(_REFS, max_size=2))
_AGENT: Final = _object(id=_TEXTS, model=_CHOICE, default=st.booleans())
_CONFIGS: Final = _object(
    env=_object(vars=st.dictionaries(_TEXTS, _TEXTS, max_size=2), PORTKEY_API_KEY=_TEXTS, shellEnv=_ODD),
    agents=_object(
        defaults=_object(model=_CHOICE, models=st.dictionaries(_REFS, _object(alias=_TEXTS), max_size=2)),
        list=st.lists(_AGENT, max_size=2),
        entries=st.dictionaries(_TEXTS, _AGENT, max_size=2),
        ownership=_TEXTS,
        main=_AGENT,
    ),
    models=_object(mode=_TEXTS, providers=_object(portkey=_ENTRY, other=_ENTRY)),
    secrets=_ODD,
    channels=_ODD,
)
_WRITERS: Final = st.sampled_from([by_machine, by_hand, in_haste])


@examples(120)
@given(document=_CONFIGS, write=_WRITERS, version=st.sampled_from([NEW, OLD, None]))
def test_any_config_without_the_network(
    doctor: Doctor, document: Any, write: Callable[[Any], str], version: str | None
) -> None:
    text = write(document).encode("utf-8", "surrogatepass")
    hold(doctor(Scenario(text, version=version, flags=("--offline",))))


@examples(60)
@given(document=_CONFIGS, value=_TEXTS)
def test_any_config_with_a_gateway(doctor: Doctor, document: Any, value: str) -> None:
    env = {"PORTKEY_API_KEY": value.replace("\0", "")}
    hold(doctor(Scenario(by_machine(document), env=env, patience=1, flags=("--all-models", "--timeout", "5"))))


@examples(60)
@given(text=st.text(max_size=60), cut=st.integers(0, 600), at=st.integers(0, 600))
def test_any_text_in_the_place_of_a_config(doctor: Doctor, text: str, cut: int, at: int) -> None:
    usual = by_hand(config())
    torn = usual[: at % len(usual)] + text + usual[(at + cut) % len(usual) :]
    hold(doctor(Scenario(torn.encode("utf-8", "surrogatepass"), flags=("--offline",))))


@examples(50)
@given(data=st.binary(max_size=80), document=_ODD)
def test_anything_in_the_files_beside_it(doctor: Doctor, data: bytes, document: Any) -> None:
    files: dict[str, str | bytes] = {
        "project/.env": data,
        ".openclaw/.env": b"PORTKEY_API_KEY=" + data,
        ".config/openclaw/gateway.env": data,
        ".openclaw/agents/main/agent/auth-profiles.json": by_machine({"profiles": document}).encode("utf-8", "replace"),
        ".openclaw/agents/b/agent/auth-profiles.json": data,
    }
    text = by_machine(config(entry(apiKey="${PORTKEY_API_KEY}")))
    hold(doctor(Scenario(text, files=files, flags=("--offline",))))
