"""The stand-in of Portkey's hosted gateway: keys, catalogue, configs and routing, with a fake vendor behind it."""

import time
from collections.abc import Callable
from random import Random
from typing import Self

from wizard.sandbox.accounts import Account, ApiKey, default_account
from wizard.sandbox.admin import ControlPlane, is_control_plane, list_models
from wizard.sandbox.answers import answer, greeting, headers_too_large, health, routing_headers
from wizard.sandbox.forward import GatewayTransport, Upstream, can_forward, forward_config
from wizard.sandbox.http_messages import Answer, Reply, Request
from wizard.sandbox.provider import FakeProvider
from wizard.sandbox.routing import LIST_SCOPES, Route, authenticate, plan
from wizard.sandbox.server import HEADER_LIMIT, LoopbackServer
from wizard.sandbox.strategies import Strategy
from wizard.sandbox.targets import LogRow, TargetCaller, Transport, directly
from wizard.sandbox.vendors import Dialect, dialect_of

GATEWAY_VERSION = "2.2.3"  # the version whose answers were measured
_MEGABYTE = 1024 * 1024


class Sandbox(LoopbackServer):
    """A Portkey workspace on this machine; a context manager.

    Its checks come in the hosted gateway's order: size, key, config and slugs, scope, headers, then routing
    with limits, allowed models and guardrails, then the vendor.

    Args:
        account: The workspace; the default account where none is given.
        port: The port to listen on; 0 takes a free one.
        upstream: A running open-source gateway that routed requests go through; it is not started or stopped
            here. Without one the sandbox speaks to the vendor itself.
        record: Keep every request in `requests`, and the vendor's in `provider.requests`.

    Attributes:
        provider: The fake vendor; its `reply` is the text of every model reply.
        override: Where set, asked first; what it returns other than None is the answer.
        log_delay: Seconds until a routed request is visible to analytics.
    """

    def __init__(
        self,
        account: Account | None = None,
        *,
        port: int = 0,
        upstream: Upstream | None = None,
        record: bool = True,
    ) -> None:
        super().__init__(port=port, record=record)
        self.account = account if account is not None else default_account()
        self.provider = FakeProvider(
            keys=[entry.vendor_key for entry in self.account.providers if entry.credential == "good"],
            models=_models_by_dialect(self.account),
            record=record,
        )
        self.override: Callable[[Request], Reply | None] | None = None
        self._upstream = upstream
        self.log_delay = 0.0
        self._rows: list[LogRow] = []
        self._control_plane = ControlPlane(self.account, self._visible_rows)
        # Seeded, so that load balancing takes the same turns in every run.
        self._random = Random(0)  # noqa: S311

    @property
    def base_url(self) -> str:
        """What OpenAI-style clients are given: the origin with `/v1`."""
        return f"{self.url}/v1"

    @property
    def log_rows(self) -> tuple[LogRow, ...]:
        """The workspace's logs, oldest first: every attempt of every routed request."""
        with self._lock:
            return tuple(self._rows)

    def start(self) -> Self:
        """Starts the vendor and the gateway.

        Raises:
            OSError: The port is taken or not allowed.
        """
        self.provider.start()
        try:
            return super().start()
        except OSError:
            self.provider.stop()
            raise

    def stop(self) -> None:
        """Stops both."""
        # The vendor first: it may be what a request here is waiting for.
        self.provider.stop()
        super().stop()

    def respond(self, request: Request) -> Reply:
        """Answers as the hosted gateway does."""
        reply = None if self.override is None else self.override(request)
        if reply is None:
            reply = self._without_key(request)
        return self._with_key(request) if reply is None else reply

    def _without_key(self, request: Request) -> Answer | None:
        if sum(len(name) + len(value) + 4 for name, value in request.headers) > HEADER_LIMIT:
            return headers_too_large()
        if request.method in {"GET", "HEAD"} and request.path == "/":
            return greeting()
        if request.method == "GET" and request.path == "/v1/health":
            return health(GATEWAY_VERSION)
        if request.body_size > self.account.payload_limit * _MEGABYTE:
            return answer("payload-too-large", limit=self.account.payload_limit)
        if self.account.control_plane and is_control_plane(request.path):
            return self._control_plane.respond(request)
        return None

    def _with_key(self, request: Request) -> Answer:
        key = authenticate(request, self.account)
        if isinstance(key, Answer):
            return key
        if not request.path.startswith("/v1/") or request.method not in {"GET", "HEAD", "POST", "DELETE"}:
            return answer("not-found")
        if request.method == "GET" and request.path == "/v1/models" and self._lists_catalogue(request, key):
            may_list = key.scopes & LIST_SCOPES
            return list_models(request, self.account) if may_list else answer("key-lacks-scope")
        route = plan(request, key, self.account, self._control_plane.configs)
        return route if isinstance(route, Answer) else self._routed(request, route)

    def _lists_catalogue(self, request: Request, key: ApiKey) -> bool:
        if (request.header("x-portkey-fetch-integrated-models") or "").lower() == "true":
            return True
        names = ("x-portkey-provider", "x-portkey-config", "x-portkey-virtual-key")
        return not key.default_config and not any(request.header(name) for name in names)

    def _routed(self, request: Request, route: Route) -> Answer:
        vendor_url = self.provider.base_url
        # The open-source gateway passes a vendor's model list on as it is, the hosted one reshapes it.
        upstream = None if request.path == "/v1/models" else self._upstream
        if upstream is not None and route.from_config and can_forward(route.tree, self.account):
            reply = forward_config(upstream, request, route, self.account, vendor_url)
            self._log_forwarded(request, route, reply)
            return reply
        transport: Transport = directly if upstream is None else GatewayTransport(upstream)
        caller = TargetCaller(request, route, self.account, vendor_url, transport)
        params = {name: value for name, value in (route.body or {}).items() if not isinstance(value, list)}
        facts = {"metadata": route.metadata, "params": params, "url": {"pathname": request.path}}
        attempt = Strategy(caller, facts, self._random).run(route.tree)
        with self._lock:
            self._rows.extend(caller.rows)
        if not attempt.routed:
            return attempt.answer
        return attempt.answer.adding(
            routing_headers(attempt.vendor, attempt.index, attempt.retries, route.trace_id, attempt.cached)
        )

    def _log_forwarded(self, request: Request, route: Route, reply: Answer) -> None:
        if reply.header("x-portkey-last-used-option-index") is None:
            return
        model = str((route.body or {}).get("model") or "")
        row = LogRow(route.trace_id, reply.status, "", model, route.metadata, request.received_at)
        with self._lock:
            self._rows.append(row)

    def _visible_rows(self) -> tuple[LogRow, ...]:
        newest = time.time() - self.log_delay
        return tuple(row for row in self.log_rows if row.at <= newest)


def _models_by_dialect(account: Account) -> dict[Dialect, list[str]]:
    models: dict[Dialect, dict[str, None]] = {"openai": {}, "anthropic": {}}
    for entry in account.providers:
        models[dialect_of(entry.vendor)].update(dict.fromkeys(entry.models))
    return {dialect: list(names) for dialect, names in models.items()}
