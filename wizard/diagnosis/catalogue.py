"""The catalogue of findings: every code with its slug, its hop, and whether the program can mend it.

Codes are never reused. A code stands here only with a check that finds it, a page that explains it, and tests that
show it firing and staying silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wizard.route.model import Hop


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the catalogue."""

    code: str
    slug: str
    hop: Hop

    @property
    def page(self) -> str:
        """Its page, relative to the project's root."""
        return f"docs/findings/{self.code}.md"


def _hop(hop: Hop, **slugs: str) -> dict[str, Code]:
    return {code: Code(code, slug, hop) for code, slug in slugs.items()}


CATALOGUE: Final = {
    **_hop(
        Hop.OPENCLAW,
        PKC102="config-not-found",
        PKC103="config-unreadable",
        PKC105="no-portkey-provider",
        PKC106="default-model-bypasses-portkey",
        PKC107="model-ref-unknown-provider",
        PKC108="model-ref-not-listed",
        PKC113="api-unsuitable",
        PKC114="env-key-outdated",
        PKC115="agents-shape-outdated",
    ),
    **_hop(
        Hop.KEY,
        PKC201="key-missing",
        PKC202="key-reference-unresolved",
        PKC203="key-malformed",
        PKC205="key-rejected",
        PKC206="key-expired",
        PKC207="key-lacks-permission",
        PKC208="key-in-wrong-header",
    ),
    **_hop(
        Hop.NETWORK,
        PKC301="base-url-missing-v1",
        PKC302="base-url-extra-path",
        PKC303="base-url-dashboard",
        PKC304="not-a-portkey-gateway",
        PKC305="base-url-insecure",
        PKC306="base-url-lookalike",
        PKC307="base-url-invalid",
        PKC311="dns-failed",
        PKC312="connection-refused",
        PKC313="connection-timeout",
        PKC314="tls-untrusted",
        PKC315="tls-invalid",
        PKC316="proxy-failed",
        PKC317="page-instead-of-api",
        PKC318="gateway-error",
        PKC320="host-not-trusted",
        PKC323="base-url-redirects",
    ),
    **_hop(
        Hop.GATEWAY,
        PKC401="routing-missing",
        PKC405="config-id-unknown",
        PKC406="config-header-invalid",
        PKC407="provider-header-invalid",
        PKC409="default-config-locked",
        PKC410="inline-routing-blocked",
    ),
    **_hop(
        Hop.PROVIDER,
        PKC501="slug-unknown",
        PKC502="slug-missing-at",
        PKC506="provider-credentials-rejected",
        PKC507="provider-expired",
        PKC508="provider-unreachable",
        PKC509="endpoint-unsupported",
        PKC510="gateway-without-catalog",
        PKC511="provider-billing",
        PKC601="budget-exhausted",
        PKC602="portkey-rate-limited",
        PKC603="provider-rate-limited",
        PKC608="plan-exhausted",
    ),
    **_hop(
        Hop.MODEL,
        PKC504="model-unknown",
        PKC505="model-not-allowed",
        PKC512="provider-error",
        PKC513="provider-refuses-request",
        PKC604="guardrail-denied",
        PKC605="guardrail-flagged",
        PKC606="request-timed-out",
        PKC607="payload-too-large",
    ),
    **_hop(Hop.OPENCLAW, PKC901="check-crashed", PKC902="time-budget-exceeded"),
}
