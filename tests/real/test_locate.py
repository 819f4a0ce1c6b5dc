"""The config that we read is the one that `openclaw config file` names, for every selector and both versions."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import VERSIONS, make_home, run
from tests.unit.openclaw.selectors import CASES, Selector
from wizard.base.environment import Environment
from wizard.openclaw.locate import locate_config

pytestmark = pytest.mark.real

ASKED = [(case, version) for case in CASES for version in VERSIONS if case.only in ("", version)]
Answers = dict[tuple[str, str], Future[Path]]


@pytest.fixture(scope="module")
def answers(lab: Any) -> Iterator[Answers]:
    """What OpenClaw says to each case; two at a time, for each takes a second."""
    with tempfile.TemporaryDirectory(prefix="portkey-claw-locate-") as folder, ThreadPoolExecutor(2) as pool:
        yield {
            (case.name, version): pool.submit(_asked, lab, version, case, Path(folder) / str(number))
            for number, (case, version) in enumerate(ASKED)
        }


def _asked(lab: Any, version: str, case: Selector, folder: Path) -> Path:
    folder.mkdir()
    home = make_home(lab, version, folder)
    (home.path / "project").mkdir()
    case.prepare(home.path)
    profile = ["--profile", case.profile] if case.profile is not None else []
    command = [str(home.executable), *profile, "config", "file"]
    done = run(command, home.path / "project", {**home.variables, **case.variables(home.path)})
    assert done.returncode == 0, done.stderr
    shown = done.stdout.strip().splitlines()[-1]
    stated = case.variables(home.path).get("OPENCLAW_HOME", "").replace("~", str(home.path))
    shown = shown.replace("$OPENCLAW_HOME", stated or f"{home.path}/oh")
    return Path(shown.replace("~", str(home.path), 1) if shown.startswith("~") else shown).relative_to(home.path)


@pytest.mark.parametrize(("case", "version"), ASKED, ids=lambda each: getattr(each, "name", each))
def test_the_config_that_is_read(answers: Answers, case: Selector, version: str, tmp_path: Path) -> None:
    assert str(answers[case.name, version].result(timeout=240)) == case.path
    case.prepare(tmp_path)
    (tmp_path / "project").mkdir(exist_ok=True)
    environment = Environment(case.variables(tmp_path), tmp_path, tmp_path / "project")
    assert locate_config(environment, profile=case.profile).path == tmp_path / case.path
