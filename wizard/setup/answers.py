"""What was stated, by flags or at prompts, to typed answers, each checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.base.errors import usage_error
from wizard.openclaw.seen import EnvLayer
from wizard.portkey import headers
from wizard.portkey.hosts import HostKind
from wizard.route.model import Api
from wizard.setup.gateway import Gateway, read_gateway
from wizard.setup.key import KeyAnswer, check_kept_key, foreign_key_note
from wizard.setup.questions import PRIMARY, QUESTIONS, Question
from wizard.stores.model import Storage


@dataclass(frozen=True, slots=True)
class Answers:
    """What setup was told, each answer checked by itself.

    Attributes:
        gateway: where requests are to go.
        key: the key's facts and origin.
        storage: where the key is to be kept.
        provider_id: the provider entry's name.
        api: the wire format.
        models: the models to list, as they were typed.
        primary: the primary model as it was typed, or None.
        fallbacks: the fallbacks as they were typed.
        slug: the slug for bare models, without `@`, or None.
        config_id: a saved Portkey config, or None.
        vendor: the provider as a gateway without a catalogue calls it, or None.
        trace_id: the trace id, or None.
        metadata: keys and values.
        agent: the one agent to set, or None for the default of all.
        role: what the models become: `primary`, `fallback` or `listed`.
        cleared: headers to take out of the entry, lower case.
        whole: the models, the fallbacks and the headers are all that is wanted; what is not among them goes.
        default_may_hide: the default is set even where the default agent's own model hides it.
        unlisted: models that are wanted although the catalogue does not list them.
        take_out: the layers whose files lose the key's variable.
        notes: what the user should know about these answers.
    """

    gateway: Gateway
    key: KeyAnswer
    storage: Storage
    provider_id: str
    api: Api
    models: tuple[str, ...] = ()
    primary: str | None = None
    fallbacks: tuple[str, ...] = ()
    slug: str | None = None
    config_id: str | None = None
    vendor: str | None = None
    trace_id: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    agent: str | None = None
    role: str = PRIMARY
    cleared: tuple[str, ...] = ()
    whole: bool = False
    default_may_hide: bool = False
    unlisted: tuple[str, ...] = ()
    take_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_answers(given: Mapping[str, Any], key: KeyAnswer, layers: tuple[EnvLayer, ...]) -> Answers:
    """The answers that flags, variables, defaults and prompts give.

    Args:
        given: the answers by question id; what was not given is None, False or absent.
        key: the key.
        layers: the layers that OpenClaw reads the key from, the config's last.

    Raises:
        UserError: an answer is wrong, or two contradict each other; exit code 2.
    """
    plain = {question.id: _answer(question, given) for question in QUESTIONS if question.flag is not None}
    api = Api(plain["api"])
    gateway = read_gateway(plain["gateway_url"], api)
    storage = Storage(plain["key_storage"])
    foreign = foreign_key_note(key, gateway.kind)
    kept = check_kept_key(key, layers) if storage is Storage.ENV else None
    metadata = (item.partition("=") for item in plain["metadata"])
    return Answers(
        gateway=gateway,
        key=key,
        storage=storage,
        provider_id=plain["provider_id"],
        api=api,
        models=plain["model"],
        primary=plain["primary"],
        fallbacks=plain["fallback"],
        slug=plain["slug"],
        config_id=plain["config_id"],
        vendor=_vendor(plain["vendor"], gateway),
        trace_id=plain["trace_id"],
        metadata=tuple((name, value) for name, _, value in metadata),
        agent=plain["agent"],
        role=plain["use_as"],
        cleared=cleared_headers(given),
        whole=bool(given.get("whole")),
        default_may_hide=bool(given.get("default_may_hide")),
        unlisted=tuple(given.get("unlisted") or ()),
        take_out=tuple(given.get("take_out") or ()),
        notes=(*gateway.notes, *(note for note in (foreign, kept) if note)),
    )


def _vendor(name: str | None, gateway: Gateway) -> str | None:
    if name is not None and gateway.kind is HostKind.HOSTED:
        raise usage_error(
            f"--vendor {name}: Portkey's own gateway knows providers by their slug.", "Give --slug in its place."
        )
    return name


def cleared_headers(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the headers to take out of the entry, lower case.

    Raises:
        UserError: one is to be set as well; exit code 2.
    """
    names = []
    for question, header in (
        ("config_id", headers.CONFIG),
        ("vendor", headers.PROVIDER),
        ("trace_id", headers.TRACE_ID),
        ("metadata", headers.METADATA),
    ):
        if not given.get(f"clear_{question}"):
            continue
        flag = question.replace("_", "-")
        if given.get(question):
            raise usage_error(f"--{flag} and --clear-{flag} contradict each other.", "Drop one of them.")
        names.append(header)
    return tuple(names)


def _answer(question: Question, given: Mapping[str, Any]) -> Any:
    stated = given.get(question.id)
    if question.many:
        return tuple(checked(question, item) for item in stated or ())
    if stated is None:
        return question.default
    return checked(question, stated)


def checked(question: Question, text: str) -> str:
    """An answer that a question's own check took.

    Raises:
        UserError: it did not; exit code 2.
    """
    try:
        return question.check(text)
    except ValueError as error:
        raise usage_error(f"{question.flag} {text!r} {error}.") from None
