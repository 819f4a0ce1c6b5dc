"""A client with a vault of its own, and a TLS authority."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from wizard.base.limits import Deadline
from wizard.keys.vault import Vault
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import Exchange, Headers, Probe, ProbeKind

KEY = "hT3k9dJ2lAq8ZxW0pRk5Vn+c1M/="

Ask = Callable[..., Exchange]


@pytest.fixture
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # What was given up ends by itself a moment after its server.
    end = time.monotonic() + 5
    while not set(threading.enumerate()) <= before and time.monotonic() < end:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


@pytest.fixture
def vault() -> Vault:
    filled = Vault()
    filled.take(KEY, "a test")
    return filled


@pytest.fixture
def handle(vault: Vault) -> str:
    """The handle of the key that is in the vault."""
    return vault.take(KEY, "a test").handle


@pytest.fixture
def client(vault: Vault) -> Iterator[Client]:
    asking = Client(vault, Deadline.after(60))
    yield asking
    asking.close()


@pytest.fixture
def ask(client: Client, handle: str) -> Ask:
    """Asks a URL with the key, and gives what came."""

    def send(
        url: str,
        transport: Transport | None = None,
        *,
        sent: Headers | None = None,
        body: str | None = None,
        answer_limit: int = 64 * 2**10,
    ) -> Exchange:
        probe = Probe(
            id="probe",
            kind=ProbeKind.CALL if body else ProbeKind.CATALOGUE,
            route_ids=("main:primary:cli",),
            method="POST" if body else "GET",
            url=url,
            headers=sent if sent is not None else (("x-portkey-api-key", handle),),
            body=body,
            answer_limit=answer_limit,
        )
        exchange = client.send(probe, transport or Transport())
        assert KEY not in repr(exchange)
        return exchange

    return send


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def tls(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """A server's TLS context with a certificate for these names."""

    def context(*names: str, **more: object) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, **more).configure_cert(made)  # type: ignore[arg-type]
        return made

    return context
