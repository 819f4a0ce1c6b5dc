"""The file in OpenClaw's state folder that OpenClaw starts to get the key out of the system's keyring.

OpenClaw wants a regular file of the user's own that nobody else may write to, refuses links, and starts it with next to
no environment (docs/facts/openclaw.md). So it is a shell script that names our interpreter by its absolute path: a
`#!` line has room for 127 bytes on old kernels and none for a blank.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import stat
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.files import FileTrouble, UnreadableFileError, read_text
from wizard.keys.keyring_store import interpreter_flags
from wizard.openclaw.locate import Located
from wizard.openclaw.references import OUR_PROVIDER
from wizard.openclaw.seen import ConfigPath

# Where OpenClaw's config declares it.
PROVIDER_PLACE: Final[ConfigPath] = ("secrets", "providers", OUR_PROVIDER)
FILE_NAME: Final = "portkey-claw-resolver"
MODE: Final = 0o700
_MODULE: Final = "wizard.keys.resolve_key"
_FILE_BYTES: Final = 64 * 2**10
_INTERPRETER: Final = re.compile(r"^python=(?P<path>.*)$", re.MULTILINE)

_SCRIPT: Final = """\
#!/bin/sh
# Written by portkey-claw. OpenClaw starts this file to get the Portkey key out of the system's keyring.
# It holds no secret. "portkey-claw setup" and "portkey-claw key set" write it again, "portkey-claw setup --remove"
# takes it away.
python={python}
if [ -x "$python" ]; then
  "$python" {flags} -m {module} && exit 0
fi
echo "portkey-claw: $python cannot run portkey-claw any more. Install it again, then run: portkey-claw key set" >&2
IFS= read -r request || :
case $request in
  *'"ids":["'*) id=${{request#*'"ids":["'}}; id=${{id%%'"'*}} ;;
  *) id=unknown ;;
esac
printf '{{"protocolVersion":1,"values":{{}},"errors":{{"%s":{{"code":"BROKEN","message":"%s"}}}}}}\\n' "$id" \\
  'portkey-claw was moved or removed. Install it again, then run: portkey-claw key set'
"""


class ResolverState(StrEnum):
    """What is to be said of the resolver file."""

    OK = "ok"
    MISSING = "missing"
    NOT_A_FILE = "not-a-file"
    WRONG_OWNER = "wrong-owner"
    WRONG_MODE = "wrong-mode"
    BROKEN_INTERPRETER = "broken-interpreter"
    OUTDATED = "outdated"


def config_mark(located: Located) -> str:
    """Eight hex digits that tell one config from another, also from others with the same state folder."""
    return hashlib.sha256(str(located.path).encode()).hexdigest()[:8]


def resolver_path(located: Located) -> Path:
    """Where the resolver file is, or would be: one for each config, for 2026.9.6 refuses a config that misses its own.

    Configs may share a state folder (`OPENCLAW_CONFIG_PATH`), and one of them does not know the others.
    """
    return located.state_dir / f"{FILE_NAME}-{config_mark(located)}"


def resolver_file(located: Located) -> tuple[Path, str, int]:
    """The resolver file as this installation writes it: path, text and permission bits."""
    return resolver_path(located), _script(sys.executable, " ".join(interpreter_flags())), MODE


def resolver_state(located: Located) -> ResolverState:
    """What is to be said of the resolver file in OpenClaw's state folder."""
    return state_of_file(resolver_path(located))


def state_of_file(path: Path) -> ResolverState:
    """Whether OpenClaw would start a resolver file of ours, and whether portkey-claw would be there to answer.

    One that another installation of portkey-claw wrote is fine as long as that one is there.
    """
    if sys.platform == "win32":
        return ResolverState.MISSING
    try:
        found = path.lstat()
    except OSError:
        return ResolverState.MISSING
    refusal = _refusal(found.st_mode, is_own=found.st_uid == os.getuid())
    if refusal is not None:
        return refusal
    try:
        return _state_of(read_text(path, limit=_FILE_BYTES).text)
    except UnreadableFileError as error:
        return ResolverState.WRONG_MODE if error.trouble is FileTrouble.NO_PERMISSION else ResolverState.OUTDATED


def _script(python: str, flags: str) -> str:
    return _SCRIPT.format(python=shlex.quote(python), flags=flags, module=_MODULE)


def is_from_here(text: str) -> bool:
    """Whether a resolver's text is what this installation writes; an environment has several names for one Python."""
    python = _interpreter(text)
    same = python is not None and Path(python).parent == Path(sys.executable).parent
    return same and _state_of(text) is ResolverState.OK


def _refusal(mode: int, *, is_own: bool) -> ResolverState | None:
    """Why OpenClaw would not start a file of this mode, or None."""
    if not stat.S_ISREG(mode):
        return ResolverState.NOT_A_FILE
    if not is_own:
        return ResolverState.WRONG_OWNER
    writable_by_others, executable = mode & 0o022, mode & stat.S_IXUSR
    return ResolverState.WRONG_MODE if writable_by_others or not executable else None


def _state_of(text: str) -> ResolverState:
    python = _interpreter(text)
    if python is None or text not in (_script(python, "-I"), _script(python, "-E -P")):
        return ResolverState.OUTDATED
    if not os.access(python, os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return ResolverState.BROKEN_INTERPRETER
    return ResolverState.OK if python == sys.executable or _answers(python) else ResolverState.BROKEN_INTERPRETER


def _interpreter(text: str) -> str | None:
    found = _INTERPRETER.search(text)
    try:
        words = shlex.split(found["path"]) if found else []
    except ValueError:
        return None
    return words[0] if len(words) == 1 else None


def _answers(python: str) -> bool:
    """Whether another installation's interpreter still has portkey-claw."""
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({_MODULE!r}) is None)"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own file names it, and OpenClaw runs it at every start
            [python, "-E", "-P", "-c", probe],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=limits.KEYRING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
