"""Every question of setup, declared once: flags and prompts are made from this list."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from wizard.base.errors import UserError, usage_error
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.portkey.hosts import DEFAULT_BASE_URL
from wizard.route.model import Api
from wizard.setup import checks
from wizard.stores.model import Storage

PROVIDER_ID: Final = "portkey"

# What the Portkey models become: the first ones asked, the ones behind, or merely there to be chosen.
PRIMARY: Final = "primary"
FALLBACK: Final = "fallback"
LISTED: Final = "listed"
ROLES: Final = (PRIMARY, FALLBACK, LISTED)

Given: TypeAlias = Mapping[str, Any]


def _always(given: Given) -> bool:
    del given
    return True


def _has_bare_model(given: Given) -> bool:
    stated = (*given.get("model", ()), *given.get("fallback", ()), given.get("primary") or "@")
    return any(not name.startswith("@") for name in stated)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that setup must know.

    Attributes:
        id: its name in the answers.
        prompt: how a person is asked.
        help: what the flag's help says.
        flag: the flag that answers it, or None where a plain argument would give a secret away.
        metavar: the flag's value in the help.
        env: the variable that answers it, or None.
        default: the answer that `--yes` accepts, or None where there is none to accept.
        many: whether the flag may be repeated; the answer is then a tuple.
        check: gives the normalised answer, or raises ValueError with a clause that says what is wrong.
        applies: whether the question needs an answer, given the ones before it.
        stdin_flag: the flag that reads the answer from standard input, or None.
        file_flag: the flag that names a file with the answer, or None.
    """

    id: str
    prompt: str
    help: str
    flag: str | None = None
    metavar: str = ""
    env: str | None = None
    default: str | None = None
    many: bool = False
    check: Callable[[str], str] = checks.any_text
    applies: Callable[[Given], bool] = _always
    stdin_flag: str | None = None
    file_flag: str | None = None

    @property
    def sources(self) -> str:
        """Everything that answers it without a person, for messages."""
        stated = [flag for flag in (self.flag, self.stdin_flag, self.file_flag) if flag]
        variables = [f"the variable {self.env}"] if self.env else []
        return " or ".join(variables + stated)


@dataclass(frozen=True, slots=True)
class Switch:
    """A flag that answers no question but says how to go about it."""

    id: str
    flag: str
    help: str


QUESTIONS: Final = (
    Question(
        id="gateway_url",
        prompt="Portkey gateway",
        help=f"base URL of the Portkey gateway (default: the one that the entry leads to already, else "
        f"{DEFAULT_BASE_URL})",
        flag="--gateway-url",
        metavar="URL",
        default=DEFAULT_BASE_URL,
    ),
    Question(
        id="api_key",
        prompt="Portkey API key",
        help="the Portkey API key",
        env=KEY_VARIABLE,
        stdin_flag="--api-key-stdin",
        file_flag="--api-key-file",
    ),
    Question(
        id="key_storage",
        prompt="Where to keep the key",
        help=f"where OpenClaw gets the key from: {Storage.OPENCLAW_ENV} writes it into its config (default), "
        f"{Storage.KEYRING} into the system's keyring, {Storage.DOTENV} into the .env file of OpenClaw's folder, "
        f"{Storage.ENV} stores nothing, it already is in an environment that OpenClaw reads",
        flag="--key-storage",
        metavar="{" + ",".join(Storage) + "}",
        default=Storage.OPENCLAW_ENV.value,
        check=checks.one_of(tuple(Storage)),
    ),
    Question(
        id="provider_id",
        prompt="Name of the entry",
        help="name of the provider entry in OpenClaw's config (default: portkey)",
        flag="--provider-id",
        metavar="ID",
        default=PROVIDER_ID,
        check=checks.provider_id,
    ),
    Question(
        id="api",
        prompt="Wire format",
        help=f"wire format between OpenClaw and the gateway (default: {Api.COMPLETIONS.value})",
        flag="--api",
        metavar="{" + ",".join(api.value for api in Api) + "}",
        default=Api.COMPLETIONS.value,
        check=checks.one_of(tuple(api.value for api in Api)),
    ),
    Question(
        id="config_id",
        prompt="Portkey config",
        help="id of a saved Portkey config that every request is to use (pc-…)",
        flag="--config-id",
        metavar="pc-ID",
        check=checks.config_id,
    ),
    Question(
        id="model",
        prompt="Models",
        help="a model to list, as @slug/model, or bare together with --slug; may be repeated",
        flag="--model",
        metavar="ID",
        many=True,
        check=checks.model,
    ),
    Question(
        id="primary",
        prompt="Primary model",
        help="the model that OpenClaw uses first (default: the one of this entry that it uses already, else the "
        "first --model)",
        flag="--primary",
        metavar="MODEL",
        check=checks.model,
    ),
    Question(
        id="fallback",
        prompt="Fallbacks (optional)",
        help="a model to try when the ones before it fail, added to those there are; may be repeated",
        flag="--fallback",
        metavar="MODEL",
        many=True,
        check=checks.model,
    ),
    Question(
        id="use_as",
        prompt="The default model",
        help=f"{PRIMARY} makes the primary model OpenClaw's first choice (default), {FALLBACK} puts it behind the "
        f"models in use, {LISTED} only adds it to what can be chosen",
        flag="--use-as",
        metavar="{" + ",".join(ROLES) + "}",
        default=PRIMARY,
        check=checks.one_of(ROLES),
    ),
    Question(
        id="slug",
        prompt="Provider",
        help="slug of the provider in Portkey for models that are named without one",
        flag="--slug",
        metavar="@SLUG",
        check=checks.slug,
        applies=_has_bare_model,
    ),
    Question(
        id="vendor",
        prompt="Provider's name",
        help="name of the provider for a gateway that keeps no providers of its own, as the open-source one, such as "
        "openai (header x-portkey-provider)",
        flag="--vendor",
        metavar="NAME",
        check=checks.vendor,
    ),
    Question(
        id="trace_id",
        prompt="Trace id",
        help="trace id of every request (header x-portkey-trace-id)",
        flag="--trace-id",
        metavar="ID",
        check=checks.trace_id,
    ),
    Question(
        id="metadata",
        prompt="Metadata",
        help="metadata of every request (header x-portkey-metadata); may be repeated",
        flag="--metadata",
        metavar="KEY=VALUE",
        many=True,
        check=checks.metadata,
    ),
    Question(
        id="agent",
        prompt="Which agents",
        help="set this agent's model and leave the default of all agents as it is",
        flag="--agent",
        metavar="ID",
        check=checks.agent_id,
    ),
)

SWITCHES: Final = (
    Switch("no_verify", "--no-verify", "do not ask the gateway: no look into the catalogue, no doctor afterwards"),
    Switch("no_spend", "--no-spend", "verify only with requests that cost nothing"),
    Switch("clear_config_id", "--clear-config-id", "take the header x-portkey-config out of the entry"),
    Switch("clear_vendor", "--clear-vendor", "take the header x-portkey-provider out of the entry"),
    Switch("clear_trace_id", "--clear-trace-id", "take the header x-portkey-trace-id out of the entry"),
    Switch("clear_metadata", "--clear-metadata", "take the header x-portkey-metadata out of the entry"),
    Switch("remove", "--remove", "take Portkey out of OpenClaw's config again"),
    Switch("dry_run", "--dry-run", "show plan and diff, write nothing"),
    Switch("yes", "--yes", "accept defaults and write without asking"),
)

BY_ID: Final = {question.id: question for question in QUESTIONS}


def declare(parser: argparse.ArgumentParser) -> None:
    """Adds every flag of the questions and switches to a parser."""
    for question in QUESTIONS:
        if question.flag is not None:
            action = "append" if question.many else "store"
            parser.add_argument(
                question.flag, dest=question.id, metavar=question.metavar, action=action, help=question.help
            )
        if question.stdin_flag is not None:
            parser.add_argument(
                question.stdin_flag,
                dest=f"{question.id}_stdin",
                action="store_true",
                help=f"read {question.help} from standard input (otherwise: the variable {question.env})",
            )
        if question.file_flag is not None:
            parser.add_argument(
                question.file_flag, dest=f"{question.id}_file", metavar="PATH", help=f"read {question.help} from a file"
            )
    for switch in SWITCHES:
        parser.add_argument(switch.flag, dest=switch.id, action="store_true", help=switch.help)


def missing(question: Question, why: str, hint: str = "") -> UserError:
    """The answer to a question is missing and nobody can be asked: exit code 2, naming the flag."""
    return usage_error(f"{why}: give {question.sources}.", hint)
