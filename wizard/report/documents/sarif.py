"""The report as SARIF 2.1.0 (OASIS), for code scanning and editors.

One result a finding, one rule a code of the catalogue. A place below the home folder is given relative to the base
`HOME`, whose own address is left out: the document tells nothing of who the user is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from wizard.diagnosis.catalogue import CATALOGUE, Code
from wizard.diagnosis.checks.registry import all_checks, title_of
from wizard.diagnosis.pages import page_of
from wizard.report import verdict
from wizard.report.json_output import harmless_json
from wizard.report.model import CodeFrame, FindingReport, Report, WhereReport
from wizard.terminal.safe import safe_block, safe_line

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_HOME: Final = "HOME"
_FINGERPRINT: Final = "portkeyClawCodeAndPlace/v1"
_WINDOWS_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
# In a SARIF message `[text](place)` is a link and `{0}` an argument (sections 3.11.5 and 3.11.6).
_LINK: Final = re.compile(r"\](?=\()")
_ARGUMENT: Final = re.compile(r"\{(?=\d+\})|(?<=\d)\}")
_EXIT_MEANINGS: Final = {
    0: "no finding at or above the threshold",
    1: "findings at or above the threshold",
    3: "could not be determined",
}


def render(report: Report, frames: Mapping[str, CodeFrame]) -> str:
    """The report as one SARIF log with one run."""
    all_checks()
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report, frames)]}
    return harmless_json(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _run(report: Report, frames: Mapping[str, CodeFrame]) -> dict[str, Any]:
    shown = {*(finding.code for finding in report.findings), *(item.code for item in report.suppressed)}
    codes = {code: number for number, code in enumerate(CATALOGUE)}
    suppressed = [
        {
            **_rule_reference(item.code, codes),
            "level": "note",
            "message": _message(_title(item.code)),
            "partialFingerprints": {_FINGERPRINT: item.fingerprint},
            "suppressions": [{"kind": "external", "status": "accepted", "justification": safe_line(item.reason)}],
        }
        for item in report.suppressed
    ]
    return {
        "tool": {
            "driver": {
                "name": report.tool.name,
                "version": safe_line(report.tool.version),
                "rules": [_rule(entry, explained=code in shown) for code, entry in CATALOGUE.items()],
            }
        },
        "automationDetails": {"id": "portkey-claw/doctor/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_HOME: {"description": {"text": "The home folder of the user whose OpenClaw it is."}}},
        "invocations": [_invocation(report)],
        "results": [*(_result(report, finding, codes, frames) for finding in report.findings), *suppressed],
        "properties": {
            "verdict": report.verdict,
            "rootCause": report.root_cause,
            "mode": report.mode,
            "headline": safe_line(verdict.headline(report)),
        },
    }


def _rule(entry: Code, *, explained: bool) -> dict[str, Any]:
    """A code as a rule; its whole page only where a result needs it, for all pages together are long."""
    rule: dict[str, Any] = {
        "id": entry.code,
        "name": entry.slug,
        "shortDescription": {"text": _sentence(_title(entry.code))},
        "properties": {"tags": [entry.hop.value], "docs": entry.page},
    }
    if explained:
        page = page_of(entry.code)
        rule["help"] = {"text": page, "markdown": page}
    return rule


def _result(
    report: Report, finding: FindingReport, codes: Mapping[str, int], frames: Mapping[str, CodeFrame]
) -> dict[str, Any]:
    return {
        **_rule_reference(finding.code, codes),
        # What is merely possible changes no exit code, so it must not fail a scan either.
        "level": "note" if finding.confidence == "possible" else _LEVELS[finding.severity],
        "message": _message(_text(finding)),
        "locations": [_location(finding, frames.get(finding.id))],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "suppressions": [],
        "properties": {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "hop": finding.hop,
            "failureClass": finding.failure_class,
            "routes": [safe_line(route_id) for route_id in finding.route_ids],
            "rootCause": finding is report.root_finding,
            "causedBy": next((other.code for other in report.findings if other.id == finding.caused_by), None),
            "evidence": [safe_line(fact) for fact in finding.evidence],
            "shownInOpenClaw": safe_line(finding.shown.text) if finding.shown else None,
            "commands": [safe_line(command) for command in finding.remedy.commands],
            "docs": finding.docs,
        },
    }


def _rule_reference(code: str, codes: Mapping[str, int]) -> dict[str, Any]:
    return {"ruleId": code, **({"ruleIndex": codes[code]} if code in codes else {})}


def _text(finding: FindingReport) -> str:
    parts = [_sentence(finding.title), finding.message, finding.remedy.text]
    kept = dict.fromkeys(part for part in map(safe_block, parts) if part.strip())
    return "\n".join(kept) or finding.code


def _message(text: str) -> dict[str, str]:
    return {"text": _ARGUMENT.sub(lambda brace: brace[0] * 2, _LINK.sub("] ", text))}


def _location(finding: FindingReport, frame: CodeFrame | None) -> dict[str, Any]:
    """The place in a file; the hop, and the path in the config, as logical locations."""
    where = finding.where
    logical = [{"name": finding.hop, "kind": "resource"}]
    if where is None:
        return {"logicalLocations": logical}
    if where.path:
        logical.append({"fullyQualifiedName": safe_line(where.path), "kind": "property"})
    physical: dict[str, Any] = {"artifactLocation": _artifact(where.file)}
    if where.line is not None:
        physical["region"] = _region(where, where.line, frame)
    return {"physicalLocation": physical, "logicalLocations": logical}


def _region(where: WhereReport, line: int, frame: CodeFrame | None) -> dict[str, int]:
    """The place; up to where the frame marks it, unless a secret's stand-in has moved what is on its line."""
    region = {"startLine": line}
    if where.column is None:
        return region
    region["startColumn"] = where.column
    if frame is not None and (frame.line, frame.column) == (line, where.column):
        shown = frame.lines[line - frame.first_line : line - frame.first_line + 1]
        if shown and "‹" not in shown[0]:
            region |= {"endLine": line, "endColumn": where.column + frame.length}
    return region


def _artifact(file: str) -> dict[str, str]:
    """A file as a URI: below the home folder relative to `HOME`, elsewhere absolute."""
    path = file.replace("\\", "/") if _WINDOWS_DRIVE.match(file) or file.startswith("~\\") else file
    if path == "~" or path.startswith("~/"):
        return {"uri": _quoted(path[2:].lstrip("/")) or "./", "uriBaseId": _HOME}
    if _WINDOWS_DRIVE.match(path):
        return {"uri": f"file:///{_quoted(path)}"}
    return {"uri": f"file://{_quoted(path)}" if PurePosixPath(path).is_absolute() else _quoted(path)}


def _quoted(path: str) -> str:
    # A colon in the first part of a relative reference would make a scheme of it (RFC 3986, section 4.2).
    quoted = quote(path.encode("utf-8", "surrogatepass"), safe="/-._~!$&'()*+,;=@:")
    first, slash, rest = quoted.partition("/")
    drive = bool(_WINDOWS_DRIVE.match(path))
    return quoted if drive else f"{first.replace(':', '%3A')}{slash}{rest}"


def _invocation(report: Report) -> dict[str, Any]:
    crashed = [finding for finding in report.findings if finding.code in ("PKC901", "PKC902")]
    return {
        "executionSuccessful": report.exit_code in _EXIT_MEANINGS,
        "exitCode": report.exit_code,
        "exitCodeDescription": _EXIT_MEANINGS.get(report.exit_code, "failed"),
        "startTimeUtc": report.generated_at,
        "toolExecutionNotifications": [
            *(
                {
                    "level": "warning",
                    "message": _message(_text(finding)),
                    "descriptor": {"id": finding.code},
                }
                for finding in crashed
            ),
            *(
                {
                    "level": "note",
                    "message": _message(f"Not checked: {safe_line(check.reason)}"),
                    "associatedRule": {"id": check.code},
                }
                for check in report.skipped
            ),
        ],
    }


def _title(code: str) -> str:
    return title_of(code) if code in CATALOGUE else code


def _sentence(clause: str) -> str:
    text = safe_line(clause).strip().rstrip(" .")
    return f"{text[:1].upper()}{text[1:]}." if text else ""
