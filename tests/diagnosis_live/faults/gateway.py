"""Faults of the routing: where the gateway is told to send a request, or not told."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import open_source, portkey
from tests.diagnosis_live.scenario import Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.accounts import ProviderEntry

PLAIN: Final = "portkey/claude-opus-4-5"
SAVED: Final = "pc-single-91c4e2"
FALLBACK: Final = json.dumps(
    {
        "strategy": {"mode": "fallback"},
        "targets": [{"override_params": {"model": OPUS}}, {"override_params": {"model": GPT}}],
    }
)


def _plain(primary: str = PLAIN, **settings: Any) -> dict[str, Any]:
    """A model string without a slug, so that something else has to route it."""
    listed = [{"id": primary.removeprefix("portkey/"), "name": "M"}]
    return config(entry(**{"models": listed, **settings}), primary=primary)


def _sending(headers: dict[str, str], **settings: Any) -> dict[str, Any]:
    return _plain(headers=headers, **settings)


FAULTS: Final = (
    Fault("PKC401", "nothing names a provider", Scenario(by_machine(_plain())), at='"primary"'),
    Fault(
        "PKC401",
        "two listed models end in the same name, and the ref takes neither",
        Scenario(
            by_hand(
                config(
                    entry(
                        api=MESSAGES,
                        authHeader=True,
                        models=[{"id": OPUS, "name": "A"}, {"id": "@anthropic-old/claude-opus-4-5", "name": "B"}],
                    ),
                    primary=PLAIN,
                )
            )
        ),
        at="primary:",
    ),
    Fault(
        "PKC405",
        "a saved config that was deleted",
        Scenario(by_machine(_sending({"x-portkey-config": "pc-gone-000000"}))),
        at="x-portkey-config",
    ),
    Fault(
        "PKC405",
        "a slip in one model's own header",
        Scenario(
            by_hand(config(entry(models=[{"id": OPUS, "name": "Opus", "headers": {"X-Portkey-Config": f"{SAVED}0"}}])))
        ),
        at="X-Portkey-Config",
    ),
    Fault(
        "PKC406",
        "the config's name instead of its id",
        Scenario(by_machine(_sending({"x-portkey-config": "always claude"}))),
        at="x-portkey-config",
    ),
    Fault(
        "PKC406",
        "a retry that does not say how often",
        Scenario(
            by_hand(_sending({"x-portkey-config": '{"provider":"@anthropic-prod","retry":{"on_status_codes":[429]}}'}))
        ),
        at="x-portkey-config",
    ),
    Fault(
        "PKC406",
        "broken JSON, seen without the network",
        Scenario(in_haste(_sending({"x-portkey-config": '{"provider": "@anthropic-prod"'})), flags=("--offline",)),
        at="x-portkey-config",
    ),
    Fault(
        "PKC407",
        "a slug without its @",
        Scenario(by_machine(_sending({"x-portkey-provider": "anthropic-prod"}))),
        at="x-portkey-provider",
    ),
    Fault(
        "PKC407",
        "a vendor that no gateway knows",
        Scenario(by_hand(_sending({"x-portkey-provider": "Anthropic"}, api=MESSAGES, authHeader=True))),
        at="x-portkey-provider",
    ),
    Fault(
        "PKC407",
        "a slug without its @ that is a vendor's name too",
        Scenario(
            by_machine(_plain("portkey/gpt-5.2", headers={"x-portkey-provider": "openai"})),
            host=portkey(ProviderEntry("openai", "openai", ("gpt-5.2",), "sk-proj-namesakeNAMESAKE01234567")),
        ),
        at="x-portkey-provider",
        confidence="likely",
    ),
    Fault(
        "PKC409",
        "the key's own config may not be overridden",
        Scenario(by_machine(_sending({"x-portkey-config": "pc-fallback-3fa0b7"}, apiKey="{{key:locked-config}}"))),
        at="x-portkey-config",
    ),
    Fault(
        "PKC409",
        "the same with a config written out",
        Scenario(by_hand(_sending({"x-portkey-config": FALLBACK}, apiKey="{{key:locked-config}}"))),
        at="x-portkey-config",
    ),
    Fault(
        "PKC410",
        "a config written out where only saved ones are allowed",
        Scenario(by_machine(_sending({"x-portkey-config": FALLBACK})), host=portkey(saved_only=True)),
        at='"headers"',
    ),
    Fault(
        "PKC410",
        "a vendor's name where only saved providers are allowed",
        Scenario(by_hand(_sending({"x-portkey-provider": "anthropic"})), host=portkey(saved_only=True)),
        at="headers:",
    ),
)

NEIGHBOURS: Final = (
    Neighbour(
        "PKC401",
        "a header names the provider",
        Scenario(by_machine(_sending({"x-portkey-provider": "@anthropic-prod"}))),
    ),
    Neighbour("PKC405", "a saved config that is there", Scenario(by_hand(_sending({"x-portkey-config": SAVED})))),
    Neighbour("PKC406", "a config written out", Scenario(by_machine(_sending({"x-portkey-config": FALLBACK})))),
    Neighbour(
        "PKC407",
        "a slug with something behind it",
        Scenario(by_hand(_sending({"X-Portkey-Provider": "@anthropic-prod/whatever"}))),
    ),
    Neighbour(
        "PKC407",
        "a vendor's name on the open-source gateway",
        Scenario(
            by_machine(
                _plain("portkey/gpt-5.2", apiKey="{{vendor:openai-prod}}", headers={"x-portkey-provider": "openai"})
            ),
            host=open_source(),
        ),
    ),
    Neighbour(
        "PKC409",
        "the locked key without a config of the request's own",
        Scenario(by_machine(_plain(apiKey="{{key:locked-config}}"))),
    ),
    Neighbour(
        "PKC410",
        "slugs where only saved providers are allowed",
        Scenario(by_hand(config()), host=portkey(saved_only=True)),
    ),
)
