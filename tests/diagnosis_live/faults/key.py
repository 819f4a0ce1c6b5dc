"""Faults of the key: missing, unresolved, malformed, refused, in the wrong header."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.hosts import open_source, portkey
from tests.diagnosis_live.scenario import HOSTED, OLD, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GONE, GPT, OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.accounts import ApiKey

MESSAGES: Final = "anthropic-messages"
REFERENCE: Final = "${PORTKEY_API_KEY}"


def _named(**settings: Any) -> dict[str, Any]:
    return config(entry(apiKey=REFERENCE, **settings))


FAULTS: Final = (
    Fault(
        "PKC201",
        "no apiKey towards the hosted gateway",
        Scenario(
            by_machine(config(entry(baseUrl=f"https://{HOSTED}/v1", apiKey=GONE))),
            env={"PORTKEY_API_KEY": "{{key}}"},
            names=(HOSTED,),
            tls="good",
        ),
        at='"portkey": {',
    ),
    Fault(
        "PKC201",
        "no key at all, and the local gateway asks for one",
        Scenario(by_hand(config(entry(apiKey="")))),
        at="portkey: {",
    ),
    Fault(
        "PKC201",
        "the key in a header alone, which OpenClaw does not count as one",
        Scenario(
            in_haste(
                config(
                    entry(
                        baseUrl=f"https://{HOSTED}/v1",
                        apiKey=GONE,
                        api=MESSAGES,
                        headers={"x-portkey-api-key": "{{key}}"},
                    )
                )
            ),
            flags=("--offline",),
        ),
        at="portkey: {",
    ),
    Fault(
        "PKC201",
        "a header of one model has the key, the default model has none",
        Scenario(
            by_machine(
                config(
                    entry(
                        apiKey=GONE,
                        models=[
                            {"id": GPT, "name": "GPT", "headers": {"x-portkey-api-key": "{{key}}"}},
                            {"id": OPUS, "name": "Opus"},
                        ],
                    ),
                    agents={"ownership": "explicit", "entries": {"gpt": {"model": f"portkey/{GPT}"}, "main": {}}},
                )
            )
        ),
        at='"portkey": {',
    ),
    Fault(
        "PKC202",
        "half of a key in a variable that is not set",
        Scenario(by_hand(config(entry(apiKey="pk-0123${REST}")))),
        at="apiKey:",
    ),
    Fault(
        "PKC202",
        "a variable that no layer sets",
        Scenario(by_machine(_named())),
        at='"apiKey"',
    ),
    Fault(
        "PKC202",
        "a name in small letters, though it is set",
        Scenario(by_hand(config(entry(apiKey="${portkey_api_key}"))), env={"portkey_api_key": "{{key}}"}),
        at="apiKey:",
    ),
    Fault(
        "PKC202",
        "a SecretRef to a variable that is not set",
        Scenario(
            by_hand(config(entry(apiKey={"source": "env", "provider": "default", "id": "WORK_KEY"}))), version=OLD
        ),
        at="apiKey:",
    ),
    Fault(
        "PKC202",
        "an empty variable hides the one in OpenClaw's .env",
        Scenario(by_machine(_named()), env={"PORTKEY_API_KEY": ""}, state_env="PORTKEY_API_KEY={{key}}\n"),
        at='"apiKey"',
    ),
    Fault(
        "PKC202",
        "the header that carries the key refers to nothing",
        Scenario(by_hand(config(entry(api=MESSAGES, apiKey="unused", headers={"x-portkey-api-key": "${NO_SUCH}"})))),
        at="x-portkey-api-key",
    ),
    Fault(
        "PKC202",
        "a shell's form of a variable",
        Scenario(by_machine(config(entry(apiKey="$PORTKEY_API_KEY"))), env={"PORTKEY_API_KEY": "{{key}}"}),
        at='"apiKey"',
    ),
    Fault(
        "PKC203",
        "the example's placeholder",
        Scenario(by_machine(config(entry(apiKey="YOUR_PORTKEY_API_KEY")))),
        at='"apiKey"',
    ),
    Fault(
        "PKC203",
        "pasted with its quotes",
        Scenario(by_hand(_named()), env={"PORTKEY_API_KEY": '"{{key}}"'}),
        at="apiKey:",
    ),
    Fault(
        "PKC203",
        "with the scheme in front of it",
        Scenario(by_hand(config(entry(apiKey="Bearer {{key}}")))),
        at="apiKey:",
    ),
    Fault(
        "PKC203",
        "a line break in the middle",
        Scenario(by_machine(_named()), state_env='PORTKEY_API_KEY="pk-first-half-of-it\nsecond-half-of-it"\n'),
        at='"apiKey"',
    ),
    Fault(
        "PKC203",
        "blanks before it, behind Bearer",
        Scenario(by_machine(_named()), env={"PORTKEY_API_KEY": "  {{key}}"}),
        at='"apiKey"',
    ),
    Fault(
        "PKC203",
        "a placeholder, seen without the network",
        Scenario(
            by_hand(config(entry(baseUrl=f"https://{HOSTED}/v1", apiKey="<your portkey key>"))), flags=("--offline",)
        ),
        at="apiKey:",
        confidence="likely",
    ),
    Fault(
        "PKC205",
        "a key that was deleted",
        Scenario(by_machine(_named()), env={"PORTKEY_API_KEY": "pk-DELETED0000000000000000000000"}),
        at='"apiKey"',
    ),
    Fault(
        "PKC205",
        "a good key as Bearer, a wrong one in the header that wins",
        Scenario(by_hand(config(entry(headers={"x-portkey-api-key": "pk-mistypedMISTYPEDmistyped123"})))),
        at="x-portkey-api-key",
    ),
    Fault(
        "PKC205",
        "a key that OpenClaw saved once comes before the good one in the config",
        Scenario(
            by_machine(config()),
            version=OLD,
            files={
                ".openclaw/agents/main/agent/auth-profiles.json": (
                    '{"profiles":{"portkey:manual":{"provider":"portkey","key":"pk-staleSTALEstaleSTALEstale01"}}}'
                )
            },
        ),
    ),
    Fault(
        "PKC206",
        "the key's day has come",
        Scenario(by_machine(config(entry(apiKey="{{key:expired}}")))),
        at='"apiKey"',
    ),
    Fault(
        "PKC206",
        "an expired key in the working folder's .env hides the good one",
        Scenario(
            by_hand(config(entry(apiKey=REFERENCE), env={"vars": {"PORTKEY_API_KEY": "{{key}}"}})),
            project_env="export PORTKEY_API_KEY='{{key:expired}}'\n",
        ),
        at="apiKey:",
    ),
    Fault(
        "PKC207",
        "a key for reading logs",
        Scenario(by_hand(config(entry(apiKey="{{key:no-scope}}")))),
        at="apiKey:",
    ),
    Fault(
        "PKC207",
        "the organisation has a gateway of its own",
        Scenario(
            by_machine(config(entry(api=MESSAGES, authHeader=True, apiKey="{{key:elsewhere}}"))),
            host=portkey(ApiKey("elsewhere", "pk-elsewhereELSEWHERE0123456789", "other-gateway")),
        ),
        at='"apiKey"',
    ),
    Fault(
        "PKC208",
        "the messages format sends it as x-api-key only",
        Scenario(by_hand(config(entry(api=MESSAGES)))),
        at="api:",
    ),
    Fault(
        "PKC208",
        "the same, towards the hosted gateway and without asking it",
        Scenario(
            by_machine(_named(api=MESSAGES, baseUrl=f"https://{HOSTED}")),
            env={"PORTKEY_API_KEY": "{{key}}"},
            flags=("--offline",),
        ),
        at='"api"',
    ),
    Fault(
        "PKC208",
        "one model of the entry speaks messages",
        Scenario(by_machine(config(entry(models=[{"id": OPUS, "name": "Opus", "api": MESSAGES, "maxTokens": 8192}])))),
        at=MESSAGES,
    ),
)

NEIGHBOURS: Final = (
    Neighbour(
        "PKC201",
        "no apiKey, and the header alone is enough on this machine",
        Scenario(by_hand(config(entry(apiKey=GONE, headers={"x-portkey-api-key": "{{key}}"})))),
    ),
    Neighbour(
        "PKC202",
        "the same reference, and OpenClaw's .env sets it",
        Scenario(by_machine(_named()), state_env="# keys\nPORTKEY_API_KEY = {{key}} # good\n"),
    ),
    Neighbour(
        "PKC202",
        "the reference that nobody reads stays unresolved",
        Scenario(by_machine(config(entry(apiKey="${NO_SUCH}", headers={"x-portkey-api-key": "{{key}}"})))),
    ),
    Neighbour(
        "PKC202",
        "an empty variable, and the config fills it",
        Scenario(
            by_hand(config(entry(apiKey=REFERENCE), env={"vars": {"PORTKEY_API_KEY": "{{key}}"}})),
            env={"PORTKEY_API_KEY": ""},
        ),
    ),
    Neighbour(
        "PKC203",
        "a line break at the end, which HTTP takes away",
        Scenario(by_machine(_named()), env={"PORTKEY_API_KEY": "{{key}}\n"}),
    ),
    Neighbour("PKC203", "a token instead of a key", Scenario(by_hand(config(entry(apiKey="{{key:jwt}}"))))),
    Neighbour(
        "PKC205",
        "a wrong key as Bearer, a good one in the header that wins",
        Scenario(by_hand(config(entry(apiKey="unused", headers={"x-portkey-api-key": "{{key}}"})))),
    ),
    Neighbour(
        "PKC206",
        "an expired key in the file that loses",
        Scenario(
            by_machine(_named()), project_env="PORTKEY_API_KEY={{key}}\n", state_env="PORTKEY_API_KEY={{key:expired}}"
        ),
    ),
    Neighbour(
        "PKC207",
        "a key that may do nothing but ask models",
        Scenario(by_hand(config(entry(apiKey="{{key:inference-only}}")))),
    ),
    Neighbour("PKC208", "the same with authHeader", Scenario(by_hand(config(entry(api=MESSAGES, authHeader=True))))),
    Neighbour(
        "PKC208",
        "the vendor's key as x-api-key through the open-source gateway",
        Scenario(
            by_machine(
                config(
                    entry(
                        api=MESSAGES,
                        apiKey="{{vendor:anthropic-prod}}",
                        headers={"x-portkey-provider": "anthropic"},
                        models=[{"id": "claude-opus-4-5", "name": "Opus"}],
                    ),
                    primary="portkey/claude-opus-4-5",
                )
            ),
            host=open_source(),
        ),
    ),
)
