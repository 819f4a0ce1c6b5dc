"""A route as data: from an agent's model ref to the request that OpenClaw would send."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from wizard.openclaw.seen import ConfigPath, Runtime
from wizard.portkey.exchange import Headers


class Hop(StrEnum):
    """The hops of a route, in the order a request meets them."""

    OPENCLAW = "openclaw"
    KEY = "key"
    NETWORK = "network"
    GATEWAY = "gateway"
    PROVIDER = "provider"
    MODEL = "model"
    LOG = "log"


HOP_ORDER = {hop: number for number, hop in enumerate(Hop)}


class Api(StrEnum):
    """The three wire formats of OpenClaw that a Portkey gateway speaks."""

    COMPLETIONS = "openai-completions"
    RESPONSES = "openai-responses"
    MESSAGES = "anthropic-messages"

    @property
    def is_openai(self) -> bool:
        """Whether OpenClaw's OpenAI client sends it, which takes the base URL as it stands."""
        return self is not Api.MESSAGES


class Refusal(StrEnum):
    """Why OpenClaw itself would send nothing."""

    NO_KEY = "no-key"
    KEY_UNRESOLVED = "key-unresolved"
    INVALID_URL = "invalid-url"
    UNKNOWN_API = "unknown-api"


@dataclass(frozen=True, slots=True)
class Reference:
    """A `${NAME}` in a value and what it comes to.

    Attributes:
        name: the variable.
        resolved: its value (a handle for a secret), or None where no layer has it.
        layer: the layer that wins, or None.
        location: that layer's file or place, in words.
        substituted: whether OpenClaw substitutes a reference of this form at all.
    """

    name: str
    resolved: str | None = None
    layer: str | None = None
    location: str = ""
    substituted: bool = True


@dataclass(frozen=True, slots=True)
class Resolved:
    """A config string as OpenClaw would use it.

    Attributes:
        raw: the text in the config.
        value: the text after substitution; unresolved references stay in it.
        references: the references in it.
        path: where it stands.
    """

    raw: str
    value: str
    references: tuple[Reference, ...] = ()
    path: ConfigPath = ()

    @property
    def unresolved(self) -> tuple[Reference, ...]:
        """The references that come to nothing."""
        return tuple(reference for reference in self.references if reference.resolved is None)


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret on its way to the gateway.

    Attributes:
        header: the header that carries it, lower case.
        value: the header's whole value (`Bearer ‹…›` or `‹…›`).
        secret: the part that is the secret: a handle, or literal text where a reference stayed unresolved.
        source: the config string it comes from, or None for OpenClaw's own placeholder.
        layer: where the value lives, in the report's words.
        location: that place, in words.
    """

    header: str
    value: str
    secret: str
    source: Resolved | None
    layer: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """What OpenClaw would put on the wire for one turn; header values hold handles."""

    method: str
    url: str
    headers: Headers
    model: str

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model as an agent names it.

    Attributes:
        text: as it is written.
        path: where it is written; empty where OpenClaw chooses by itself.
        provider_id: the provider it means, or None where it means none.
        model: the model string that will be sent.
        listed: whether that provider lists the model.
        provider_known: whether the config has that provider.
    """

    text: str
    path: ConfigPath
    provider_id: str | None
    model: str
    listed: bool
    provider_known: bool


@dataclass(frozen=True, slots=True)
class Route:
    """One way a request can take.

    Attributes:
        id: agent, role and runtime, such as `main:primary:cli`; stable over runs.
        runtime: where it runs; `both` where the runtimes agree.
        agent: the agent's id.
        role: the agent's primary model or one of its fallbacks.
        is_default: whether it belongs to the default agent.
        ref: the model ref.
        provider_path: where the provider entry stands; empty where the config has none.
        api: the entry's wire format as written, or None.
        base_url: the effective base URL, or None where the config has none.
        credentials: every secret that leaves with the request, those Portkey would read first.
        headers: the configured headers, resolved.
        request: what goes on the wire, or None where OpenClaw sends nothing.
        refusal: why it sends nothing, or None.
        portkey_signs: why this entry is taken for one that goes to Portkey; empty where nothing says so.
        external_key: the kind of store the key comes from where its value cannot be seen here.
    """

    id: str
    runtime: Runtime | Literal["both"]
    agent: str
    role: Literal["primary", "fallback"]
    is_default: bool
    ref: ModelRef
    provider_path: ConfigPath = ()
    api: str | None = None
    base_url: Resolved | None = None
    credentials: tuple[Credential, ...] = ()
    headers: tuple[tuple[str, Resolved], ...] = ()
    request: WireRequest | None = None
    refusal: Refusal | None = None
    portkey_signs: tuple[str, ...] = ()
    external_key: str | None = None

    def configured_header(self, name: str) -> Resolved | None:
        """A configured header by its lower-case name; of repeated ones the last, which wins."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)
