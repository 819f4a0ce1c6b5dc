"""`portkey-claw key`: where the key is, and its way into, between and out of the stores."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, usage_error
from wizard.cli.plain_key import PlainKey

_MANUAL: Final = """\
By hand, without portkey-claw:

  openclaw config set env.vars.PORTKEY_API_KEY YOUR_KEY

The key is then an argument: other users of this machine can read it in the list of processes while the command runs,
and it stays in the history of your shell. OpenClaw also rewrites the file without its comments. Renew a key that was
given in this way on a machine with other users.
"""


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its subcommands."""
    parser = commands.add_parser(
        "key",
        parents=parents,
        help="where the key is; set, move or remove it",
        description="Shows every place that holds the Portkey key, and puts it where it should be.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", parser_class=type(parser))
    actions.add_parser(
        "status",
        parents=parents,
        help="every place that holds the key, and which one OpenClaw takes",
        description="Shows every place that holds the key, by fingerprints only. Exit 0 with a key, 1 with none.",
    )
    _add_set(actions, parents)
    move = actions.add_parser(
        "move",
        parents=parents,
        help="put the key into another store, and take it out of every other place",
        description="Puts the key into another store and takes it out of every place that portkey-claw can write.",
    )
    move.add_argument("--to", metavar="STORAGE", choices=("openclaw-env", "keyring", "dotenv", "env"), help=_TO)
    _add_confirmation(move, prune=True)
    remove = actions.add_parser(
        "remove",
        parents=parents,
        help="take the key away",
        description="Takes the key out of every store, or out of one layer. Provider entries go on referring to it.",
    )
    remove.add_argument("--from", dest="layer", metavar="LAYER", help=_FROM)
    _add_confirmation(remove, prune=True)
    actions.add_parser(
        "resolve",
        parents=parents,
        help="for OpenClaw, not for people: hands it the key from the keyring",
        description="Answers OpenClaw's exec secret provider protocol on standard input and output.",
    )


_TO: Final = "openclaw-env, keyring, dotenv, or env (it is in an environment of yours already)"
_FROM: Final = (
    "config-env, state-dotenv, keyring, literal, header, auth-profile, or backup (files from before a change); "
    "default: all of them but backup, and but a profile in OpenClaw's database, which undo could not bring back"
)


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Carries the subcommand out and gives the exit status."""
    if options.action is None:
        raise usage_error("key needs an action: status, set, move or remove.", "See portkey-claw key --help.")
    if options.action == "resolve":
        from wizard.keys.resolve_key import main

        main()
        return ExitCode.OK
    return _run(options, environment)


def _add_set(actions: Any, parents: list[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "set",
        parents=parents,
        help="store a key: typed at a prompt, piped in, or from a file",
        description="Stores a key, typed at a prompt that does not show it, piped in, or read from a file.",
        epilog=_MANUAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--storage",
        choices=("openclaw-env", "keyring", "dotenv"),
        help="where to keep it (default: where a key is now, else openclaw-env)",
    )
    parser.add_argument("--api-key-stdin", action="store_true", help="read the key from standard input")
    parser.add_argument("--api-key-file", metavar="PATH", help="read the key from a file")
    parser.add_argument("--api-key", action=PlainKey, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--no-verify", action="store_true", help="do not ask the gateway whether the key works")
    _add_confirmation(parser, prune=False)


def _add_confirmation(parser: argparse.ArgumentParser, *, prune: bool) -> None:
    if prune:
        text = "also take the key out of files from before a change; OpenClaw's backups are removed, and undo is over"
        parser.add_argument("--prune", action="store_true", help=text)
    parser.add_argument("--dry-run", action="store_true", help="show the plan and write nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask before writing (never includes --prune)")


def _run(options: argparse.Namespace, environment: Environment) -> int:
    from wizard.base.limits import Deadline
    from wizard.cli.output import is_plain, write_document
    from wizard.keys.keyring_store import system_keyring
    from wizard.keys.vault import Vault
    from wizard.portkey.client import Client
    from wizard.setup.key_commands import say, status
    from wizard.setup.key_commands.look import Request, look_around
    from wizard.setup.key_commands.talk import change_key
    from wizard.setup.prompter.choose import make_prompter
    from wizard.terminal.console import make_console
    from wizard.terminal.tty import quiet_terminal

    # With --json everything for people goes to stderr.
    people = replace(environment, stdout=environment.stderr) if options.json else environment
    console = make_console(people, plain=is_plain(options, environment), no_color=options.no_color)
    vault = Vault()
    client = Client(vault, Deadline.after(limits.DOCTOR_SECONDS))
    request = Request(environment, vault, system_keyring, client.send, options.openclaw_config, options.profile)
    try:
        if options.action == "status":
            around = look_around(request)
            found = status.read_status(around)
            document = status.document(found, around, vault)
            if not options.json:
                say.show_status(found, vault, console, quiet=options.quiet)
        else:
            prompter = make_prompter(environment, console, yes=options.yes)
            # A key that is pasted while a gateway is asked must not show.
            with quiet_terminal(environment.stdin):
                document = change_key(options.action, vars(options), request, prompter, console)
    finally:
        client.close()
    if options.json:
        write_document(environment, json.dumps(document, indent=2, ensure_ascii=False))
    return ExitCode(document["exit_code"])
