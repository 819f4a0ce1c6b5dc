"""What can stand at a base URL: gateways that fail in a certain way, and programs that are no gateway."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.diagnosis_live.scenario import ACCOUNT, Host
from wizard.sandbox.accounts import Account, ApiKey, Guardrail, ProviderEntry, SavedConfig
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Answer, Reply, Request, json_answer, text_answer
from wizard.sandbox.misbehave import Behaviour, MisbehavingHost
from wizard.sandbox.opensource_standin import OpenSourceStandIn
from wizard.sandbox.provider import FakeProvider, Fault
from wizard.sandbox.server import LoopbackServer


def portkey(*added: ApiKey | ProviderEntry | SavedConfig | Guardrail, **changes: Any) -> Host:
    """A Portkey gateway: the usual account with these too, and with these of its settings changed."""
    account: Account = replace(ACCOUNT.adding(*added), **changes)
    return lambda: Sandbox(account)


def vendor_fails(fault: Fault) -> Host:
    """A Portkey gateway whose vendor fails so."""

    def make() -> Sandbox:
        sandbox = Sandbox(ACCOUNT)
        sandbox.provider.set_fault(fault)
        return sandbox

    return make


def answering(path: str, reply: Callable[[Request], Reply]) -> Host:
    """A Portkey gateway that answers so on one path, with a good key or without."""

    def make() -> Sandbox:
        sandbox = Sandbox(ACCOUNT)
        sandbox.override = lambda request: reply(request) if request.path.endswith(path) else None
        return sandbox

    return make


def once(path: str, reply: Callable[[Request], Reply]) -> Host:
    """A Portkey gateway that answers so the first time it is asked for a path."""

    def make() -> Sandbox:
        sandbox = Sandbox(ACCOUNT)
        first = iter([reply])
        sandbox.override = lambda request: next(first, _nothing)(request) if request.path.endswith(path) else None
        return sandbox

    return make


def _nothing(_: Request) -> None:
    return None


def below(prefix: str) -> Host:
    """A Portkey gateway behind a reverse proxy that puts a path before its own."""

    class Mounted(Sandbox):
        def respond(self, request: Request) -> Reply:
            if not request.target.startswith(prefix):
                return text_answer(404, "no such service")
            return super().respond(replace(request, target=request.target.removeprefix(prefix)))

    return lambda: Mounted(ACCOUNT)


def misbehaving(behaviour: Behaviour) -> Host:
    """A host that answers everything by one behaviour."""
    return lambda: MisbehavingHost(behaviour)


def local_models() -> LoopbackServer:
    """A model server on this machine: it takes any key and lists models without a slug."""

    def behave(request: Request) -> Reply:
        if request.path.endswith("/models"):
            return json_answer(200, {"object": "list", "data": [{"id": "llama3", "object": "model"}]})
        return Answer(404, b"404 page not found", (("content-type", "text/plain"),))

    return MisbehavingHost(behave)


class _OpenSource(OpenSourceStandIn):
    """The open-source gateway with the vendor behind it."""

    def __init__(self, **options: Any) -> None:
        self.account = ACCOUNT
        self.vendor = FakeProvider(keys=[entry.vendor_key for entry in ACCOUNT.providers])
        super().__init__(**options)

    def start(self) -> _OpenSource:
        self.vendor.start()
        self._vendor_url = self.vendor.base_url
        return super().start()

    def stop(self) -> None:
        self.vendor.stop()
        super().stop()


def open_source(**options: Any) -> Host:
    """The open-source gateway."""
    return lambda: _OpenSource(**options)


class Deaf(LoopbackServer):
    """A port that takes no connection and refuses none: its queue is full."""

    def __init__(self) -> None:
        super().__init__()
        self._sockets: list[socket.socket] = []

    def start(self) -> Deaf:
        """Fills the queue."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = listener.getsockname()[1]
        self._sockets = [listener]
        for _ in range(3):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
            self._sockets.append(waiting)
        return self

    def stop(self) -> None:
        """Closes every socket."""
        for each in self._sockets:
            each.close()

    def respond(self, request: Request) -> Reply:
        """Nobody is accepted here, so that nothing can be asked.

        Raises:
            AssertionError: somebody was.
        """
        raise AssertionError(f"{request} was let in by a host whose queue is full")
