"""Which models are meant, held against the catalogue; what is missing or wrong ends with a way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.setup.flow import Prepared
from wizard.setup.models import Selection

Plan = Callable[..., Prepared]
Gateway = Callable[..., object]
OPUS = "@anthropic-prod/claude-opus-4-5"
GPT = "@openai-prod/gpt-5.2"


def refused(plan: Plan, **given: object) -> UserError:
    with pytest.raises(UserError) as caught:
        plan(**given)
    assert caught.value.code is ExitCode.USAGE
    return caught.value


@pytest.mark.parametrize(
    ("given", "selection"),
    [
        ({"model": [OPUS]}, Selection((OPUS,), OPUS)),
        ({"model": [GPT, OPUS]}, Selection((GPT, OPUS), GPT)),
        ({"model": [GPT, OPUS], "primary": OPUS}, Selection((GPT, OPUS), OPUS)),
        ({"model": [GPT], "primary": OPUS}, Selection((GPT, OPUS), OPUS)),
        ({"primary": OPUS}, Selection((OPUS,), OPUS)),
        ({"model": [OPUS], "fallback": [GPT]}, Selection((OPUS, GPT), OPUS, (GPT,))),
        ({"model": ["claude-opus-4-5"], "slug": "@anthropic-prod"}, Selection((OPUS,), OPUS)),
        ({"model": ["gpt-5.2"]}, Selection((GPT,), GPT)),
        ({"model": [f"portkey/{OPUS}"]}, Selection((OPUS,), OPUS)),
        ({"model": [OPUS, OPUS, f"portkey/{OPUS}"]}, Selection((OPUS,), OPUS)),
        ({"slug": "openai-prod"}, Selection((GPT,), GPT)),
        ({"model": ["anything"], "config_id": "pc-1"}, Selection(("anything",), "anything")),
    ],
)
def test_what_was_typed_becomes_ids(plan_setup: Plan, given: dict[str, object], selection: Selection) -> None:
    assert plan_setup(**given).selection == selection


def test_the_only_model_needs_no_name(plan_setup: Plan, gateway: Gateway) -> None:
    assert plan_setup(send=gateway(GPT)).selection.primary == GPT


def test_several_possible_models_are_named(plan_setup: Plan) -> None:
    error = refused(plan_setup)
    assert "give --model" in error.message
    assert OPUS in error.hint
    of_one = refused(plan_setup, slug="@anthropic-prod")
    assert "@anthropic-prod/claude-sonnet-4-5" in of_one.hint
    assert GPT not in of_one.hint


def test_the_model_that_is_set_up_already_needs_no_name(config: Path, plan_setup: Plan) -> None:
    config.write_text(f'{{agents: {{defaults: {{model: "portkey/{GPT}"}}}}}}')
    assert plan_setup().selection.primary == GPT
    config.write_text(f'{{agents: {{defaults: {{model: {{primary: "portkey/{GPT}"}}}}}}}}')
    assert plan_setup().selection.primary == GPT
    for other in ('"anthropic/claude"', '"portkey/gpt-5.2"', "null", "{}"):
        config.write_text(f"{{agents: {{defaults: {{model: {other}}}}}}}")
        assert "--model" in refused(plan_setup).message


def test_a_key_without_any_model_is_told_where_to_get_one(plan_setup: Plan, gateway: Gateway) -> None:
    error = refused(plan_setup, send=gateway(body='{"object": "list", "total": 0, "data": []}'))
    assert "may use no model yet" in error.message
    assert "https://app.portkey.ai/model-catalog" in error.hint


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ({"model": ["claude-opus-4-5"]}, "give --slug", "@anthropic-prod, @eu"),
        ({"model": ["unheard-of"]}, "give --slug", "@anthropic-prod, @openai-prod, @eu"),
        ({"model": ["@anthropic-prod/claude-opus-4-6"]}, "has no such model", f"Near it: {OPUS}"),
        ({"model": ["@openai-prod/claude-opus-4-5"]}, "has no such model", OPUS),
        ({"model": ["@openai-prod/zzz"]}, "has no such model", f"may use {GPT}"),
        ({"model": ["@antropic-prod/claude-opus-4-5"]}, "no provider @antropic-prod", "may use @anthropic-prod"),
        ({"model": ["@ANTHROPIC-PROD/claude-opus-4-5"]}, "no provider @ANTHROPIC-PROD", "@anthropic-prod"),
        ({"slug": "nope"}, "no provider @nope", "@anthropic-prod"),
        ({"model": [OPUS], "fallback": ["@openai-prod/gpt-9"]}, "@openai-prod/gpt-9", "--no-verify"),
        ({"model": [OPUS], "fallback": [OPUS]}, "primary model and a fallback", "--fallback"),
        ({"model": ["@a b"]}, "--model '@a b' is no model name", ""),
        ({"primary": "@a"}, "--primary '@a' is no model name: write @slug/model", ""),
    ],
)
def test_a_wrong_model_names_the_right_ones(
    plan_setup: Plan, given: dict[str, object], message: str, hint: str
) -> None:
    error = refused(plan_setup, **given)
    assert message in error.message
    assert hint in error.hint


def test_without_verification_everything_well_formed_is_taken(plan_setup: Plan) -> None:
    assert plan_setup(model=["@nobody/knows"], no_verify=True).selection.models == ("@nobody/knows",)
    assert "--model" in refused(plan_setup, no_verify=True).message
    assert "--slug" in refused(plan_setup, no_verify=True, model=["gpt-5.2"]).message


def test_a_catalogue_that_was_cut_short_refuses_nothing(plan_setup: Plan, gateway: Gateway) -> None:
    cut = gateway(body='{"object": "list", "total": 500, "data": [{"id": "@a/b"}]}')
    prepared = plan_setup(model=["@a/c"], send=cut)
    assert "@a/c is not in the part of the catalogue" in " ".join(prepared.plan.notes)


def test_a_gateway_with_bare_names_cannot_check(plan_setup: Plan, gateway: Gateway) -> None:
    prepared = plan_setup(model=[OPUS], send=gateway("gpt-4o", "claude"))
    assert "the names could not be checked" in " ".join(prepared.plan.notes)
