"""`explain` with words that a user saw in OpenClaw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox

REFUSED = (
    "Authentication failed (provider returned HTTP 401). Your provider token may have expired — try the request again"
    " in a moment. If the failure persists, re-authenticate this provider."
)


def test_several_findings_are_listed_best_first_with_their_signs(user: Any) -> None:
    done = user.runs("explain", REFUSED)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Words of OpenClaw 2026.9.6. They fit 7 findings, the most usual first:"
    assert [line[2:8] for line in lines if line.startswith("  PKC")][:2] == ["PKC205", "PKC208"]
    assert "code 03" in done.stdout
    assert "portkey-claw doctor finds out which one it is." in lines
    assert lines[-1] == "portkey-claw explain PKC205 has the page of one."
    assert max(map(len, lines)) <= 80


def test_one_finding_shows_its_page(user: Any) -> None:
    done = user.runs("explain", 'rawError=400 {"message":"Following keys are not valid: null"}')
    assert done.returncode == 0
    assert done.stdout.startswith(
        "Words of Portkey or the network, for PKC501 slug-unknown.\n\n# PKC501 slug-unknown\n"
    )


def test_words_need_no_quotes(user: Any) -> None:
    assert "# PKC407 provider-header-invalid" in user.runs("explain", "Invalid", "provider", "passed").stdout


def test_standard_input_is_read(user: Any) -> None:
    log = f"10:00 [gateway] ok\n10:01 FailoverError: {REFUSED[:90]}\n  {REFUSED[90:]}\n"
    done = user.runs("explain", "-", stdin=log)
    assert done.returncode == 0
    assert "PKC205" in done.stdout


def test_json_has_the_findings_and_not_what_was_pasted(user: Any) -> None:
    done = user.runs("explain", "--json", f"my key is pk-hidden0123456789, {REFUSED}")
    document = json.loads(done.stdout)
    assert [finding["code"] for finding in document["findings"]][:2] == ["PKC205", "PKC208"]
    assert set(document["findings"][0]) == {"code", "slug", "title", "sign", "docs"}
    assert document["messages"][0] == {"text": REFUSED, "versions": ["2026.9.6"]}
    assert document["next"] == "portkey-claw doctor"
    assert "pk-hidden" not in done.stdout


def test_plain_mode_is_one_finding_a_line(user: Any) -> None:
    lines = user.runs("explain", "--plain", REFUSED).stdout.splitlines()
    listed = [line for line in lines if line.startswith("PKC")]
    assert len(listed) == 7
    assert listed[0].startswith("PKC205 key-rejected: Portkey does not accept the key. Sign: ")
    assert not set("".join(lines)) & set("─│✓✗\x1b")


def test_common_words_list_the_first_and_count_the_rest(user: Any) -> None:
    done = user.runs("explain", "LLM request failed")
    assert sum(line.startswith("  PKC") for line in done.stdout.splitlines()) == 12
    assert "more: with more of the line that was shown there would be fewer." in done.stdout


@pytest.mark.parametrize("text", ["how do I cook rice", "", "  \n ", "\x1b]0;owned\x07\x1b[2J"])
def test_nothing_found_says_what_to_do(user: Any, text: str) -> None:
    done = user.runs("explain", "-", stdin=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Paste the whole line" in done.stderr
    assert "portkey-claw doctor" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("name", ["PKC999", "key-rejectd", "999", "pkcfoo"])
def test_an_unknown_code_or_slug_is_still_one(user: Any, name: str) -> None:
    done = user.runs("explain", name)
    assert done.returncode == 2
    assert f"There is no finding '{name}'." in done.stderr
    if name == "key-rejectd":
        assert "Did you mean key-rejected" in done.stderr


@pytest.mark.parametrize("name", ["PKC208", "pkc208", "208", "key-in-wrong-header", " PKC208 "])
def test_a_code_or_slug_shows_its_page_alone(user: Any, name: str) -> None:
    done = user.runs("explain", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# PKC208 key-in-wrong-header\n")


def test_a_number_that_is_a_code_and_a_status_says_so(user: Any) -> None:
    done = user.runs("explain", "401")
    assert done.stdout.startswith("# PKC401 ")
    assert done.stderr == 'For the HTTP status: portkey-claw explain "HTTP 401"\n'


def test_the_doctor_ends_with_what_openclaw_shows_and_explain_knows_it(user: Any) -> None:
    with Sandbox() as gateway:
        user.routes_to(gateway.base_url)
        shown = user.runs("doctor")
        text = " ".join(shown.stdout.split())
        assert f"In OpenClaw 2026.9.6 this shows as “{REFUSED[:-1]}”." in text
        report = user.report()
    finding = report["findings"][0]
    assert finding["shown"] == {"text": REFUSED, "version": "2026.9.6"}
    found = json.loads(user.runs("explain", "--json", finding["shown"]["text"]).stdout)
    assert found["findings"][0]["code"] == report["root_cause"] == "PKC205"
