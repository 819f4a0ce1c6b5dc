"""What a user without rights meets. The tests may run as root, so the write is made by a process that is nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.change.plan import Plan, PutFile
from wizard.keys.vault import Vault

NOBODY = 65534
PROGRAM = """
import os
import sys
import tempfile
from pathlib import Path
from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.change.apply import apply
from wizard.change.plan import EditConfig, Plan, Set
from wizard.change.reading import read_source
from wizard.keys.vault import Vault


def change(home, state):
    config = home / ".openclaw" / "openclaw.json"
    environment = Environment(variables={"XDG_STATE_HOME": str(state)}, home=home, cwd=home, system="linux")
    source = read_source(config, environment, Vault())
    apply(Plan((EditConfig(config, source.digest, (Set(("a",), 2, ""),)),)), environment, Vault())


# Once for nothing: what is imported late may be out of nobody's reach.
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / ".openclaw").mkdir()
    (Path(folder) / ".openclaw" / "openclaw.json").write_text("{a: 1}")
    change(Path(folder), Path(folder))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
try:
    change(Path(sys.argv[1]), Path(sys.argv[2]))
    print("written")
except UserError as error:
    print(int(error.code), error.message, error.hint)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of the unprivileged user's, where that user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="portkey-claw-test-"))
    folder.chmod(0o755)
    config = folder / ".openclaw" / "openclaw.json"
    config.parent.mkdir()
    config.write_text("{a: 1}\n")
    (folder / "state").mkdir()
    for path in (folder, config.parent, config, folder / "state"):
        give_away(path)
    yield folder
    for path in (folder, config.parent):
        if path.exists():
            path.chmod(0o755)
    shutil.rmtree(folder)


def give_away(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def run_as_nobody(home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), str(home / "state"), str(NOBODY)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_with_rights_it_is_written(home: Path) -> None:
    assert run_as_nobody(home) == "written"
    assert (home / ".openclaw" / "openclaw.json").read_text() == "{a: 2}\n"


def test_a_file_that_may_not_be_read(home: Path) -> None:
    (home / ".openclaw" / "openclaw.json").chmod(0o000)
    said = run_as_nobody(home)
    assert said.startswith("4 ~/.openclaw/openclaw.json cannot be read (permission denied), so nothing was changed.")


def test_a_file_that_may_not_be_written(home: Path) -> None:
    config = home / ".openclaw" / "openclaw.json"
    config.chmod(0o400)
    assert run_as_nobody(home).startswith("4 ~/.openclaw/openclaw.json is write-protected")
    assert config.read_text() == "{a: 1}\n"


def test_a_folder_that_may_not_be_written(home: Path) -> None:
    folder = home / ".openclaw"
    folder.chmod(0o555)
    said = run_as_nobody(home)
    assert said.startswith(
        "4 ~/.openclaw/openclaw.json was not changed: there is no permission to write in ~/.openclaw."
    )
    assert [entry.name for entry in folder.iterdir()] == ["openclaw.json"]


def test_a_folder_that_may_not_be_entered(home: Path) -> None:
    (home / ".openclaw").chmod(0o000)
    assert run_as_nobody(home).startswith("4 ~/.openclaw/openclaw.json cannot be read (permission denied)")


def test_a_home_where_nothing_may_be_made(home: Path) -> None:
    shutil.rmtree(home / ".openclaw")
    home.chmod(0o555)
    said = run_as_nobody(home)
    assert said.startswith("4 ~/.openclaw/openclaw.json was not changed: there is no permission")


@pytest.mark.parametrize("theirs", [".openclaw", "state"])
def test_root_makes_no_files_in_the_folders_of_somebody_else(
    home: Path, theirs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would be root's, and the OpenClaw of the folder's user could not read them."""
    environment = Environment(variables={"XDG_STATE_HOME": str(home / "state")}, home=home, cwd=home, system="linux")
    if os.geteuid() == 0:
        for folder in {".openclaw", "state"} - {theirs}:
            os.chown(home / folder, 0, 0)
    else:
        # Whoever runs the tests is another user than root.
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    change = PutFile(home / ".openclaw" / "made", None, "text", 0o600, "a file")
    with pytest.raises(UserError, match="belongs to the user") as caught:
        apply(Plan((change,)), environment, Vault())
    assert caught.value.code is ExitCode.NOT_WRITTEN
    left = ["openclaw.json"] if theirs == ".openclaw" else []
    assert [path.name for path in (home / theirs).iterdir()] == left


def test_a_file_of_somebody_else_in_ones_own_folder(home: Path) -> None:
    config = home / ".openclaw" / "openclaw.json"
    if os.geteuid() == 0:
        os.chown(config, 1234, NOBODY)
        config.chmod(0o664)
        assert run_as_nobody(home).startswith("4 ~/.openclaw/openclaw.json belongs to another user (number 1234)")
    else:
        # Without root there is no second user to borrow a file from: their own file must then pass.
        assert run_as_nobody(home) == "written"
