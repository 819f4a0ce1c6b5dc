"""What a run has to be told of the world outside: which names resolve, and how long anybody waits."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any
from unittest import mock

from wizard.base import limits
from wizard.sandbox.server import LOOPBACK


@contextlib.contextmanager
def resolving(names: tuple[str, ...], port: int) -> Iterator[None]:
    """Lets these names, at whatever port, lead to one port of this machine, and no other name lead anywhere."""
    real = socket.getaddrinfo

    def look_up(host: Any, asked: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name in names:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOOPBACK, port))]
        if name == "localhost" or name.startswith("127."):
            return real(LOOPBACK if name == "localhost" else name, asked, *rest, **named)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with mock.patch.object(socket, "getaddrinfo", look_up):
        yield


@contextlib.contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Shortens the limits of one question; a test need not wait as long as a user may have to."""
    with mock.patch.multiple(limits, CONNECT_SECONDS=seconds, FIRST_BYTE_SECONDS=seconds):
        yield
