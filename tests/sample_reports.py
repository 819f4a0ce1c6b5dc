"""Sample reports of every kind of outcome, as the doctor would make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.report.model import (
    CodeFrame,
    EnvironmentReport,
    FindingReport,
    FixReport,
    GatewayError,
    HopReport,
    HopStatus,
    KeyReport,
    OpenClawReport,
    ProbeReport,
    RemedyReport,
    RepairReport,
    Report,
    RequestReport,
    RouteReport,
    ShownReport,
    SkippedCheck,
    Summary,
    SuppressedFinding,
    Tool,
    WhereReport,
)

Sample = tuple[Report, Mapping[str, CodeFrame]]
HOPS = ("openclaw", "key", "network", "gateway", "provider", "model", "log")
CONFIG = "~/.openclaw/openclaw.json"


def hops(*statuses: HopStatus, code: str | None = None, **notes: str) -> tuple[HopReport, ...]:
    """Hops with these statuses; the code goes to every hop that is not plainly fine or passed over."""
    return tuple(
        HopReport(name, status, code=None if status in ("ok", "skipped") else code, note=notes.get(name))
        for name, status in zip(HOPS, statuses, strict=True)
    )


def route(model: str, route_hops: tuple[HopReport, ...], *, agent: str = "main", role: str = "primary") -> RouteReport:
    return RouteReport(
        id=f"{agent}:{role}:cli",
        runtime="cli",
        agent=agent,
        role=role,
        via_portkey=True,
        model_ref=f"portkey/{model}",
        provider_id="portkey",
        api="openai-completions",
        request=RequestReport(
            "POST",
            "https://api.portkey.ai/v1/chat/completions",
            model,
            {"authorization": "Bearer ‹sha256:1f9c22ab›", "x-portkey-trace-id": "openclaw"},
        ),
        key=KeyReport("config-env", "sha256:1f9c22ab"),
        hops=route_hops,
    )


def finding(code: str, slug: str, title: str, **changes: object) -> FindingReport:
    base = FindingReport(
        id="f1",
        code=code,
        slug=slug,
        severity="error",
        confidence="certain",
        hop="key",
        route_ids=("main:primary:cli",),
        probe_ids=(),
        failure_class=None,
        title=title,
        message=f"{title[:1].upper()}{title[1:]}.",
        evidence=(),
        where=None,
        remedy=RemedyReport("Mend it."),
        fix=FixReport(available=False),
        caused_by=None,
        related=(),
        fingerprint=f"{code}:0011223344556677",
        docs=f"docs/findings/{code}.md",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def probe(name: str, status: int | None, origin: str, **changes: object) -> ProbeReport:
    base = ProbeReport(
        id=name,
        route_ids=("main:primary:cli",),
        method="POST",
        url="https://api.portkey.ai/v1/chat/completions",
        status=status,
        duration_ms=31,
        ttfb_ms=30,
        origin=origin,
        gateway_error=None,
        key_fingerprint="sha256:1f9c22ab",
        key_header="authorization",
        via_proxy=False,
        trace_id=None,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


OPUS = "@anthropic-prod/claude-opus-4-5"
BASE = Report(
    schema_version=1,
    tool=Tool("portkey-claw", "0.1.0"),
    generated_at="2026-11-23T10:00:00Z",
    duration_ms=412,
    exit_code=1,
    mode="live",
    verdict="broken",
    root_cause="PKC208",
    summary=Summary(passed=14, failed=1, skipped=6),
    environment=EnvironmentReport("linux", "x86_64", "3.11.7", container=False, proxy_set=False, ca_sources=()),
    openclaw=OpenClawReport("2026.9.6", "/usr/local/bin/openclaw", CONFIG, None),
)

WRONG_HEADER = finding(
    "PKC208",
    "key-in-wrong-header",
    "the key goes out in a header that Portkey does not read",
    message='api "anthropic-messages" makes OpenClaw send the key as x-api-key. Portkey reads x-portkey-api-key or'
    " Authorization, so every request ends in 401.",
    evidence=(
        "POST https://api.portkey.ai/v1/messages as OpenClaw would send it → 401, Portkey's own, code 03",
        "the same key as x-portkey-api-key → 200",
    ),
    where=WhereReport(CONFIG, 14, 9, "models.providers.portkey.api"),
    remedy=RemedyReport(
        "Add the header x-portkey-api-key to the provider entry.",
        (
            "openclaw config set models.providers.portkey.headers.x-portkey-api-key '${PORTKEY_API_KEY}'",
            "openclaw gateway restart",
        ),
    ),
)
REFUSED_KEY = (
    "Authentication failed (provider returned HTTP 401). Your provider token may have expired — try the request again"
    " in a moment. If the failure persists, re-authenticate this provider."
)
WRONG_HEADER = replace(WRONG_HEADER, shown=ShownReport(REFUSED_KEY, "2026.9.6"))
WRONG_HEADER_FRAME = CodeFrame(
    13,
    (
        '        baseUrl: "https://api.portkey.ai/v1",',
        '        api: "anthropic-messages",',
        '        apiKey: "${PORTKEY_API_KEY}",',
    ),
    line=14,
    column=14,
    length=20,
)
BROKEN_ROUTE = route(
    OPUS, hops("ok", "failed", "ok", "ok", "skipped", "skipped", "skipped", code="PKC208", network="38 ms")
)
BROKEN = replace(
    BASE,
    routes=(BROKEN_ROUTE,),
    findings=(WRONG_HEADER,),
    probes=(
        probe(
            "models-with-key",
            401,
            "portkey",
            key_header="x-api-key",
            gateway_error=GatewayError("03", None, "Invalid API Key. Error Code: 03"),
        ),
    ),
    skipped=(SkippedCheck("PKC501", "no request was routed"), SkippedCheck("PKC801", "no request was routed")),
    passed=("PKC102", "PKC103", "PKC311"),
)

HEALTHY = replace(
    BASE,
    verdict="healthy",
    root_cause=None,
    exit_code=0,
    duration_ms=1104,
    summary=Summary(passed=25, model_calls=1, tokens=14),
    routes=(
        route(
            OPUS,
            hops(
                *("ok",) * 7,
                key="env.vars",
                network="38 ms",
                model="“ok”, 612 ms",
                log="trace 7f3a…",
            ),
        ),
    ),
    probes=(probe("model-call:1", 200, "portkey-routed", duration_ms=612, trace_id="7f3a0c1e"),),
    passed=("PKC102", "PKC103", "PKC205", "PKC311", "PKC401", "PKC501", "PKC504"),
)

EXPOSED = finding(
    "PKC215",
    "key-file-exposed",
    "~/.openclaw/.env, which holds the key, is readable by every user of this machine",
    severity="warning",
    message="The file has mode 0644. Other users of this machine can read the key in it.",
    where=WhereReport("~/.openclaw/.env", None, None, None),
    remedy=RemedyReport("Let only yourself read it.", ("chmod 600 ~/.openclaw/.env",)),
)
FALLBACK_ELSEWHERE = finding(
    "PKC110",
    "fallback-bypasses-portkey",
    "the fallback ollama/llama3.3 of agent main does not go through Portkey",
    id="f2",
    severity="info",
    hop="openclaw",
)
DEGRADED = replace(
    HEALTHY,
    verdict="degraded",
    root_cause="PKC215",
    findings=(EXPOSED, FALLBACK_ELSEWHERE),
    summary=replace(HEALTHY.summary, passed=24, warned=1),
)

HELD_BACK = finding(
    "PKC320",
    "host-not-trusted",
    "the key was held back from gateway.example.internal, a host that nobody confirmed",
    severity="info",
    hop="network",
    message="Only hosts that you confirmed may have your key. The host answers, but whether it is your gateway is"
    " for you to say.",
    evidence=("GET https://gateway.example.internal/v1/models without a key → 401",),
    where=WhereReport(CONFIG, 9, 18, "models.providers.portkey.baseUrl"),
    remedy=RemedyReport(
        "If it is your gateway, say so once; it is remembered.",
        ("portkey-claw doctor --trust-host gateway.example.internal",),
    ),
)
UNKNOWN = replace(
    BASE,
    verdict="unknown",
    root_cause=None,
    exit_code=3,
    summary=Summary(passed=11, skipped=9),
    routes=(route(OPUS, hops("ok", "ok", "ok", "unknown", "unknown", "unknown", "unknown", code="PKC320")),),
    findings=(HELD_BACK,),
    skipped=(
        SkippedCheck("PKC205", "the key was not sent to gateway.example.internal"),
        SkippedCheck("PKC501", "the key was not sent to gateway.example.internal"),
    ),
)

OFFLINE = replace(
    HEALTHY,
    mode="offline",
    duration_ms=40,
    summary=Summary(passed=12, skipped=11),
    probes=(),
    routes=(route(OPUS, hops("ok", "ok", "skipped", "skipped", "skipped", "skipped", "skipped", key="env.vars")),),
)
NO_SPEND = replace(
    HEALTHY,
    summary=Summary(passed=20, skipped=4),
    probes=(probe("models-with-key", 200, "portkey", method="GET"),),
    routes=(route(OPUS, hops("ok", "ok", "ok", "ok", "ok", "skipped", "skipped", network="38 ms")),),
)

SLUG_UNKNOWN = finding(
    "PKC501",
    "slug-unknown",
    "the provider slug @anthropic-prd is not one that this key may use",
    hop="provider",
    evidence=("POST …/chat/completions → 400, “Following keys are not valid: anthropic-prd”",),
    where=WhereReport(CONFIG, 22, 18, "agents.defaults.model.primary"),
    remedy=RemedyReport("The nearest slug is @anthropic-prod: name that one in the config."),
    shown=ShownReport("FailoverError: portkey/M ended with an incomplete terminal response", "2026.5.7"),
)
REJECTED = finding("PKC205", "key-rejected", "Portkey does not know the key", id="f2", caused_by="f1")
BAD_CONFIG_ID = finding(
    "PKC405",
    "config-id-unknown",
    "Portkey knows no config pc-fallbk-0a1b2c",
    id="f3",
    hop="gateway",
    route_ids=("ops:primary:cli",),
    where=WhereReport(CONFIG, 41, 13, "agents.list[1].model.primary"),
    remedy=RemedyReport("Take the id from the Configs page of the dashboard."),
)
SEVERAL = replace(
    BROKEN,
    summary=Summary(passed=21, failed=3, warned=1, skipped=9, suppressed=1, model_calls=2, tokens=15),
    routes=(
        BROKEN_ROUTE,
        replace(route("@openai-prod/gpt-5.1", hops(*("ok",) * 7), role="fallback"), id="main:fallback:cli"),
        route(
            "@bedrock-eu/nova-pro",
            hops("ok", "ok", "ok", "failed", "skipped", "skipped", "skipped", code="PKC405"),
            agent="ops",
        ),
        replace(
            route("llama3.3", hops("ok", *("skipped",) * 6), agent="home"),
            via_portkey=False,
            model_ref="ollama/llama3.3",
            provider_id="ollama",
            request=None,
            key=KeyReport("none", None),
        ),
    ),
    findings=(
        WRONG_HEADER,
        REJECTED,
        BAD_CONFIG_ID,
        replace(EXPOSED, id="f4"),
        replace(FALLBACK_ELSEWHERE, id="f5"),
        finding("PKC502", "slug-missing-at", "anthropic-prod may lack its @", id="f6", confidence="possible"),
    ),
    suppressed=(SuppressedFinding("PKC211", "0011223344556677", "a throw-away key"),),
)
REPAIRED = replace(
    HEALTHY, repairs=(RepairReport("f1", "PKC208", "repaired", ("added the header x-portkey-api-key",)),)
)

UNREADABLE = replace(
    BASE,
    root_cause="PKC103",
    summary=Summary(passed=1, failed=1, skipped=24),
    findings=(
        finding(
            "PKC103",
            "config-unreadable",
            "~/.openclaw/openclaw.json is not valid JSON5",
            hop="openclaw",
            route_ids=(),
            message="A comma is missing before “name”. OpenClaw itself will not start with this file.",
            where=WhereReport(CONFIG, 31, 62, None),
            remedy=RemedyReport("Put a comma before column 62 of line 31."),
        ),
    ),
)
UNREADABLE_FRAME = CodeFrame(
    30,
    (
        "      portkey: {",
        '        models: [ { id: "@anthropic-prod/claude-opus-4-5" name: "Opus", reasoning: true, input: ["text"] } ],',
        "      },",
    ),
    line=31,
    column=59,
    length=1,
)
MISSING = replace(
    BASE,
    root_cause="PKC102",
    summary=Summary(failed=1, skipped=25),
    findings=(
        finding(
            "PKC102",
            "config-not-found",
            "there is no OpenClaw config where OpenClaw would read it",
            hop="openclaw",
            route_ids=(),
            message="OpenClaw would read ~/.openclaw/openclaw.json, and there is no such file.",
            remedy=RemedyReport("Set OpenClaw up with Portkey.", ("portkey-claw setup",)),
        ),
    ),
)

ELSEWHERE = replace(
    SEVERAL.routes[-1], id="main:primary:cli", agent="main", hops=(), request=None, key=KeyReport("none", None)
)
NO_PROVIDER = replace(
    MISSING,
    root_cause="PKC105",
    routes=(ELSEWHERE,),
    findings=(
        replace(
            MISSING.findings[0],
            code="PKC105",
            slug="no-portkey-provider",
            title="no provider entry goes to Portkey",
            message="No provider entry of ~/.openclaw/openclaw.json goes to a Portkey gateway.",
        ),
    ),
)

SAMPLES: Mapping[str, Sample] = {
    "no-provider": (NO_PROVIDER, {}),
    "broken": (BROKEN, {"f1": WRONG_HEADER_FRAME}),
    "healthy": (HEALTHY, {}),
    "degraded": (DEGRADED, {}),
    "unknown": (UNKNOWN, {}),
    "offline": (OFFLINE, {}),
    "no-spend": (NO_SPEND, {}),
    "behind-gateway": (
        replace(
            BASE,
            root_cause="PKC501",
            routes=(
                route(
                    "@anthropic-prd/claude-opus-4-5",
                    hops("ok", "ok", "ok", "ok", "failed", "skipped", "skipped", code="PKC501", network="38 ms"),
                ),
            ),
            findings=(SLUG_UNKNOWN,),
        ),
        {},
    ),
    "several": (SEVERAL, {"f1": WRONG_HEADER_FRAME}),
    "repaired": (REPAIRED, {}),
    "unreadable-config": (UNREADABLE, {"f1": UNREADABLE_FRAME}),
    "no-config": (MISSING, {}),
}
