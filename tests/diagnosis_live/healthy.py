"""Set-ups that work, each odd in its own way: the doctor has nothing above info to say of any."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.gateway import FALLBACK, SAVED
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.faults.network import COMPANY
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.hosts import open_source, portkey
from tests.diagnosis_live.scenario import ACCOUNT, HOSTED, JWT, OLD, Scenario
from tests.diagnosis_live.writing import GONE, GPT, OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.accounts import ProviderEntry
from wizard.sandbox.gateway import Sandbox

KEY: Final = "${PORTKEY_API_KEY}"
HEADER: Final = "x-portkey-api-key"


def _with(**settings: Any) -> dict[str, Any]:
    return config(entry(**settings))


def _open(provider: str, model: str, **settings: Any) -> dict[str, Any]:
    slug = "anthropic-prod" if provider == "anthropic" else "openai-prod"
    usual = {"apiKey": f"{{{{vendor:{slug}}}}}", "headers": {"x-portkey-provider": provider}}
    return single(model, **{**usual, **settings})


def _many_models() -> Sandbox:
    return Sandbox(ACCOUNT.with_models(500))


_COMMENTED: Final = """\ufeff/* OpenClaw,
   edited by hand — “as ever” */ {
  // who answers
  "agents" /* really */ : { 'defaults': { model: /* one */ {
    primary: "portkey/@anthropic-prod/claude-opus-4-5" /* it */, }, }, },
  models: { // the gateway
    providers: /* one */ { portkey: {
      // baseUrl: "https://api.portkey.com/v1",
      baseUrl: "{{base}}", // no slash
      /* apiKey: "${OLD_KEY}", */ apiKey: "{{key}}",
      models: [ /* none but */ { id: "@anthropic-prod/claude-opus-4-5", name: "😀 Opus // not a comment", }, ],
    }, },
  },
} // the end"""

_BASE_URLS: Final = {
    "a slash at the end": Scenario(by_hand(_with(baseUrl="{{base}}/"))),
    "localhost by name": Scenario(by_machine(_with(baseUrl="http://localhost:{{port}}/v1"))),
    "another loopback address": Scenario(
        by_hand(_with(baseUrl="http://127.0.0.1:{{port}}/v1")), env={"HTTP_PROXY": "http://127.0.0.1:9"}
    ),
    "a base URL from a variable": Scenario(by_hand(_with(baseUrl="${GATEWAY}/v1")), state_env="GATEWAY={{origin}}\n"),
    "a host in capitals": Scenario(
        by_machine(_with(baseUrl="HTTPS://API.PORTKEY.AI/v1")), names=(HOSTED, HOSTED.upper()), tls="good"
    ),
    "the hosted gateway for messages, without /v1": Scenario(
        by_hand(_with(baseUrl=f"https://{HOSTED}", api=MESSAGES, authHeader=True)), names=(HOSTED,), tls="good"
    ),
    "the other hosted gateway": Scenario(
        by_machine(_with(baseUrl="https://aigw.portkey.ai/v1", api="openai-responses")),
        names=("aigw.portkey.ai",),
        tls="good",
    ),
    "a company's gateway, confirmed": Scenario(
        by_machine(_with(baseUrl=f"https://{COMPANY}/v1")),
        names=(COMPANY,),
        tls="good",
        flags=("--trust-host", COMPANY),
    ),
    "a company's gateway, confirmed in an earlier run": Scenario(
        by_machine(_with(baseUrl=f"https://{COMPANY}/v1")),
        names=(COMPANY,),
        tls="good",
        files={
            ".local/state/portkey-claw/trusted-hosts.json": f'{{"schema_version":1,"origins":["https://{COMPANY}"]}}'
        },
    ),
    "a model's own base URL, the entry's leads nowhere": Scenario(
        by_hand(_with(baseUrl="http://127.0.0.1:9/v1", models=[{"id": OPUS, "name": "Opus", "baseUrl": "{{base}}"}]))
    ),
    "a model's own base URL, which the older version does not read": Scenario(
        by_hand(_with(models=[{"id": OPUS, "name": "Opus", "baseUrl": "http://127.0.0.1:9/v1"}])), version=OLD
    ),
}

_KEYS: Final = {
    "authHeader with messages": Scenario(by_machine(_with(api=MESSAGES, authHeader=True))),
    "authHeader with messages on the older version": Scenario(
        by_hand(_with(api=MESSAGES, authHeader=True)), version=OLD
    ),
    "the key in its own header, a dummy as apiKey": Scenario(
        by_hand(_with(api=MESSAGES, apiKey="unused", headers={HEADER: KEY})), env={"PORTKEY_API_KEY": "{{key}}"}
    ),
    "the key in Authorization": Scenario(
        by_machine(_with(api=MESSAGES, apiKey="unused", headers={"Authorization": "Bearer {{key}}"}))
    ),
    "the key in request.headers": Scenario(
        by_hand(_with(api=MESSAGES, apiKey="unused", request={"headers": {HEADER: "{{key}}"}}))
    ),
    "the key in request.auth, as a header": Scenario(
        by_machine(
            _with(apiKey="x", request={"auth": {"mode": "header", "headerName": HEADER, "value": KEY}}),
        ),
        env={"PORTKEY_API_KEY": "{{key}}"},
    ),
    "the key in request.auth, as a bearer": Scenario(
        by_hand(
            _with(api=MESSAGES, apiKey="unused", request={"auth": {"mode": "authorization-bearer", "token": "{{key}}"}})
        )
    ),
    "the key in a header alone, on this machine": Scenario(
        by_machine(_with(apiKey=GONE, api=MESSAGES, headers={HEADER: "{{key}}"}))
    ),
    "a header of one model": Scenario(
        by_hand(_with(api=MESSAGES, apiKey="no", models=[{"id": OPUS, "name": "O", "headers": {HEADER: "{{key}}"}}]))
    ),
    "a model's header over the entry's wrong one": Scenario(
        by_hand(
            _with(
                apiKey="no",
                headers={HEADER: "pk-stale0000STALE0000stale0000"},
                models=[{"id": OPUS, "name": "O", "headers": {HEADER.upper(): "{{key}}"}}],
            )
        )
    ),
    "a token": Scenario(by_machine(_with(apiKey=JWT))),
    "a token in a variable": Scenario(by_hand(_with(apiKey=KEY)), state_env='PORTKEY_API_KEY="{{key:jwt}}"\n'),
    "the process's variable over wrong ones in every file": Scenario(
        by_hand(config(entry(apiKey=KEY), env={"vars": {"PORTKEY_API_KEY": "pk-old"}})),
        env={"PORTKEY_API_KEY": "{{key}}"},
        project_env="PORTKEY_API_KEY=pk-old\n",
        state_env="PORTKEY_API_KEY=pk-old\n",
    ),
    "the working folder's .env": Scenario(
        by_machine(_with(apiKey=KEY)), project_env="export PORTKEY_API_KEY={{key}} # x\n"
    ),
    "OpenClaw's .env with a byte order mark and CRLF": Scenario(
        by_hand(_with(apiKey=KEY)), state_env="\ufeff# keys\r\nPORTKEY_API_KEY='{{key}}'\r\n"
    ),
    "the gateway's environment file": Scenario(
        by_machine(_with(apiKey=KEY)), files={".config/openclaw/gateway.env": "PORTKEY_API_KEY={{key}}\n"}
    ),
    "env.vars": Scenario(by_hand(config(entry(apiKey=KEY), env={"vars": {"PORTKEY_API_KEY": "{{key}}"}}))),
    "env.vars on the older version": Scenario(
        by_machine(config(entry(apiKey=KEY), env={"vars": {"PORTKEY_API_KEY": "{{key}}"}})), version=OLD
    ),
    "env.vars that refers to another variable": Scenario(
        by_hand(config(entry(apiKey=KEY), env={"vars": {"PORTKEY_API_KEY": "${WORK_KEY}"}})),
        env={"WORK_KEY": "{{key}}"},
    ),
    "directly below env, on the older version": Scenario(
        by_machine(config(entry(apiKey=KEY), env={"PORTKEY_API_KEY": "{{key}}", "TZ": "UTC"})), version=OLD
    ),
    "a SecretRef to a variable": Scenario(
        by_hand(_with(apiKey={"source": "env", "provider": "default", "id": "MY_KEY"})), env={"MY_KEY": "{{key}}"}
    ),
    "a SecretRef in a header": Scenario(
        by_machine(
            _with(api=MESSAGES, apiKey="x", headers={HEADER: {"source": "env", "provider": "default", "id": "K"}})
        ),
        env={"K": "{{key}}"},
    ),
    "a key put together from two parts": Scenario(
        by_hand(_with(apiKey="${FIRST}${SECOND}")), env={"FIRST": JWT[:30], "SECOND": JWT[30:]}
    ),
    "shellEnv beside vars": Scenario(
        by_machine(
            config(entry(apiKey=KEY), env={"shellEnv": {"enabled": True}, "vars": {"PORTKEY_API_KEY": "{{key}}"}})
        )
    ),
}

_ROUTING: Final = {
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
    "no api setting": Scenario(by_hand(_with(api=GONE))),
    "an api of one model's own": Scenario(
        by_hand(_with(authHeader=True, models=[{"id": OPUS, "name": "Opus", "api": MESSAGES}]))
    ),
    "metadata and a trace id": Scenario(
        by_machine(
            _with(
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

_AGENTS: Final = {
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

_BESIDE: Final = {
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
    "a saved profile of another provider": Scenario(
        by_machine(config()),
        version=OLD,
        files={
            ".openclaw/agents/main/agent/auth-profiles.json": (
                '{"version":1,"profiles":{"openai:manual":{"type":"api_key","provider":"openai","key":"sk-x"}}}'
            )
        },
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

_FILES: Final = {
    "comments everywhere": Scenario(_COMMENTED),
    "pasted together: tabs, CRLF, a byte order mark": Scenario(in_haste(config())),
    "on one line": Scenario(by_machine(config()).replace("\n", " ")),
    "no line break at the end": Scenario(by_hand(config()).rstrip()),
    "a profile": Scenario(
        files={
            ".openclaw-work/openclaw.json": by_hand(_with(apiKey=KEY)),
            ".openclaw-work/.env": "PORTKEY_API_KEY={{key}}",
        },
        flags=("--profile", "work"),
    ),
    "OPENCLAW_CONFIG_PATH": Scenario(
        "{ broken",
        files={"etc/claw.json5": by_hand(_with(apiKey=KEY)), "etc/.env": "PORTKEY_API_KEY={{key}}"},
        env={"OPENCLAW_CONFIG_PATH": "~/etc/claw.json5"},
    ),
    "--openclaw-config": Scenario(
        by_machine(_with(apiKey="pk-notNOTnotNOTnotNOTnotNOT01")),
        files={"project/mine.json": by_machine(config())},
        flags=("--openclaw-config", "mine.json"),
    ),
    "OPENCLAW_STATE_DIR": Scenario(
        files={"state/openclaw.json": by_machine(_with(apiKey=KEY)), "state/.env": "PORTKEY_API_KEY={{key}}\n"},
        env={"OPENCLAW_STATE_DIR": "~/state"},
    ),
    "OPENCLAW_HOME": Scenario(
        files={"data/.openclaw/openclaw.json": by_hand(config())}, env={"OPENCLAW_HOME": "~/data"}
    ),
    "a linked config": Scenario(
        files={"dotfiles/claw.json": by_hand(config()), ".openclaw/openclaw.json": "-> dotfiles/claw.json"}
    ),
    "the former file name": Scenario(files={".openclaw/clawdbot.json": by_machine(config())}),
    "no OpenClaw on PATH": Scenario(by_hand(config()), version=None),
    "a version between the two": Scenario(
        by_machine(config(entry(apiKey=KEY), env={"PORTKEY_API_KEY": "{{key}}"})), version="2026.7.35"
    ),
}

_OPEN_SOURCE: Final = {
    "OpenAI with the vendor's key": Scenario(by_hand(_open("openai", "gpt-5.2")), host=open_source()),
    "OpenAI's responses": Scenario(by_machine(_open("openai", "gpt-5.2", api="openai-responses")), host=open_source()),
    "Anthropic's messages with x-api-key": Scenario(
        by_hand(_open("anthropic", "claude-opus-4-5", api=MESSAGES)), host=open_source()
    ),
    "Anthropic's models in OpenAI's format": Scenario(
        by_machine(_open("anthropic", "claude-opus-4-5")), host=open_source()
    ),
    "an Anthropic key by name in OpenClaw's .env": Scenario(
        by_machine(_open("anthropic", "claude-opus-4-5", api=MESSAGES, apiKey="${ANTHROPIC_API_KEY}")),
        state_env="ANTHROPIC_API_KEY={{vendor:anthropic-prod}}\n",
        host=open_source(),
    ),
}

HEALTHY: Final[dict[str, Scenario]] = {
    f"{kind}: {story}": scenario
    for kind, group in {
        "base URL": _BASE_URLS,
        "key": _KEYS,
        "routing": _ROUTING,
        "agents": _AGENTS,
        "beside": _BESIDE,
        "file": _FILES,
        "open source": _OPEN_SOURCE,
    }.items()
    for story, scenario in group.items()
}
