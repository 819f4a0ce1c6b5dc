from __future__ import annotations

from dataclasses import replace

import pytest

from wizard.report import model, verdict
from wizard.report.stations import owner, stations, trouble, worst

HOPS = ("openclaw", "key", "network", "gateway", "provider", "model", "log")
EMPTY = model.Report(
    schema_version=1,
    tool=model.Tool("portkey-claw", "0.1.0"),
    generated_at="2026-11-23T10:00:00Z",
    duration_ms=412,
    exit_code=0,
    mode="live",
    verdict="healthy",
    root_cause=None,
    summary=model.Summary(passed=25, model_calls=1, tokens=14),
    environment=model.EnvironmentReport("linux", "x86_64", "3.11.7", container=False, proxy_set=False, ca_sources=()),
    openclaw=model.OpenClawReport(None, None, "~/.openclaw/openclaw.json", None),
)


def finding(code: str = "PKC205", **changes: object) -> model.FindingReport:
    base = model.FindingReport(
        id="f1",
        code=code,
        slug="slug",
        severity="error",
        confidence="certain",
        hop="key",
        route_ids=("main:primary:cli",),
        probe_ids=("probe",),
        failure_class=None,
        title="something is wrong",
        message="Something is wrong.",
        evidence=(),
        where=None,
        remedy=model.RemedyReport("Mend it."),
        fix=model.FixReport(available=False),
        caused_by=None,
        related=(),
        fingerprint=code,
        docs=f"docs/findings/{code}.md",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def route(*statuses: model.HopStatus, code: str | None = None, **changes: object) -> model.RouteReport:
    hops = tuple(
        model.HopReport(name, status, code=None if status in ("ok", "skipped") else code)
        for name, status in zip(HOPS, statuses, strict=True)
    )
    base = model.RouteReport(
        id="main:primary:cli",
        runtime="cli",
        agent="main",
        role="primary",
        via_portkey=True,
        model_ref="portkey/@a/m",
        provider_id="portkey",
        api="openai-completions",
        request=None,
        key=model.KeyReport("none", None),
        hops=hops,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def probe(origin: str, **changes: object) -> model.ProbeReport:
    url = "https://api.portkey.ai/v1/chat/completions"
    base = model.ProbeReport(
        "probe", (), "POST", url, 200, 31, 30, origin, None, None, None, via_proxy=False, trace_id="7f3a0c1e"
    )
    return replace(base, **changes)  # type: ignore[arg-type]


ALL_OK = route(*("ok",) * 7)
ASKED = replace(EMPTY, routes=(ALL_OK,), probes=(probe("portkey-routed"),))
BROKEN = replace(ASKED, verdict="broken", root_cause="PKC205", findings=(finding(),))


@pytest.mark.parametrize("hop", ["openclaw", "key", "network", "gateway"])
def test_a_fault_up_to_the_gateway_keeps_requests_from_portkey(hop: str) -> None:
    report = replace(BROKEN, findings=(finding(hop=hop),))
    assert verdict.headline(report) == "Requests from OpenClaw cannot reach Portkey: something is wrong."


@pytest.mark.parametrize("hop", ["provider", "model", "log"])
def test_a_fault_behind_the_gateway_is_told_as_one(hop: str) -> None:
    report = replace(BROKEN, findings=(finding(hop=hop, title="something is wrong."),))
    assert verdict.headline(report) == "Requests reach Portkey, but something is wrong."


@pytest.mark.parametrize(
    ("origin", "start"), [("portkey", "Requests reach Portkey, but"), ("not-portkey", "Requests from OpenClaw cannot")]
)
def test_a_limit_of_portkeys_is_met_after_arrival_where_portkey_said_so(origin: str, start: str) -> None:
    report = replace(BROKEN, findings=(finding("PKC601", hop="gateway"),), probes=(probe(origin),))
    assert verdict.headline(report).startswith(start)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (ASKED, "OpenClaw's requests go through Portkey."),
        (
            replace(
                ASKED,
                routes=(route("ok", "ok", "ok", "ok", "ok", "skipped", "skipped"),),
                summary=model.Summary(passed=20),
            ),
            "OpenClaw's requests reach Portkey; no model was called.",
        ),
        (
            replace(ASKED, routes=(route("ok", "ok", *("skipped",) * 5),), probes=(), mode="offline"),
            "The configuration leads OpenClaw's requests to Portkey.",
        ),
        (
            replace(ASKED, routes=(route("ok", "ok", *("skipped",) * 5),), probes=()),
            "The configuration leads OpenClaw's requests to Portkey; nothing was asked over the network.",
        ),
        (
            replace(ASKED, verdict="degraded", findings=(finding("PKC215", severity="warning"),)),
            "OpenClaw's requests go through Portkey, but something is wrong.",
        ),
        (replace(ASKED, verdict="degraded"), "OpenClaw's requests go through Portkey, but something needs care."),
        (replace(ASKED, verdict="unknown"), "Whether OpenClaw's requests reach Portkey could not be determined."),
        (replace(ASKED, verdict="broken"), "Requests from OpenClaw cannot reach Portkey."),
    ],
)
def test_no_more_is_claimed_than_was_seen(report: model.Report, sentence: str) -> None:
    assert verdict.headline(report) == sentence


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"role": "fallback", "model_ref": "portkey/@a/b"}, "Requests of the fallback portkey/@a/b"),
        ({"role": "primary", "agent": "helper"}, "Requests of agent helper"),
    ],
)
def test_a_default_that_leaves_portkey_aside_is_not_counted_in(changes: dict[str, str], subject: str) -> None:
    default = route("ok", "skipped", "skipped", "skipped", "skipped", "skipped", "skipped")
    default = replace(default, id="main:primary", via_portkey=False, model_ref="anthropic/claude-opus-4-5")
    used = replace(route("ok", "ok", "ok", "ok", "ok", "ok", "ok"), id="used", **changes)  # type: ignore[arg-type]
    report = replace(EMPTY, routes=(default, used))
    sentence = f"{subject} go through Portkey; the default model anthropic/claude-opus-4-5 does not."
    assert verdict.headline(report) == sentence
    offline = replace(used, hops=route("ok", "ok", "skipped", "skipped", "skipped", "skipped", "skipped").hops)
    led = verdict.headline(replace(EMPTY, mode="offline", routes=(default, offline)))
    assert led.startswith(f"The configuration leads {subject[:1].lower()}{subject[1:]} to Portkey;")


def test_an_open_verdict_names_what_left_it_open() -> None:
    held_back = finding("PKC320", id="f2", severity="info", title="the key was held back")
    other = finding("PKC215", severity="warning")
    statuses: tuple[model.HopStatus, ...] = ("ok", "ok", "ok", *("unknown",) * 4)
    report = replace(ASKED, verdict="unknown", findings=(other, held_back), routes=(route(*statuses, code="PKC320"),))
    assert verdict.main_finding(report) is held_back
    assert verdict.headline(report).endswith("could not be determined: the key was held back.")
    assert verdict.next_step(report) == "Settle PKC320, then run portkey-claw doctor again."


def test_a_possible_finding_carries_no_verdict() -> None:
    unsure = finding("PKC502", confidence="possible")
    sure = finding("PKC405", id="f2")
    assert verdict.main_finding(replace(ASKED, verdict="degraded", findings=(unsure, sure))) is sure


def test_consequences_are_folded_through_each_other() -> None:
    cause, effect, further = (
        finding(),
        finding("PKC401", id="f2", caused_by="f1"),
        finding("PKC801", id="f3", caused_by="f2"),
    )
    orphan = finding("PKC405", id="f4", caused_by="f9")
    report = replace(BROKEN, findings=(cause, further, effect, orphan))
    assert verdict.consequences(report, cause) == (further, effect)
    assert verdict.independent(report) == (cause, orphan)


def test_findings_that_cause_each_other_do_not_hang() -> None:
    ring = (finding(caused_by="f2"), finding("PKC401", id="f2", caused_by="f1"))
    assert verdict.consequences(replace(BROKEN, findings=ring), ring[0]) == (ring[1],)


def test_the_next_step() -> None:
    several = replace(BROKEN, findings=(finding(), finding("PKC405", id="f2")))
    assert verdict.next_step(BROKEN) == "Mend PKC205, then run portkey-claw doctor again."
    assert verdict.next_step(several) == "Mend PKC205 first, then run portkey-claw doctor again."
    assert verdict.next_step(replace(BROKEN, mode="bundle")) == "Mend PKC205 on the machine that the bundle is from."
    assert verdict.next_step(ASKED) is None
    assert "--offline" in (verdict.next_step(replace(ASKED, mode="offline")) or "")
    assert "--verbose" in (verdict.next_step(replace(ASKED, verdict="unknown")) or "")


def test_the_proof_is_a_trace_id_and_on_the_hosted_gateway_a_page() -> None:
    own = probe("portkey-routed", url="http://127.0.0.1:8787/v1/chat/completions", trace_id="own")
    assert verdict.proof(ASKED) == ("https://app.portkey.ai/logs", "7f3a0c1e")
    assert verdict.proof(replace(ASKED, probes=(own,))) == (None, "own")
    assert verdict.proof(replace(ASKED, probes=(probe("portkey-routed", status=400),))) is None
    assert verdict.proof(replace(ASKED, probes=(probe("portkey"),))) is None
    assert verdict.proof(replace(ASKED, mode="bundle")) is None


def test_the_counts_leave_out_consequences_and_what_is_only_possible() -> None:
    report = replace(
        BROKEN,
        summary=model.Summary(passed=1, skipped=6, suppressed=2, model_calls=2, tokens=1),
        findings=(
            finding(),
            finding("PKC401", id="f2", caused_by="f1"),
            finding("PKC215", id="f3", severity="warning"),
            finding("PKC110", id="f4", severity="info"),
            finding("PKC502", id="f5", confidence="possible"),
        ),
    )
    assert verdict.counts(report) == (
        *("1 error", "1 warning", "1 note", "1 possible", "1 check passed, 6 not reached", "2 suppressed", "0.4 s"),
        "2 model calls, 1 token",
    )
    assert verdict.counts(EMPTY)[-1] == "1 model call, 14 tokens"
    assert verdict.counts(replace(EMPTY, summary=model.Summary(passed=2))) == ("2 checks passed", "0.4 s")


def test_the_picture_is_of_the_route_that_the_finding_stops() -> None:
    first = route(*("skipped",) * 7, id="home:primary:cli", agent="home", via_portkey=False)
    second = route(*("ok",) * 7, id="ops:primary:cli", agent="ops")
    report = replace(BROKEN, routes=(first, second, ALL_OK))
    assert verdict.main_route(report) is ALL_OK
    assert verdict.main_route(replace(report, verdict="healthy")) is second
    assert verdict.main_route(replace(report, verdict="healthy", routes=(first,))) is first
    assert verdict.main_route(EMPTY) is None


@pytest.mark.parametrize(
    ("model_sent", "provider", "name"),
    [
        ("@anthropic-prod/claude/opus", "@anthropic-prod", "claude/opus"),
        ("gpt-5.1", "provider", "gpt-5.1"),
        ("@alone", "@alone", "model"),
        ("", "provider", "model"),
    ],
)
def test_provider_and_model_go_by_their_own_names(model_sent: str, provider: str, name: str) -> None:
    request = model.RequestReport("POST", "https://api.portkey.ai/v1/chat/completions", model_sent, {})
    drawn = stations(ASKED, replace(ALL_OK, request=request))
    assert [s.label for s in drawn] == ["OpenClaw", "key", "network", "Portkey", provider, name, "log"]
    assert [s.name for s in drawn] == list(HOPS)


def test_without_a_request_the_model_ref_names_them() -> None:
    assert [s.label for s in stations(ASKED, ALL_OK)][4:6] == ["@a", "m"]


def test_runtimes_are_named_where_they_differ() -> None:
    service = replace(ALL_OK, id="main:fallback:service", runtime="service", role="fallback")
    assert owner(ASKED, ALL_OK) == "main"
    assert owner(replace(ASKED, routes=(ALL_OK, service)), ALL_OK) == "main, this shell"
    assert owner(replace(ASKED, routes=(ALL_OK, service)), service) == "main, fallback, background service"


def test_a_route_is_as_good_as_its_worst_hop() -> None:
    failed = route("ok", "warned", "unknown", "failed", "skipped", "skipped", "skipped", code="PKC205")
    assert worst(failed) == "failed"
    assert trouble(BROKEN, failed, "failed") == "PKC205 slug"
    assert trouble(EMPTY, failed, "failed") == "PKC205"
    assert trouble(EMPTY, failed, "ok") is None
    assert worst(ALL_OK) == "ok"
    assert worst(route("ok", *("skipped",) * 6)) == "skipped"
    assert worst(route("ok", "warned", *("ok",) * 5)) == "warned"
