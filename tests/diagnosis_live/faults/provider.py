"""Faults of the provider behind the gateway, and limits set for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from tests.diagnosis_live.faults.gateway import FALLBACK
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import open_source, portkey, vendor_fails
from tests.diagnosis_live.scenario import ACCOUNT, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GPT, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.accounts import ApiKey, ProviderEntry
from wizard.sandbox.provider import Fault as VendorFault
from wizard.sandbox.vendor_errors import openai_error

_PROD: Final = ACCOUNT.provider("anthropic-prod")


def single(model: str, **settings: Any) -> dict[str, Any]:
    """A config with one listed model, which is the default."""
    return config(entry(**{"models": [{"id": model, "name": "M"}], **settings}), primary=f"portkey/{model}")


def _entry_is(**changes: Any) -> ProviderEntry:
    return replace(_PROD, **changes)


def _key_is(state: Any) -> ApiKey:
    return ApiKey("marked", "pk-markedMARKEDmarked0123456789", state)


FAULTS: Final = (
    Fault(
        "PKC501", "a slip in the slug", Scenario(by_machine(single("@antropic-prod/claude-opus-4-5"))), at='"primary"'
    ),
    Fault(
        "PKC501",
        "the header's slug, which wins over the model's",
        Scenario(by_hand(config(entry(headers={"x-portkey-provider": "@Anthropic-Prod"})))),
        at="x-portkey-provider",
    ),
    Fault(
        "PKC501",
        "a slug inside a config written out",
        Scenario(in_haste(config(entry(headers={"x-portkey-config": '{"provider":"@nobody"}'})))),
        at="x-portkey-config",
    ),
    Fault(
        "PKC501",
        "a virtual key that is gone",
        Scenario(by_machine(single("claude-opus-4-5", headers={"x-portkey-virtual-key": "anthropic-prd"}))),
        at="x-portkey-virtual-key",
    ),
    Fault(
        "PKC502",
        "the @ was left out in list and ref",
        Scenario(by_machine(single("anthropic-prod/claude-opus-4-5"))),
        at='"primary"',
    ),
    Fault(
        "PKC502",
        "the @ was left out in the ref",
        Scenario(
            by_hand(config(entry(api=MESSAGES, authHeader=True), primary="portkey/anthropic-prod/claude-opus-4-5"))
        ),
        at="primary:",
    ),
    Fault("PKC506", "the vendor's key was revoked", Scenario(by_machine(single("@anthropic-old/claude-opus-4-5")))),
    Fault(
        "PKC506",
        "a wrong vendor's key through the open-source gateway",
        Scenario(
            by_hand(
                single("gpt-5.2", apiKey="sk-proj-wrongWRONGwrongWRONGwrong", headers={"x-portkey-provider": "openai"})
            ),
            host=open_source(),
        ),
    ),
    Fault(
        "PKC506",
        "a vendor by name, and no key of the vendor's",
        Scenario(by_machine(single("gpt-5.2", headers={"x-portkey-provider": "openai"}))),
    ),
    Fault(
        "PKC507",
        "the provider entry has expired",
        Scenario(by_machine(config()), host=portkey(_entry_is(status="expired"))),
    ),
    Fault(
        "PKC507",
        "the same through messages",
        Scenario(by_hand(config(entry(api=MESSAGES, authHeader=True))), host=portkey(_entry_is(status="expired"))),
    ),
    Fault(
        "PKC508",
        "nothing listens at the provider's address",
        Scenario(by_machine(config()), host=portkey(_entry_is(upstream_url="http://127.0.0.1:9/v1"))),
    ),
    Fault(
        "PKC508",
        "a custom host that is away, on the open-source gateway",
        Scenario(
            by_hand(
                single(
                    "gpt-5.2",
                    apiKey="{{vendor:openai-prod}}",
                    headers={"x-portkey-provider": "openai", "x-portkey-custom-host": "http://127.0.0.1:9/v1"},
                )
            ),
            host=open_source(),
        ),
    ),
    Fault(
        "PKC509",
        "this provider has no responses endpoint",
        Scenario(
            by_machine(config(entry(api="openai-responses"))),
            host=portkey(_entry_is(unsupported=frozenset({"responses"}))),
        ),
    ),
    Fault(
        "PKC509",
        "messages to OpenAI through the open-source gateway",
        Scenario(
            by_hand(
                single(
                    "gpt-5.2",
                    api=MESSAGES,
                    authHeader=True,
                    apiKey="{{vendor:openai-prod}}",
                    headers={"x-portkey-provider": "openai"},
                )
            ),
            host=open_source(),
        ),
    ),
    Fault(
        "PKC509",
        "the provider itself has no such path",
        Scenario(
            by_hand(single(GPT, api="openai-responses")),
            host=vendor_fails(VendorFault(answer=openai_error(404, "Invalid URL (POST /v1/responses)"))),
        ),
    ),
    Fault(
        "PKC510",
        "slugs on the open-source gateway",
        Scenario(by_machine(config()), host=open_source()),
        at='"baseUrl"',
    ),
    Fault(
        "PKC510",
        "a saved config on the open-source gateway",
        Scenario(
            by_hand(single("claude-opus-4-5", headers={"x-portkey-config": "pc-single-91c4e2"})), host=open_source()
        ),
        at="baseUrl:",
    ),
    Fault(
        "PKC510",
        "a slug in the header, on the open-source gateway",
        Scenario(
            by_hand(single("claude-opus-4-5", api=MESSAGES, headers={"x-portkey-provider": "@anthropic-prod"})),
            host=open_source(),
        ),
        at="baseUrl:",
    ),
    Fault(
        "PKC511",
        "no credit at OpenAI",
        Scenario(by_machine(single(GPT)), host=vendor_fails(VendorFault(error="no-credit"))),
    ),
    Fault(
        "PKC511",
        "no credit at Anthropic",
        Scenario(
            by_hand(config(entry(api=MESSAGES, authHeader=True))), host=vendor_fails(VendorFault(error="no-credit"))
        ),
    ),
    Fault("PKC601", "the key's budget", Scenario(by_machine(config(entry(apiKey="{{key:exhausted}}"))))),
    Fault(
        "PKC601",
        "the provider entry's budget",
        Scenario(by_hand(single("@bedrock-eu/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"))),
    ),
    Fault(
        "PKC601",
        "a policy's budget",
        Scenario(by_machine(config()), host=portkey(_entry_is(status="policy-exhausted"))),
    ),
    Fault("PKC602", "the key's rate limit", Scenario(by_machine(config(entry(apiKey="{{key:rate-limited}}"))))),
    Fault(
        "PKC602",
        "the integration's rate limit",
        Scenario(by_hand(config()), host=portkey(_entry_is(status="integration-rate-limited"))),
    ),
    Fault(
        "PKC603",
        "OpenAI asks to wait",
        Scenario(by_machine(single(GPT)), host=vendor_fails(VendorFault(error="rate-limited"))),
        severity="warning",
        verdict="degraded",
        exit_code=0,
    ),
    Fault(
        "PKC603",
        "Anthropic asks to wait, and warnings count",
        Scenario(
            by_hand(config(entry(api=MESSAGES, authHeader=True))),
            host=vendor_fails(VendorFault(error="rate-limited")),
            flags=("--fail-on", "warning"),
        ),
        severity="warning",
        verdict="degraded",
    ),
    Fault(
        "PKC608",
        "the plan is used up",
        Scenario(by_machine(config(entry(apiKey="{{key:marked}}"))), host=portkey(_key_is("plan-exhausted"))),
    ),
    Fault(
        "PKC608",
        "the same, with the key in a header",
        Scenario(
            by_hand(config(entry(apiKey="unused", headers={"x-portkey-api-key": "{{key:marked}}"}))),
            host=portkey(_key_is("plan-exhausted")),
        ),
    ),
)

NEIGHBOURS: Final = (
    Neighbour(
        "PKC501",
        "two slugs that differ in one letter",
        Scenario(by_machine(single("@antropic-prod/claude-opus-4-5")), host=portkey(_entry_is(slug="antropic-prod"))),
    ),
    Neighbour(
        "PKC502",
        "a model whose own name has a slash, and a header that routes it",
        Scenario(
            by_hand(single("anthropic-prod/claude-opus-4-5", headers={"x-portkey-config": FALLBACK})),
        ),
    ),
    Neighbour("PKC506", "the vendor's key is good", Scenario(by_machine(config()))),
    Neighbour(
        "PKC507",
        "another entry has expired",
        Scenario(by_hand(config()), host=portkey(replace(ACCOUNT.provider("anthropic-old"), status="expired"))),
    ),
    Neighbour(
        "PKC508",
        "the first provider is away, and the config falls back",
        Scenario(
            by_machine(single("claude-opus-4-5", headers={"x-portkey-config": FALLBACK})),
            host=portkey(_entry_is(upstream_url="http://127.0.0.1:9/v1")),
        ),
    ),
    Neighbour(
        "PKC509", "Anthropic's model through responses", Scenario(by_hand(config(entry(api="openai-responses"))))
    ),
    Neighbour(
        "PKC510",
        "the vendor's own names on the open-source gateway",
        Scenario(
            by_machine(single("gpt-5.2", apiKey="{{vendor:openai-prod}}", headers={"x-portkey-provider": "openai"})),
            host=open_source(),
        ),
    ),
    Neighbour(
        "PKC511",
        "no credit for another model",
        Scenario(by_hand(config()), host=vendor_fails(VendorFault(error="no-credit", times=0))),
    ),
    Neighbour(
        "PKC601",
        "another provider's budget is used up",
        Scenario(by_machine(config(others={"spare": single("@bedrock-eu/x")["models"]["providers"]["portkey"]}))),
    ),
    Neighbour("PKC602", "far from the limit", Scenario(by_hand(config(entry(apiKey="{{key:inference-only}}"))))),
    Neighbour(
        "PKC603",
        "a 429 that a retry in the config survives",
        Scenario(
            by_machine(
                single(
                    "claude-opus-4-5",
                    headers={"x-portkey-config": '{"provider":"@anthropic-prod","retry":{"attempts":2}}'},
                )
            ),
            host=vendor_fails(VendorFault(error="rate-limited", times=1)),
        ),
    ),
    Neighbour(
        "PKC608",
        "the plan is fine",
        Scenario(by_hand(config(entry(apiKey="{{key:marked}}"))), host=portkey(_key_is("good"))),
    ),
)
