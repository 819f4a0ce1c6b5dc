"""The one way to carry a plan out: lock, read again, compare, make everything, journal it, write, read back.

Where a step fails, what was done before it is taken back. Where the run is killed, the journal's entry stays `begun`:
the same command, run again, starts from the files as they are and so finishes the work; `undo` takes back what was
done. Either way every file is the old one or the new one, whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from wizard.base.environment import Environment
from wizard.change import ledger
from wizard.change.carry_out import carry_out
from wizard.change.housekeeping import retire, settle
from wizard.change.plan import Plan
from wizard.change.prepare import prepare, targets_of
from wizard.change.state import locked
from wizard.keys.keyring_store import Keyring, system_keyring
from wizard.keys.vault import Vault


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done.

    Attributes:
        entry_id: the journal's name for it, or None where there was nothing to do.
        written: the files that were written or removed, as OpenClaw names them.
    """

    entry_id: str | None
    written: tuple[Path, ...]


def apply(
    plan: Plan,
    environment: Environment,
    vault: Vault,
    *,
    openclaw: str | None = None,
    keyring: Keyring | None = None,
    command: str = "setup",
) -> Applied:
    """Carries a plan out, all or nothing.

    Args:
        plan: what to change.
        environment: whose state folder holds locks and journal.
        vault: reveals the handles in the plan.
        openclaw: the version of the OpenClaw that was found, or None.
        keyring: where secrets are stored; None for the system's own.
        command: what the user ran, for the journal.

    Returns:
        What was done.

    Raises:
        UserError: with exit code 4 nothing was changed; with exit code 1 a step failed and what had been done before
            it could not be taken back.
    """
    if not plan.changes:
        return Applied(None, ())
    keyring = keyring or system_keyring(environment)
    with all_locked(targets_of(plan, environment), environment):
        settle(environment, keyring)
        steps = prepare(plan, environment, vault, openclaw=openclaw, keyring=keyring)
        if not steps.files and not steps.secrets:
            return Applied(None, ())
        entry = carry_out(steps, command, environment, keyring)
        retire(environment, keyring)
    return Applied(entry.id, tuple(step.now.path for step in steps.files))


@contextmanager
def all_locked(targets: Iterable[Path], environment: Environment) -> Iterator[None]:
    """Holds the locks of files and of the journal, always taken in the same order.

    Raises:
        UserError: another run holds one of them; exit code 4.
    """
    with ExitStack() as held:
        for target in sorted({*targets, ledger.journal_folder(environment)}):
            held.enter_context(locked(target, environment))
        yield
