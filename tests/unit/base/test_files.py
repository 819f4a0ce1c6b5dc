"""A user's file that cannot be read says why, and never makes anybody wait."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.base.files import FileTrouble, UnreadableFileError, read_text

NOBODY = 65534
LIMIT = 2**20
PROGRAM = """
import os
import sys
from pathlib import Path
from wizard.base.files import UnreadableFileError, read_text
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    print(read_text(Path(sys.argv[1]), limit=100).text)
except UnreadableFileError as error:
    print(error.trouble, error.detail)
"""


def trouble(path: Path, limit: int = LIMIT) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_text(path, limit=limit)
    return caught.value


def test_text_mode_and_link(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes("\ufefféa\r\n".encode())
    path.chmod(0o640)
    file = read_text(path, limit=LIMIT)
    assert (file.text, file.mode, file.symlink) == ("\ufefféa\r\n", 0o640, False)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert (read_text(link, limit=LIMIT).text, read_text(link, limit=LIMIT).symlink) == (file.text, True)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert read_text(tmp_path / "a", limit=LIMIT).text == ""


@pytest.mark.parametrize("name", ["nothing", "nothing/below", "file/below"])
def test_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    assert trouble(tmp_path / name).trouble is FileTrouble.MISSING


def test_a_link_to_nothing_is_missing(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert trouble(tmp_path / "link").trouble is FileTrouble.MISSING


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "link")
    assert trouble(tmp_path / "link").trouble is FileTrouble.IO


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert trouble(tmp_path / ("x" * 300)).trouble is FileTrouble.IO


def test_a_folder(tmp_path: Path) -> None:
    error = trouble(tmp_path)
    assert (error.trouble, error.detail) == (FileTrouble.NOT_A_FILE, "it is a folder")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert trouble(tmp_path / "pipe").trouble is FileTrouble.NOT_A_FILE


def test_a_socket() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/socket")
        assert trouble(Path(folder) / "socket").trouble is FileTrouble.NOT_A_FILE


def test_a_device() -> None:
    assert trouble(Path("/dev/zero")).trouble is FileTrouble.NOT_A_FILE


def test_a_file_that_opens_and_does_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").touch()

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdopen", fail)
    error = trouble(tmp_path / "a")
    assert (error.trouble, error.detail) == (FileTrouble.IO, "Input/output error")


def test_no_reason_leaves_a_file_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "bad").write_bytes(b"\xff")
    before = set(Path("/dev/fd").iterdir())
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "bad", tmp_path / "gone"):
        trouble(path)
    assert set(Path("/dev/fd").iterdir()) == before


@pytest.mark.parametrize(
    ("data", "readable", "offset"),
    [(b"\xff", "", 0), (b"a: 1\n\xe9", "a: 1\n", 5), ("é".encode() + b"\x80", "é", 2), (b"ab\xc3", "ab", 2)],
)
def test_bytes_that_are_not_utf8(tmp_path: Path, data: bytes, readable: str, offset: int) -> None:
    (tmp_path / "a").write_bytes(data)
    error = trouble(tmp_path / "a")
    assert (error.trouble, error.readable) == (FileTrouble.NOT_UTF8, readable)
    assert f"offset {offset} " in error.detail


@pytest.mark.parametrize(("size", "limit", "words"), [(2**20 + 1, 2**20, "1 MiB"), (2049, 2048, "2 KiB")])
def test_too_large(tmp_path: Path, size: int, limit: int, words: str) -> None:
    (tmp_path / "a").write_bytes(b"a" * size)
    error = trouble(tmp_path / "a", limit)
    assert (error.trouble, error.detail) == (FileTrouble.TOO_LARGE, f"it is larger than {words}")
    (tmp_path / "a").write_bytes(b"a" * limit)
    assert len(read_text(tmp_path / "a", limit=limit).text) == limit


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are the user's alone."""
    folder = Path(tempfile.mkdtemp(prefix="portkey-claw-files-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "said"),
    [
        (0o644, 0o755, "hello"),
        (0o000, 0o755, "no-permission permission denied"),
        (0o644, 0o000, "no-permission permission denied"),
    ],
    ids=["may", "file", "folder"],
)
def test_permission_as_a_user_without_rights(open_folder: Path, file_mode: int, folder_mode: int, said: str) -> None:
    path = open_folder / "a"
    path.write_text("hello")
    path.chmod(file_mode)
    open_folder.chmod(folder_mode)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == said
    assert stat.S_IMODE(open_folder.stat().st_mode) == folder_mode
