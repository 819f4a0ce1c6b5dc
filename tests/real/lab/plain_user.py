"""A user who is not root, for the tests that root runs: OpenClaw judges the owners of files."""

import os
import subprocess
import sys
from pathlib import Path

UID = 65534
_SWITCH = ("setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups")
# Root's own Python may lie below a folder that others cannot enter. To enter and read is all that this gives.
_AND_READ = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


def prefix() -> tuple[str, ...]:
    """What stands before a command to run it as that user; nothing where the tests' own user is not root."""
    if os.getuid() != 0:
        return ()
    # Twice: the first start is still made with root's rights.
    again = (
        "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-I', '-c', 'import keyring']).returncode)"
    )
    probe = [*_SWITCH, sys.executable, "-I", "-c", again]
    alone = subprocess.run(probe, cwd="/", capture_output=True, check=False, timeout=60)
    return _SWITCH if alone.returncode == 0 else (*_SWITCH, *_AND_READ)


def give(folder: Path) -> None:
    """Makes that user the owner of a folder and of all that is in it; what is above it must be open to them."""
    if os.getuid() != 0:
        return
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(parent) / name, UID, UID, follow_symlinks=False)
