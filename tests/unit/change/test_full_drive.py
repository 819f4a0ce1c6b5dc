"""A write that the kernel itself cuts off leaves everything as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OLD = "// mine\n{\n  a: 1,\n}\n"

LIMITED = """
import os, resource, sys
from pathlib import Path
from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.change.apply import apply
from wizard.change.plan import EditConfig, Plan, PutFile, Set
from wizard.change.raw import read_now
from wizard.keys.vault import Vault

home = Path(sys.argv[1])
environment = Environment({}, home, home)
config = home / "openclaw.json"
import filelock, json5
resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
plan = Plan((
    EditConfig(config, read_now(config, environment).digest, (Set(("a",), "x" * 9000, ""),)),
    PutFile(home / "made" / "resolver", None, "small", 0o700, ""),
))
try:
    apply(plan, environment, Vault())
except UserError as error:
    print(int(error.code), error.message)
"""


def test_a_real_limit_on_file_sizes_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The kernel itself refuses the write half way, as it does where a drive is full."""
    config = tmp_path / "openclaw.json"
    config.write_text(OLD)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("4 ~/openclaw.json was not changed: File too large")
    assert config.read_text() == OLD
    assert sorted(path.name for path in tmp_path.iterdir()) == [".local", "openclaw.json"]
