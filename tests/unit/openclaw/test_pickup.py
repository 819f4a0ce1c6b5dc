"""What a running gateway needs until it has a change: the rows of docs/facts/openclaw.md."""

from __future__ import annotations

import pytest

from wizard.openclaw.pickup import Need, Touched, pickup
from wizard.openclaw.versions import Version

NEW, OLD = (2026, 9, 6), (2026, 5, 7)
KEY = ("models", "providers", "portkey", "apiKey")
PRIMARY = ("agents", "defaults", "model", "primary")
VARIABLE = ("env", "vars", "PORTKEY_API_KEY")
RESOLVER = ("secrets", "providers", "portkey-claw")


@pytest.mark.parametrize(
    ("touched", "new", "old"),
    [
        (Touched(), Need.NOTHING, Need.NOTHING),
        (Touched((KEY, PRIMARY, RESOLVER)), Need.NOTHING, Need.NOTHING),
        (Touched((KEY, VARIABLE)), Need.RESTARTS_ITSELF, Need.RESTART),
        (Touched((KEY,), dotenv=True), Need.RESTART, Need.RESTART),
        (Touched((VARIABLE,), dotenv=True), Need.RESTART, Need.RESTART),
        (Touched(stored_key=True), Need.RELOAD_SECRETS, Need.RESTART),
        (Touched((VARIABLE,), stored_key=True), Need.RELOAD_SECRETS, Need.RESTART),
        (Touched(profiles=True), Need.RESTART, Need.RESTART),
        (Touched(((),)), Need.RESTART, Need.RESTART),
    ],
    ids=[
        "nothing",
        "route",
        "env.vars",
        ".env",
        ".env and env.vars",
        "keyring",
        "keyring and env.vars",
        "profile",
        "whole file",
    ],
)
def test_what_a_change_needs(touched: Touched, new: Need, old: Need) -> None:
    assert pickup(touched, NEW).need is new
    assert pickup(touched, OLD).need is old
    assert pickup(touched, None).need is old


@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_gateway_that_does_not_watch_its_config_must_be_restarted(version: Version) -> None:
    off = {"gateway": {"reload": {"mode": "off"}}}
    assert pickup(Touched((KEY,)), version, off).need is Need.RESTART
    assert pickup(Touched(), version, off).need is Need.NOTHING
    assert pickup(Touched((KEY,)), version, {"gateway": {"reload": {"mode": "hybrid"}}}).need is Need.NOTHING
    assert pickup(Touched((KEY,)), version, {"gateway": None}).need is Need.NOTHING


def test_the_sentence_names_the_command() -> None:
    restart = pickup(Touched(dotenv=True), NEW)
    assert restart.command == "openclaw gateway restart"
    assert restart.command in restart.words
    reload = pickup(Touched(stored_key=True), NEW)
    assert reload.command == "openclaw secrets reload"
    assert reload.command in reload.words
    assert pickup(Touched((VARIABLE,)), NEW).command is None
