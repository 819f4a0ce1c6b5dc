"""The quick start of OpenClaw's Portkey page, followed to the letter on the real OpenClaw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox

pytestmark = pytest.mark.real

QUICK_START = """{
  agents: {
    defaults: {
      model: { primary: "portkey/claude-opus-4-5" }
    }
  },
  models: {
    mode: "merge",
    providers: {
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        models: [
          { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" },
          { id: "@anthropic/claude-sonnet-4-5", name: "Claude Sonnet 4.5" }
        ]
      }
    }
  }
}
"""


def followed(home: Any, gateway: Sandbox) -> None:
    """The page's two steps; only its host is met on this machine."""
    home.write_config(QUICK_START.replace("https://api.portkey.ai", gateway.url))
    stored = home.openclaw("config", "set", "env.PORTKEY_API_KEY", gateway.account.key("good").value)
    # The page's command is refused by the newer line, which leaves the key nowhere.
    assert (stored.returncode == 0) == ("2026.5.7" in str(home.executable)), stored.stdout + stored.stderr


def test_the_doctor_names_what_the_page_gets_wrong(home: Any, hosted: Sandbox) -> None:
    followed(home, hosted)
    doctor = home.portkey_claw("doctor", "--json")
    report = json.loads(doctor.stdout)
    errors = {finding["code"] for finding in report["findings"] if finding["severity"] == "error"}
    expected = {"PKC108", "PKC208"} if "2026.5.7" in str(home.executable) else {"PKC108", "PKC202", "PKC208"}
    assert (doctor.returncode, report["verdict"], errors) == (1, "broken", expected)


@pytest.mark.parametrize("mended", ["PKC108", "PKC208"])
def test_each_fault_alone_is_the_root_cause(home: Any, hosted: Sandbox, mended: str) -> None:
    """With everything else mended, the one that is left is named; the real OpenClaw gets no reply with it."""
    key = hosted.account.key("good").value
    text = QUICK_START.replace("https://api.portkey.ai", hosted.url).replace("@anthropic/", "@anthropic-prod/")
    text = text.replace("{\n  agents", f'{{\n  env: {{ vars: {{ PORTKEY_API_KEY: "{key}" }} }},\n  agents', 1)
    if mended == "PKC108":
        text = text.replace("portkey/claude-opus-4-5", "portkey/@anthropic-prod/claude-opus-4-5")
    else:
        text = text.replace('api: "anthropic-messages"', 'api: "openai-completions"')
    home.write_config(text)
    left = "PKC208" if mended == "PKC108" else "PKC108"

    doctor = home.portkey_claw("doctor", "--json")
    report = json.loads(doctor.stdout)
    assert (report["root_cause"], report["verdict"]) == (left, "broken")
    assert [finding["code"] for finding in report["findings"] if finding["severity"] == "error"] == [left]


@pytest.mark.parametrize(
    ("code", "edit", "versions"),
    [
        (
            "PKC114",
            ("{\n  agents", '{\n  env: { PORTKEY_API_KEY: "pk-0123456789abcdefghij" },\n  agents'),
            ("2026.9.6",),
        ),
        ("PKC115", ("agents: {\n    defaults: {", "agents: {\n    main: {"), ("2026.9.6", "2026.5.7")),
    ],
)
def test_shapes_that_openclaw_refuses(
    home: Any, hosted: Sandbox, code: str, edit: tuple[str, str], versions: tuple[str, ...]
) -> None:
    """What the doctor calls refused, the real OpenClaw refuses, and the other way round."""
    home.write_config(QUICK_START.replace("https://api.portkey.ai", hosted.url).replace(*edit, 1))
    refused = any(version in str(home.executable) for version in versions)

    validated = home.openclaw("config", "validate", "--json")
    assert json.loads(validated.stdout)["valid"] is not refused, validated.stdout

    report = json.loads(home.portkey_claw("doctor", "--offline", "--json").stdout)
    codes = [finding["code"] for finding in report["findings"]]
    assert (code in codes) is refused
    if refused:
        assert report["root_cause"] == code
