"""The D-Bus session that a keyring is asked in: one of the user's own, whatever the environment says.

Imports nothing but the standard library: its start is paid for by every OpenClaw command.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

BUS: Final = "DBUS_SESSION_BUS_ADDRESS"
# What the variable named and must not be asked, for the words about it.
refused_buses: Final[list[str]] = []


def find_bus() -> None:
    """Names the session's bus, where the variable is missing or names none of the user's own.

    A service, cron and ssh often have no variable although the bus is there; D-Bus's own library looks in the same
    place. OpenClaw takes the variable also from the `.env` of a working folder, which may be anybody's: a bus of
    somebody else could say that it has the key, and hand out another one.
    """
    if sys.platform == "win32" or sys.platform == "darwin":
        return
    stated = os.environ.pop(BUS, "")
    runtime, usual = os.environ.get("XDG_RUNTIME_DIR"), f"unix:path=/run/user/{os.getuid()}/bus"
    usual_ones = (f"unix:path={runtime}/bus", usual) if runtime else (usual,)
    for address in (*stated.split(";"), *usual_ones):
        if _is_own_bus(address):
            os.environ[BUS] = address
            return
    if stated:
        refused_buses.append(stated)


def _is_own_bus(address: str) -> bool:
    """Whether a D-Bus address leads to a socket on this machine that this user, or root, listens on."""
    kind, _, said = address.partition(":")
    parts = dict(part.partition("=")[::2] for part in said.split(","))
    trusted = (os.getuid(), 0)
    if kind != "unix" or "%" in said:
        return False
    if "abstract" in parts:
        return _listener("\0" + parts["abstract"]) in trusted
    try:
        found = Path(parts.get("path", "")).stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid in trusted


def _listener(name: str) -> int | None:
    """The user who listens on an abstract socket, which has no owner of its own; Linux alone has such sockets."""
    import socket
    import struct

    if sys.platform != "linux":
        return None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(name)
            said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    except (OSError, ValueError):
        return None
    return int(struct.unpack("3i", said)[1])
