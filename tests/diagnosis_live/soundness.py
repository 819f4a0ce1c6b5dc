"""What holds of every run, whatever the set-up is and whatever a host answers."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

from tests.diagnosis_live.scenario import ACCOUNT, Outcome
from wizard.sandbox.http_messages import Request

SECRETS: Final = {key.value for key in ACCOUNT.keys} | {each.vendor_key for each in ACCOUNT.providers}


def examples(number: int) -> settings:
    """Hypothesis's settings for runs of the doctor: always the same examples, none of them hurried."""
    calm = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=number, deadline=None, derandomize=True, database=None, suppress_health_check=calm)


def hold(outcome: Outcome) -> None:
    """Asserts that no check crashed, and that the report is valid and agrees with itself."""
    assert outcome.exit_code in (0, 1, 3), outcome.stderr
    report = outcome.report
    assert "PKC901" not in outcome.codes(), outcome.finding("PKC901").message
    ids = [finding.id for finding in report.findings]
    assert len(set(ids)) == len(ids)
    assert all(finding.caused_by in (None, *ids) for finding in report.findings)
    sure = [finding for finding in report.findings if finding.confidence != "possible"]
    weighty = [finding for finding in sure if finding.severity != "info"]
    assert report.root_cause in (None, *(finding.code for finding in weighty))
    if any(finding.severity == "error" for finding in sure):
        assert outcome.exit_code == 1
    if report.verdict == "healthy":
        assert (weighty, report.root_cause) == ([], None)
    routes = {route.id for route in report.routes}
    assert all(set(finding.route_ids) <= routes for finding in report.findings)
    probes = [probe.id for probe in report.probes]
    assert len(set(probes)) == len(probes), "nothing is asked twice"


def discreet(outcome: Outcome, *, resets: int = 0) -> None:
    """Asserts that nothing was asked twice, and that no secret stands in a URL or in anything that was written.

    What was not answered may be asked again; `resets` are the questions that were answered at the second try.
    """
    asked = [written_out(request) for request in outcome.requests]
    unanswered = sum(probe.status is None for probe in outcome.report.probes)
    assert len(asked) - len(set(asked)) <= unanswered + resets
    assert not [request.target for request in outcome.requests if any(secret in request.target for secret in SECRETS)]
    assert not [secret for secret in SECRETS if secret in outcome.stdout + outcome.stderr]


def written_out(request: Request) -> str:
    """All of a request as text."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers)
    return f"{request.method} {request.target}\n{headers}\n{request.body.decode('utf-8', 'replace')}"
