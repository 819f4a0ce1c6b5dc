"""A gateway that keeps no providers is told by a header which one is meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.setup.flow import Prepared

Plan = Callable[..., Prepared]
GATEWAY = "http://127.0.0.1:8787/v1"
OPEN_SOURCE = {
    "status": "failure",
    "message": "Either x-portkey-config or x-portkey-provider header is required",
}


@pytest.fixture
def open_source(gateway: Any) -> Any:
    return gateway(status=400, body=json.dumps(OPEN_SOURCE))


def test_the_vendor_goes_into_a_header_and_models_keep_their_names(plan_setup: Plan, open_source: Any) -> None:
    prepared = plan_setup(gateway_url=GATEWAY, vendor="openai", model=["gpt-5.2"], send=open_source)
    assert prepared.selection.primary == "gpt-5.2"
    assert '"x-portkey-provider": "openai"' in prepared.diff
    assert not [note for note in prepared.plan.notes if "wins over the model" in note]


def test_without_one_the_flag_is_named(plan_setup: Plan, open_source: Any) -> None:
    with pytest.raises(UserError, match="without a model catalogue") as caught:
        plan_setup(gateway_url=GATEWAY, model=["gpt-5.2"], send=open_source)
    assert caught.value.code is ExitCode.USAGE
    assert "--vendor openai" in caught.value.hint


def test_portkeys_own_gateway_wants_a_slug(plan_setup: Plan) -> None:
    with pytest.raises(UserError, match="knows providers by their slug") as caught:
        plan_setup(vendor="openai", model=["gpt-5.2"])
    assert "--slug" in caught.value.hint


def test_the_header_can_be_taken_out_again(plan_setup: Plan, config: Path) -> None:
    entry = {"baseUrl": GATEWAY, "headers": {"x-portkey-provider": "openai"}, "models": []}
    config.write_text(json.dumps({"models": {"providers": {"portkey": entry}}}))
    prepared = plan_setup(model=["@openai-prod/gpt-5.2"], clear_vendor=True)
    assert "header x-portkey-provider taken away" in [
        operation.effect for change in prepared.plan.changes for operation in getattr(change, "operations", ())
    ]
