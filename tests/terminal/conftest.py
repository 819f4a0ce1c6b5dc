"""Sample reports for the tests of what people see."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.sample_reports import SAMPLES, Sample


@pytest.fixture
def samples() -> Mapping[str, Sample]:
    """Reports and their code frames by the kind of outcome."""
    return SAMPLES
