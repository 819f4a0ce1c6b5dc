"""`portkey-claw doctor`: finds why requests fail or go missing."""

from __future__ import annotations

import argparse
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.report.documents import FORMATS as DOCUMENTS


def add_parser(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Enters the command and its flags."""
    parser = commands.add_parser(
        "doctor",
        parents=parents,
        help="find why requests fail or go missing",
        description="Follows OpenClaw's requests hop by hop to Portkey and names the one cause that stops them.",
    )
    parser.add_argument("--offline", action="store_true", help="no network: look at files and environment only")
    parser.add_argument("--no-spend", action="store_true", help="no model call: only what costs nothing")
    parser.add_argument("--all-models", action="store_true", help="every route, not only each distinct primary")
    parser.add_argument("--provider", metavar="ID", help="only routes through this provider entry")
    parser.add_argument("--agent", metavar="ID", help="only this agent's routes")
    parser.add_argument("--only", metavar="PATTERN", action="append", default=[], help="only these codes or slugs")
    parser.add_argument("--skip", metavar="PATTERN", action="append", default=[], help="not these codes or slugs")
    parser.add_argument("--fail-on", choices=("error", "warning"), default="error", help="what makes the exit status 1")
    parser.add_argument(
        "--format", choices=("human", "json", *DOCUMENTS), default=None, help="how the report is written"
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to a file")
    parser.add_argument(
        "--trust-host", metavar="HOST", action="append", default=[], help="this host may have the real key"
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=limits.DOCTOR_SECONDS, help="limit of the whole run"
    )


def run(options: argparse.Namespace, environment: Environment) -> int:
    """Examines, reports, and gives the exit status."""
    from wizard.cli.output import check_output, show_report
    from wizard.diagnosis.model import Severity
    from wizard.doctor.examine import Request, examine

    check_output(options, environment)
    request = Request(
        scope=_scope(options, environment),
        selection=_selection(options),
        config_path=options.openclaw_config,
        profile=options.profile,
        trust_hosts=tuple(options.trust_host),
        fail_on=Severity(options.fail_on),
        seconds=options.timeout,
    )
    examination = examine(environment, request)
    show_report(examination, options, environment)
    return examination.report.exit_code


def has_portkey(options: argparse.Namespace, environment: Environment) -> bool:
    """Whether any provider entry of the active config goes to Portkey, by the files alone."""
    from wizard.diagnosis.model import Scope
    from wizard.diagnosis.view import portkey_entries
    from wizard.doctor.collect import collect
    from wizard.keys.vault import Vault

    scope = Scope(offline=True)
    evidence = collect(environment, Vault(), scope, config_path=options.openclaw_config, profile=options.profile)
    return bool(portkey_entries(evidence))


def _scope(options: argparse.Namespace, environment: Environment) -> Any:
    from wizard.change.trusted_hosts import remembered_origins
    from wizard.diagnosis.model import Scope

    return Scope(
        offline=options.offline,
        no_spend=options.no_spend,
        all_models=options.all_models,
        provider=options.provider,
        agent=options.agent,
        trusted_origins=tuple(remembered_origins(environment)),
    )


def _selection(options: argparse.Namespace) -> Any:
    """The selected checks.

    Raises:
        UserError: a pattern fits no code, or nothing is left to check.
    """
    from wizard.diagnosis.catalogue import CATALOGUE
    from wizard.diagnosis.diagnose import Selection, matches

    for pattern in (*options.only, *options.skip):
        if not any(matches(code, [pattern]) for code in CATALOGUE):
            raise usage_error(f"No code or slug fits {pattern!r}.", "See portkey-claw explain for all of them.")
    selection = Selection(tuple(options.only), tuple(options.skip))
    if not any(selection.takes(code) for code in CATALOGUE):
        raise usage_error("--only and --skip leave nothing to check.", "Drop one of them.")
    return selection


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds between 0 and 3600")
    return value
