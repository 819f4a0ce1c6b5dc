"""Files, gateways and answers as odd as they come."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.healthy_setups.parts import KEY, having
from tests.diagnosis_live.hosts import answering, open_source, vendor_fails
from tests.diagnosis_live.scenario import ACCOUNT, OLD, Host, Scenario
from tests.diagnosis_live.writing import GPT, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Answer, RawReply, json_answer, text_answer
from wizard.sandbox.provider import Fault as VendorFault

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


FILES: Final = {
    "comments everywhere": Scenario(_COMMENTED),
    "pasted together: tabs, CRLF, a byte order mark": Scenario(in_haste(config())),
    "on one line": Scenario(by_machine(config()).replace("\n", " ")),
    "no line break at the end": Scenario(by_hand(config()).rstrip()),
    "a profile": Scenario(
        files={
            ".openclaw-work/openclaw.json": by_hand(having(apiKey=KEY)),
            ".openclaw-work/.env": "PORTKEY_API_KEY={{key}}",
        },
        flags=("--profile", "work"),
    ),
    "OPENCLAW_CONFIG_PATH": Scenario(
        "{ broken",
        files={"etc/claw.json5": by_hand(having(apiKey=KEY)), "etc/.env": "PORTKEY_API_KEY={{key}}"},
        env={"OPENCLAW_CONFIG_PATH": "~/etc/claw.json5"},
    ),
    "--openclaw-config": Scenario(
        by_machine(having(apiKey="pk-notNOTnotNOTnotNOTnotNOT01")),
        files={"project/mine.json": by_machine(config())},
        flags=("--openclaw-config", "mine.json"),
    ),
    "OPENCLAW_STATE_DIR": Scenario(
        files={"state/openclaw.json": by_machine(having(apiKey=KEY)), "state/.env": "PORTKEY_API_KEY={{key}}\n"},
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


def _open(provider: str, model: str, **settings: Any) -> dict[str, Any]:
    slug = "anthropic-prod" if provider == "anthropic" else "openai-prod"
    usual = {"apiKey": f"{{{{vendor:{slug}}}}}", "headers": {"x-portkey-provider": provider}}
    return single(model, **{**usual, **settings})


OPEN_SOURCE: Final = {
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


def _profile(provider: str, key: str) -> dict[str, str | bytes]:
    """A key that the older version has saved by itself."""
    saved = {"version": 1, "profiles": {f"{provider}:manual": {"type": "api_key", "provider": provider, "key": key}}}
    return {".openclaw/agents/main/agent/auth-profiles.json": by_machine(saved)}


SAVED_KEYS: Final = {
    "a saved profile in place of a key that the config does not have": Scenario(
        by_hand(having(apiKey=KEY)), version=OLD, files=_profile("portkey", "{{key}}")
    ),
    "a saved profile that comes before a wrong key in the config": Scenario(
        by_machine(having(apiKey="pk-wrongWRONGwrongWRONGwrong012")),
        version=OLD,
        files=_profile("portkey", "{{key}}"),
    ),
    "a saved profile of another provider": Scenario(by_hand(config()), version=OLD, files=_profile("openai", "sk-x")),
}


def _list_is(answer: Answer | RawReply) -> Host:
    return answering("/models", lambda _: answer)


def _call_is(body: str, *headers: tuple[str, str]) -> Host:
    reply = Answer(200, body.encode(), (("content-type", "text/event-stream"), *headers))
    return answering("/completions", lambda _: reply)


def _bare_names() -> Sandbox:
    """An organisation's gateway: with the key it lists names without slugs."""
    sandbox = Sandbox(ACCOUNT)
    rows = {"object": "list", "data": [{"id": "claude-opus-4-5", "object": "model"}]}
    sandbox.override = lambda request: json_answer(200, rows) if "limit=" in request.target else None
    return sandbox


def _slow_list() -> Sandbox:
    sandbox = Sandbox(ACCOUNT)
    waiting = RawReply(lambda connection: connection.wait_for_end(5))
    sandbox.override = lambda request: waiting if "limit=" in request.target else None
    return sandbox


_ROUTED: Final = ("x-portkey-last-used-option-index", "config")
ANSWERS: Final = {
    "the model list with bare names": Scenario(by_hand(config()), host=_bare_names),
    "the model list open to everybody": Scenario(
        by_machine(config()), host=_list_is(json_answer(200, {"object": "list", "data": [{"id": "gpt-4o"}]}))
    ),
    "the model list forbidden by a firewall": Scenario(
        by_hand(config()), host=_list_is(json_answer(403, {"message": "Forbidden"}))
    ),
    "the model list not passed on": Scenario(by_machine(config()), host=_list_is(text_answer(404, "not found"))),
    "the model list only by POST": Scenario(
        by_hand(config()), host=_list_is(json_answer(405, {"detail": "Method Not Allowed"}))
    ),
    "the model list fails": Scenario(
        by_machine(config()), host=_list_is(json_answer(500, {"status": "failure", "message": "Something went wrong"}))
    ),
    "the model list takes too long": Scenario(by_hand(config()), host=_slow_list, patience=0.4),
    "the routing headers taken away by a proxy": Scenario(
        by_machine(config()), host=_call_is('data: {"choices":[{"delta":{"content":"ok"}}]}\n\ndata: [DONE]\n\n')
    ),
    "a stream without a word": Scenario(
        by_hand(config()), host=_call_is('data: {"choices":[]}\n\ndata: [DONE]\n\n', _ROUTED)
    ),
    "a stream that ends for its length": Scenario(
        by_machine(config()),
        host=_call_is('data: {"choices":[{"delta":{},"finish_reason":"length"}]}\n\ndata: [DONE]\n\n', _ROUTED),
    ),
    "a whole answer in place of a stream": Scenario(
        by_hand(config()),
        host=answering("/completions", lambda _: json_answer(200, {"choices": [{"message": {}}]}, (_ROUTED,))),
    ),
    "a model that thinks longer than a few tokens": Scenario(
        by_machine(single(GPT)), host=vendor_fails(VendorFault(error="output-limit", times=1))
    ),
    "a vendor by name, with the vendor's own key beside Portkey's": Scenario(
        by_hand(
            single(
                "gpt-5.2",
                apiKey="{{vendor:openai-prod}}",
                headers={"x-portkey-provider": "openai", "x-portkey-api-key": "{{key}}"},
            )
        )
    ),
}
