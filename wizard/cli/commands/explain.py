"""`portkey-claw explain`: the page of a finding, or the findings behind words seen in OpenClaw; offline."""

from __future__ import annotations

import argparse
import difflib
import json
import re
from typing import Any, Final

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, usage_error

# A code, its number, or one word that can only be a slug.
_NAME: Final = re.compile(r"(?i)(?:pkc)?\d{3}|[a-z0-9]+(?:-[a-z0-9]+)+|pkc\w*")


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "explain",
        parents=parents,
        help="explain a finding, or words seen in OpenClaw",
        description="Shows the page of a finding: what it means, how to be sure, how to mend it, when it is not this."
        " For words that OpenClaw showed, or a piece of its log, it names the findings behind them.",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="CODE|TEXT",
        help="a code such as PKC208, its slug, or words seen in OpenClaw; - reads them from standard input",
    )


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Prints a page, the findings behind a text, or the list of codes."""
    from wizard.diagnosis.checks.registry import all_checks

    all_checks()
    text = " ".join(options.words)
    if not options.words:
        return _catalogue(options, environment)
    if text == "-":
        text = environment.stdin.read()
    code = _code(text)
    if code is not None:
        _hint_at_status(text, environment)
        return _page(code, options, environment)
    return _behind(text, options, environment)


def _catalogue(options: argparse.Namespace, environment: Environment) -> int:
    from wizard.cli.output import write_document
    from wizard.diagnosis.catalogue import CATALOGUE
    from wizard.diagnosis.checks.registry import title_of

    entries = [
        {"code": entry.code, "slug": entry.slug, "hop": entry.hop.value, "title": title_of(entry.code)}
        for entry in CATALOGUE.values()
    ]
    lines = [f"{entry['code']}  {entry['slug']:<34}{entry['title']}" for entry in entries]
    write_document(environment, _json(entries) if options.json else "\n".join(lines))
    return ExitCode.OK


def _page(code: str, options: argparse.Namespace, environment: Environment) -> int:
    from wizard.cli.output import write_document
    from wizard.diagnosis.catalogue import CATALOGUE
    from wizard.diagnosis.checks.registry import title_of
    from wizard.diagnosis.pages import page_of

    page = page_of(code)
    document = {"code": code, "slug": CATALOGUE[code].slug, "title": title_of(code), "page": page}
    write_document(environment, _json(document) if options.json else page)
    return ExitCode.OK


def _behind(text: str, options: argparse.Namespace, environment: Environment) -> int:
    """Names the findings behind a text.

    Raises:
        UserError: none is known.
    """
    from wizard.cli.candidates import document, print_candidates
    from wizard.cli.output import is_plain, write_document
    from wizard.diagnosis.messages.search import find_messages
    from wizard.terminal.console import make_console

    found = find_messages(text)
    if not found:
        raise _unknown(text)
    if options.json:
        write_document(environment, _json(document(found)))
        return ExitCode.OK
    plain = is_plain(options, environment)
    print_candidates(found, make_console(environment, plain=plain, no_color=options.no_color))
    if len(found) == 1:
        return _page(found[0].code, options, environment)
    return ExitCode.OK


def _code(text: str) -> str | None:
    """The code that a user means by `208`, `pkc208` or a slug; None for anything else."""
    from wizard.diagnosis.catalogue import CATALOGUE

    wanted = text.strip().lower()
    for entry in CATALOGUE.values():
        if wanted in (entry.code.lower(), entry.code.lower().removeprefix("pkc"), entry.slug):
            return entry.code
    return None


def _hint_at_status(text: str, environment: Environment) -> None:
    """A bare number may be meant as an HTTP status: 401 is both."""
    from wizard.diagnosis.messages.search import find_messages

    number = text.strip()
    if number.isdecimal() and find_messages(f"HTTP {number}"):
        print(f'For the HTTP status: portkey-claw explain "HTTP {number}"', file=environment.stderr)


def _unknown(text: str) -> UserError:
    from wizard.diagnosis.catalogue import CATALOGUE

    wanted = text.strip()
    if _NAME.fullmatch(wanted):
        names = [name for entry in CATALOGUE.values() for name in (entry.code.lower(), entry.slug)]
        near = difflib.get_close_matches(wanted.lower(), names, n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else "portkey-claw explain lists all of them."
        return usage_error(f"There is no finding {wanted!r}.", hint)
    return usage_error(
        "No message of OpenClaw's or Portkey's that is known here stands in that text.",
        "Paste the whole line that OpenClaw printed, or let portkey-claw doctor look for the cause.",
    )


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
