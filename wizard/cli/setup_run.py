"""One run of `portkey-claw setup`: by flags or as an interview, to a written config and an examined route."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from types import TracebackType
from typing import Self

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, usage_error
from wizard.base.limits import Deadline
from wizard.change.apply import Applied
from wizard.change.plan import Plan
from wizard.change.preview import preview
from wizard.cli.output import is_plain, render, write_document
from wizard.doctor.examine import Examination
from wizard.keys.vault import Vault
from wizard.openclaw.locate import locate_config
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import Exchange, Probe
from wizard.setup import flow, resume, say
from wizard.setup.aftermath import show_aftermath
from wizard.setup.flags import check_flags
from wizard.setup.interview.run import Interviewed, interview
from wizard.setup.lasting import look_again, with_lost
from wizard.setup.plan_words import show_changes, show_diff, show_notes
from wizard.setup.prompter.choose import make_prompter
from wizard.setup.prompter.model import BackError, ConfirmPrompt
from wizard.terminal.console import make_console
from wizard.terminal.tty import quiet_hangup, quiet_terminal


class SetupRun:
    """A run with its console, its prompter and its client, which end with it."""

    def __init__(self, options: argparse.Namespace, environment: Environment) -> None:
        self._options = options
        self._environment = environment
        # With --json everything for people goes to stderr, and so does the rest of the talk.
        self._people = replace(environment, stdout=environment.stderr) if options.json else environment
        plain = is_plain(options, environment)
        self._console = make_console(self._people, plain=plain, no_color=options.no_color)
        self._prompter = make_prompter(environment, self._console, yes=bool(options.yes))
        self._vault = Vault()
        self._lost: tuple[str, ...] = ()
        self._client = Client(self._vault, Deadline.after(limits.DOCTOR_SECONDS))
        self._request = flow.Request(
            vars(options), environment, self._vault, self._send, options.openclaw_config, options.profile
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def run(self) -> int:
        """Does what the flags and the person say, and gives the exit status.

        Raises:
            SystemExit: the terminal is gone, or a signal ended the run.
        """
        streams = self._environment.stdout, self._environment.stderr
        with quiet_hangup(self._environment.stdin, *streams):
            return self._run()

    def _run(self) -> int:
        check_flags(vars(self._options))
        if self._options.remove:
            return self._remove(flow.look(self._request), self._options.provider_id)
        if not self._prompter.asks:
            return self._write(flow.prepare(self._request), self._request)
        interviewed = self._interviewed()
        if interviewed.finished is not None:
            if interviewed.finished.keep:
                return self._doctor()
            return self._remove(interviewed.found, interviewed.finished.provider_id)
        if interviewed.prepared is None:
            kept = " Your answers are kept for the next portkey-claw setup." if self._goes_on() else ""
            self._console.line(f"Nothing was written.{kept}")
            return ExitCode.OK
        return self._write(interviewed.prepared, interviewed.request, shown=True)

    def _send(self, probe: Probe, transport: Transport) -> Exchange:
        # People think for as long as they like: each question to the gateway has its own limit.
        self._client.deadline = Deadline.after(limits.DOCTOR_SECONDS)
        return self._client.send(probe, transport)

    def _interviewed(self) -> Interviewed:
        try:
            with quiet_terminal(self._environment.stdin):
                return interview(self._request, self._prompter, self._console)
        except (KeyboardInterrupt, EOFError):
            hint = "Your answers are kept, the key is not: portkey-claw setup goes on from there."
            raise UserError(
                ExitCode.INTERRUPTED, "Left; nothing was written.", hint if self._goes_on() else ""
            ) from None

    def _goes_on(self) -> bool:
        """Whether the next run can go on where this one was left."""
        options = self._options
        located = locate_config(self._environment, config_path=options.openclaw_config, profile=options.profile)
        return resume.kept(self._environment, located.path) is not None

    def _write(self, prepared: flow.Prepared, request: flow.Request, *, shown: bool = False) -> int:
        options, console = self._options, self._console
        if not shown:
            checks = "" if options.dry_run else say.checks_of(options.__dict__)
            say.show_plan(prepared, self._environment, console, checks=checks, quiet=options.quiet)
        applied, examination = None, None
        if options.dry_run:
            say.show_dry_run(prepared.plan, console)
        else:
            applied = flow.carry_out(prepared, request)
            say.show_written(applied, prepared.plan, self._environment, console)
            if say.tries_route(request.given):
                examination = flow.examine_route(prepared, request)
                render(examination, options, self._people, as_json=False)
            show_aftermath(prepared, self._environment, console)
            self._lost = look_again(applied.entry_id, self._environment, console)
            say.show_next(prepared, console, examination)
        exit_code = int(examination.report.exit_code) if examination else 0
        self._document(prepared.plan, applied, examination, exit_code, prepared.source.shown, prepared.diff)
        return exit_code

    def _remove(self, found: flow.Found, provider_id: str | None) -> int:
        """Takes Portkey out again, after a confirmation."""
        from wizard.setup.removal import plan_removal

        options, console, environment = self._options, self._console, self._environment
        if not (options.yes or options.dry_run or self._prompter.asks):
            raise usage_error("setup --remove writes nothing without a confirmation: give --yes, or --dry-run.")
        plan = plan_removal(found.source, found.seen, found.located, environment, self._vault, provider_id=provider_id)
        diff = preview(plan, environment, self._vault)
        applied: Applied | None = None
        if not plan.changes:
            console.line(f"There is nothing of Portkey's in {found.source.shown}: nothing to remove.")
            show_notes(plan, console)
        else:
            show_changes(plan, environment, console)
            show_notes(plan, console)
            show_diff("" if options.quiet else diff, console)
            console.blank()
            if options.dry_run:
                say.show_dry_run(plan, console)
            elif self._confirmed():
                applied = flow.carry_out_plan(plan, self._request, found.seen.install.version, "setup --remove")
                say.show_written(applied, plan, environment, console)
                self._lost = look_again(applied.entry_id, environment, console)
            else:
                console.line("Nothing was removed.")
        self._document(plan, applied, None, 0, found.source.shown, diff)
        return ExitCode.OK

    def _confirmed(self) -> bool:
        if self._options.yes:
            return True
        try:
            with quiet_terminal(self._environment.stdin):
                return self._prompter.confirm(ConfirmPrompt("apply", "Remove"))
        except BackError:
            return False
        except KeyboardInterrupt:
            raise UserError(ExitCode.INTERRUPTED, "Left; nothing was removed.") from None

    def _doctor(self) -> int:
        from wizard.cli.commands import doctor
        from wizard.cli.parser import build_parser

        switches = ["--no-spend"] if self._options.no_spend else []
        parsed = build_parser().parse_args(["doctor", *switches])
        shared = ("json", "plain", "no_color", "quiet", "verbose", "openclaw_config", "profile")
        for name in shared:
            setattr(parsed, name, getattr(self._options, name))
        return doctor.run(parsed, self._environment)

    def _document(
        self,
        plan: Plan,
        applied: Applied | None,
        examination: Examination | None,
        exit_code: int,
        config_path: str,
        diff: str,
    ) -> None:
        if not self._options.json:
            return
        document = say.document(
            plan,
            self._environment,
            examination.report if examination else None,
            config_path=config_path,
            diff=diff,
            written=applied is not None and bool(applied.written or applied.entry_id),
            exit_code=exit_code,
        )
        write_document(self._environment, json.dumps(with_lost(document, self._lost), indent=2))
