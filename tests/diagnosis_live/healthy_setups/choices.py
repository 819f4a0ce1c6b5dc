"""Routing, agents, and what stands beside the entry that counts."""

from __future__ import annotations

from typing import Final

from tests.diagnosis_live.faults.gateway import FALLBACK, SAVED
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.healthy_setups.parts import having
from tests.diagnosis_live.hosts import portkey
from tests.diagnosis_live.scenario import ACCOUNT, OLD, Scenario
from tests.diagnosis_live.writing import GONE, GPT, OPUS, by_hand, by_machine, config, entry
from wizard.sandbox.accounts import ProviderEntry
from wizard.sandbox.gateway import Sandbox


def _many_models() -> Sandbox:
    return Sandbox(ACCOUNT.with_models(500))


ROUTING: Final = {
    "a dummy model, routed by the key's own config": Scenario(
        by_machine(single("portkey-dynamic", apiKey="{{key:default-config}}"))
    ),
    "a saved config in a header": Scenario(by_hand(single("any", headers={"x-portkey-config": SAVED}))),
    "a config written out": Scenario(by_machine(single("any", headers={"x-portkey-config": FALLBACK}))),
    "a provider in a header": Scenario(
        by_hand(single("claude-opus-4-5", headers={"x-portkey-provider": "@anthropic-prod"}))
    ),
    "a virtual key": Scenario(
        by_machine(single("claude-opus-4-5", headers={"x-portkey-virtual-key": "anthropic-prod"}))
    ),
    "a model with several slashes": Scenario(
        by_hand(single("@vertex/publishers/anthropic/models/claude@20250101")),
        host=portkey(
            ProviderEntry(
                "vertex", "openai", ("publishers/anthropic/models/claude@20250101",), "sk-proj-vertexVERTEX0123456789"
            )
        ),
    ),
    "an alias as the primary": Scenario(
        by_machine(config(primary="Opus", defaults={"models": {f"portkey/{OPUS}": {"alias": "opus"}}}))
    ),
    "the model as a plain string": Scenario(by_hand(config(primary=GONE, defaults={"model": f"portkey/{OPUS}"}))),
    "no default model at all": Scenario(by_machine(config(primary=GONE))),
    "blanks around the model and capitals in the entry": Scenario(by_hand(config(primary=f" PortKey/{OPUS} "))),
    "a model that is not listed": Scenario(by_hand(config(entry(models=[]), primary=f"portkey/{GPT}"))),
    "an entry of another name": Scenario(
        by_machine(config(primary=f"llm/{OPUS}", others={"llm": entry(headers={"x-portkey-trace-id": "a"})}))
    ),
    "no api setting": Scenario(by_hand(having(api=GONE))),
    "an api of one model's own": Scenario(
        by_hand(having(authHeader=True, models=[{"id": OPUS, "name": "Opus", "api": MESSAGES}]))
    ),
    "metadata and a trace id": Scenario(
        by_machine(
            having(
                headers={
                    "x-portkey-trace-id": "openclaw-main-agent",
                    "x-portkey-metadata": '{"agent":"main","note":"$${LITERAL} and äöü \\u00e9"}',
                }
            )
        )
    ),
    "500 models": Scenario(by_hand(config()), host=_many_models),
    "500 models, and the default is a late one": Scenario(
        by_machine(single("@openai-prod/openai-model-0100")), host=_many_models
    ),
}


_ELSEWHERE: Final = {"ollama": {"baseUrl": "http://127.0.0.1:9/v1", "models": [{"id": "llama3", "name": "Llama"}]}}


AGENTS: Final = {
    "a local default, one agent of a list through Portkey": Scenario(
        by_hand(
            config(
                primary="ollama/llama3",
                others=_ELSEWHERE,
                agents={"list": [{"id": "main"}, {"id": "work", "model": f"portkey/{OPUS}"}]},
            )
        ),
        version=OLD,
    ),
    "a local default, one entry of the agents through Portkey": Scenario(
        by_machine(
            config(
                primary="ollama/llama3",
                others=_ELSEWHERE,
                agents={
                    "ownership": "explicit",
                    "entries": {"main": {}, "work": {"model": {"primary": f"portkey/{OPUS}"}}},
                },
            )
        )
    ),
    "one agent of a list, marked as the default": Scenario(
        by_hand(config(agents={"list": [{"id": "a", "default": True}, {"id": "b", "model": "ollama/llama3"}]}))
    ),
    "one agent that goes elsewhere": Scenario(
        by_machine(
            config(
                others=_ELSEWHERE,
                agents={"ownership": "explicit", "entries": {"main": {}, "local": {"model": "ollama/llama3"}}},
            )
        )
    ),
    "a default of a provider that is not there, and a fallback through Portkey": Scenario(
        by_machine(
            config(primary=GONE, defaults={"model": {"primary": "nope/model", "fallbacks": [f"portkey/{OPUS}"]}})
        )
    ),
    "an agent's own fallbacks": Scenario(
        by_hand(config(agents={"entries": {"main": {"model": {"fallbacks": [f"portkey/{GPT}"]}}}}))
    ),
    "fallbacks elsewhere": Scenario(
        by_machine(
            config(
                primary=GONE,
                others=_ELSEWHERE,
                defaults={"model": {"primary": f"portkey/{OPUS}", "fallbacks": ["ollama/llama3", "anthropic/opus"]}},
            )
        )
    ),
    "fallbacks through Portkey, every route asked": Scenario(
        by_hand(
            config(primary=GONE, defaults={"model": {"primary": f"portkey/{OPUS}", "fallbacks": [f"portkey/{GPT}"]}})
        ),
        flags=("--all-models",),
    ),
    "only one agent is looked at": Scenario(
        by_machine(
            config(
                primary="portkey/claude-opus-4-5",
                agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"portkey/{OPUS}"}}},
            )
        ),
        flags=("--agent", "work"),
    ),
}


BESIDE: Final = {
    "a second entry that is broken and unused": Scenario(
        by_hand(
            config(
                others={"portkey-old": entry(baseUrl="https://app.portkey.ai", apiKey="${NO_SUCH_KEY}", api=MESSAGES)}
            )
        )
    ),
    "an unused entry of a vendor with a key of its own": Scenario(
        by_machine(
            config(
                others={
                    "anthropic": {
                        "baseUrl": "https://api.anthropic.com",
                        "apiKey": "sk-ant-api03-ANTHROPICanthropic0123456789",
                        "models": [],
                    }
                }
            )
        )
    ),
    "only the good one of two entries is looked at": Scenario(
        by_hand(
            config(
                primary="portkey-old/@anthropic-prod/claude-opus-4-5",
                others={"portkey-old": entry(apiKey="pk-oldOLDoldOLDoldOLDoldOLD0")},
                agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"portkey/{OPUS}"}}},
            )
        ),
        flags=("--provider", "portkey"),
    ),
    "settings of every other kind": Scenario(
        by_hand(
            {
                **config(),
                "gateway": {"mode": "local", "port": 18789, "auth": {"mode": "token", "token": "a-token-of-its-own"}},
                "hooks": {"enabled": True, "token": "${HOOK_TOKEN}", "path": "/hooks"},
                "logging": {"level": "info"},
                "tools": {"exec": {"note": "echo $${HOME} ${lower} $PATH"}},
            }
        )
    ),
}
