"""Any change of any config, taken back, gives the original bytes; made twice, it changes nothing the second time."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.base.environment import Environment
from wizard.change.apply import apply
from wizard.change.edits import ConfigEdits
from wizard.change.lost import lost
from wizard.change.plan import Append, EditConfig, EditDotenv, Operation, Plan, Set, SetVariable
from wizard.change.preview import preview
from wizard.change.raw import read_now
from wizard.change.reading import read_source
from wizard.change.undo import carry_out_undo, plan_undo
from wizard.json5doc import Document, render
from wizard.keys.keyring_store import system_keyring
from wizard.keys.vault import Vault

KEYS = st.sampled_from(["a", "b", "models", "with space", "ü", "env"])
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, width=16) | st.text(max_size=5)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(tuple)
STEPS = st.lists(st.tuples(PATHS, VALUES, st.sampled_from(["set", "append", "delete"])), min_size=1, max_size=4)
DRESS = st.sampled_from(["", "// mine\n", "\ufeff", "/* a */ "])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def a_home(text: str | None) -> Iterator[tuple[Environment, Path]]:
    home = Path(tempfile.mkdtemp(prefix="portkey-claw-test-"))
    config = home / ".openclaw" / "openclaw.json"
    config.parent.mkdir()
    if text is not None:
        config.write_text(text, newline="")
    try:
        yield Environment({}, home, home, system="linux"), config
    finally:
        shutil.rmtree(home)


def gathered(value: Any, steps: Any, vault: Vault) -> tuple[Operation, ...]:
    """The steps that this config allows, as setup would gather them."""
    edits = ConfigEdits(value, vault.reveal)
    for path, new, kind in steps:
        parents = [edits.get(path[:length]) for length in range(1, len(path))]
        if not all(parent is None or isinstance(parent, dict) for parent in parents) or None in parents[:-1]:
            continue
        if any(parent is None for parent in parents) and kind != "set":
            continue
        if any(edits.get(path[:length]) is None and _has(edits, path[:length]) for length in range(1, len(path))):
            continue
        if kind == "set":
            edits.set(path, new, "set")
        elif kind == "delete":
            edits.delete(path, "delete")
        elif isinstance(edits.get(path), list):
            edits.append(path, new, "append")
    return tuple(edits.operations)


def _has(edits: ConfigEdits, path: tuple[str, ...]) -> bool:
    parent = edits.get(path[:-1])
    return isinstance(parent, dict) and path[-1] in parent


def plan_of(environment: Environment, config: Path, operations: tuple[Operation, ...]) -> Plan:
    return Plan((EditConfig(config, read_now(config, environment).digest, operations),) if operations else ())


def undo(environment: Environment) -> tuple[str, ...]:
    # Nothing of these plans is in a keyring, so it is never asked.
    keyring = system_keyring(environment)
    planned = plan_undo(environment, Vault(), keyring=keyring)
    assert planned is not None
    carry_out_undo(planned, environment, Vault(), keyring=keyring)
    return planned.left


@QUICK
@given(OBJECTS, DRESS, STEPS, st.sampled_from(["\n", "\r\n"]))
def test_there_and_back(start: dict[str, Any], dress: str, steps: Any, newline: str) -> None:
    text = dress + render(start).replace("\n", newline) + newline
    with a_home(text) as (environment, config):
        vault = Vault()
        operations = gathered(read_source(config, environment, vault).value, steps, vault)
        applied = apply(plan_of(environment, config, operations), environment, vault)
        if applied.entry_id is None:
            assert config.read_bytes() == text.encode()
            return
        assert lost(applied.entry_id, environment) == ()
        value = read_source(config, environment, vault).value
        last = operations[-1]
        again = gathered(value, [(last.path, last.value, "set")] if isinstance(last, Set) else [], vault)
        assert preview(plan_of(environment, config, again), environment, vault) == ""
        assert undo(environment) == ()
        assert config.read_bytes() == text.encode()


@QUICK
@given(OBJECTS, STEPS, st.integers(0, 9))
def test_back_over_a_rewrite_gives_the_original_meaning(start: dict[str, Any], steps: Any, theirs: int) -> None:
    """OpenClaw writes the file anew and adds something of its own: that stays, and all of ours goes."""
    with a_home(render(start)) as (environment, config):
        vault = Vault()
        sets = [step for step in steps if step[2] != "append"]
        operations = gathered(read_source(config, environment, vault).value, sets, vault)
        if apply(plan_of(environment, config, operations), environment, vault).entry_id is None:
            return
        value = Document.parse(config.read_text()).value
        assert isinstance(value, dict)
        config.write_text(json.dumps({**value, "theirs": theirs}, indent=2, ensure_ascii=False))
        assert undo(environment) == ()
        after = Document.parse(config.read_text()).value
        assert after == {**Document.parse(render(start)).value, "theirs": theirs}  # type: ignore[dict-item]


@settings(QUICK, max_examples=25)
@given(st.lists(st.sampled_from(["A=1", "# x", "", "K=old", "B='q'", 'K="two"']), max_size=5), st.booleans())
def test_a_dotenv_there_and_back(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    with a_home(None) as (environment, config):
        path = config.with_name(".env")
        path.write_text(text)
        vault = Vault()
        plan = Plan(
            (
                EditDotenv(
                    path, read_now(path, environment).digest, (SetVariable("K", vault.take("Zq8v#x", "").handle, ""),)
                ),
            )
        )
        apply(plan, environment, vault)
        undo(environment)
        assert path.read_text() == text


def test_an_appended_item_goes_from_wherever_it_is() -> None:
    with a_home('{"l": [1]}') as (environment, config):
        vault = Vault()
        apply(plan_of(environment, config, (Append(("l",), {"id": 2}, ""),)), environment, vault)
        config.write_text('{"l": [0, {"id": 2}, 1, 5], "x": 1}')
        assert undo(environment) == ()
        assert Document.parse(config.read_text()).value == {"l": [0, 1, 5], "x": 1}
