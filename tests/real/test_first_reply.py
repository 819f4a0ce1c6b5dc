"""From an empty home to the real OpenClaw's answer: OpenClaw, account layer, real Portkey gateway, provider."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.diagnosis.model import Scope
from wizard.doctor.examine import Request, examine
from wizard.sandbox.gateway import Sandbox

pytestmark = pytest.mark.real

REPLY = "These are the fake provider's own words."
MODEL = "@anthropic-prod/claude-opus-4-5"
ENDPOINTS = {
    "openai-completions": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "anthropic-messages": "/v1/messages",
}


def predicted(home: Any) -> dict[str, Any]:
    """The request that the program says OpenClaw will send, from the files alone."""
    environment = Environment(
        variables=home.variables, home=home.path, cwd=home.path, stdout=io.StringIO(), stderr=io.StringIO()
    )
    report = examine(environment, Request(Scope(offline=True))).report
    (route,) = report.routes
    assert route.request is not None
    return {"path": route.request.url.partition("//")[2].partition("/")[2], "route": route}


@pytest.mark.parametrize("api", ENDPOINTS)
def test_setup_then_a_real_turn(home: Any, hosted: Sandbox, api: str) -> None:
    key = hosted.account.key("good").value
    model = MODEL if api != "openai-responses" else "@openai-prod/gpt-5.2"

    setup = home.portkey_claw(
        "setup", "--yes", "--gateway-url", hosted.base_url, "--model", model, "--api", api, PORTKEY_API_KEY=key
    )
    assert setup.returncode == 0, setup.stdout + setup.stderr
    assert key not in setup.stdout + setup.stderr

    hosted.forget_requests()
    hosted.provider.forget_requests()
    turn = home.turn()
    assert turn.returncode == 0, turn.stdout + turn.stderr
    assert REPLY in turn.stdout

    calls = [request for request in hosted.requests if request.method == "POST"]
    assert len(calls) == 1
    call = calls[0]
    route = predicted(home)["route"]
    assert call.path == ENDPOINTS[api]
    assert route.request.url == hosted.url + call.path
    assert json.loads(call.body)["model"] == route.request.model == model
    assert json.loads(call.body)["stream"] is True
    sent = {name: value for name, value in route.request.headers.items() if "‹" in value}
    assert sent, "the prediction names no header with the key"
    for name, value in sent.items():
        assert call.header(name) == value.replace(f"‹{route.key.fingerprint}›", key)

    # It went on through the real gateway: the provider saw its own key and a model without a slug.
    vendor = [request for request in hosted.provider.requests if request.method == "POST"]
    assert len(vendor) == 1
    assert json.loads(vendor[0].body)["model"] == model.partition("/")[2]
    assert key not in repr(vendor[0])


def test_the_doctor_agrees_and_a_second_setup_changes_nothing(home: Any, hosted: Sandbox) -> None:
    key = hosted.account.key("good").value
    arguments = ("setup", "--yes", "--gateway-url", hosted.base_url, "--model", MODEL)
    first = home.portkey_claw(*arguments, PORTKEY_API_KEY=key)
    assert first.returncode == 0, first.stdout + first.stderr
    written = home.config.read_bytes()
    checked = home.openclaw("config", "validate", "--json")
    assert json.loads(checked.stdout)["valid"] is True, checked.stdout

    again = home.portkey_claw(*arguments, PORTKEY_API_KEY=key)
    assert again.returncode == 0, again.stdout + again.stderr
    assert home.config.read_bytes() == written

    doctor = home.portkey_claw("doctor", "--json")
    report = json.loads(doctor.stdout)
    assert (doctor.returncode, report["verdict"], report["findings"]) == (0, "healthy", [])
    assert report["openclaw"]["version"] in ("2026.9.6", "2026.5.7")
    assert key not in doctor.stdout


def test_a_vendor_key_straight_to_the_open_source_gateway(home: Any, hosted: Sandbox, open_source_gateway: Any) -> None:
    """No accounts, no slugs: the vendor's key and the provider header. It works, and the doctor finds nothing."""
    vendor_key = hosted.account.provider("anthropic-prod").vendor_key
    home.write_config(
        json.dumps(
            {
                "agents": {"defaults": {"model": {"primary": "gateway/claude-opus-4-5"}}},
                "models": {
                    "mode": "merge",
                    "providers": {
                        "gateway": {
                            "baseUrl": f"{open_source_gateway.url}/v1",
                            "apiKey": vendor_key,
                            "api": "openai-completions",
                            "headers": {
                                "x-portkey-provider": "anthropic",
                                "x-portkey-custom-host": f"{hosted.provider.url}/v1",
                            },
                            "models": [{"id": "claude-opus-4-5", "name": "Opus"}],
                        }
                    },
                },
            }
        )
    )
    turn = home.turn()
    assert REPLY in turn.stdout, turn.stdout + turn.stderr

    doctor = home.portkey_claw("doctor", "--json")
    report = json.loads(doctor.stdout)
    weighty = [finding["code"] for finding in report["findings"] if finding["severity"] != "info"]
    assert (doctor.returncode, report["verdict"], weighty) == (0, "healthy", [])
