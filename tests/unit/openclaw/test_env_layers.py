"""The layers of the environment, which of them wins, and what is read from the files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.openclaw.conftest import Parse, Surroundings
from wizard.keys.vault import Vault
from wizard.openclaw.collect import collect_openclaw
from wizard.openclaw.env_files import collect_layers
from wizard.openclaw.env_layers import TRANSPORT_VARIABLES, config_layer, winner
from wizard.openclaw.locate import locate_config
from wizard.openclaw.seen import EnvLayer, LayerName, LayerVariable

L = LayerName
KEY = "PORTKEY_API_KEY"
ORDER = (L.PROCESS, L.CWD_DOTENV, L.STATE_DOTENV, L.GATEWAY_ENV_FILE, L.CONFIG)


def layers(**values: str) -> tuple[EnvLayer, ...]:
    """Layers in OpenClaw's order, each with the key set to a value or without it."""
    return tuple(
        EnvLayer(name, name.value, {KEY: LayerVariable(values[name.name])} if name.name in values else {})
        for name in ORDER
    )


def won(**values: str) -> tuple[LayerName, str] | None:
    found = winner(layers(**values), KEY)
    return (found[0].name, found[1].value) if found else None


def test_the_enumeration_is_in_the_order_of_precedence() -> None:
    assert tuple(LayerName) == ORDER


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("second", range(5))
def test_of_two_layers_the_stronger_wins(first: int, second: int) -> None:
    values = {ORDER[first].name: "one", ORDER[second].name: "two"}
    strongest = ORDER[min(first, second)]
    assert won(**values) == (strongest, values[strongest.name])


# docs/facts/openclaw.md, section 7: an empty value hides the files behind it, and the config fills it.
EMPTY = {
    "process hides the project": ({"PROCESS": "", "CWD_DOTENV": "a"}, (L.PROCESS, "")),
    "process hides the state": ({"PROCESS": "", "STATE_DOTENV": "a"}, (L.PROCESS, "")),
    "process hides the gateway": ({"PROCESS": "", "GATEWAY_ENV_FILE": "a"}, (L.PROCESS, "")),
    "project hides the state": ({"CWD_DOTENV": "", "STATE_DOTENV": "a"}, (L.CWD_DOTENV, "")),
    "state hides the gateway": ({"STATE_DOTENV": "", "GATEWAY_ENV_FILE": "a"}, (L.STATE_DOTENV, "")),
    "config fills the process": ({"PROCESS": "", "CONFIG": "a"}, (L.CONFIG, "a")),
    "config fills the state": ({"STATE_DOTENV": "", "CONFIG": "a"}, (L.CONFIG, "a")),
    "config fills although a file is hidden": ({"PROCESS": "", "STATE_DOTENV": "b", "CONFIG": "a"}, (L.CONFIG, "a")),
    "blank is empty": ({"PROCESS": "  ", "STATE_DOTENV": "a"}, (L.PROCESS, "  ")),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("values", "wanted"), EMPTY.values(), ids=EMPTY)
def test_empty_values(values: dict[str, str], wanted: tuple[LayerName, str] | None) -> None:
    assert won(**values) == wanted


@given(st.dictionaries(st.sampled_from([name.name for name in ORDER]), st.sampled_from(["", " ", "a", "b"])))
def test_the_winner_is_the_first_that_is_set_unless_the_config_fills_it(values: dict[str, str]) -> None:
    found = won(**values)
    first = next((name for name in ORDER if name.name in values), None)
    if first is None:
        assert found is None
    elif values[first.name].strip() or "CONFIG" not in values:
        assert found == (first, values[first.name])
    else:
        assert found == (L.CONFIG, values["CONFIG"])


# --- The config's own layer.


@pytest.mark.parametrize(
    ("version", "names"),
    [((2026, 7, 35), {"A", "B"}), ((2026, 8, 1), {"A"}), ((2026, 9, 6), {"A"}), (None, {"A", "B"})],
)
def test_top_level_variables_count_in_old_versions_only(
    parse: Parse, version: tuple[int, int, int] | None, names: set[str]
) -> None:
    config = parse('{env: {shellEnv: {enabled: true}, vars: {A: "a"}, B: "b"}}')
    assert set(config_layer(config, version).variables) == names


def test_of_both_places_the_top_level_counts_in_old_versions(parse: Parse) -> None:
    config = parse('{env: {vars: {A: "${X}"}, A: "${Y}"}}')
    assert config_layer(config, (2026, 5, 7)).variables["A"].value == "${Y}"


def test_a_variable_has_its_line_and_no_plain_value(parse: Parse, vault: Vault) -> None:
    layer = config_layer(parse('{\n  env: { vars: {\n    A: "hT3k9dJ2lAq8ZxW0pRk5",\n } } }'), None)
    assert layer.variables["A"].line == 3
    assert vault.reveal(layer.variables["A"].value) == "hT3k9dJ2lAq8ZxW0pRk5"
    assert "hT3k" not in repr(layer)


@pytest.mark.parametrize(
    "text", ["{}", "{env: null}", "{env: []}", '{env: "x"}', "{env: {vars: []}}", "{env: {vars: {A: 1}}}"]
)
def test_what_is_no_variable_is_passed_over(parse: Parse, text: str) -> None:
    assert config_layer(parse(text), None).variables == {}


def test_blank_variables_are_passed_over(parse: Parse) -> None:
    assert set(config_layer(parse('{env: {vars: {A: "", B: " ", C: "${D}"}}}'), None).variables) == {"C"}


# --- The files.


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def collected(surroundings: Surroundings, vault: Vault, *wanted: str, **variables: str) -> list[EnvLayer]:
    environment = surroundings(variables)
    return list(collect_layers(environment, locate_config(environment), wanted, vault))


def test_every_layer_with_its_file_and_line(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write(home / "project/.env", f"{KEY}=of-the-project-1\n")
    write(home / ".openclaw/.env", f"# note\n\n{KEY}=of-the-state-folder-1\n")
    write(home / ".config/openclaw/gateway.env", f"{KEY}=of-the-gateway-1\n")
    found = collected(surroundings, vault, PORTKEY_API_KEY="of-the-process-1")
    assert [(layer.name, layer.location, layer.variables[KEY].line) for layer in found] == [
        (L.PROCESS, "the process environment", 0),
        (L.CWD_DOTENV, "~/project/.env", 1),
        (L.STATE_DOTENV, "~/.openclaw/.env", 3),
        (L.GATEWAY_ENV_FILE, "~/.config/openclaw/gateway.env", 1),
    ]
    values = [vault.reveal(layer.variables[KEY].value) for layer in found]
    assert values == ["of-the-process-1", "of-the-project-1", "of-the-state-folder-1", "of-the-gateway-1"]
    assert not [layer for layer in found if "of-the-" in repr(layer)]


def test_the_env_beside_a_stated_config_comes_last(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write(home / "x/.env", f"{KEY}=a\n")
    found = collected(surroundings, vault, OPENCLAW_CONFIG_PATH=str(home / "x/a.json"))
    assert [(layer.name, layer.location) for layer in found][2:] == [
        (L.STATE_DOTENV, "~/.openclaw/.env"),
        (L.GATEWAY_ENV_FILE, "~/.config/openclaw/gateway.env"),
        (L.STATE_DOTENV, "~/x/.env"),
    ]
    assert KEY in found[-1].variables


def test_only_what_is_wanted_is_read(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write(home / ".openclaw/.env", "WANTED=a\nOTHER_SECRET=b\nNODE_EXTRA_CA_CERTS=/ca.pem\n")
    found = collected(surroundings, vault, "WANTED", OTHER_SECRET="c", HTTPS_PROXY="http://proxy:1")
    assert set(found[0].variables) == {"HTTPS_PROXY"}
    assert set(found[2].variables) == {"WANTED", "NODE_EXTRA_CA_CERTS"}


@pytest.mark.parametrize(
    "name",
    [
        *TRANSPORT_VARIABLES,
        "OPENCLAW_CONFIG_PATH",
        "OPENCLAW_ANYTHING",
        "OPENAI_BASE_URL",
        "MY_GATEWAY_BASE_URL",
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "OPENAI_API_KEY_2",
        "AWS_ENDPOINT_URL_S3",
        "MINIMAX_API_HOST",
    ],
)
def test_a_project_may_not_set_what_would_redirect_requests(
    home: Path, surroundings: Surroundings, vault: Vault, name: str
) -> None:
    for path in ("project/.env", ".openclaw/.env"):
        write(home / path, f"{name}=a\n{KEY}=b\n")
    _, project, state, *_ = collected(surroundings, vault, name)
    assert set(project.variables) == {KEY}
    assert set(state.variables) == {name, KEY}


@pytest.mark.parametrize("bad", [b"# caf\xe9\n", b"\xff\xfe\n", b"X=\x80\n"])
def test_bytes_that_are_not_utf8_do_not_hide_the_rest(
    home: Path, surroundings: Surroundings, vault: Vault, bad: bytes
) -> None:
    write(home / ".openclaw/.env", bad + f"{KEY}=a\n".encode())
    assert KEY in collected(surroundings, vault)[2].variables


def test_what_cannot_be_read_is_an_empty_layer(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    (home / "project/.env").mkdir()
    (home / ".openclaw").mkdir()
    os.mkfifo(home / ".openclaw/.env")
    write(home / ".config/openclaw/gateway.env", f"{KEY}=a\n" + "#" * 2**20)
    assert [dict(layer.variables) for layer in collected(surroundings, vault)] == [{}, {}, {}, {}]


def test_the_whole_collection(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write(
        home / ".openclaw/openclaw.json",
        '{env: {vars: {A: "${B}"}}, models: {providers: {portkey: {apiKey: "${A}", headers: {x: "${C}"}}}}}',
    )
    write(home / ".openclaw/.env", "B=b-1\nC=c-1\nD=d-1\n")
    environment = surroundings()
    seen = collect_openclaw(environment, locate_config(environment), vault)
    (runtime,) = seen.runtimes
    assert [layer.name for layer in runtime.layers] == list(ORDER)
    assert set(runtime.layers[2].variables) == {"B", "C"}
    assert runtime.layers[-1].variables["A"].value == "${B}"
    assert (seen.config.path, seen.config.selected_by, seen.profile) == ("~/.openclaw/openclaw.json", "default", None)
