"""JUnit XML: what Ant's and Jenkins's schemas agree on, with Jenkins's `skipped`, and what build servers make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from tests.hostile_texts import CORPUS
from tests.sample_reports import BROKEN, EXPOSED, REJECTED, SAMPLES, SEVERAL, UNKNOWN, WRONG_HEADER, finding
from tests.unit.report.documents_shared import HOSTILE, acting, hostile, rendered
from wizard.report.model import Report

# Element: its attributes, and its children in their order.
ALLOWED = {
    "testsuites": ((), ("testsuite",)),
    "testsuite": (
        ("name", "package", "id", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time"),
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "properties": ((), ("property",)),
    "property": (("name", "value"), ()),
    "testcase": (("name", "classname", "time"), ("skipped", "error", "failure")),
    "skipped": ((), ()),
    "error": (("type", "message"), ()),
    "failure": (("type", "message"), ()),
    "system-out": ((), ()),
    "system-err": ((), ()),
}
TOKEN = re.compile(r"\S+(?: \S+)*")


def check(element: ET.Element) -> None:
    """Whether an element is as the schemas have it."""
    attributes, children = ALLOWED[element.tag]
    assert tuple(element.attrib) == attributes, element.tag
    order = [children.index(child.tag) for child in element]
    assert order == sorted(order), element.tag
    if element.tag == "testsuite":
        tags = [child.tag for child in element]
        assert [tags.count(tag) for tag in ("properties", "system-out", "system-err")] == [1, 1, 1]
        assert len(element.findall("properties/property")) >= 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.attrib["timestamp"])
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[name]) == len(element.findall(f"testcase/{tag}"))
        assert int(element.attrib["tests"]) == len(element.findall("testcase"))
    if element.tag == "testcase":
        assert len(element) <= 1
        assert TOKEN.fullmatch(element.attrib["name"])
    for child in element:
        check(child)


def read(text: str) -> ET.Element:
    root = ET.fromstring(text.encode("utf-8"))
    check(root)
    assert root.tag == "testsuites"
    return root


def outcomes(report: Report) -> dict[str, str]:
    """The outcome of each case as a build server reads it."""
    document = JUnitXml.fromstring(rendered("junit", (report, {})))
    shown: dict[str, str] = {}
    for suite in document:
        assert isinstance(suite, TestSuite)
        for case in suite:
            assert isinstance(case, TestCase)
            assert case.name not in shown, "names are unique"
            shown[str(case.name)] = next((type(result).__name__ for result in case.result), "Passed")
    return shown


def with_exit(report: Report, exit_code: int, fail_on: Literal["error", "warning"] = "error") -> Report:
    return replace(report, exit_code=exit_code, fail_on=fail_on)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_outcome_is_valid_and_fails_where_the_exit_code_does(name: str) -> None:
    report = SAMPLES[name][0]
    root = read(rendered("junit", name))
    failed = root.findall(".//failure") + root.findall(".//error")
    assert bool(failed) == (report.exit_code != 0)
    assert len({suite.attrib["name"] for suite in root}) == len(root)


@pytest.mark.parametrize(("name", "kind"), HOSTILE)
def test_hostile_texts_stay_texts(name: str, kind: str) -> None:
    text = hostile("junit", name, CORPUS[kind])
    root = read(text)
    assert acting(text) == set()
    assert {element.tag for element in root.iter()} <= set(ALLOWED)
    assert "<!" not in text


def test_what_xml_cannot_hold_is_replaced() -> None:
    bad = replace(WRONG_HEADER, title="a\ufffeb", message="c\uffffd\x00e\x0cf\ud800g")
    failure = read(rendered("junit", (replace(BROKEN, findings=(bad,)), {}))).find(".//failure")
    assert failure is not None
    assert failure.attrib["message"] == "a\ufffdb"
    assert (failure.text or "").startswith("c\ufffdd")


def test_one_cause_is_one_failure() -> None:
    shown = outcomes(SEVERAL)
    assert shown["PKC208 key-in-wrong-header"] == Failure.__name__
    assert shown["PKC405 config-id-unknown"] == Failure.__name__
    assert shown["PKC205 key-rejected"] == Skipped.__name__
    assert shown["PKC215 key-file-exposed"] == "Passed"
    assert shown["PKC502 slug-missing-at"] == "Passed"
    assert shown["PKC501 slug-unknown"] == Skipped.__name__
    root = read(rendered("junit", "several"))
    reasons = {case.attrib["name"]: case.findtext("skipped") for case in root.iter("testcase")}
    assert reasons["PKC205 key-rejected"] == "because of PKC208 key-in-wrong-header"


def test_a_consequence_fails_where_its_cause_does_not_count() -> None:
    cause = replace(EXPOSED, id="f1")
    report = replace(BROKEN, findings=(cause, REJECTED), root_cause="PKC205")
    assert outcomes(report)["PKC205 key-rejected"] == Failure.__name__


def test_the_threshold_decides_what_fails() -> None:
    report = replace(SEVERAL, findings=(replace(EXPOSED, id="f1"),), root_cause="PKC215")
    assert outcomes(with_exit(report, 0))["PKC215 key-file-exposed"] == "Passed"
    assert outcomes(with_exit(report, 1, "warning"))["PKC215 key-file-exposed"] == Failure.__name__


def test_what_passed_is_there_and_remarks_are_told() -> None:
    shown = outcomes(SAMPLES["healthy"][0])
    assert len(shown) == len(SAMPLES["healthy"][0].passed)
    assert set(shown.values()) == {"Passed"}
    told = "".join(element.text or "" for element in read(rendered("junit", "degraded")).iter("system-out"))
    assert "PKC215 key-file-exposed (warning, certain)" in told
    assert "chmod 600" in told


def test_too_little_seen_is_an_error() -> None:
    assert outcomes(UNKNOWN)["verdict"] == Error.__name__


def test_our_own_faults_are_errors() -> None:
    crashed = finding("PKC901", "check-crashed", "a check failed", severity="warning", hop="openclaw")
    report = with_exit(replace(BROKEN, findings=(crashed,)), 1, "warning")
    assert outcomes(report)["PKC901 check-crashed"] == Error.__name__


def test_findings_of_one_code_have_names_of_their_own() -> None:
    twice = replace(WRONG_HEADER, id="f2", route_ids=("ops:primary:cli",), where=None)
    names = [name for name in outcomes(replace(BROKEN, findings=(WRONG_HEADER, twice))) if "PKC208" in name]
    assert names == [
        "PKC208 key-in-wrong-header (~/.openclaw/openclaw.json:14:9, f1)",
        "PKC208 key-in-wrong-header (ops:primary:cli, f2)",
    ]


def test_findings_that_cause_each_other_come_to_an_end() -> None:
    first = replace(WRONG_HEADER, caused_by="f2")
    assert len(outcomes(replace(BROKEN, findings=(first, replace(REJECTED, caused_by="f1"))))) > 1
