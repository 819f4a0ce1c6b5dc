"""Faults of OpenClaw's own config, each beside its nearest healthy neighbour."""

from __future__ import annotations

from typing import Final

from tests.diagnosis_live.hosts import local_models
from tests.diagnosis_live.scenario import OLD, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GONE, GPT, OPUS, by_hand, by_machine, config, entry, in_haste

ELSEWHERE: Final = "anthropic/claude-opus-4-5"
# Written by hand, every odd thing that JSON5 allows in it.
EXOTIC: Final = r"""
// a comment before everything
{
  'agents': { defaults: { model: 'portkey/@anthropic-prod/claude-opus-\
4-5', }, }, /* a string over two lines */
  models: { "mode": 'merge', providers: { portkey: {
    baseUrl: "{{origin}}\u002fv1", apiKey: '{{key}}', "api": "openai-completions",
    models: [
      { id: '@anthropic-prod/claude-opus-4-5', name: 'Ω', contextWindow: 0x30d40, maxTokens: +8192, },
    ], }, }, },
}
"""

FAULTS: Final = (
    Fault("PKC102", "OpenClaw was never configured", Scenario()),
    Fault(
        "PKC102",
        "a variable points to a file that is gone",
        Scenario(by_hand(config()), env={"OPENCLAW_CONFIG_PATH": "~/old/openclaw.json"}),
    ),
    Fault(
        "PKC103",
        "a colon was lost",
        Scenario(by_hand(config()).replace("baseUrl:", "baseUrl")),
        at="baseUrl",
    ),
    Fault(
        "PKC103",
        "saved as Latin-1",
        Scenario(by_machine(config(entry(models=[{"id": OPUS, "name": "Opüs"}]))).encode("latin-1")),
        at="Op",
    ),
    Fault("PKC103", "the settings are a list", Scenario("[]"), at="[]"),
    Fault(
        "PKC105",
        "only the vendor itself is configured",
        Scenario(
            by_machine(
                {
                    "agents": {"defaults": {"model": {"primary": "openai/gpt-5.2"}}},
                    "models": {
                        "providers": {"openai": {"baseUrl": "https://api.openai.com/v1", "models": [{"id": "gpt-5.2"}]}}
                    },
                }
            )
        ),
        at='"providers"',
    ),
    Fault("PKC105", "nothing is configured", Scenario("{ gateway: { mode: 'local' } }\n"), at="gateway"),
    Fault(
        "PKC105",
        "the only entry is a model server on this machine",
        Scenario(
            by_hand(
                {
                    "agents": {"defaults": {"model": "ollama/llama3"}},
                    "models": {"providers": {"ollama": {"baseUrl": "{{base}}", "models": [{"id": "llama3"}]}}},
                }
            ),
            host=local_models,
        ),
        at="providers:",
    ),
    Fault(
        "PKC106",
        "the default model was left as it was",
        Scenario(by_machine(config(primary=ELSEWHERE))),
        at='"primary"',
    ),
    Fault(
        "PKC106",
        "no default model, and another provider stands first",
        Scenario(
            by_hand(
                {
                    "agents": {"defaults": {"workspace": "~/work"}},
                    "models": {
                        "providers": {
                            "ollama": {"baseUrl": "http://127.0.0.1:9/v1", "models": [{"id": "llama3"}]},
                            "portkey": entry(),
                        }
                    },
                }
            )
        ),
        at="defaults: {",
    ),
    Fault(
        "PKC107",
        "the provider was left out before the slug",
        Scenario(by_machine(config(primary=OPUS))),
        at='"primary"',
    ),
    Fault(
        "PKC107",
        "a slip in the provider's name",
        Scenario(by_hand(config(primary=GONE, defaults={"model": f"portky/{OPUS}"}))),
        at="model: 'portky",
    ),
    Fault(
        "PKC107",
        "two letters swapped in the provider's name, and a fallback that answers in its place",
        Scenario(
            by_machine(
                config(
                    primary=GONE,
                    defaults={"model": {"primary": f"portkye/{OPUS}", "fallbacks": [f"portkey/{GPT}"]}},
                )
            )
        ),
        at='"primary"',
    ),
    Fault(
        "PKC108",
        "the slug stands in the list only",
        Scenario(by_machine(config(primary="portkey/claude-opus-4-5"))),
        at='"primary"',
    ),
    Fault(
        "PKC108",
        "the same, seen without the network",
        Scenario(by_hand(config(primary=GONE, defaults={"model": "portkey/claude-opus-4-5"})), flags=("--offline",)),
        at="model: 'portkey",
        confidence="likely",
    ),
    Fault(
        "PKC113",
        "a wire format that no Portkey gateway speaks",
        Scenario(by_machine(config(entry(api="google-generative-ai")))),
        at='"api"',
    ),
    Fault(
        "PKC113",
        "a slip in the format's name",
        Scenario(
            by_hand(config(entry(api="openai-completion", baseUrl="https://api.portkey.ai/v1"))), flags=("--offline",)
        ),
        at="api:",
    ),
    Fault(
        "PKC113",
        "one model's own format",
        Scenario(by_hand(config(entry(models=[{"id": OPUS, "name": "Opus", "api": "bedrock-converse-stream"}])))),
        at="bedrock",
    ),
    Fault(
        "PKC114",
        "the key directly below env",
        Scenario(by_machine(config(entry(apiKey="${PORTKEY_API_KEY}"), env={"PORTKEY_API_KEY": "{{key}}"}))),
        at='"PORTKEY_API_KEY"',
    ),
    Fault(
        "PKC114",
        "another variable below env, the key where it belongs",
        Scenario(
            by_hand(config(entry(apiKey="${KEY}"), env={"TZ": "Europe/Berlin", "vars": {"KEY": "{{key}}"}})),
            version="2026.8.1",
        ),
        at="TZ:",
    ),
    Fault(
        "PKC115",
        "an agent directly below agents",
        Scenario(by_hand(config(agents={"main": {"model": {"primary": f"portkey/{OPUS}"}}}))),
        at="main:",
    ),
    Fault(
        "PKC115",
        "agents.entries on a version that knows a list only",
        Scenario(by_machine(config(agents={"entries": {"main": {"model": f"portkey/{OPUS}"}}})), version=OLD),
        at='"entries"',
    ),
    Fault(
        "PKC115",
        "two agents and nobody says which is the default",
        Scenario(in_haste(config(agents={"list": [{"id": "main"}, {"id": "work", "model": f"portkey/{GPT}"}]}))),
        at="list:",
    ),
)

NEIGHBOURS: Final = (
    Neighbour(
        "PKC102",
        "the folder of the former name",
        Scenario(files={".clawdbot/clawdbot.json": by_hand(config())}),
    ),
    Neighbour("PKC103", "every odd thing that JSON5 allows", Scenario(EXOTIC)),
    Neighbour(
        "PKC105",
        "nothing in the entry names Portkey, and Portkey answers there",
        Scenario(
            by_hand(
                {
                    "agents": {"defaults": {"model": "work/claude-opus-4-5"}},
                    "models": {
                        "providers": {
                            "work": {
                                "baseUrl": "{{base}}",
                                "apiKey": "{{key:default-config}}",
                                "api": "openai-completions",
                                "models": [{"id": "claude-opus-4-5", "name": "Opus"}],
                            }
                        }
                    },
                }
            )
        ),
    ),
    Neighbour(
        "PKC106",
        "the default elsewhere, one agent through Portkey",
        Scenario(
            by_hand(
                config(
                    primary=ELSEWHERE,
                    agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"portkey/{OPUS}"}}},
                )
            )
        ),
        info=True,
    ),
    Neighbour(
        "PKC107",
        "a provider that OpenClaw brings itself, as one agent's model",
        Scenario(
            by_machine(
                config(agents={"ownership": "explicit", "entries": {"main": {}, "direct": {"model": ELSEWHERE}}})
            )
        ),
    ),
    Neighbour(
        "PKC107",
        "the model by its alias, which names no provider either",
        Scenario(by_hand(config(primary="opus", defaults={"models": {f"portkey/{OPUS}": {"alias": "opus"}}}))),
    ),
    Neighbour(
        "PKC113",
        "no api at all, for which OpenClaw takes openai-completions",
        Scenario(by_machine(config(entry(api=GONE)))),
    ),
    Neighbour(
        "PKC113",
        "another format on an entry that no agent uses",
        Scenario(by_hand(config(others={"ollama": entry(api="ollama", baseUrl="http://127.0.0.1:9")}))),
    ),
    Neighbour(
        "PKC108",
        "the same model string, and the key's own config routes it",
        Scenario(by_machine(config(entry(apiKey="{{key:default-config}}"), primary="portkey/claude-opus-4-5"))),
    ),
    Neighbour(
        "PKC114",
        "the same file on a version that reads it",
        Scenario(
            by_machine(config(entry(apiKey="${PORTKEY_API_KEY}"), env={"PORTKEY_API_KEY": "{{key}}"})), version=OLD
        ),
    ),
    Neighbour(
        "PKC115",
        "the same entries on a version that reads them",
        Scenario(by_machine(config(agents={"entries": {"main": {"model": f"portkey/{OPUS}"}}}))),
    ),
)
