"""The look into the live catalogue before anything is planned: it proves host, key and models, and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wizard.base.errors import ExitCode, UserError, usage_error
from wizard.keys.vault import Vault
from wizard.portkey import hosts
from wizard.portkey.answers import Meaning, read_answer
from wizard.portkey.catalogue import Catalogue, NoCatalogueError, read_catalogue
from wizard.portkey.exchange import Exchange, NetworkFailure, Probe
from wizard.setup.gateway import Gateway
from wizard.setup.key import KeyAnswer

_SKIP: Final = "To write the config without asking the gateway: --no-verify."

_NETWORK: Final = {
    NetworkFailure.DNS: "its name does not resolve",
    NetworkFailure.REFUSED: "the connection is refused: nothing listens there",
    NetworkFailure.UNREACHABLE: "there is no way to it",
    NetworkFailure.RESET: "the connection was cut before an answer came",
    NetworkFailure.CONNECT_TIMEOUT: "no connection came about in time",
    NetworkFailure.ANSWER_TIMEOUT: "it did not answer in time",
    NetworkFailure.TLS_UNTRUSTED: "its certificate is not trusted",
    NetworkFailure.TLS_EXPIRED: "its certificate has expired",
    NetworkFailure.TLS_NOT_YET_VALID: "its certificate is not valid yet; is the clock right?",
    NetworkFailure.TLS_HOSTNAME: "its certificate is for another name",
    NetworkFailure.PROXY: "the proxy did not let it through",
    NetworkFailure.NOT_HTTP: "what it says is not HTTP",
}


class Trouble(StrEnum):
    """What kept the catalogue from us, by who can mend it."""

    KEY = "key"
    GATEWAY = "gateway"
    NO_CATALOGUE = "no-catalogue"
    NETWORK = "network"


class LookError(UserError):
    """The catalogue did not come.

    Attributes:
        trouble: what kept it from us.
        meaning: what the gateway's answer means, or None where there was none.
        said: the gateway's own words, or an empty text.
    """

    def __init__(self, error: UserError, trouble: Trouble, meaning: Meaning | None = None, said: str = "") -> None:
        super().__init__(error.code, error.message, error.hint)
        self.trouble = trouble
        self.meaning = meaning
        self.said = said


@dataclass(frozen=True, slots=True)
class Looked:
    """The catalogue, or None where the gateway keeps none of its own; and what to say about it."""

    catalogue: Catalogue | None
    notes: tuple[str, ...] = ()


def look_into_catalogue(gateway: Gateway, key: KeyAnswer, ask: Callable[[Probe], Exchange], vault: Vault) -> Looked:
    """Asks a gateway, with the key, which models there are.

    Raises:
        LookError: the key is refused or this is no such gateway (2), or nobody answered (3).
    """
    if not hosts.may_receive_key(gateway.base_url, (str(gateway.origin),)):
        error = usage_error(f"The key may not be sent to {gateway.base_url}.", _SKIP)
        raise LookError(error, Trouble.GATEWAY)

    try:
        catalogue = read_catalogue(gateway.api_root, key.facts.handle, ask)
    except NoCatalogueError as error:
        if not error.listed:
            raise _trouble(error.exchange, gateway, key, vault) from None
        where = gateway.origin
        return Looked(None, (f"{where} lists its models without providers: the names could not be checked.",))
    return Looked(catalogue, () if catalogue.complete else ("The catalogue could not be read to its end.",))


def _trouble(exchange: Exchange, gateway: Gateway, key: KeyAnswer, vault: Vault) -> LookError:
    where = gateway.origin
    if exchange.status is None or exchange.failure is not None:
        failure = exchange.failure or NetworkFailure.RESET
        words = _NETWORK.get(failure, exchange.failure_detail)
        error = UserError(
            ExitCode.UNDETERMINED,
            f"{where} could not be asked for its models: {words}.",
            f"Nothing was written. {_SKIP}",
        )
        return LookError(error, Trouble.NETWORK)
    answer = read_answer(exchange)
    said = vault.redact(answer.said.message)
    quoted = f" It says: {said}" if said else ""
    refused = _REFUSALS.get(answer.meaning)
    if refused is not None:
        trouble, message, hint = refused
        error = usage_error(f"{where} {message}", f"{hint.format(origin=key.origin)}{quoted}")
        return LookError(error, trouble, answer.meaning, said)
    error = UserError(
        ExitCode.UNDETERMINED,
        f"{where} answered with status {exchange.status} when asked for its models.",
        f"Nothing was written. {_SKIP}{quoted}",
    )
    return LookError(error, Trouble.NETWORK, answer.meaning, said)


_NO_GATEWAY: Final = (
    Trouble.GATEWAY,
    "does not answer as a Portkey gateway does.",
    f"Is it the right --gateway-url? Portkey's own gateway is {hosts.DEFAULT_BASE_URL}. {_SKIP}",
)

_REFUSALS: Final = {
    Meaning.KEY_REJECTED: (
        Trouble.KEY,
        "refuses the key.",
        "The key was taken from {origin}. Check it, or make a new one at https://app.portkey.ai/api-keys.",
    ),
    Meaning.KEY_EXPIRED: (
        Trouble.KEY,
        "says that the key has expired.",
        "The key was taken from {origin}. Make a new one at https://app.portkey.ai/api-keys.",
    ),
    Meaning.BUDGET_EXHAUSTED: (
        Trouble.KEY,
        "says that the key's budget is used up.",
        "The key was taken from {origin}. Raise its budget at https://app.portkey.ai/api-keys, or use another key.",
    ),
    Meaning.KEY_LACKS_PERMISSION: (
        Trouble.KEY,
        "does not let this key list models.",
        "The key from {origin} needs the permission completions.write or models.list. " + _SKIP,
    ),
    Meaning.ROUTING_MISSING: (
        Trouble.NO_CATALOGUE,
        "is a gateway without a model catalogue, as the open-source gateway is.",
        "Names with @slug mean nothing to it: name the provider as it does, such as --vendor openai, and the models as "
        "that provider does. " + _SKIP,
    ),
    Meaning.PAGE: _NO_GATEWAY,
    Meaning.FOREIGN: _NO_GATEWAY,
    Meaning.UNRECOGNISED: _NO_GATEWAY,
    Meaning.REDIRECT: _NO_GATEWAY,
    Meaning.PATH_UNKNOWN: _NO_GATEWAY,
}
