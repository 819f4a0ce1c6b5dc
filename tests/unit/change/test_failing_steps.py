"""Steps that the system refuses: told so that the user can mend it, and nothing of ours stays."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.change.plan import EditConfig, Operation, Plan, Set
from wizard.change.reading import digest_of
from wizard.keys.vault import Vault

OLD = "// mine\n{\n  a: 1, // one\n  list: ['x'],\n}\n"
KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


def plan_for(path: Path, *operations: Operation, private: bool = False) -> Plan:
    text = path.read_bytes().decode() if path.exists() else None
    return Plan((EditConfig(path, None if text is None else digest_of(text), operations, private),))


def refused(plan: Plan, environment: Environment, vault: Vault | None = None, openclaw: str | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        apply(plan, environment, vault or Vault(), openclaw=openclaw)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    return caught.value


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def failing(function: str, number: int) -> Callable[[pytest.MonkeyPatch, Path], None]:
    def patch(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        real = getattr(os, function)

        def fail(*arguments: Any, **named: Any) -> Any:
            names = (
                [str(Path(f"/proc/self/fd/{arguments[0]}").readlink())] if function == "write" else map(str, arguments)
            )
            concerned = any(str(folder) in name for name in names)
            if concerned and not (function == "open" and not arguments[1] & os.O_CREAT):
                raise OSError(number, os.strerror(number))
            return real(*arguments, **named)

        monkeypatch.setattr(os, function, fail)

    return patch


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        (failing("open", errno.EACCES), "no permission to write in ~/.openclaw"),
        (failing("open", errno.EROFS), "read-only file system"),
        (failing("open", errno.ENOSPC), "no space left"),
        (failing("write", errno.ENOSPC), "no space left"),
        (failing("write", errno.EDQUOT), "no space left"),
        (failing("replace", errno.EPERM), "no permission"),
        (failing("replace", errno.EBUSY), "mount of its own"),
        (failing("write", errno.EIO), "Input/output error"),
    ],
)
def test_a_failing_step_is_told_and_leaves_nothing(
    surroundings: Environment,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    patch: Callable[[pytest.MonkeyPatch, Path], None],
    words: str,
) -> None:
    config.write_text(OLD)
    plan = plan_for(config, Set(("a",), 2, ""))
    with monkeypatch.context() as patched:
        patch(patched, config.parent)
        error = refused(plan, surroundings)
    assert words in error.message
    assert "was not changed" in error.message
    assert config.read_text() == OLD
    assert names_in(config.parent) == ["openclaw.json"]


def test_a_folder_that_was_made_for_nothing_goes_again(
    surroundings: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = surroundings.home / "new" / "openclaw.json"
    plan = plan_for(path, Set(("a",), 1, ""))
    with monkeypatch.context() as patched:
        failing("write", errno.ENOSPC)(patched, path.parent)
        refused(plan, surroundings)
    assert not path.parent.exists()
