"""`portkey-claw explain`: the page of a finding, offline; without a code the catalogue."""

from __future__ import annotations

import argparse
import difflib
import json
from typing import Any

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, usage_error


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "explain",
        parents=parents,
        help="explain a finding",
        description="Shows the page of a finding: what it means, how to be sure, how to mend it, when it is not this.",
    )
    parser.add_argument("code", nargs="?", metavar="CODE", help="a code such as PKC208, or its slug")


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Prints a page, or the list of codes."""
    from wizard.cli.output import write_document
    from wizard.diagnosis.catalogue import CATALOGUE
    from wizard.diagnosis.checks.registry import all_checks, title_of
    from wizard.diagnosis.pages import page_of

    all_checks()
    if options.code is None:
        entries = [
            {"code": entry.code, "slug": entry.slug, "hop": entry.hop.value, "title": title_of(entry.code)}
            for entry in CATALOGUE.values()
        ]
        lines = [f"{entry['code']}  {entry['slug']:<34}{entry['title']}" for entry in entries]
        text = json.dumps(entries, indent=2, ensure_ascii=False) if options.json else "\n".join(lines)
        write_document(environment, text)
        return ExitCode.OK
    code = _code(options.code)
    page = page_of(code)
    document = {"code": code, "slug": CATALOGUE[code].slug, "title": title_of(code), "page": page}
    write_document(environment, json.dumps(document, indent=2, ensure_ascii=False) if options.json else page)
    return ExitCode.OK


def _code(text: str) -> str:
    """The code that a user means by `208`, `pkc208` or a slug.

    Raises:
        UserError: there is no such code.
    """
    from wizard.diagnosis.catalogue import CATALOGUE

    wanted = text.strip().lower()
    for entry in CATALOGUE.values():
        if wanted in (entry.code.lower(), entry.code.lower().removeprefix("pkc"), entry.slug):
            return entry.code
    names = [name for entry in CATALOGUE.values() for name in (entry.code.lower(), entry.slug)]
    near = difflib.get_close_matches(wanted, names, n=3)
    hint = f"Did you mean {', '.join(near)}?" if near else "portkey-claw explain lists all of them."
    raise usage_error(f"There is no finding {text!r}.", hint)
