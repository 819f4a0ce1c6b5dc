"""What a Portkey workspace holds, as frozen data: keys, providers with their models, saved configs, guardrails."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeVar

KeyState = Literal[
    "good",
    "expired",
    "exhausted",
    "workspace-exhausted",
    "rate-limited",
    "workspace-rate-limited",
    "no-organisation",
    "other-gateway",
    "plan-exhausted",
]
ProviderStatus = Literal[
    "active",
    "expired",
    "exhausted",
    "rate-limited",
    "integration-exhausted",
    "integration-rate-limited",
    "workspace-exhausted",
    "policy-exhausted",
    "policy-rate-limited",
]
Endpoint = Literal["chat", "messages", "responses"]

INFERENCE_SCOPES: Final = frozenset({"completions.write"})
# The scopes named in Portkey's pages on API keys, as far as this sandbox has calls for them.
ALL_SCOPES: Final = INFERENCE_SCOPES | {
    "models.list",
    "virtual_keys.list",
    "providers.list",
    "providers.read",
    "configs.list",
    "configs.read",
    "configs.create",
    "analytics.view",
    "logs.read",
    "logs.write",
}

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def made_up_secret(prefix: str, seed: str, length: int = 28) -> str:
    """A value in the shape of a secret that opens nothing: a prefix and characters that follow from a seed."""
    number = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=64).digest(), "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return prefix + "".join(letters)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One Portkey API key of the workspace.

    Attributes:
        name: What people call it here; not part of the wire.
        value: What is sent.
        state: Whether it works, and if not, why.
        scopes: What it may do.
        default_config: The id of the config used when a request names none.
        config_override_allowed: Whether a request may name another config then.
    """

    name: str
    value: str
    state: KeyState = "good"
    scopes: frozenset[str] = ALL_SCOPES
    default_config: str | None = None
    config_override_allowed: bool = True


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """One AI provider of the workspace: a slug, the vendor behind it, and its models.

    Attributes:
        slug: Without `@`.
        vendor: The gateway's name of the vendor, as `anthropic`.
        models: The models of its catalogue.
        vendor_key: The vendor's key stored with it.
        credential: Whether the vendor accepts that key.
        status: Whether it may be used, and if not, whose limit stands against it.
        allow_all_models: Let models outside `models` through to the vendor.
        usage_limits: The budget, in the shape of the Admin API.
        rate_limits: The rate limits, in the shape of the Admin API.
        expires_at: ISO 8601, or None.
        upstream_url: Another upstream than the sandbox's own vendor, with `/v1`; loopback only.
        unsupported: Endpoints the gateway cannot speak with this vendor.
    """

    slug: str
    vendor: str
    models: tuple[str, ...]
    vendor_key: str
    credential: Literal["good", "revoked"] = "good"
    status: ProviderStatus = "active"
    allow_all_models: bool = True
    usage_limits: Mapping[str, Any] | None = None
    rate_limits: tuple[Mapping[str, Any], ...] = ()
    expires_at: str | None = None
    upstream_url: str | None = None
    unsupported: frozenset[Endpoint] = frozenset()

    @property
    def listed_status(self) -> str:
        """The status as the Admin API lists it: `active`, `exhausted` or `expired`."""
        return self.status if self.status in {"exhausted", "expired"} else "active"


@dataclass(frozen=True, slots=True)
class SavedConfig:
    """One saved config: its `pc-…` id, its name and its JSON."""

    id: str
    body: Mapping[str, Any]
    name: str = "saved config"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One guardrail: its id, and what it says of every request."""

    id: str
    verdict: Literal["pass", "flag", "deny"] = "pass"


_Named = TypeVar("_Named", ApiKey, ProviderEntry, SavedConfig, Guardrail)


@dataclass(frozen=True, slots=True)
class Account:
    """A workspace.

    Attributes:
        keys: Its API keys.
        providers: Its AI providers.
        configs: Its saved configs.
        guardrails: Its guardrails.
        workspace: Its name.
        saved_only: Refuse inline configs, vendor names, custom hosts and forwarded headers.
        control_plane: Serve the Admin API too; False is a gateway whose control plane is elsewhere.
        payload_limit: Megabytes a request's body may have.
    """

    keys: tuple[ApiKey, ...]
    providers: tuple[ProviderEntry, ...]
    configs: tuple[SavedConfig, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    workspace: str = "sandbox"
    saved_only: bool = False
    control_plane: bool = True
    payload_limit: int = 20
    _by_value: Mapping[str, ApiKey] = field(init=False, repr=False, compare=False)
    _by_slug: Mapping[str, ProviderEntry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_value", {key.value: key for key in self.keys})
        object.__setattr__(self, "_by_slug", {entry.slug: entry for entry in self.providers})

    def find_key(self, value: str) -> ApiKey | None:
        """The key with this value, or None."""
        return self._by_value.get(value)

    def find_provider(self, slug: str) -> ProviderEntry | None:
        """The provider with this slug (without `@`, case-sensitive), or None."""
        return self._by_slug.get(slug)

    def key(self, name: str) -> ApiKey:
        """The key that people call this.

        Raises:
            KeyError: There is none.
        """
        for key in self.keys:
            if key.name == name:
                return key
        raise KeyError(name)

    def provider(self, slug: str) -> ProviderEntry:
        """The provider with this slug.

        Raises:
            KeyError: There is none.
        """
        return self._by_slug[slug]

    def adding(self, *items: ApiKey | ProviderEntry | SavedConfig | Guardrail) -> "Account":
        """The account with these too; one with the same name, slug or id is replaced."""
        return replace(
            self,
            keys=_merged(self.keys, [i for i in items if isinstance(i, ApiKey)], "name"),
            providers=_merged(self.providers, [i for i in items if isinstance(i, ProviderEntry)], "slug"),
            configs=_merged(self.configs, [i for i in items if isinstance(i, SavedConfig)], "id"),
            guardrails=_merged(self.guardrails, [i for i in items if isinstance(i, Guardrail)], "id"),
        )

    def with_models(self, total: int) -> "Account":
        """The account with made-up models spread over its providers, until it has this many.

        Raises:
            ValueError: It has more already, or has no provider.
        """
        missing = total - sum(len(entry.models) for entry in self.providers)
        if missing < 0 or not self.providers:
            raise ValueError(f"cannot make {total} models of this account")
        share, extra = divmod(missing, len(self.providers))
        widened = []
        for index, entry in enumerate(self.providers):
            count = share + (1 if index < extra else 0)
            made_up = tuple(f"{entry.vendor}-model-{number:04d}" for number in range(count))
            widened.append(replace(entry, models=entry.models + made_up))
        return replace(self, providers=tuple(widened))


def _merged(old: tuple[_Named, ...], new: Iterable[_Named], name: str) -> tuple[_Named, ...]:
    merged = {getattr(item, name): item for item in old}
    merged.update({getattr(item, name): item for item in new})
    return tuple(merged.values())


def default_account(seed: str = "sandbox") -> Account:
    """The account that people meet: four providers, three saved configs, a key for each thing that happens.

    Args:
        seed: What the made-up secrets follow from; the same seed makes the same values.
    """

    def key(name: str, state: KeyState = "good", **more: Any) -> ApiKey:
        return ApiKey(name, made_up_secret("pk-", f"{seed}:{name}"), state, **more)

    def vendor_key(vendor: str, slug: str) -> str:
        prefix = "sk-ant-api03-" if vendor == "anthropic" else "sk-proj-"
        return made_up_secret(prefix, f"{seed}:{slug}", 40)

    def provider(slug: str, vendor: str, *models: str, **more: Any) -> ProviderEntry:
        return ProviderEntry(slug, vendor, models, vendor_key(vendor, slug), **more)

    return Account(
        keys=(
            key("good"),
            key("inference-only", scopes=INFERENCE_SCOPES),
            key("no-scope", scopes=frozenset({"logs.read"})),
            key("expired", "expired"),
            key("exhausted", "exhausted"),
            key("rate-limited", "rate-limited"),
            key("default-config", default_config="pc-single-91c4e2"),
            key("locked-config", default_config="pc-single-91c4e2", config_override_allowed=False),
        ),
        providers=(
            provider("anthropic-prod", "anthropic", "claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"),
            provider("openai-prod", "openai", "gpt-5.2", "gpt-5", "gpt-5-mini", "gpt-4o", allow_all_models=False),
            provider(
                "bedrock-eu",
                "bedrock",
                "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                status="exhausted",
                usage_limits={
                    "credit_limit": 50,
                    "type": "cost",
                    "alert_threshold": 40,
                    "periodic_reset": "monthly",
                },
            ),
            provider("anthropic-old", "anthropic", "claude-opus-4-5", credential="revoked"),
        ),
        configs=(
            SavedConfig(
                "pc-single-91c4e2",
                {"provider": "@anthropic-prod", "override_params": {"model": "claude-opus-4-5"}},
                "always claude-opus-4-5",
            ),
            SavedConfig(
                "pc-fallback-3fa0b7",
                {
                    "strategy": {"mode": "fallback"},
                    "targets": [
                        {"override_params": {"model": "@anthropic-prod/claude-opus-4-5"}},
                        {"override_params": {"model": "@openai-prod/gpt-5.2"}},
                    ],
                },
                "anthropic, then openai",
            ),
            SavedConfig(
                "pc-split-5d82a1",
                {
                    "strategy": {"mode": "loadbalance"},
                    "targets": [
                        {"override_params": {"model": "@anthropic-prod/claude-sonnet-4-5"}, "weight": 0.7},
                        {"override_params": {"model": "@openai-prod/gpt-5"}, "weight": 0.3},
                    ],
                },
                "70 to 30",
            ),
        ),
        guardrails=(Guardrail("pg-deny-0a17c3", "deny"), Guardrail("pg-flag-77be20", "flag")),
    )
