"""The checks that both gateways make on headers and on a config before they route (measured on 1.15.2 and 2.2.3)."""

import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from wizard.sandbox.answers import answer
from wizard.sandbox.http_messages import Answer, Request
from wizard.sandbox.vendors import VENDOR_NAMES

STRATEGY_MODES: Final = ("single", "loadbalance", "fallback", "conditional")
_NOTHING_USABLE: Final = (
    "Invalid configuration. It must have either 'provider' and 'api_key', or 'strategy' and 'targets', or "
    "'cache', or 'retry', or 'request_timeout'"
)
# What besides a provider with a key, or a strategy with targets, makes a config valid.
_SUFFICIENT: Final = (
    "cache",
    "retry",
    "request_timeout",
    "prompt_id",
    "forward_headers",
    "input_guardrails",
    "output_guardrails",
    "before_request_hooks",
    "after_request_hooks",
    "passthrough",
    "default_params",
    "drop_params",
)
_LOCAL_HOSTS: Final = ("127.0.0.1", "localhost", "host.docker.internal")


def check_headers(
    request: Request,
    *,
    provider: str | None,
    config: str | None,
    loopback_allowed: bool,
) -> Answer | None:
    """Checks the headers that route, in the gateways' order.

    Args:
        request: The request, for its content type and custom host.
        provider: The vendor's name after any `@slug` was resolved.
        config: The config header's text after any `pc-…` id was resolved.
        loopback_allowed: Whether a custom host may be on this machine.

    Returns:
        The refusal, or None.
    """
    content_type = (request.header("content-type") or "application/json").partition(";")[0].strip().lower()
    if content_type not in {"application/json", "multipart/form-data"}:
        return answer("content-type")
    if not config and not provider:
        return answer("routing-missing")
    if provider and provider not in VENDOR_NAMES:
        return answer("provider-invalid")
    custom_host = request.header("x-portkey-custom-host")
    if custom_host and not custom_host_allowed(custom_host, loopback_allowed=loopback_allowed):
        return answer("custom-host-invalid")
    if config:
        return check_config(config, provider=provider)
    return None


def custom_host_allowed(url: str, *, loopback_allowed: bool) -> bool:
    """Whether the gateways take this custom host: http or https, no user, not private, not Portkey itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host or parts.username or "api.portkey" in url:
        return False
    if host in _LOCAL_HOSTS:
        return loopback_allowed
    if host.endswith((".local", ".internal", ".localhost")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def check_config(text: str, *, provider: str | None) -> Answer | None:
    """Checks a config header's text; `provider` is the vendor named beside it, if any."""
    try:
        config = json.loads(text)
    except ValueError:
        return answer("config-not-json")
    if config is None:
        return answer("config-not-json")
    fields = config if isinstance(config, dict) else {}
    if not provider and not (fields.get("provider") or fields.get("targets") is not None):
        return answer("config-without-provider")
    errors = list(config_errors(config))
    return answer("config-invalid", errors=errors) if errors else None


def config_errors(config: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """What is wrong with a config, each as `path: a,b, message: …`; nothing where it is valid."""
    if not isinstance(config, dict):
        yield _issue(path, f"Expected object, received {_kind(config)}")
        return
    yield from _strategy_errors(config.get("strategy"), (*path, "strategy"))
    provider = config.get("provider")
    if provider is not None and provider not in VENDOR_NAMES:
        yield _issue((*path, "provider"), f"Invalid 'provider' value. Must be one of: {', '.join(VENDOR_NAMES)}")
    yield from _field_errors(config, path)
    targets = config.get("targets")
    if targets is not None and not isinstance(targets, list):
        yield _issue((*path, "targets"), f"Expected array, received {_kind(targets)}")
    elif targets:
        for index, target in enumerate(targets):
            yield from config_errors(target, (*path, "targets", str(index)))
    if not _is_usable(config):
        yield _issue(path, _NOTHING_USABLE)


def _is_usable(config: Mapping[str, Any]) -> bool:
    if config.get("provider") and (config.get("api_key") or config.get("custom_host")):
        return True
    if config.get("strategy") is not None and config.get("targets") is not None:
        return True
    return any(config.get(name) is not None for name in _SUFFICIENT)


def _strategy_errors(strategy: Any, path: tuple[str, ...]) -> Iterator[str]:
    if strategy is None:
        return
    if not isinstance(strategy, dict):
        yield _issue(path, f"Expected object, received {_kind(strategy)}")
        return
    if "mode" not in strategy:
        yield _issue((*path, "mode"), "Required")
    elif strategy["mode"] not in STRATEGY_MODES:
        yield _issue((*path, "mode"), f"Invalid 'mode' value. Must be one of: {', '.join(STRATEGY_MODES)}")
    yield from _numbers(strategy.get("on_status_codes"), (*path, "on_status_codes"))


def _field_errors(config: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name in ("weight", "request_timeout"):
        if config.get(name) is not None and not _is_number(config[name]):
            yield _issue((*path, name), f"Expected number, received {_kind(config[name])}")
    retry = config.get("retry")
    if isinstance(retry, dict):
        attempts = retry.get("attempts")
        if attempts is None:
            yield _issue((*path, "retry", "attempts"), "Required")
        elif not _is_number(attempts):
            yield _issue((*path, "retry", "attempts"), f"Expected number, received {_kind(attempts)}")
        yield from _numbers(retry.get("on_status_codes"), (*path, "retry", "on_status_codes"))
    cache = config.get("cache")
    if isinstance(cache, dict) and "mode" not in cache:
        yield _issue((*path, "cache", "mode"), "Required")


def _numbers(values: Any, path: tuple[str, ...]) -> Iterator[str]:
    if values is None:
        return
    if not isinstance(values, list):
        yield _issue(path, f"Expected array, received {_kind(values)}")
        return
    for index, value in enumerate(values):
        if not _is_number(value):
            yield _issue((*path, str(index)), f"Expected number, received {_kind(value)}")


def _issue(path: Sequence[str], message: str) -> str:
    return f"path: {','.join(path)}, message: {message}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        ((int, float), "number"),
        (str, "string"),
        (list, "array"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "object")
