"""Budgets, rate limits and plans: Portkey's own, and the provider's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wizard.diagnosis.checks.provider.answers import provider_name
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, proof, short
from wizard.diagnosis.model import Evidence, Finding, Remedy, Severity
from wizard.portkey.answers import Answer, Meaning
from wizard.portkey.hosts import DASHBOARD

# The start of the error type names whose limit it is; without a type it is the key's or the workspace's.
_OWNERS: Final = {
    "virtual_key": "the provider entry",
    "integration": "the integration",
    "workspace": "the workspace",
    "api_key": "the Portkey key",
    "usage_limits_policy": "a usage policy",
    "rate_limits_policy": "a rate policy",
}


@check("PKC601")
def budget_exhausted(evidence: Evidence) -> Iterator[Finding]:
    """A budget in Portkey is used up."""
    for exchange, answer, routes in called(evidence, Meaning.BUDGET_EXHAUSTED):
        yield found(
            "PKC601",
            f"The budget of {_owner(answer)} is used up: “{short(answer.said.message, 160)}”.",
            Remedy(
                f"Raise it or wait for its reset; budgets stand on {DASHBOARD}/model-catalog under Budget & Limits."
            ),
            failure_class="http_412_budget",
            **proof(exchange, routes),
        )


@check("PKC602")
def portkey_rate_limited(evidence: Evidence) -> Iterator[Finding]:
    """A rate limit in Portkey is reached."""
    for exchange, answer, routes in called(evidence, Meaning.PORTKEY_RATE_LIMITED):
        yield found(
            "PKC602",
            f"The rate limit of {_owner(answer)} is reached: “{short(answer.said.message, 160)}”.",
            Remedy("Wait for the next window, or raise the limit where it is set in Portkey."),
            failure_class="http_429",
            **proof(exchange, routes),
        )


@check("PKC603")
def provider_rate_limited(evidence: Evidence) -> Iterator[Finding]:
    """The provider limits the rate of requests."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_RATE_LIMITED):
        name = provider_name(exchange, routes[0])
        yield found(
            "PKC603",
            f"{name} itself answers 429: “{short(answer.said.message, 160)}”. The route works.",
            Remedy("Wait, raise the limit at the provider, or add a fallback."),
            severity=Severity.WARNING,
            failure_class="http_429_upstream",
            **proof(exchange, routes),
        )


@check("PKC608")
def plan_exhausted(evidence: Evidence) -> Iterator[Finding]:
    """Portkey's plan is used up."""
    for exchange, answer, routes in called(evidence, Meaning.PLAN_EXHAUSTED):
        yield found(
            "PKC608",
            f"Portkey refuses for the plan's sake: “{short(answer.said.message, 160)}”.",
            Remedy(f"Look at the plan in {DASHBOARD}."),
            failure_class="http_402",
            **proof(exchange, routes),
        )


def _owner(answer: Answer) -> str:
    text = answer.said.type or ""
    owner = next((owner for prefix, owner in _OWNERS.items() if text.startswith(prefix)), None)
    return owner or ("the workspace" if "Workspace" in answer.said.message else "the Portkey key")
