"""Base URLs and keys, written in every way that works."""

from __future__ import annotations

from typing import Final

from tests.diagnosis_live.faults.base_url import COMPANY
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.healthy_setups.parts import HEADER, KEY, having
from tests.diagnosis_live.scenario import HOSTED, JWT, OLD, Scenario
from tests.diagnosis_live.writing import GONE, OPUS, by_hand, by_machine, config, entry

BASE_URLS: Final = {
    "a slash at the end": Scenario(by_hand(having(baseUrl="{{base}}/"))),
    "blanks around the base URL": Scenario(by_machine(having(baseUrl=" {{base}} "))),
    "localhost by name": Scenario(by_machine(having(baseUrl="http://localhost:{{port}}/v1"))),
    "another loopback address": Scenario(
        by_hand(having(baseUrl="http://127.0.0.1:{{port}}/v1")), env={"HTTP_PROXY": "http://127.0.0.1:9"}
    ),
    "a base URL from a variable": Scenario(by_hand(having(baseUrl="${GATEWAY}/v1")), state_env="GATEWAY={{origin}}\n"),
    "a host in capitals": Scenario(
        by_machine(having(baseUrl="HTTPS://API.PORTKEY.AI/v1")), names=(HOSTED, HOSTED.upper()), tls="good"
    ),
    "the hosted gateway for messages, without /v1": Scenario(
        by_hand(having(baseUrl=f"https://{HOSTED}", api=MESSAGES, authHeader=True)), names=(HOSTED,), tls="good"
    ),
    "the other hosted gateway": Scenario(
        by_machine(having(baseUrl="https://aigw.portkey.ai/v1", api="openai-responses")),
        names=("aigw.portkey.ai",),
        tls="good",
    ),
    "a company's gateway, confirmed": Scenario(
        by_machine(having(baseUrl=f"https://{COMPANY}/v1")),
        names=(COMPANY,),
        tls="good",
        flags=("--trust-host", COMPANY),
    ),
    "a company's gateway, confirmed in an earlier run": Scenario(
        by_machine(having(baseUrl=f"https://{COMPANY}/v1")),
        names=(COMPANY,),
        tls="good",
        files={
            ".local/state/portkey-claw/trusted-hosts.json": f'{{"schema_version":1,"origins":["https://{COMPANY}"]}}'
        },
    ),
    "a model's own base URL, the entry's leads nowhere": Scenario(
        by_hand(having(baseUrl="http://127.0.0.1:9/v1", models=[{"id": OPUS, "name": "Opus", "baseUrl": "{{base}}"}]))
    ),
    "a model's own base URL, which the older version does not read": Scenario(
        by_hand(having(models=[{"id": OPUS, "name": "Opus", "baseUrl": "http://127.0.0.1:9/v1"}])), version=OLD
    ),
}


KEYS: Final = {
    "authHeader with messages": Scenario(by_machine(having(api=MESSAGES, authHeader=True))),
    "authHeader with messages on the older version": Scenario(
        by_hand(having(api=MESSAGES, authHeader=True)), version=OLD
    ),
    "the key in its own header, a dummy as apiKey": Scenario(
        by_hand(having(api=MESSAGES, apiKey="unused", headers={HEADER: KEY})), env={"PORTKEY_API_KEY": "{{key}}"}
    ),
    "the key in Authorization": Scenario(
        by_machine(having(api=MESSAGES, apiKey="unused", headers={"Authorization": "Bearer {{key}}"}))
    ),
    "the key in request.headers": Scenario(
        by_hand(having(api=MESSAGES, apiKey="unused", request={"headers": {HEADER: "{{key}}"}}))
    ),
    "the key in request.auth, as a header": Scenario(
        by_machine(
            having(apiKey="x", request={"auth": {"mode": "header", "headerName": HEADER, "value": KEY}}),
        ),
        env={"PORTKEY_API_KEY": "{{key}}"},
    ),
    "the key in request.auth, as a bearer": Scenario(
        by_hand(
            having(
                api=MESSAGES, apiKey="unused", request={"auth": {"mode": "authorization-bearer", "token": "{{key}}"}}
            )
        )
    ),
    "the key in a header alone, on this machine": Scenario(
        by_machine(having(apiKey=GONE, api=MESSAGES, headers={HEADER: "{{key}}"}))
    ),
    "a header of one model": Scenario(
        by_hand(having(api=MESSAGES, apiKey="no", models=[{"id": OPUS, "name": "O", "headers": {HEADER: "{{key}}"}}]))
    ),
    "a model's header over the entry's wrong one": Scenario(
        by_hand(
            having(
                apiKey="no",
                headers={HEADER: "pk-stale0000STALE0000stale0000"},
                models=[{"id": OPUS, "name": "O", "headers": {HEADER.upper(): "{{key}}"}}],
            )
        )
    ),
    "a token": Scenario(by_machine(having(apiKey=JWT))),
    "a token in a variable": Scenario(by_hand(having(apiKey=KEY)), state_env='PORTKEY_API_KEY="{{key:jwt}}"\n'),
    "the process's variable over wrong ones in every file": Scenario(
        by_hand(config(entry(apiKey=KEY), env={"vars": {"PORTKEY_API_KEY": "pk-old"}})),
        env={"PORTKEY_API_KEY": "{{key}}"},
        project_env="PORTKEY_API_KEY=pk-old\n",
        state_env="PORTKEY_API_KEY=pk-old\n",
    ),
    "the working folder's .env": Scenario(
        by_machine(having(apiKey=KEY)), project_env="export PORTKEY_API_KEY={{key}} # x\n"
    ),
    "OpenClaw's .env with a byte order mark and CRLF": Scenario(
        by_hand(having(apiKey=KEY)), state_env="\ufeff# keys\r\nPORTKEY_API_KEY='{{key}}'\r\n"
    ),
    "the gateway's environment file": Scenario(
        by_machine(having(apiKey=KEY)), files={".config/openclaw/gateway.env": "PORTKEY_API_KEY={{key}}\n"}
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
        by_hand(having(apiKey={"source": "env", "provider": "default", "id": "MY_KEY"})), env={"MY_KEY": "{{key}}"}
    ),
    "a SecretRef in a header": Scenario(
        by_machine(
            having(api=MESSAGES, apiKey="x", headers={HEADER: {"source": "env", "provider": "default", "id": "K"}})
        ),
        env={"K": "{{key}}"},
    ),
    "a key put together from two parts": Scenario(
        by_hand(having(apiKey="${FIRST}${SECOND}")), env={"FIRST": JWT[:30], "SECOND": JWT[30:]}
    ),
    "shellEnv beside vars": Scenario(
        by_machine(
            config(entry(apiKey=KEY), env={"shellEnv": {"enabled": True}, "vars": {"PORTKEY_API_KEY": "{{key}}"}})
        )
    ),
}
