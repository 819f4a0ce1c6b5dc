"""Faults of the way to a gateway, and of what answers there."""

from __future__ import annotations

from typing import Final

from tests.diagnosis_live.faults.base_url import CLOSED, COMPANY, at_url, hosted
from tests.diagnosis_live.hosts import (
    Deaf,
    answering,
    local_models,
    misbehaving,
    once,
    open_source,
    vendor_fails,
)
from tests.diagnosis_live.scenario import HOSTED, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, by_hand, by_machine, config, entry
from wizard.sandbox import misbehave
from wizard.sandbox.http_messages import Answer, RawConnection, RawReply, json_answer, text_answer
from wizard.sandbox.provider import Fault as VendorFault

_WAYS: Final = (
    Fault("PKC311", "the network has no names", hosted(names=()), at="baseUrl"),
    Fault(
        "PKC311",
        "a company's host, away from its network",
        Scenario(by_hand(at_url(f"https://{COMPANY}/v1"))),
        at="baseUrl",
    ),
    Fault("PKC312", "the local gateway was not started", Scenario(by_machine(at_url(CLOSED))), at="baseUrl"),
    Fault(
        "PKC312",
        "every connection is reset",
        Scenario(by_hand(at_url("{{base}}")), host=misbehaving(misbehave.resets())),
        at="baseUrl",
    ),
    Fault(
        "PKC312",
        "another protocol on that port",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(misbehave.not_http())),
        at="baseUrl",
    ),
    Fault(
        "PKC313",
        "it takes the connection and says nothing",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(misbehave.silent()), patience=0.3),
        at="baseUrl",
    ),
    Fault(
        "PKC313",
        "a firewall drops every packet",
        Scenario(by_hand(at_url("{{base}}")), host=Deaf, patience=0.3),
        at="baseUrl",
    ),
    Fault(
        "PKC314",
        "a company's own authority, unknown to OpenClaw",
        hosted(env={"NODE_EXTRA_CA_CERTS": ""}),
        at="baseUrl",
    ),
    Fault(
        "PKC314",
        "the authority told by the wrong variable",
        Scenario(
            by_hand(at_url(f"https://{COMPANY}/v1")),
            env={"NODE_EXTRA_CA_CERTS": "/no/such/file.pem", "SSL_CERT_FILE": "~/authority.pem"},
            names=(COMPANY,),
            tls="good",
            flags=("--trust-host", COMPANY),
        ),
        at="baseUrl",
    ),
    Fault("PKC315", "a certificate that has expired", hosted(tls="expired"), at="baseUrl"),
    Fault("PKC315", "a clock that is behind", hosted(tls="not yet valid"), at="baseUrl"),
    Fault(
        "PKC315",
        "a certificate for another name",
        Scenario(by_hand(at_url(f"https://{COMPANY}:{{{{port}}}}/v1")), names=(COMPANY,), tls="for another name"),
        at="baseUrl",
    ),
    Fault("PKC316", "the proxy is not there", hosted(env={"HTTPS_PROXY": "http://127.0.0.1:9"}), at="baseUrl"),
    Fault(
        "PKC316",
        "the proxy wants a password",
        Scenario(
            by_hand(at_url(f"https://{HOSTED}/v1")),
            env={"https_proxy": "http://127.0.0.1:{{port}}"},
            host=misbehaving(lambda _: text_answer(407, "who are you?")),
        ),
        at="baseUrl",
    ),
)

_HOSTS: Final = (
    Fault(
        "PKC304",
        "another vendor's gateway",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(misbehave.other_gateway("sk-local"))),
        at="baseUrl",
    ),
    Fault(
        "PKC304",
        "a model server under Portkey's name",
        Scenario(by_hand(at_url("{{base}}", apiKey="ollama")), host=local_models),
        at="baseUrl",
    ),
    Fault(
        "PKC304",
        "some web service",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(lambda _: json_answer(200, {"hello": "world"}))),
        at="baseUrl",
    ),
    Fault(
        "PKC317",
        "the sign-in page of a guest network",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(misbehave.captive_portal())),
        at="baseUrl",
    ),
    Fault(
        "PKC317",
        "a block page in place of the hosted gateway",
        Scenario(
            by_hand(at_url(f"https://{HOSTED}/v1")),
            host=misbehaving(misbehave.captive_portal(403)),
            names=(HOSTED,),
            tls="good",
        ),
        at="baseUrl",
    ),
    Fault(
        "PKC318",
        "the gateway fails on the model call",
        Scenario(
            by_machine(at_url("{{base}}")),
            host=answering(
                "/completions", lambda _: json_answer(500, {"status": "failure", "message": "Something went wrong"})
            ),
        ),
        at="baseUrl",
    ),
    Fault(
        "PKC318",
        "the load balancer before it finds no gateway",
        Scenario(by_hand(at_url("{{base}}")), host=misbehaving(misbehave.bad_gateway())),
        at="baseUrl",
    ),
    Fault(
        "PKC318",
        "a proxy before the hosted gateway is overloaded",
        Scenario(
            by_hand(at_url(f"https://{HOSTED}/v1")),
            host=misbehaving(lambda _: text_answer(503, "upstream connect error or disconnect/reset before headers")),
            names=(HOSTED,),
            tls="good",
        ),
        at="baseUrl",
    ),
    Fault(
        "PKC318",
        "the open-source gateway as npm installs it, which breaks streams",
        Scenario(
            by_machine(
                config(
                    entry(
                        apiKey="{{vendor:openai-prod}}",
                        headers={"x-portkey-provider": "openai"},
                        models=[{"id": "gpt-5.2", "name": "GPT"}],
                    ),
                    primary="portkey/gpt-5.2",
                )
            ),
            host=open_source(broken_streams=True),
        ),
        at="baseUrl",
    ),
    Fault(
        "PKC320",
        "a company's gateway that nobody confirmed",
        Scenario(by_machine(at_url(f"https://{COMPANY}/v1")), names=(COMPANY,), tls="good"),
        at="baseUrl",
        severity="info",
        root=None,
        verdict="unknown",
        exit_code=3,
    ),
    Fault(
        "PKC320",
        "a name in the own network, over plain http",
        Scenario(by_hand(at_url("http://gateway:{{port}}/v1")), names=("gateway",)),
        at="baseUrl",
        severity="info",
        root=None,
        verdict="unknown",
        exit_code=3,
    ),
    Fault(
        "PKC323",
        "the gateway has moved",
        Scenario(by_machine(at_url("{{base}}")), host=misbehaving(misbehave.redirect("https://new.acme.example", 308))),
        at="baseUrl",
    ),
    Fault(
        "PKC323",
        "the model call is sent to a sign-in page",
        Scenario(
            by_hand(at_url("{{base}}", models=[{"id": GPT, "name": "GPT"}, {"id": OPUS, "name": "Opus"}])),
            host=answering("/completions", lambda _: Answer(302, b"", (("location", "https://login.acme.example/"),))),
        ),
        at="baseUrl",
    ),
)

FAULTS: Final = (*_WAYS, *_HOSTS)

NEIGHBOURS: Final = (
    Neighbour("PKC311", "the name resolves", hosted()),
    Neighbour(
        "PKC312",
        "one connection is reset, the next is not",
        Scenario(by_hand(at_url("{{base}}")), host=once("/models", lambda _: RawReply(RawConnection.reset)), resets=1),
    ),
    Neighbour(
        "PKC313",
        "the model takes its time",
        Scenario(by_hand(at_url("{{base}}")), host=vendor_fails(VendorFault(delay=0.3, pace=0.05)), patience=3),
    ),
    Neighbour("PKC314", "NODE_EXTRA_CA_CERTS names the authority", hosted()),
    Neighbour("PKC315", "a certificate for several names", hosted(names=(HOSTED, COMPANY))),
    Neighbour(
        "PKC316",
        "the proxy is away, and NO_PROXY excepts the gateway",
        hosted(env={"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "localhost, .portkey.ai"}),
    ),
    Neighbour(
        "PKC304",
        "a reverse proxy knows no route for the model list, and passes the call on",
        Scenario(
            by_hand(at_url("{{base}}")),
            host=answering("/models", lambda _: json_answer(404, {"message": "no Route matched with those values"})),
        ),
    ),
    Neighbour(
        "PKC317",
        "a reverse proxy shows its 404 page for the model list, and passes the call on",
        Scenario(by_hand(at_url("{{base}}")), host=answering("/models", misbehave.plain_404())),
    ),
    Neighbour(
        "PKC318",
        "the first answer is a failure, every later one is none",
        Scenario(by_hand(at_url("{{base}}")), host=once("/models", misbehave.bad_gateway())),
    ),
    Neighbour(
        "PKC320",
        "confirmed with its port",
        Scenario(
            by_hand(at_url("http://gateway:{{port}}/v1")),
            names=("gateway",),
            flags=("--trust-host", "gateway:{{port}}"),
        ),
    ),
    Neighbour(
        "PKC323",
        "the model list alone redirects",
        Scenario(
            by_hand(at_url("{{base}}")), host=answering("/models", misbehave.redirect("https://docs.acme.example"))
        ),
    ),
)
