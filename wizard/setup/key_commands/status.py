"""`key status`: where the key is, which copy OpenClaw takes, and what to do about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from wizard import __version__
from wizard.base.errors import ExitCode
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE, winner
from wizard.openclaw.seen import ConfigTrouble
from wizard.setup.key_commands.look import Around
from wizard.setup.key_commands.service_view import OF_THIS_SHELL, service_view
from wizard.setup.key_commands.words import fingerprint, own_command, place_words
from wizard.stores.backups import is_openclaws_record
from wizard.stores.model import BACKUP_LAYER, KEYRING_LAYER, PROFILE_LAYER, KeyCopy, Storage
from wizard.stores.moving import REMOVABLE, storage_of

_SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Status:
    """What is to be said of the key.

    Attributes:
        headline: one sentence.
        exit_code: 0 with a key, 1 with none, 3 where that could not be seen.
        rows: the copies.
        others: the handles of other keys than the one in use, among what OpenClaw could read.
        storage: the store that the key in use is in, or None.
        service_sees: whether a background gateway has the key, or None where that cannot be told.
        service: the same in a sentence.
        advice: what to do, each a sentence with its command or none.
    """

    headline: str
    exit_code: ExitCode
    rows: tuple[KeyCopy, ...]
    others: tuple[str, ...]
    storage: Storage | None
    service_sees: bool | None
    service: str
    advice: tuple[tuple[str, str], ...]


def read_status(around: Around) -> Status:
    """What is to be said of what was found."""
    headline, code = _headline(around)
    in_use = _in_use(around)
    others = tuple(
        dict.fromkeys(
            copy.handle
            for copy in around.found
            if copy.handle is not None and copy.layer != BACKUP_LAYER and not copy.wins and copy.handle not in in_use
        )
    )
    winning = around.winning
    sees, service = service_view(around) if code is ExitCode.OK else (None, "")
    storage = storage_of(winning) if winning is not None else None
    advice = tuple(_advice(around, code, in_use))
    return Status(headline, code, around.found, others if in_use else (), storage, sees, service, advice)


def document(status: Status, around: Around, vault: Vault) -> dict[str, Any]:
    """The JSON document of a run.

    Returns:
        `schema_version`, `tool`, `config_path`, `layers` (layer, location, fingerprint, wins, providers, note),
        `entries` (what OpenClaw takes for each provider entry: provider, agent, layer, location, fingerprint),
        `storage`, `differs`, `service` (sees_key, note), `advice` (text, command) and `exit_code`.
    """
    return {
        "schema_version": _SCHEMA_VERSION,
        "tool": {"name": "portkey-claw", "version": __version__},
        "config_path": around.seen.config.path,
        "layers": [
            {
                "layer": copy.layer,
                "location": copy.location,
                "fingerprint": fingerprint(copy.handle, vault),
                "wins": copy.wins,
                "providers": list(copy.providers) if copy.wins else [],
                "note": copy.note or None,
            }
            for copy in status.rows
        ],
        "entries": [
            {
                "provider": each.provider_id,
                "agent": each.agent,
                "layer": each.layer,
                "location": each.location or None,
                "fingerprint": fingerprint(each.handle, vault),
            }
            for each in around.won
        ],
        "storage": status.storage.value if status.storage else None,
        "differs": bool(status.others),
        "service": {"sees_key": status.service_sees, "note": status.service or None},
        "advice": [{"text": text, "command": command or None} for text, command in status.advice],
        "exit_code": int(status.exit_code),
    }


def _in_use(around: Around) -> set[str]:
    found = {each.handle for each in around.won if each.handle is not None}
    found |= {copy.handle for copy in around.found if copy.wins and copy.handle is not None}
    if not around.won:
        variable = winner(around.layers, KEY_VARIABLE)
        found |= {variable[1].value} if variable is not None and variable[1].value.strip() else set()
    return found


def _headline(around: Around) -> tuple[str, ExitCode]:
    if not around.entries:
        return _without_entry(around)
    first, winning = around.winner, around.winning
    if winning is not None and winning.layer == KEYRING_LAYER and winning.handle is None:
        return "The key should be in the system's keyring, which did not give it.", ExitCode.UNDETERMINED
    if first is None or first.layer == "none" or _is_missing_from_keyring(around):
        return f"OpenClaw has no Portkey key for {around.entries[0]}.", ExitCode.FINDINGS
    where = place_words(winning.layer if winning is not None else first.layer)
    if first.handle is None and (winning is None or winning.handle is None):
        return f"OpenClaw takes the Portkey key from {where}; what it is was not looked at.", ExitCode.OK
    return f"OpenClaw takes the Portkey key from {where}.", ExitCode.OK


def _is_missing_from_keyring(around: Around) -> bool:
    """Whether the entry refers to our keyring, and nothing is there."""
    first = around.winner
    return first is not None and first.layer == "secret-exec" and first.handle is None and around.winning is None


def _without_entry(around: Around) -> tuple[str, ExitCode]:
    problem = around.seen.config.problem
    found = winner(around.layers, KEY_VARIABLE)
    there = found is not None and bool(found[1].value.strip())
    code = ExitCode.OK if there else ExitCode.FINDINGS
    if problem is not None and problem.trouble is not ConfigTrouble.MISSING:
        code = ExitCode.OK if there else ExitCode.UNDETERMINED
        return f"{around.seen.config.path} cannot be read, so only the places outside it were looked at.", code
    if there:
        return f"There is a key in {KEY_VARIABLE}, and no provider entry goes to Portkey yet.", code
    return "There is no Portkey key, and no provider entry goes to Portkey yet.", code


def _advice(around: Around, code: ExitCode, in_use: set[str]) -> Iterator[tuple[str, str]]:
    if code is ExitCode.FINDINGS:
        yield from _advice_without_key(around)
    elif not around.entries and around.seen.config.problem is None:
        yield "Connect OpenClaw to Portkey:", own_command(around.located, "setup")
    winning = around.winning
    if winning is not None and winning.layer in OF_THIS_SHELL:
        yield (
            "Put it where a background gateway sees it as well:",
            own_command(around.located, "key move --to openclaw-env"),
        )
    profile = next((each for each in around.found if each.layer == PROFILE_LAYER and each.wins), None)
    spare = [
        each
        for each in around.found
        if each.layer in REMOVABLE and not each.wins and each.handle is not None and each.handle not in in_use
    ]
    if profile is not None and (spare or profile.path is None):
        yield (
            "OpenClaw takes its saved key before any other. To have it forget that:",
            own_command(around.located, "key remove --from auth-profile"),
        )
    elif in_use:
        for layer in dict.fromkeys(each.layer for each in spare):
            yield (
                f"Take the other key out of {layer}, if it is not needed:",
                own_command(around.located, f"key remove --from {layer}"),
            )
    backups = [each for each in around.found if each.layer == BACKUP_LAYER and not is_openclaws_record(each)]
    if backups:
        number = len({copy.location for copy in backups})
        what = "1 copy from before a change holds" if number == 1 else f"{number} copies from before a change hold"
        text = f"{what} a key. To take it out of there:"
        yield text, own_command(around.located, "key remove --from backup")


def _advice_without_key(around: Around) -> Iterator[tuple[str, str]]:
    spare = [copy for copy in around.found if copy.layer == KEYRING_LAYER and copy.handle is not None]
    if spare:
        yield (
            "A key lies in the keyring. To let OpenClaw have it:",
            own_command(around.located, "key move --to keyring"),
        )
    elif around.entries:
        yield "Give it one:", own_command(around.located, "key set")
    elif around.seen.config.problem is None or around.seen.config.problem.trouble is ConfigTrouble.MISSING:
        yield "Connect OpenClaw to Portkey:", own_command(around.located, "setup")
