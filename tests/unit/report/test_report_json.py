from __future__ import annotations

import dataclasses
import json
import types
import typing
import unicodedata
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.base.codec import from_json
from wizard.report import model
from wizard.report.json_output import render_json

SCHEMA: dict[str, Any] = json.loads(files("wizard.report").joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

CODES = st.from_regex(r"PKC[1-9][0-9]{2}", fullmatch=True)
FINDING_IDS = st.from_regex(r"f[1-9][0-9]?", fullmatch=True)
FINGERPRINTS = st.from_regex(r"sha256:[0-9a-f]{8}|secret-[1-9][0-9]?", fullmatch=True)
HOPS = st.sampled_from(["openclaw", "key", "network", "gateway", "provider", "model", "log"])
COUNTS = st.integers(0, 10**6)
LAYERS = (
    "process-env cwd-dotenv state-dotenv gateway-env-file config-env login-shell service-env literal header"
    " secret-env secret-file secret-exec secret-store auth-profile none"
)
TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=12)

# Fields whose values come from a fixed set or form; every other field takes whatever its type allows.
SPECIAL: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("Report", "schema_version"): st.just(1),
    ("Report", "generated_at"): st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    ("Report", "exit_code"): st.sampled_from([0, 1, 2, 3, 4, 70, 130]),
    ("Report", "root_cause"): st.none() | CODES,
    ("RouteReport", "runtime"): st.sampled_from(["cli", "service", "both"]),
    ("RouteReport", "role"): st.sampled_from(["primary", "fallback"]),
    ("KeyReport", "layer"): st.sampled_from(LAYERS.split()),
    ("KeyReport", "fingerprint"): st.none() | FINGERPRINTS,
    ("HopReport", "hop"): HOPS,
    ("HopReport", "code"): st.none() | CODES,
    ("ProbeReport", "status"): st.none() | st.integers(100, 599),
    ("ProbeReport", "origin"): st.sampled_from(
        ["portkey", "portkey-routed", "provider", "not-portkey", "network", "none"]
    ),
    ("ProbeReport", "key_fingerprint"): st.none() | FINGERPRINTS,
    ("FindingReport", "id"): FINDING_IDS,
    ("FindingReport", "code"): CODES,
    ("FindingReport", "severity"): st.sampled_from(["error", "warning", "info"]),
    ("FindingReport", "confidence"): st.sampled_from(["certain", "likely", "possible"]),
    ("FindingReport", "hop"): HOPS,
    ("FindingReport", "caused_by"): st.none() | FINDING_IDS,
    ("FindingReport", "related"): st.lists(CODES, max_size=2).map(tuple),
    ("FindingReport", "docs"): CODES.map("docs/findings/{}.md".format),
    ("WhereReport", "line"): st.none() | st.integers(1, 10**6),
    ("WhereReport", "column"): st.none() | st.integers(1, 10**6),
    ("Report", "passed"): st.lists(CODES, max_size=2).map(tuple),
    ("SkippedCheck", "code"): CODES,
    ("SuppressedFinding", "code"): CODES,
    ("RepairReport", "code"): CODES,
    ("RepairReport", "finding_id"): FINDING_IDS,
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the report."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        fields = {
            f.name: SPECIAL[kind.__name__, f.name] if (kind.__name__, f.name) in SPECIAL else values(hints[f.name])
            for f in dataclasses.fields(kind)
        }
        return st.builds(kind, **fields)
    if typing.get_origin(kind) is tuple:
        return st.lists(values(typing.get_args(kind)[0]), max_size=2).map(tuple)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return st.one_of(*(values(member) for member in typing.get_args(kind)))
    if typing.get_origin(kind) is dict:
        return st.dictionaries(TEXT, TEXT, max_size=2)
    scalars: dict[Any, st.SearchStrategy[Any]] = {str: TEXT, int: COUNTS, bool: st.booleans(), type(None): st.none()}
    return scalars[kind] if kind in scalars else st.sampled_from(typing.get_args(kind))


REPORTS: st.SearchStrategy[model.Report] = values(model.Report)
# One value of every field, for the tests that ask for names.
FULL = model.Report(
    schema_version=1,
    tool=model.Tool("portkey-claw", "0.1.0"),
    generated_at="2026-11-23T10:00:00Z",
    duration_ms=412,
    exit_code=1,
    mode="live",
    verdict="broken",
    root_cause="PKC205",
    summary=model.Summary(passed=14, failed=1, skipped=6, model_calls=1, tokens=14),
    environment=model.EnvironmentReport("linux", "x86_64", "3.11.7", container=False, proxy_set=False, ca_sources=()),
    openclaw=model.OpenClawReport("2026.9.6", "/usr/bin/openclaw", "~/.openclaw/openclaw.json", None),
    routes=(
        model.RouteReport(
            "main:primary:cli",
            "cli",
            "main",
            "primary",
            via_portkey=True,
            model_ref="portkey/@a/m",
            provider_id="portkey",
            api="openai-completions",
            request=model.RequestReport(
                "POST",
                "https://api.portkey.ai/v1/chat/completions",
                "@a/m",
                {"authorization": "Bearer ‹sha256:1f9c22ab›"},
            ),
            key=model.KeyReport("config-env", "sha256:1f9c22ab"),
            hops=(model.HopReport("key", "failed", 31, "PKC205", "31 ms"),),
        ),
    ),
    probes=(
        model.ProbeReport(
            "models-with-key",
            ("main:primary:cli",),
            "GET",
            "https://api.portkey.ai/v1/models",
            401,
            31,
            30,
            "portkey",
            model.GatewayError("03", None, "Invalid API Key"),
            "sha256:1f9c22ab",
            "authorization",
            via_proxy=False,
            trace_id=None,
        ),
    ),
    findings=(
        model.FindingReport(
            id="f1",
            code="PKC205",
            slug="key-rejected",
            severity="error",
            confidence="certain",
            hop="key",
            route_ids=("main:primary:cli",),
            probe_ids=("models-with-key",),
            failure_class="http_401",
            title="Portkey does not know the key",
            message="Portkey does not know the key.",
            evidence=("GET …/models → 401",),
            where=model.WhereReport("~/.openclaw/openclaw.json", 12, 9, "models.providers.portkey.apiKey"),
            remedy=model.RemedyReport("Make a new key."),
            fix=model.FixReport(available=False),
            caused_by=None,
            related=("PKC209",),
            fingerprint="PKC205:0011",
            docs="docs/findings/PKC205.md",
            shown=model.ShownReport("FailoverError: HTTP 401: …", "2026.5.7"),
        ),
    ),
    suppressed=(model.SuppressedFinding("PKC215", "PKC215:0011", "wanted"),),
    skipped=(model.SkippedCheck("PKC801", "no request was routed"),),
    repairs=(model.RepairReport("f1", "PKC108", "repaired", ("edited one line",)),),
    passed=("PKC102", "PKC103"),
)
# Every field, those of the document's contract first.
CONTRACT = {
    "": "schema_version tool generated_at duration_ms exit_code mode verdict root_cause summary environment openclaw"
    " routes probes findings suppressed skipped repairs passed fail_on",
    "tool": "name version",
    "summary": "passed failed warned skipped suppressed model_calls tokens",
    "environment": "os arch python container proxy_set ca_sources",
    "openclaw": "version executable config_path profile gateway",
    "openclaw.gateway": "running version remote in_sync",
    "routes.0": "id runtime agent role via_portkey model_ref provider_id api request key hops",
    "routes.0.request": "method url model headers",
    "routes.0.key": "layer fingerprint",
    "routes.0.hops.0": "hop status ms code",
    "probes.0": "id route_ids method url status duration_ms ttfb_ms origin gateway_error key_fingerprint key_header"
    " via_proxy trace_id",
    "probes.0.gateway_error": "code type message",
    "findings.0": "id code slug severity confidence hop route_ids probe_ids failure_class title message evidence where"
    " remedy fix caused_by related fingerprint docs shown",
    "findings.0.shown": "text version",
    "findings.0.where": "file line column path",
    "findings.0.remedy": "text commands",
    "findings.0.fix": "available summary",
    "suppressed.0": "code fingerprint reason",
    "skipped.0": "code reason",
    "repairs.0": "finding_id code status changes",
}


def at(document: Any, place: str) -> Any:
    for step in filter(None, place.split(".")):
        document = document[int(step) if step.isdigit() else step]
    return document


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every object type that the schema describes."""
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if "properties" in schema else []
    return own + [found for item in schema.values() for found in objects(item)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(REPORTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_report_is_one_valid_document_in_utf8(report: model.Report) -> None:
    text = render_json(report)
    document = json.loads(text.encode("utf-8"))
    VALIDATOR.validate(document)
    assert isinstance(from_json(model.Report, document), model.Report)


@pytest.mark.parametrize("place", CONTRACT)
def test_the_contracts_fields_come_in_its_order(place: str) -> None:
    names = CONTRACT[place].split()
    found = [name for name in at(json.loads(render_json(FULL)), place) if name in names]
    assert found == names


def test_the_schema_knows_every_field_and_no_other() -> None:
    for place in CONTRACT:
        found = at(json.loads(render_json(FULL)), place)
        assert any(set(found) == set(schema["properties"]) for schema in objects(SCHEMA)), place
    for schema in objects(SCHEMA):
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])
        assert all("description" in field or "$ref" in field for field in schema["properties"].values())


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("", "verdict", "fine"),
        ("", "mode", "dry"),
        ("", "exit_code", 5),
        ("", "schema_version", 2),
        ("", "root_cause", "PKC5"),
        ("", "duration_ms", 4.5),
        ("", "generated_at", "2026-11-23T10:00:00+00:00"),
        ("", "surprise", True),
        ("routes.0", "runtime", "shell"),
        ("routes.0.key", "layer", "somewhere"),
        ("routes.0.key", "fingerprint", "a-real-key-in-the-open"),
        ("routes.0.hops.0", "status", "passed"),
        ("routes.0.hops.0", "hop", "moon"),
        ("probes.0", "origin", "nobody"),
        ("probes.0", "key_fingerprint", "a-real-key-in-the-open"),
        ("probes.0", "surprise", None),
        ("findings.0", "severity", "fatal"),
        ("findings.0", "confidence", "sure"),
        ("findings.0.where", "line", 0),
        ("repairs.0", "status", "done"),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_know(place: str, name: str, value: object) -> None:
    document = json.loads(render_json(FULL))
    VALIDATOR.validate(document)
    at(document, place)[name] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


def test_a_missing_field_is_refused() -> None:
    for place, names in CONTRACT.items():
        document = json.loads(render_json(FULL))
        del at(document, place)[names.split()[0]]
        assert not VALIDATOR.is_valid(document), place


@given(TEXT)
def test_no_character_that_acts_on_a_terminal_is_in_the_document(text: str) -> None:
    document = render_json(dataclasses.replace(FULL, tool=model.Tool(text, text)))
    acting = {
        c
        for c in document
        if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(c) in BIDI
    }
    assert acting <= {"\n"}
    read = json.loads(document)["tool"]["name"]
    assert read == "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in text)


BIDI = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def test_handles_stay_readable() -> None:
    assert "Bearer ‹sha256:1f9c22ab›" in render_json(FULL)
