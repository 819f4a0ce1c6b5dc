"""The control plane: the model catalogue, providers, configs and analytics (shapes of Portkey's openapi.yaml)."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from wizard.sandbox.accounts import Account, ApiKey, ProviderEntry, SavedConfig
from wizard.sandbox.answers import answer
from wizard.sandbox.http_messages import Answer, Request, json_answer
from wizard.sandbox.replies import new_id
from wizard.sandbox.targets import LogRow

_CREATED_AT: Final = "2026-01-15T09:00:00.000Z"
_PAGE_SIZE: Final = 50
# Paths of the Admin API that this sandbox has no data for; a workspace key gets "not allowed" there.
_OTHER_PATHS: Final = ("/v1/integrations", "/v1/api-keys", "/v1/policies", "/v1/admin", "/v1/logs/exports")
_OWN_PATHS: Final = ("/v1/providers", "/v1/virtual-keys", "/v1/configs", "/v1/analytics")


def is_control_plane(path: str) -> bool:
    """Whether the control plane answers this path, rather than the gateway."""
    return any(path == known or path.startswith(f"{known}/") for known in (*_OWN_PATHS, *_OTHER_PATHS))


def list_models(request: Request, account: Account) -> Answer:
    """The workspace's catalogue: `GET /v1/models` with `limit`, `offset`, `sort`, `order`, `provider`.

    Without `limit` everything is listed; whether hosted Portkey has a default is not documented.
    """
    query = request.query
    vendor = query.get("provider") or query.get("ai_service")
    models = [(entry, model) for entry in account.providers if vendor in {None, entry.vendor} for model in entry.models]
    if query.get("sort") == "name":
        models.sort(key=lambda pair: pair[1])
    elif query.get("sort") in {"provider", "ai_service"}:
        models.sort(key=lambda pair: (pair[0].vendor, pair[1]))
    if query.get("order") == "desc":
        models.reverse()
    offset = _number(query, "offset", 0)
    data = [
        {"id": f"@{entry.slug}/{model}", "slug": model, "canonical_slug": model, "object": "model"}
        for entry, model in models[offset : offset + _number(query, "limit", len(models))]
    ]
    return json_answer(200, {"object": "list", "total": len(models), "data": data})


class ControlPlane:
    """The Admin API of one account.

    Args:
        account: The workspace.
        rows: The log rows that are visible by now.
    """

    def __init__(self, account: Account, rows: Callable[[], Sequence[LogRow]]) -> None:
        self._account = account
        self._rows = rows
        self._configs = {config.id: config for config in account.configs}

    @property
    def configs(self) -> Mapping[str, Mapping[str, Any]]:
        """The bodies of the saved configs by id, created ones included."""
        return {name: config.body for name, config in self._configs.items()}

    def respond(self, request: Request) -> Answer:
        """Answers a request of the Admin API, which reads `x-portkey-api-key` only."""
        key = self._account.find_key(request.header("x-portkey-api-key") or "")
        if key is None or key.state in {"expired", "no-organisation"}:
            return answer("admin-unauthorized")
        if key.state == "plan-exhausted":
            return answer("key-plan-exhausted")
        for method, path, scope, handler in (
            ("GET", "/v1/providers", "providers.list", self._list_providers),
            ("GET", "/v1/virtual-keys", "virtual_keys.list", self._list_providers),
            ("GET", "/v1/providers/", "providers.read", self._read_provider),
            ("GET", "/v1/configs", "configs.list", self._list_configs),
            ("POST", "/v1/configs", "configs.create", self._create_config),
            ("GET", "/v1/configs/", "configs.read", self._read_config),
            ("GET", "/v1/analytics/graphs/requests", "analytics.view", self._count_requests),
        ):
            exact = request.path == path or (path.endswith("/") and request.path.startswith(path))
            if request.method == method and exact:
                return handler(request) if _may(key, scope) else answer("admin-forbidden")
        return answer("admin-forbidden")

    def _list_providers(self, request: Request) -> Answer:
        entries = self._account.providers
        size = _number(request.query, "page_size", _PAGE_SIZE)
        start = _number(request.query, "current_page", 0) * size
        data = [self._provider(entry) for entry in entries[start : start + size]]
        return json_answer(200, {"object": "list", "total": len(entries), "data": data})

    def _read_provider(self, request: Request) -> Answer:
        entry = self._account.find_provider(request.path.rpartition("/")[2])
        return answer("admin-not-found") if entry is None else json_answer(200, self._provider(entry))

    def _provider(self, entry: ProviderEntry) -> dict[str, Any]:
        return {
            "name": entry.slug.replace("-", " "),
            "slug": entry.slug,
            # Not documented, yet Portkey's own command line reads it.
            "provider": entry.vendor,
            "workspace_name": self._account.workspace,
            "integration_id": _stable_id(f"integration/{entry.slug}"),
            "note": None,
            "status": entry.listed_status,
            "usage_limits": entry.usage_limits,
            "rate_limits": list(entry.rate_limits),
            "reset_usage": 0,
            "expires_at": entry.expires_at,
            "created_at": _CREATED_AT,
            "object": "provider",
        }

    def _list_configs(self, _request: Request) -> Answer:
        data = [
            {
                "id": _stable_id(f"config/{config.id}"),
                "name": config.name,
                "slug": config.id,
                "workspace_id": _stable_id(self._account.workspace),
                "organisation_id": _stable_id("organisation"),
                "is_default": 0,
                "status": "active",
                "owner_id": _stable_id("owner"),
                "updated_by": _stable_id("owner"),
                "created_at": _CREATED_AT,
                "last_updated_at": _CREATED_AT,
            }
            for config in tuple(self._configs.values())
        ]
        return json_answer(200, {"success": True, "data": data})

    def _read_config(self, request: Request) -> Answer:
        config = self._configs.get(request.path.rpartition("/")[2])
        if config is None:
            return answer("admin-not-found")
        return json_answer(200, {"success": True, "data": {"config": config.body}})

    def _create_config(self, request: Request) -> Answer:
        given = request.json if isinstance(request.json, dict) else {}
        name, body = given.get("name"), given.get("config")
        if not isinstance(name, str) or not name or not isinstance(body, dict) or not body:
            return answer("admin-invalid")
        config = SavedConfig(new_id("pc-sandbox-")[:17], body, name)
        self._configs[config.id] = config
        ids = {"id": _stable_id(f"config/{config.id}"), "version_id": _stable_id(f"version/{config.id}")}
        return json_answer(200, {"success": True, "data": ids})

    def _count_requests(self, request: Request) -> Answer:
        query = request.query
        if not query.get("time_of_generation_min") or not query.get("time_of_generation_max"):
            return answer("admin-invalid")
        rows = [row for row in self._rows() if _row_matches(row, query)]
        stamp = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime())
        points = [{"timestamp": stamp, "total": len(rows)}] if rows else []
        return json_answer(200, {"summary": {"total": len(rows)}, "data_points": points, "object": "analytics-graph"})


def _may(key: ApiKey, scope: str) -> bool:
    return key.state != "other-gateway" and scope in key.scopes


def _row_matches(row: LogRow, query: Mapping[str, str]) -> bool:
    if query.get("trace_id") and row.trace_id not in query["trace_id"].split(","):
        return False
    if query.get("status_code") and str(row.status) not in query["status_code"].split(","):
        return False
    try:
        wanted = json.loads(query.get("metadata") or "{}")
    except ValueError:
        wanted = {}
    return all(row.metadata.get(name) == value for name, value in wanted.items())


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdecimal() else default


def _stable_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"sandbox/{name}"))
