"""The rules of the root cause, each on findings made by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.checks.registry import all_checks, found
from wizard.diagnosis.model import Confidence, Evidence, Finding, Machine, Remedy, Severity, Where
from wizard.diagnosis.ranking import rank
from wizard.openclaw.seen import ConfigFile, Install, OpenClawSeen, Runtime, RuntimeSeen
from wizard.route.model import HOP_ORDER

all_checks()

CONFIG = {
    "agents": {"defaults": {"model": {"primary": "portkey/@a/b", "fallbacks": ["portkey/@c/d"]}}},
    "models": {"providers": {"portkey": {"baseUrl": "http://127.0.0.1:9/v1", "apiKey": "${K}", "models": []}}},
}
SEEN = OpenClawSeen(
    Install(), ConfigFile("~/openclaw.json", "default", value=CONFIG), runtimes=(RuntimeSeen(Runtime.CLI),)
)
EVIDENCE = Evidence(SEEN, Machine("linux", "x86_64", "3.11", container=False), "2026-11-23T10:00:00Z")
PRIMARY, FALLBACK = (route.id for route in EVIDENCE.routes)


def said(code: str, *, on: tuple[str, ...] = (PRIMARY,), path: tuple[str, ...] = (), **more: Any) -> Finding:
    where = Where("~/openclaw.json", path=path) if path else None
    return found(code, f"{code} is so", Remedy("mend it"), route_ids=on, where=where, basis="live", **more)


def root_of(*findings: Finding) -> str | None:
    """The root cause, which must not depend on the order in which findings come."""
    roots = {ranked.root for order in itertools.permutations(findings) for ranked in (rank(EVIDENCE, order),)}
    assert len(roots) == 1
    root = roots.pop()
    return root.code if root is not None else None


# The contract's chains, as far as their codes are in the catalogue.
CHAINS = [
    "103 > 115",
    "103 > 114",
    "102 > 106",
    "105 > 106",
    "202 > 201",
    "203 > 208 > 205",
    "307 > 306 > 303 > 302 > 301 > 323 > 317 > 304",
    "510 > 401",
    "510 > 405",
    "510 > 406",
    "510 > 407",
    "510 > 501",
]
PAIRS = [
    (f"PKC{first}", f"PKC{second}")
    for chain in CHAINS
    for first, second in itertools.combinations(chain.split(" > "), 2)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_chain_of_the_contract(first: str, second: str) -> None:
    assert root_of(said(first), said(second)) == first


@given(st.sampled_from(sorted(CATALOGUE)), st.sampled_from(sorted(CATALOGUE)))
def test_earlier_hop_wins_unless_the_later_one_explains_it(left: str, right: str) -> None:
    hops = HOP_ORDER[CATALOGUE[left].hop], HOP_ORDER[CATALOGUE[right].hop]
    if hops[0] >= hops[1]:
        return
    ranked = rank(EVIDENCE, [said(right), said(left)])
    explained = [code for code, _ in ((finding.code, cause) for finding, cause in ranked.causes.items())]
    assert ranked.root is not None
    assert ranked.root.code == (right if left in explained else left)
    # Only a gateway without accounts explains what an earlier hop says.
    assert left not in explained or right == "PKC510"


def test_error_comes_before_a_warning_of_an_earlier_hop() -> None:
    assert root_of(said("PKC508"), said("PKC901", severity=Severity.WARNING)) == "PKC508"


def test_warning_is_the_root_cause_where_there_is_no_error_and_info_never() -> None:
    assert root_of(said("PKC512", severity=Severity.WARNING), said("PKC106", severity=Severity.INFO)) == "PKC512"
    assert root_of(said("PKC106", severity=Severity.INFO)) is None


def test_possible_is_never_the_root_cause() -> None:
    assert root_of(said("PKC105", confidence=Confidence.POSSIBLE), said("PKC205")) == "PKC205"
    assert root_of(said("PKC105", confidence=Confidence.POSSIBLE)) is None


def test_likely_counts_as_much_as_certain() -> None:
    assert root_of(said("PKC108", confidence=Confidence.LIKELY), said("PKC205")) == "PKC108"


def test_error_of_another_route_is_no_root_cause() -> None:
    assert root_of(said("PKC205", on=(FALLBACK,))) is None
    assert root_of(said("PKC205", on=(FALLBACK,)), said("PKC504")) == "PKC504"
    assert root_of(said("PKC205", on=(FALLBACK, PRIMARY)), said("PKC504")) == "PKC205"


def test_finding_without_routes_counts_for_all() -> None:
    assert root_of(said("PKC103", on=())) == "PKC103"


def test_consequence_is_folded_only_where_the_cause_is_on_its_routes() -> None:
    cause, consequence = said("PKC317"), said("PKC304")
    assert rank(EVIDENCE, [consequence, cause]).causes == {consequence: cause}
    elsewhere = replace(consequence, route_ids=(FALLBACK,))
    assert rank(EVIDENCE, [elsewhere, cause]).causes == {}
    both = replace(cause, route_ids=(PRIMARY, FALLBACK))
    assert rank(EVIDENCE, [elsewhere, both]).causes == {elsewhere: both}


@pytest.mark.parametrize("confidence", [Confidence.POSSIBLE])
def test_nothing_is_folded_into_a_mere_possibility(confidence: Confidence) -> None:
    assert rank(EVIDENCE, [said("PKC304"), said("PKC317", confidence=confidence)]).causes == {}


def test_no_finding_is_its_own_cause_and_causes_never_go_in_circles() -> None:
    findings = [said(code, on=(PRIMARY, FALLBACK)) for code in CATALOGUE]
    ranked = rank(EVIDENCE, findings)
    assert set(ranked.findings) == set(findings)
    for finding in findings:
        seen = [finding]
        while seen[-1] in ranked.causes:
            seen.append(ranked.causes[seen[-1]])
            assert len(set(seen)) == len(seen)


def test_order_of_the_report_does_not_depend_on_the_order_of_the_checks() -> None:
    findings = [said(code, path=("models", code)) for code in ("PKC504", "PKC205", "PKC406", "PKC301", "PKC108")]
    orders = {rank(EVIDENCE, order).findings for order in itertools.permutations(findings)}
    assert [finding.code for finding in orders.pop()] == ["PKC108", "PKC205", "PKC301", "PKC406", "PKC504"]
    assert not orders


def test_static_claim_stands_while_nobody_was_asked() -> None:
    claim = replace(said("PKC108"), basis="static", settled_by=CATALOGUE["PKC401"].hop)
    assert rank(EVIDENCE, [claim]).root is claim
