"""`$include`: the merged config, the file that holds each value, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.openclaw.inclusions import CONFIG, READ, REFUSED, Inclusion
from wizard.base.environment import Environment
from wizard.base.files import FileTrouble, UnreadableFileError, read_text
from wizard.json5doc import Document
from wizard.openclaw.include_files import INCLUDED_BYTES, include_roots
from wizard.openclaw.includes import IncludeError, IncludeTrouble, Merged, Place, resolve_includes
from wizard.openclaw.locate import locate_config

MODEL = ("agents", "defaults", "model")


def _parsed(path: Path) -> Any:
    return Document.parse(read_text(path, limit=INCLUDED_BYTES).text).value


def _resolve(case: Inclusion, home: Path) -> Merged:
    case.prepare(home)
    environment = Environment(case.variables(home), home, home)
    main = home / CONFIG
    roots = include_roots(environment, locate_config(environment))
    return resolve_includes(main, _parsed(main), _parsed, roots)


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_the_merged_config(case: Inclusion, tmp_path: Path) -> None:
    merged = _resolve(case, tmp_path)
    assert merged.value == {"agents": {"defaults": {"model": case.model}}}
    assert merged.files[0] == tmp_path / CONFIG


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_refused(case: Inclusion, tmp_path: Path) -> None:
    with pytest.raises(IncludeError) as caught:
        _resolve(case, tmp_path)
    assert caught.value.trouble is case.trouble
    assert caught.value.detail


def test_the_trouble_names_where_the_inclusion_stands(tmp_path: Path) -> None:
    files = {CONFIG: '{models: {$include: "./a.json5"}}', ".openclaw/a.json5": '{providers: [{$include: "./b.json5"}]}'}
    with pytest.raises(IncludeError) as caught:
        _resolve(Inclusion("", files), tmp_path)
    assert caught.value.origin == Place(tmp_path / ".openclaw/a.json5", ("providers", 0))
    assert caught.value.target == str(tmp_path / ".openclaw/b.json5")


def test_a_circle_of_links_is_unreadable(tmp_path: Path) -> None:
    files = {CONFIG: '{$include: "./l.json5"}', ".openclaw/l.json5": "-> l.json5"}
    with pytest.raises(IncludeError) as caught:
        _resolve(Inclusion("", files), tmp_path)
    assert caught.value.trouble is IncludeTrouble.UNREADABLE


@pytest.mark.parametrize(
    ("stated", "variables", "roots"),
    [
        ("", {}, []),
        (" : ", {}, []),
        ("/a:/b/../c:/a", {}, ["/a", "/c"]),
        ("~:~/x: rel ", {}, ["{home}", "{home}/x", "{cwd}/rel"]),
        ("~/x", {"OPENCLAW_HOME": "/oh"}, ["/oh/x"]),
        ("~/x", {"OPENCLAW_HOME": "~/oh"}, ["{home}/oh/x"]),
        (None, {}, ["/from-dotenv"]),
    ],
)
def test_the_folders_that_may_be_included_from(
    stated: str | None, variables: dict[str, str], roots: list[str], tmp_path: Path
) -> None:
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    state = home / ".openclaw"
    state.mkdir(parents=True)
    (state / ".env").write_text("OPENCLAW_INCLUDE_ROOTS=/from-dotenv\n")
    given = variables if stated is None else {**variables, "OPENCLAW_INCLUDE_ROOTS": stated}
    environment = Environment(given, home, cwd, system="linux")
    located = locate_config(Environment({}, home, cwd))
    assert list(map(str, include_roots(environment, located))) == [root.format(home=home, cwd=cwd) for root in roots]


def test_a_reader_that_fails_is_told_from_a_missing_file(tmp_path: Path) -> None:
    Inclusion("", {CONFIG: "{}", ".openclaw/a.json5": "{}"}).prepare(tmp_path)

    def locked(_: Path) -> Any:
        raise UnreadableFileError(FileTrouble.NO_PERMISSION, "permission denied")

    with pytest.raises(IncludeError) as caught:
        resolve_includes(tmp_path / CONFIG, {"$include": "./a.json5"}, locked)
    assert (caught.value.trouble, caught.value.detail) == (IncludeTrouble.UNREADABLE, "permission denied")


MAIN, BASE, OVER, PROVIDERS = CONFIG, ".openclaw/base.json5", ".openclaw/over.json5", ".openclaw/providers.json5"
SPLIT = {
    MAIN: """{
      $include: ["./base.json5", "./over.json5"],
      models: {providers: {ollama: {api: "x"}}},
      env: {$include: "./env.json5"},
    }""",
    BASE: '{models: {mode: "merge", providers: {$include: "./providers.json5"}}, agents: {list: [{id: "a"}]}}',
    OVER: '{models: {mode: "replace"}, agents: {list: [{id: "b"}], defaults: {}}}',
    PROVIDERS: '{portkey: {apiKey: "k"}, ollama: {api: "y", baseUrl: "u"}}',
    ".openclaw/env.json5": "{vars: {A: '1'}}",
}


@pytest.mark.parametrize(
    ("path", "file", "inside"),
    [
        (("models", "mode"), OVER, ("models", "mode")),
        (("models", "providers", "portkey", "apiKey"), PROVIDERS, ("portkey", "apiKey")),
        (("models", "providers", "portkey", "headers", "x"), PROVIDERS, ("portkey", "headers", "x")),
        (("models", "providers", "ollama", "api"), MAIN, ("models", "providers", "ollama", "api")),
        (("models", "providers", "ollama", "baseUrl"), PROVIDERS, ("ollama", "baseUrl")),
        (("models", "providers", "ollama", "new"), MAIN, ("models", "providers", "ollama", "new")),
        (("models", "providers", "new"), MAIN, ("models", "providers", "new")),
        (("env", "vars", "B"), ".openclaw/env.json5", ("vars", "B")),
        (("env",), ".openclaw/env.json5", ()),
        (("agents", "list", 0, "id"), BASE, ("agents", "list", 0, "id")),
        (("agents", "list", 1, "model"), OVER, ("agents", "list", 0, "model")),
        (("agents", "list"), OVER, ("agents", "list")),
        (("agents", "defaults", "model", "primary"), OVER, ("agents", "defaults", "model", "primary")),
        (("new", "thing"), MAIN, ("new", "thing")),
        ((), MAIN, ()),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else value,
)
def test_the_file_that_a_value_is_set_in(
    path: tuple[str | int, ...], file: str, inside: tuple[str | int, ...], tmp_path: Path
) -> None:
    assert _resolve(Inclusion("", SPLIT), tmp_path).place(path) == Place(tmp_path / file, inside)


def test_every_file_that_holds_a_value(tmp_path: Path) -> None:
    merged = _resolve(Inclusion("", SPLIT), tmp_path)
    providers, main = tmp_path / PROVIDERS, tmp_path / MAIN
    assert merged.holders(("models", "providers", "ollama", "api")) == (
        Place(providers, ("ollama", "api")),
        Place(main, ("models", "providers", "ollama", "api")),
    )
    assert merged.holders(("models", "providers", "portkey")) == (Place(providers, ("portkey",)),)
    assert merged.holders(("models", "nothing", "here")) == ()
    assert merged.files == tuple(tmp_path / name for name in (MAIN, BASE, PROVIDERS, OVER, ".openclaw/env.json5"))


def test_a_root_that_is_only_an_inclusion_leads_into_the_last_file(tmp_path: Path) -> None:
    files = {MAIN: '{$include: ["./base.json5", "./over.json5"]}', BASE: "{a: 1}", OVER: "{b: 2}"}
    merged = _resolve(Inclusion("", files), tmp_path)
    assert merged.place(("a",)) == Place(tmp_path / BASE, ("a",))
    assert merged.place(("env", "vars")) == Place(tmp_path / OVER, ("env", "vars"))


def test_an_inclusion_of_no_file_is_set_beside_it(tmp_path: Path) -> None:
    merged = _resolve(Inclusion("", {MAIN: "{models: {$include: []}}"}), tmp_path)
    assert merged.value == {"models": {}}
    assert merged.place(("models", "mode")) == Place(tmp_path / MAIN, ("models", "mode"))


def test_without_an_inclusion_every_path_is_the_main_files_own(tmp_path: Path) -> None:
    value = {"models": {"providers": {"p": {"models": [{"id": "a"}]}}}}
    merged = resolve_includes(tmp_path / MAIN, value, _parsed)
    path = ("models", "providers", "p", "models", 0, "id")
    assert (merged.value, merged.files) == (value, (tmp_path / MAIN,))
    assert merged.place(path) == Place(tmp_path / MAIN, path)


_KEYS = st.sampled_from(["a", "b", "c"])
_NAMES = ["f1.json5", "f2.json5", "f3.json5"]


def _values(names: list[str]) -> st.SearchStrategy[Any]:
    """Values of three keys and short lists; objects may include some of the named files."""
    inclusion = st.lists(st.sampled_from(names), max_size=2) if names else st.just([])
    leaves = st.integers(0, 3)

    def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        objects = st.dictionaries(_KEYS, inner, max_size=3)
        included = st.tuples(inclusion, objects).map(
            lambda pair: {"$include": pair[0], **pair[1]} if pair[0] else pair[1]
        )
        return st.one_of(st.lists(inner, max_size=2), objects, included)

    return st.recursive(leaves, containers, max_leaves=8)


def _objects(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_KEYS, _values(names), min_size=1, max_size=3)


# A file may include only those before it, so that there is no circle.
_FILES = st.tuples(*(_objects(_NAMES[:number]) for number in range(len(_NAMES))))


@dataclass(frozen=True)
class Split:
    """A config in several files, in memory but for their being there."""

    config: Path
    contents: dict[Path, Any]

    def resolved(self) -> Merged:
        return resolve_includes(self.config, self.contents[self.config], self.contents.__getitem__)

    def parent(self, place: Place) -> Any:
        """What holds a place's last step, made where it is missing; None where there is no such thing."""
        holder = self.contents[place.file]
        for step in place.path[:-1]:
            if isinstance(holder, dict) and isinstance(step, str):
                holder = holder.setdefault(step, {})
            elif isinstance(holder, list) and isinstance(step, int):
                holder = holder[step]
            else:
                return None
        return holder if place.path and isinstance(holder, dict) else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("split")
    for name in _NAMES:
        (path / name).touch()
    return path


def _split(folder: Path, main: dict[str, Any], files: tuple[dict[str, Any], ...]) -> Split:
    names = ("openclaw.json", *_NAMES)
    split = Split(folder / names[0], {folder / name: value for name, value in zip(names, (main, *files), strict=True)})
    try:
        split.resolved()
    except IncludeError:  # members beside what is no object
        assume(False)
    return split


_STEPS = st.lists(_KEYS, min_size=1, max_size=4).map(tuple)


@given(main=_objects(_NAMES), files=_FILES, path=_STEPS)
def test_a_value_set_at_its_place_counts(
    main: dict[str, Any], files: tuple[dict[str, Any], ...], path: tuple[str, ...], folder: Path
) -> None:
    split = _split(folder, main, files)
    place = split.resolved().place(path)
    parent = split.parent(place)
    assume(parent is not None)
    parent[place.path[-1]] = "set"
    assert reduce(getitem, path, split.resolved().value) == "set"


@given(main=_objects(_NAMES), files=_FILES, path=_STEPS)
def test_a_value_taken_from_all_its_holders_is_gone(
    main: dict[str, Any], files: tuple[dict[str, Any], ...], path: tuple[str, ...], folder: Path
) -> None:
    split = _split(folder, main, files)
    holders = split.resolved().holders(path)
    assume(holders and all(split.parent(place) is not None for place in holders))
    for place in holders:
        split.parent(place).pop(place.path[-1], None)  # a file that is included twice is named twice
    assert split.resolved().holders(path) == ()
