"""Flags, variables and defaults to typed answers. Nobody is asked: what is missing ends the run and names its flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.keys.vault import Vault
from wizard.openclaw.seen import EnvLayer
from wizard.route.model import Api
from wizard.setup.gateway import Gateway, read_gateway
from wizard.setup.key import KeyAnswer, key_notes, read_key
from wizard.setup.questions import QUESTIONS, Question


@dataclass(frozen=True, slots=True)
class Answers:
    """What setup was told, each answer checked by itself.

    Attributes:
        gateway: where requests are to go.
        key: the key's facts and origin.
        storage: `openclaw-env` or `env`.
        provider_id: the provider entry's name.
        api: the wire format.
        models: the models to list, as they were typed.
        primary: the primary model as it was typed, or None.
        fallbacks: the fallbacks as they were typed.
        slug: the slug for bare models, without `@`, or None.
        config_id: a saved Portkey config, or None.
        trace_id: the trace id, or None.
        metadata: keys and values.
        agent: the one agent to set, or None for the default of all.
        notes: what the user should know about these answers.
    """

    gateway: Gateway
    key: KeyAnswer
    storage: str
    provider_id: str
    api: Api
    models: tuple[str, ...] = ()
    primary: str | None = None
    fallbacks: tuple[str, ...] = ()
    slug: str | None = None
    config_id: str | None = None
    trace_id: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    agent: str | None = None
    notes: tuple[str, ...] = ()


def read_answers(
    given: Mapping[str, Any], layers: tuple[EnvLayer, ...], environment: Environment, vault: Vault
) -> Answers:
    """The answers that flags, variables and defaults give.

    Args:
        given: the flags by question id; what was not given is None, False or absent.
        layers: the layers that OpenClaw reads the key from, the config's last.
        environment: streams and variables.
        vault: keeps the key.

    Raises:
        UserError: an answer is wrong, or the key is missing; exit code 2.
    """
    plain = {question.id: _answer(question, given) for question in QUESTIONS if question.flag is not None}
    api = Api(plain["api"])
    gateway = read_gateway(plain["gateway_url"], api)
    key = read_key(given, plain["key_storage"], layers, environment, vault)
    metadata = (item.partition("=") for item in plain["metadata"])
    return Answers(
        gateway=gateway,
        key=key,
        storage=plain["key_storage"],
        provider_id=plain["provider_id"],
        api=api,
        models=plain["model"],
        primary=plain["primary"],
        fallbacks=plain["fallback"],
        slug=plain["slug"],
        config_id=plain["config_id"],
        trace_id=plain["trace_id"],
        metadata=tuple((name, value) for name, _, value in metadata),
        agent=plain["agent"],
        notes=(*gateway.notes, *key_notes(key, plain["key_storage"], layers, gateway.kind)),
    )


def _answer(question: Question, given: Mapping[str, Any]) -> Any:
    stated = given.get(question.id)
    if question.many:
        return tuple(_checked(question, item) for item in stated or ())
    if stated is None:
        return question.default
    return _checked(question, stated)


def _checked(question: Question, text: str) -> str:
    try:
        return question.check(text)
    except ValueError as error:
        raise usage_error(f"{question.flag} {text!r} {error}.") from None
