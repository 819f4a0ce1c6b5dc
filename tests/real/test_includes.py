"""What `$include` makes of a config, and what it refuses, is what the real OpenClaw says."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.real.conftest import VERSIONS, make_home
from tests.unit.openclaw.inclusions import READ, REFUSED, Inclusion

pytestmark = pytest.mark.real

ASKED = [(case, version) for case in (*READ, *REFUSED) for version in VERSIONS]
Answers = dict[tuple[str, str], Future[CompletedProcess[str]]]


@pytest.fixture(scope="module")
def answers(lab: Any) -> Iterator[Answers]:
    """OpenClaw's answer to each config; two at a time, for each takes half a second."""
    with tempfile.TemporaryDirectory(prefix="portkey-claw-includes-") as folder, ThreadPoolExecutor(2) as pool:
        yield {
            (case.name, version): pool.submit(_asked, lab, version, case, Path(folder) / str(number))
            for number, (case, version) in enumerate(ASKED)
        }


def _asked(lab: Any, version: str, case: Inclusion, folder: Path) -> CompletedProcess[str]:
    folder.mkdir()
    home = make_home(lab, version, folder)
    case.prepare(home.path)
    return home.openclaw("config", "get", "agents.defaults.model", "--json", **case.variables(home.path))


@pytest.mark.parametrize(("case", "version"), ASKED, ids=lambda each: getattr(each, "name", each))
def test_the_included_config(answers: Answers, case: Inclusion, version: str) -> None:
    answer = answers[case.name, version].result(timeout=240)
    if case.trouble is None:
        assert answer.returncode == 0, answer.stderr
        assert json.loads(answer.stdout) == case.model
    else:
        assert answer.returncode == 1
        assert case.said in answer.stdout + answer.stderr
