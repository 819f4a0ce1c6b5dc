"""Asks what the evidence still needs, side by side, until nothing is left to ask or the time is used up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from wizard.base.limits import Deadline
from wizard.diagnosis.model import Evidence
from wizard.diagnosis.probes import next_probes
from wizard.keys.vault import Vault
from wizard.portkey import hosts
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import Exchange, NetworkFailure, Probe
from wizard.route.transport import ca_files, proxy_for

_AT_ONCE: Final = 6
# A round answers at least one question; this many rounds mean that the questions do not end.
_ROUNDS: Final = 64

Watcher = Callable[[Probe], None]


def probe(evidence: Evidence, vault: Vault, deadline: Deadline, watch: Watcher | None = None) -> Evidence:
    """The evidence with every exchange that could be had."""
    client = Client(vault, deadline)
    try:
        for _ in range(_ROUNDS):
            probes = next_probes(evidence)
            if not probes:
                return evidence
            if deadline.passed:
                return replace(evidence, out_of_time=True)
            evidence = _round(evidence, probes, client, watch)
        return replace(evidence, out_of_time=True)
    finally:
        client.close()


def _round(evidence: Evidence, probes: tuple[Probe, ...], client: Client, watch: Watcher | None) -> Evidence:
    def ask(each: Probe) -> Exchange:
        if watch is not None:
            watch(each)
        return _ask(evidence, each, client)

    if len(probes) == 1:
        answers = [ask(probes[0])]
    else:
        pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
        try:
            answers = list(pool.map(ask, probes))
        finally:
            # After an interruption nobody waits for answers that are still to come.
            pool.shutdown(wait=False, cancel_futures=True)
    late = any(answer.failure is NetworkFailure.RUN_TIMEOUT for answer in answers)
    exchanges = (*evidence.exchanges, *answers)
    return replace(evidence, exchanges=exchanges, out_of_time=evidence.out_of_time or late)


def _ask(evidence: Evidence, each: Probe, client: Client) -> Exchange:
    # The questions are chosen so already; a slip there must not cost anybody a key.
    if each.carries_secret and not hosts.may_receive_key(each.url, evidence.scope.trusted_origins):
        raise AssertionError(f"the probe {each.id} would send the key to a host that may not have it")
    transport = Transport(proxy_for(evidence.openclaw, each.url), ca_files(evidence.openclaw))
    return client.send(each, transport)
