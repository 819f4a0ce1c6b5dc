"""Hosts that misbehave: the run ends with a clear word, and nothing of theirs reaches the terminal as it came."""

from __future__ import annotations

import re
import signal
import time
from typing import Any

import pytest

from wizard.sandbox import misbehave
from wizard.sandbox.misbehave import Behaviour, MisbehavingHost

DANGEROUS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069\u200b]")


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (misbehave.dashboard_page(), "PKC317"),
        (misbehave.captive_portal(), "PKC317"),
        (misbehave.captive_portal(403), "PKC317"),
        (misbehave.redirect("http://127.0.0.1:9"), "PKC323"),
        (misbehave.closes(), "PKC312"),
        (misbehave.resets(), "PKC312"),
        (misbehave.not_http(), "PKC312"),
        (misbehave.hostile_text(), "PKC513"),
        (misbehave.other_gateway("sk-0123456789abcdef"), "PKC304"),
    ],
    ids=[
        "dashboard",
        "portal",
        "block page",
        "redirect",
        "closes",
        "resets",
        "not http",
        "hostile text",
        "other gateway",
    ],
)
def test_a_clear_word_for_each(user: Any, behaviour: Behaviour, code: str) -> None:
    with MisbehavingHost(behaviour) as host:
        user.routes_to(f"{host.url}/v1")
        report = user.report()
        assert (report["root_cause"], report["exit_code"]) == (code, 1)
        shown = user.runs("doctor")
        assert shown.returncode == 1
        assert not DANGEROUS.search(shown.stdout + shown.stderr)


def test_a_body_without_end_is_cut(user: Any) -> None:
    with MisbehavingHost(misbehave.endless_body(100)) as host:
        user.routes_to(f"{host.url}/v1")
        started = time.monotonic()
        report = user.report()
        assert time.monotonic() - started < 20
        assert report["verdict"] in ("broken", "unknown")
        assert report["exit_code"] in (1, 3)


@pytest.mark.parametrize("behaviour", [misbehave.silent(), misbehave.drip()], ids=["silent", "drip"])
def test_a_host_that_never_ends_is_left_after_the_limit(user: Any, behaviour: Behaviour) -> None:
    with MisbehavingHost(behaviour) as host:
        user.routes_to(f"{host.url}/v1")
        started = time.monotonic()
        report = user.report("--timeout", "2")
        assert time.monotonic() - started < 15
        assert report["root_cause"] in ("PKC313", "PKC902")
        assert report["exit_code"] in (1, 3)


@pytest.mark.parametrize("as_json", [False, True])
def test_an_interruption_ends_at_once_with_130(user: Any, as_json: bool) -> None:
    with MisbehavingHost(misbehave.silent()) as host:
        user.routes_to(f"{host.url}/v1")
        before = user.config.read_bytes()
        process = user.starts("doctor", *(["--json"] if as_json else []))
        deadline = time.monotonic() + 20
        while not host.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        assert host.requests, "the doctor never asked"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 130
        assert "Interrupted" in err
        assert "Traceback" not in err
        assert ('"exit_code": 130' in out) is as_json
        assert user.config.read_bytes() == before


def test_json_is_one_document_even_on_errors(user: Any) -> None:
    import json

    for arguments, code in (
        (("doctor", "--nonsense"), 2),
        (("doctor", "--only", "PKC999"), 2),
        (("setup", "--yes"), 2),
        (("explain", "PKC999"), 2),
        (("nothing",), 2),
        ((), 2),
    ):
        done = user.runs(*arguments, "--json")
        document = json.loads(done.stdout)
        assert (done.returncode, document["exit_code"]) == (code, code), arguments
        assert document["error"]["message"]
