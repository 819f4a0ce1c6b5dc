"""Every answer that was seen of a gateway, or in the place of one."""

from typing import Final

from tests.unit.portkey.answer_cases import after_routing, before_routing, elsewhere, open_source, successes
from tests.unit.portkey.answer_cases.case import Case

CASES: Final[tuple[Case, ...]] = (
    *before_routing.CASES,
    *after_routing.CASES,
    *open_source.CASES,
    *successes.CASES,
    *elsewhere.CASES,
)
