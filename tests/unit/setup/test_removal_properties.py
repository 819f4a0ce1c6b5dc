"""Any config, any setup: removal leaves it as if setup had never been run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.setup.removal_home import CATALOGUE, KEY, RemovalHome
from wizard.base.errors import UserError
from wizard.json5doc import Document
from wizard.setup.removing import key

made = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

# Configs as people have them, without Portkey

REFS = ["ollama/qwen3:8b", "openai/gpt-5", "anthropic/claude-opus-4-5", "gpt-5"]
ENTRY = {
    "baseUrl": "http://127.0.0.1:11434/v1",
    "api": "openai-completions",
    "models": [{"id": "qwen3:8b", "name": "Q"}],
}
refs = st.sampled_from(REFS)
selections: st.SearchStrategy[Any] = st.one_of(
    refs,
    st.fixed_dictionaries({"primary": refs}, optional={"fallbacks": st.lists(refs, unique=True)}),
    st.just({}),
)
agent_settings = st.fixed_dictionaries(
    {}, optional={"model": selections, "heartbeat": st.just({"every": "30m"}), "name": st.just("W")}
)
defaults = st.fixed_dictionaries(
    {},
    optional={
        "model": selections,
        "models": st.dictionaries(refs, st.sampled_from([{}, {"alias": "best"}])),
        "modelPolicy": st.fixed_dictionaries({}, optional={"allow": st.lists(st.sampled_from([*REFS, "openai/*"]))}),
        "workspace": st.just("~/portkey/work"),
        "utilityModel": refs,
    },
)
agents: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({}, optional={"defaults": defaults}),
    st.fixed_dictionaries(
        {"list": st.lists(st.sampled_from(["main", "work"]), unique=True)}, optional={"defaults": defaults}
    ).map(lambda value: {**value, "list": [{"id": name} for name in value["list"]]}),
    st.fixed_dictionaries(
        {"entries": st.dictionaries(st.sampled_from(["main", "work"]), agent_settings)}, optional={"defaults": defaults}
    ),
)
models = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["merge", "replace"]),
        "providers": st.dictionaries(st.sampled_from(["ollama", "openai", "my.own"]), st.just(ENTRY)),
    },
)
env = st.fixed_dictionaries(
    {},
    optional={
        "vars": st.dictionaries(st.sampled_from(["OTHER", "PORTKEY_API_KEY"]), st.sampled_from(["1", "an-older-key"])),
        "shellEnv": st.just({"enabled": True}),
    },
)
configs = st.fixed_dictionaries(
    {},
    optional={
        "agents": agents,
        "models": models,
        "env": env,
        "secrets": st.sampled_from([{}, {"providers": {}}, {"providers": {"mine": {"source": "env"}}}]),
        "gateway": st.just({"port": 18789}),
        "größe": st.just([1, [2.5, None], True]),
    },
)

# The ways to write them down

gaps = st.sampled_from(["", " ", "\n", "\n  ", "\r\n\t", " // it's\n", "/* a { b */", "\n// x\n  "])
marks = st.sampled_from("\"'")
last_commas = st.sampled_from(["", ","])


def rendered(value: Any, data: st.DataObject) -> str:
    """A value as JSON5 in no tidy style."""

    def gap() -> str:
        return data.draw(gaps)

    def text(string: str) -> str:
        mark = data.draw(marks)
        return mark + string.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark

    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        parts = [f"{gap()}{text(name)}{gap()}:{gap()}{rendered(item, data)}{gap()}" for name, item in value.items()]
        return "{" + ",".join(parts) + (data.draw(last_commas) if parts else "") + gap() + "}"
    if isinstance(value, list):
        parts = [f"{gap()}{rendered(item, data)}{gap()}" for item in value]
        return "[" + ",".join(parts) + (data.draw(last_commas) if parts else "") + gap() + "]"
    return json.dumps(value)


texts = st.builds(
    lambda before, after: (before, after),
    st.sampled_from(["", "\ufeff", "// mine\r\n", "/**/"]),
    st.sampled_from(["", "\n", "\r\n", " // end"]),
)

# Runs of setup

runs = st.fixed_dictionaries(
    {"model": st.lists(st.sampled_from(CATALOGUE), min_size=1, max_size=3, unique=True)},
    optional={
        "fallback": st.lists(st.sampled_from(CATALOGUE), max_size=2, unique=True),
        "api": st.sampled_from(["openai-completions", "openai-responses", "anthropic-messages"]),
        "trace_id": st.just("a-trace"),
        "metadata": st.just(["team=blue"]),
        "config_id": st.just("pc-abc-123"),
        "provider_id": st.sampled_from(["portkey", "pk-2"]),
        "key_storage": st.sampled_from(["openclaw-env", "dotenv", "env"]),
        "agent": st.sampled_from(["main", "work"]),
    },
)


def _open_keyring() -> Any:
    return mock.patch.object(key, "describe_keyring", return_value="a keyring")


@contextmanager
def home_with(text: str | None, dotenv: bytes | None) -> Iterator[RemovalHome]:
    with tempfile.TemporaryDirectory() as folder, _open_keyring():
        home = RemovalHome(Path(folder))
        if text is not None:
            home.write(text)
        if dotenv is not None:
            home.folder.mkdir(mode=0o700, exist_ok=True)
            home.dotenv.write_bytes(dotenv)
        yield home


def set_up(home: RemovalHome, flags: list[dict[str, Any]]) -> None:
    """Runs setup with each set of flags; what it refuses with a reason is left out."""
    done = 0
    for given_flags in flags:
        try:
            home.setup(**given_flags)
        except UserError:
            continue
        done += 1
    assume(done)


def files_of(home: RemovalHome) -> dict[str, bytes]:
    return {str(path.relative_to(home.folder)): path.read_bytes() for path in home.folder.rglob("*") if path.is_file()}


@made
@given(configs, texts, st.sampled_from([None, b"", b"A=1", b"\r\nPORTKEY_API_KEY='old'\r\n"]), st.data())
def test_the_first_bytes_come_back(
    config: dict[str, Any], around: tuple[str, str], dotenv: bytes | None, data: st.DataObject
) -> None:
    text = f"{around[0]}{rendered(config, data)}{around[1]}"
    assert Document.parse(text).value == config
    with home_with(text, dotenv) as home:
        before = files_of(home)
        set_up(home, data.draw(st.lists(runs, min_size=1, max_size=3)))
        home.remove()
        assert files_of(home) == before
        assert not home.plan().changes


@made
@given(configs, texts, st.sampled_from([None, b"", b"A=1", b"\r\nPORTKEY_API_KEY='old'\r\n"]), st.data())
def test_undo_after_each_setup_gives_the_bytes_before_it(
    config: dict[str, Any], around: tuple[str, str], dotenv: bytes | None, data: st.DataObject
) -> None:
    with home_with(f"{around[0]}{rendered(config, data)}{around[1]}", dotenv) as home:
        states = [files_of(home)]
        for flags in data.draw(st.lists(runs, min_size=1, max_size=3)):
            set_up(home, [flags])
            if files_of(home) != states[-1]:
                states.append(files_of(home))
        for before in reversed(states[:-1]):
            home.undo()
            assert files_of(home) == before


@made
@given(st.lists(runs, min_size=1, max_size=2))
def test_where_there_was_nothing_nothing_is_left(flags: list[dict[str, Any]]) -> None:
    with home_with(None, None) as home:
        set_up(home, flags)
        home.remove()
        assert not home.folder.exists()


@made
@given(configs, st.lists(runs, min_size=1, max_size=2))
def test_the_meaning_comes_back_where_openclaw_wrote_the_file_too(
    config: dict[str, Any], flags: list[dict[str, Any]]
) -> None:
    with home_with(json.dumps(config), None) as home:
        set_up(home, flags)
        home.rewrite()
        home.remove()
        assert home.value == {**config, "meta": {"lastTouchedVersion": "2026.5.7"}}
        assert not home.dotenv.exists()
        assert KEY not in home.config.read_text(encoding="utf-8")
        assert not home.plan().changes
