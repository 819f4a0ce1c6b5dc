"""From headers and body to a route: default config, saved config, slugs, scopes, in the gateway's order."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from wizard.sandbox.accounts import INFERENCE_SCOPES, Account, ApiKey, ProviderEntry
from wizard.sandbox.answers import answer, masked
from wizard.sandbox.http_messages import Answer, Request
from wizard.sandbox.validation import check_headers

# Marks a target whose `@slug` was resolved with that slug; never part of a request.
SLUG_MARK = "resolved_slug"
LIST_SCOPES = INFERENCE_SCOPES | {"models.list", "virtual_keys.list"}


@dataclass(frozen=True, slots=True)
class Route:
    """A request that may be routed.

    Attributes:
        body: The JSON body, its model without a slug; None where the request has none.
        tree: The config to run, its slugs resolved; a single target where no config was given.
        trace_id: The caller's, or a new one.
        metadata: The caller's, empty where it is not a JSON object.
        from_config: Whether a config was given or is the key's default.
    """

    body: dict[str, Any] | None
    tree: Mapping[str, Any]
    trace_id: str
    metadata: Mapping[str, Any]
    from_config: bool


def authenticate(request: Request, account: Account) -> ApiKey | Answer:
    """The caller's key, or why it is refused.

    `x-portkey-api-key` wins; without it `Authorization` is read, of which only the exact text `Bearer ` is
    taken off; `x-api-key` is never read (measured: 2.2.3).
    """
    value = request.header("x-portkey-api-key")
    if not value:
        value = (request.header("authorization") or "").replace("Bearer ", "", 1)
    key = account.find_key(value) if value else None
    if key is None:
        return answer("key-unknown")
    if key.state != "good":
        return answer(f"key-{key.state}", key=masked(key.name), workspace=masked(account.workspace))
    return key


def plan(request: Request, key: ApiKey, account: Account, configs: Mapping[str, Mapping[str, Any]]) -> Route | Answer:
    """The route of a request, or the refusal of the first check that fails.

    Args:
        request: The request, its key found good.
        key: That key.
        account: The workspace.
        configs: The saved configs by id.
    """
    config_text = request.header("x-portkey-config")
    if config_text and key.default_config and not key.config_override_allowed:
        return answer("default-config-locked")
    blocked = _blocked_inline(request, account)
    if blocked is not None:
        return blocked
    return _Planner(request, key, account, configs, config_text or key.default_config).plan()


@dataclass(frozen=True, slots=True)
class _Planner:
    request: Request
    key: ApiKey
    account: Account
    configs: Mapping[str, Mapping[str, Any]]
    config_text: str | None

    def plan(self) -> Route | Answer:
        """Maps config and slugs, then checks scope and headers."""
        config = self._config()
        if isinstance(config, Answer):
            return config
        body = self._body()
        model_slug, model = split_model(body.get("model") if body else None)
        if body is not None and model_slug is not None:
            body["model"] = model
        slug = self._header_slug() or model_slug
        entry = None if slug is None else self.account.find_provider(slug)
        if slug is not None and entry is None:
            return answer("slug-unknown", slugs=slug)
        allowed = LIST_SCOPES if _is_model_list(self.request) else INFERENCE_SCOPES
        if not self.key.scopes & allowed:
            return answer("key-lacks-scope")
        vendor = entry.vendor if entry is not None else self.request.header("x-portkey-provider")
        refusal = check_headers(
            self.request,
            provider=vendor,
            config=self.config_text if config is None else json.dumps(config),
            loopback_allowed=False,
        )
        if refusal is not None:
            return refusal
        tree = dict(config or {})
        if not tree.get("provider") and not tree.get("targets"):
            tree |= _target_of(entry) if entry is not None else self._own_credential(vendor)
        return Route(body, tree, trace_id_of(self.request), metadata_of(self.request), config is not None)

    def _config(self) -> dict[str, Any] | Answer | None:
        config = self._given_config()
        if not isinstance(config, dict):
            return config
        unknown = [slug for slug in _slugs(config) if self.account.find_provider(slug) is None]
        if unknown:
            return answer("slug-unknown", slugs=", ".join(dict.fromkeys(unknown)))
        known = {guardrail.id for guardrail in self.account.guardrails}
        missing = [name for name in _guardrail_ids(config) if name not in known]
        if missing:
            return answer("guardrail-unknown", ids=", ".join(dict.fromkeys(missing)))
        return self._resolved(config)

    def _given_config(self) -> dict[str, Any] | Answer | None:
        """The config named or written in the header; None where there is none or it is not a JSON object."""
        text = self.config_text or ""
        if text.startswith("pc-"):
            saved = self.configs.get(text)
            return answer("config-unknown") if saved is None else dict(saved)
        try:
            config = json.loads(text)
        except ValueError:
            return None
        return config if isinstance(config, dict) else None

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        mapped = dict(node)
        if isinstance(node.get("targets"), list):
            mapped["targets"] = [self._resolved(t) if isinstance(t, dict) else t for t in node["targets"]]
            return mapped
        slug, model = _slug_of(node)
        entry = None if slug is None else self.account.find_provider(slug)
        if entry is not None:
            mapped |= _target_of(entry)
            mapped.pop("virtual_key", None)
        if model is not None:
            mapped["override_params"] = {**node["override_params"], "model": model}
        return mapped

    def _body(self) -> dict[str, Any] | None:
        if self.request.method not in {"POST", "PUT", "PATCH"}:
            return None
        # A body that is no JSON object counts as an empty one (measured: 2.2.3).
        return dict(self.request.json) if isinstance(self.request.json, dict) else {}

    def _header_slug(self) -> str | None:
        provider = self.request.header("x-portkey-provider") or ""
        if provider.startswith("@"):
            return provider[1:].partition("/")[0]
        return self.request.header("x-portkey-virtual-key") or None

    def _own_credential(self, vendor: str | None) -> dict[str, Any]:
        authorization = (self.request.header("authorization") or "").replace("Bearer ", "", 1)
        # The Portkey key is never taken for a vendor's, in whichever header it came (measured: 2.2.3).
        return {"provider": vendor, "api_key": "" if authorization == self.key.value else authorization}


def split_model(model: Any) -> tuple[str | None, str]:
    """Splits `@slug/model` at its first slash; the slug is None where there is none.

    Names that start with `@cf/` or `@hf/` are Cloudflare's and Hugging Face's own.
    """
    if not isinstance(model, str) or not model.startswith("@") or model.startswith(("@cf/", "@hf/")):
        return None, str(model or "")
    slug, _, rest = model[1:].partition("/")
    return slug, rest


def trace_id_of(request: Request) -> str:
    """The trace id a hosted gateway uses: the caller's, that of `traceparent`, or a new UUID."""
    given = request.header("x-portkey-trace-id")
    if given:
        return given
    parts = (request.header("traceparent") or "").split("-")
    if len(parts) == 4 and len(parts[1]) == 32 and parts[1].strip("0"):
        return parts[1]
    return str(uuid4())


def metadata_of(request: Request) -> Mapping[str, Any]:
    """The metadata header's object; what is not valid JSON is ignored, as the gateway does."""
    try:
        metadata = json.loads(request.header("x-portkey-metadata") or "{}")
    except ValueError:
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _target_of(entry: ProviderEntry) -> dict[str, Any]:
    return {"provider": entry.vendor, "api_key": entry.vendor_key, SLUG_MARK: entry.slug}


def _is_model_list(request: Request) -> bool:
    return request.method in {"GET", "HEAD"} and request.path == "/v1/models"


def _leaves(node: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(node, dict):
        return
    if isinstance(node.get("targets"), list):
        for target in node["targets"]:
            yield from _leaves(target)
    else:
        yield node


def _slug_of(leaf: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """A target's slug, and its overriding model once the slug is off that one."""
    override = leaf.get("override_params")
    given = override.get("model") if isinstance(override, dict) else None
    model_slug, model = split_model(given)
    provider = leaf.get("provider")
    if isinstance(provider, str) and provider.startswith("@"):
        slug: str | None = provider[1:].partition("/")[0]
    else:
        slug = leaf.get("virtual_key") or model_slug
    return slug, model if model_slug is not None else None


def _slugs(config: Mapping[str, Any]) -> Iterator[str]:
    for leaf in _leaves(config):
        slug, _ = _slug_of(leaf)
        if slug is not None:
            yield slug


def _guardrail_ids(node: Mapping[str, Any]) -> Iterator[str]:
    for field in ("input_guardrails", "output_guardrails"):
        for item in node.get(field) or ():
            if isinstance(item, str):
                yield item
    for target in node.get("targets") or ():
        if isinstance(target, dict):
            yield from _guardrail_ids(target)


def _blocked_inline(request: Request, account: Account) -> Answer | None:
    if not account.saved_only:
        return None
    config = request.header("x-portkey-config") or "pc-"
    provider = request.header("x-portkey-provider") or "@"
    if not config.startswith("pc-"):
        return answer("inline_config_blocked")
    if not provider.startswith("@"):
        return answer("inline_provider_blocked")
    if request.header("x-portkey-custom-host"):
        return answer("inline_custom_host_blocked")
    if request.header("x-portkey-forward-headers"):
        return answer("inline_forward_headers_blocked")
    return None
