"""Runs a config: single target, fallback, load balancing, conditions, retries.

Retries are made at once. The real gateway waits 1, 2, 4 … seconds between them; a rehearsal need not.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from wizard.sandbox.answers import EXCEPTION_HEADER, answer
from wizard.sandbox.http_messages import Answer

DEFAULT_RETRY_CODES: Final = (429, 500, 502, 503, 504)
_INHERITED: Final = ("retry", "cache", "request_timeout", "input_guardrails", "output_guardrails")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one target answered.

    Attributes:
        answer: The answer.
        vendor: The vendor asked; empty where none was chosen.
        index: The target's place in the config, as `config.targets[1]`.
        retries: Retries made; -1 where all were used up in vain.
        routed: Whether routing was reached, so that the routing headers belong on the answer.
        cached: The cache's word in the routing headers.
    """

    answer: Answer
    vendor: str = ""
    index: str = "config"
    retries: int = 0
    routed: bool = True
    cached: str = "DISABLED"


Call = Callable[[Mapping[str, Any], str], Attempt]


@dataclass(frozen=True, slots=True)
class Strategy:
    """Runs the config of one request.

    Attributes:
        call: Asks one target; given its config and its place.
        facts: What conditions may ask about: `metadata`, `params`, `url`.
        random: Chooses among weighted targets.
    """

    call: Call
    facts: Mapping[str, Mapping[str, Any]]
    random: Random

    def run(self, node: Mapping[str, Any], index: str = "config") -> Attempt:
        """Runs a config, or one target of a config, and its targets."""
        strategy = node.get("strategy")
        if not isinstance(strategy, Mapping) or node.get("targets") is None:
            return self._call_with_retries(node, index)
        targets = [_inheriting(target, node) for target in node["targets"]]
        mode = strategy.get("mode")
        if mode == "conditional":
            return self._conditional(strategy, targets, index)
        if not targets:
            return _unrouted("something-wrong" if mode == "single" else "no-targets")
        if mode == "fallback":
            return self._fallback(strategy, targets, index)
        chosen = self._weighted(targets) if mode == "loadbalance" else 0
        if chosen is None:
            return _unrouted("no-targets")
        return self.run(targets[chosen], f"{index}.targets[{chosen}]")

    def _call_with_retries(self, node: Mapping[str, Any], index: str) -> Attempt:
        retry = node.get("retry") or {}
        codes = retry.get("on_status_codes") or DEFAULT_RETRY_CODES
        attempts = int(retry.get("attempts", 0))
        attempt = self.call(node, index)
        for number in range(1, attempts + 1):
            if attempt.answer.status not in codes:
                return attempt
            attempt = replace(self.call(node, index), retries=number)
        used_up = attempts > 0 and attempt.answer.status in codes
        return replace(attempt, retries=-1) if used_up else attempt

    def _fallback(self, strategy: Mapping[str, Any], targets: list[Mapping[str, Any]], index: str) -> Attempt:
        codes = strategy.get("on_status_codes")
        attempt = _unrouted("no-targets")
        for number, target in enumerate(targets):
            attempt = self.run(target, f"{index}.targets[{number}]")
            status = attempt.answer.status
            failed = status in codes if codes else not 200 <= status < 300
            if not failed or EXCEPTION_HEADER in attempt.answer.headers:
                break
        return attempt

    def _weighted(self, targets: list[Mapping[str, Any]]) -> int | None:
        weights = [float(target.get("weight", 1)) for target in targets]
        if sum(weights) <= 0:
            return None
        return self.random.choices(range(len(targets)), weights)[0]

    def _conditional(self, strategy: Mapping[str, Any], targets: list[Mapping[str, Any]], index: str) -> Attempt:
        name = strategy.get("default")
        for condition in strategy.get("conditions", ()):
            if self._matches(condition.get("query", {})):
                name = condition.get("then")
                break
        if name is None:
            return _unrouted("router-no-match")
        for number, target in enumerate(targets):
            if target.get("name") == name:
                return self.run(target, f"{index}.targets[{number}]")
        return _unrouted("router-target-unknown", name=name)

    def _matches(self, query: Mapping[str, Any]) -> bool:
        for key, wanted in query.items():
            if key == "$and":
                found = all(self._matches(part) for part in wanted)
            elif key == "$or":
                found = any(self._matches(part) for part in wanted)
            else:
                group, _, name = key.partition(".")
                found = _compare(self.facts.get(group, {}).get(name), wanted)
            if not found:
                return False
        return True


def _inheriting(target: Any, parent: Mapping[str, Any]) -> Mapping[str, Any]:
    inherited = {name: parent[name] for name in _INHERITED if name in parent}
    merged = {**inherited, **target}
    if "override_params" in parent:
        merged["override_params"] = {**parent["override_params"], **target.get("override_params", {})}
    return merged


def _unrouted(row: str, /, **values: Any) -> Attempt:
    return Attempt(answer(row, **values), routed=False)


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "$eq": operator.eq,
    "$ne": operator.ne,
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
    "$in": lambda value, wanted: value in wanted,
    "$nin": lambda value, wanted: value not in wanted,
    "$regex": lambda value, wanted: re.search(wanted, str(value)) is not None,
}


def _compare(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    try:
        return all(_OPERATORS[name](value, operand) for name, operand in wanted.items())
    except (KeyError, TypeError):
        return False
