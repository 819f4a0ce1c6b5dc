"""Setup on configs as people write them: with comments, in any style, with anything else in them."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.base.environment import Environment
from wizard.change.apply import apply
from wizard.change.plan import Set
from wizard.json5doc import Document
from wizard.keys.vault import Vault
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup.flow import Prepared, Request, prepare

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
MODELS = ("@a/claude-opus-4-5", "@b/gpt-5.2")
# Every comment of these configs has a number of its own.
COMMENT = re.compile(r"#\d+")

# Text in comments that would trip a careless reader.
REMARKS = st.text(alphabet="abc {}[],:'€", max_size=8)
NAMES = st.sampled_from(["theme", "gateway", "channels", "my-own", "x y", "ä"])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.sampled_from(["", "text", "it's", "a // b", "ü"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
ENTRIES = st.fixed_dictionaries(
    {"baseUrl": st.sampled_from(["https://api.portkey.ai/v1", "https://api.portkey.ai"])},
    optional={
        "apiKey": st.sampled_from(["${PORTKEY_API_KEY}", "a-literal-key-123456"]),
        "api": st.sampled_from(["openai-completions", "anthropic-messages"]),
        "headers": st.dictionaries(st.sampled_from(["x-portkey-trace-id", "X-Portkey-Api-Key", "x-own"]), st.just("v")),
        "models": st.lists(
            st.sampled_from([{"id": MODELS[0], "name": "Mine"}, {"id": "@c/d", "name": "D", "contextWindow": 5}]),
            max_size=2,
        ),
        "timeoutSeconds": st.integers(1, 9),
    },
)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "theme": PLAIN,
        "channels": st.dictionaries(NAMES, PLAIN, max_size=3),
        "env": st.fixed_dictionaries(
            {}, optional={"vars": st.dictionaries(st.sampled_from(["A", "PORTKEY_API_KEY"]), st.just("value-1"))}
        ),
        "agents": st.fixed_dictionaries(
            {},
            optional={
                "defaults": st.fixed_dictionaries(
                    {},
                    optional={
                        "model": st.just("anthropic/claude") | st.fixed_dictionaries({"primary": st.just("x/y")}),
                        "workspace": st.just("~/work"),
                    },
                )
            },
        ),
        "models": st.fixed_dictionaries(
            {},
            optional={
                "mode": st.just("merge"),
                "providers": st.fixed_dictionaries(
                    {}, optional={"ollama": st.just({"baseUrl": "http://x", "models": []}), "portkey": ENTRIES}
                ),
            },
        ),
    },
)


@st.composite
def written_by_hand(draw: st.DrawFn) -> str:
    """A config's text: comments anywhere, any mix of quotes, trailing commas, line ends and indentation."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    indent = draw(st.sampled_from(["  ", "\t", "    "]))
    tidy = draw(st.booleans())
    counter = iter(range(1000))

    def remark() -> str:
        kind = draw(st.integers(0, 9))
        text = f"{draw(REMARKS)}#{next(counter)}" if kind < 3 else ""
        if kind == 0:
            return f" // {text.strip()}{newline}"
        return f" /* {text} */" if kind < 3 else ""

    def string(text: str) -> str:
        plain = json.dumps(text, ensure_ascii=draw(st.booleans()))
        single = "'" + plain[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return plain if draw(st.booleans()) else single

    def key(name: str) -> str:
        bare = re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and draw(st.booleans())
        return name if bare else string(name)

    def children(parts: list[str], margin: str) -> Iterator[str]:
        inner = margin + indent
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            comma = "," if not last or draw(st.booleans()) else ""
            gap = newline + inner if tidy or draw(st.booleans()) else " "
            yield f"{gap}{remark()}{part}{remark()}{comma}{remark()}"
        yield newline + margin if tidy else " "

    def value(item: Any, margin: str) -> str:
        if isinstance(item, dict):
            parts = [f"{key(name)}:{remark()} {value(inner, margin + indent)}" for name, inner in item.items()]
            return "{" + "".join(children(parts, margin)) + "}"
        if isinstance(item, list):
            return "[" + "".join(children([value(inner, margin + indent) for inner in item], margin)) + "]"
        return string(item) if isinstance(item, str) else json.dumps(item)

    config = draw(CONFIGS)
    start = draw(st.sampled_from(["", "\ufeff"]))
    return f"{start}{remark()}{value(config, '')}{remark()}{draw(st.sampled_from(['', newline]))}"


def catalogue(probe: Probe, _: Transport) -> Exchange:
    body = json.dumps({"object": "list", "total": len(MODELS), "data": [{"id": name} for name in MODELS]})
    return Exchange(probe.id, probe.kind, (), "GET", probe.url, status=200, body=body)


def planner(home: Path) -> Callable[[], tuple[Prepared, Request]]:
    environment = Environment(
        variables={"PORTKEY_API_KEY": KEY}, home=home, cwd=home, stdin=io.StringIO(), system="linux"
    )
    given = {"yes": True, "model": list(MODELS), "trace_id": "t", "api": "anthropic-messages", "fallback": [MODELS[1]]}

    def plan() -> tuple[Prepared, Request]:
        request = Request(given, environment, Vault(), catalogue)
        return prepare(request), request

    return plan


def without_replaced_values(document: Document, prepared: Prepared) -> str:
    """The old text without the values that the plan replaces or fills: everything that has to survive."""
    places = [operation.path for operation in prepared.plan.operations if isinstance(operation, Set)]
    places += [path[:length] for path in places for length in range(len(path)) if document.get(path[:length]) == {}]
    places += [operation.path for operation in prepared.plan.operations if document.get(operation.path) == []]
    nodes = {document.node(path) for path in places} - {None}
    text = document.text
    for node in sorted(nodes, key=lambda node: -node.start if node else 0):
        if node is not None and not COMMENT.search(text[node.start : node.end]):
            text = text[: node.start] + text[node.end :]
    return text


def is_subsequence(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written_by_hand())
def test_nothing_of_the_users_is_lost_and_the_second_run_is_empty(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / ".openclaw" / "openclaw.json"
        config.parent.mkdir()
        config.write_text(text, newline="")
        before = Document.parse(text)
        plan = planner(Path(folder))
        prepared, request = plan()
        apply(prepared.plan, request.environment, request.vault)
        after = Document.parse(config.read_bytes().decode())

        kept = without_replaced_values(before, prepared)
        assert is_subsequence(kept, after.text), "a character besides the replaced values is gone or moved"
        remarks = COMMENT.findall(kept)
        assert [remark for remark in COMMENT.findall(after.text) if remark in remarks] == remarks
        assert meaning_besides(after.value, prepared) == meaning_besides(before.value, prepared)
        assert KEY not in prepared.diff
        assert plan()[0].plan.changes == (), "the second run has something to do"


def meaning_besides(value: Any, prepared: Prepared) -> Any:
    """The value without what the plan touches."""
    for operation in prepared.plan.operations:
        remove(value, operation.path)
    return prune(value)


def remove(value: Any, path: tuple[str | int, ...]) -> None:
    for step in path[:-1]:
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value.pop(path[-1], None)


def prune(value: Any) -> Any:
    """Drops what is empty: the containers that were made or emptied along the way."""
    if isinstance(value, dict):
        for name in [name for name, inner in value.items() if prune(inner) in ({}, [])]:
            del value[name]
    return value
