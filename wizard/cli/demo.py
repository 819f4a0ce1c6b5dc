"""The tour: a local gateway, a scratch home, setup, a routed request, three faults found and taken back."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, usage_error
from wizard.cli.output import is_plain, write_document
from wizard.doctor.examine import Examination, Request, examine
from wizard.json5doc import Document
from wizard.openclaw.executable import find_install
from wizard.openclaw.locate import locate_config
from wizard.report.human import render_human
from wizard.report.verdict import headline
from wizard.sandbox.gateway import Sandbox
from wizard.terminal.console import Console, Span, Tone, make_console

_MODEL: Final = "@anthropic-prod/claude-opus-4-5"
_REPLY: Final = "Hello from the provider behind Portkey."
_PROVIDER: Final = ("models", "providers", "portkey")
# A first turn loads plugins and writes its database; a busy machine takes twice the usual twelve seconds.
_TURN_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to break the route: what is done, and what the doctor is to name."""

    deed: str
    path: tuple[str, ...]
    value: str
    code: str


FAULTS: Final = (
    Fault(
        "The default model loses its provider slug, as in many hand-written configs.",
        ("agents", "defaults", "model", "primary"),
        "portkey/claude-opus-4-5",
        "PKC108",
    ),
    Fault(
        'The entry speaks "anthropic-messages", so OpenClaw puts the key into x-api-key.',
        (*_PROVIDER, "api"),
        "anthropic-messages",
        "PKC208",
    ),
    Fault(
        "The key is replaced by one that Portkey does not know.",
        ("env", "vars", "PORTKEY_API_KEY"),
        "pk-this-key-was-deleted-0000001",
        "PKC205",
    ),
)


def tour(options: argparse.Namespace, environment: Environment) -> int:
    """Runs the tour; 0 when every step did what it was to do."""
    stage = replace(environment, stdout=environment.stderr) if options.json else environment
    console = make_console(stage, plain=is_plain(options, environment), no_color=options.no_color)
    with _scratch_home(options.keep, environment) as home, Sandbox() as gateway:
        gateway.provider.reply = _REPLY
        guide = _Guide(console, gateway, _inside(stage, home, gateway), options)
        good = guide.walk()
    if options.json:
        document = {"schema_version": 1, "steps": guide.steps, "exit_code": int(not good)}
        write_document(environment, json.dumps(document, indent=2, ensure_ascii=False))
    return ExitCode.OK if good else ExitCode.FINDINGS


class _Guide:
    """Leads through the steps and keeps what each came to."""

    def __init__(
        self, console: Console, gateway: Sandbox, environment: Environment, options: argparse.Namespace
    ) -> None:
        self._console = console
        self._gateway = gateway
        self._environment = environment
        self._options = options
        self._config = locate_config(environment).path
        self._number = 0
        self.steps: list[dict[str, object]] = []

    def walk(self) -> bool:
        """All steps in order; False as soon as one fails."""
        self._console.line(f"A stand-in of Portkey's hosted gateway runs at {self._gateway.base_url}.")
        self._console.line(f"The scratch home is {self._environment.home}; your own files are not touched.")
        if not self._set_up() or not self._turn():
            return False
        found = [self._break_and_find(fault, whole=fault is FAULTS[0]) for fault in FAULTS]
        self._farewell()
        return all(found)

    def _set_up(self) -> bool:
        from wizard.cli.commands import setup
        from wizard.cli.parser import build_parser

        self._heading("Setup writes the route, then the doctor sends one streamed request over it")
        key = self._gateway.account.key("good").value
        arguments = ["setup", "--yes", "--gateway-url", self._gateway.base_url, "--model", _MODEL]
        self._console.line(Span("$ PORTKEY_API_KEY=… portkey-claw setup --yes \\", Tone.DIM))
        self._console.line(Span(f"    --gateway-url {self._gateway.base_url} \\", Tone.DIM))
        self._console.line(Span(f"    --model {_MODEL}", Tone.DIM))
        self._console.blank()
        arguments += ["--plain"] if self._console.plain else []
        arguments += ["--no-color"] if self._options.no_color else []
        with_key = replace(self._environment, variables={**self._environment.variables, "PORTKEY_API_KEY": key})
        code = setup.run(build_parser().parse_args(arguments), with_key)
        return self._done("setup", code == ExitCode.OK)

    def _turn(self) -> bool:
        """A real OpenClaw turn where OpenClaw is installed; without it the step is left out, and that is said."""
        executable = find_install(self._environment).executable
        if executable is None:
            self._console.blank()
            self._console.line("OpenClaw is not installed here, so a turn of its own is left out.")
            return True
        self._heading("OpenClaw's own turn over the route")
        command = [executable, "agent", "--local", "--agent", "main", "--message", "hi"]
        self._console.line(Span("$ openclaw agent --local --agent main --message hi", Tone.DIM))
        try:
            done = subprocess.run(  # noqa: S603 - an absolute path, found as the doctor finds it
                command,
                env=dict(self._environment.variables),
                cwd=self._environment.home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_TURN_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self._console.line(f"OpenClaw's turn did not end: {type(error).__name__}.")
            return self._done("turn", good=False)
        replied = _REPLY in done.stdout
        self._console.line(_REPLY if replied else done.stdout[-400:] + done.stderr[-400:])
        return self._done("turn", replied)

    def _break_and_find(self, fault: Fault, *, whole: bool) -> bool:
        self._heading(fault.deed)
        good = self._config.read_text(encoding="utf-8")
        broken = Document.parse(good).set(fault.path, fault.value).text
        self._config.write_text(broken, encoding="utf-8")
        try:
            examination = examine(self._environment, Request())
        finally:
            self._config.write_text(good, encoding="utf-8")
        self._show(examination, whole=whole)
        return self._done(fault.code, examination.report.root_cause == fault.code)

    def _show(self, examination: Examination, *, whole: bool) -> None:
        report = examination.report
        if whole:
            render_human(report, frames=examination.frames, console=self._console)
            return
        glyph, tone = self._console.glyphs.broken, Tone.BROKEN
        self._console.line(headline(report), label=(Span(f"{glyph} ", tone),))
        root = report.root_finding
        if root is not None:
            self._console.line(root.message, indent=2, label=(Span(f"{root.code}  ", Tone.BROKEN),))
            self._console.line(root.remedy.text, indent=2, label=(Span("Mend    ", Tone.DIM),))

    def _heading(self, text: str) -> None:
        self._number += 1
        self._console.blank()
        self._console.line(Span(text, Tone.STRONG), label=(Span(f"{self._number}  ", Tone.STRONG),))
        self._console.blank()

    def _done(self, step: str, good: bool) -> bool:  # noqa: FBT001 - the step's outcome
        self.steps.append({"step": step, "ok": good})
        return good

    def _farewell(self) -> None:
        self._console.blank()
        self._console.line("Each fault was taken back after it was found. What to do next:")
        self._console.blank()
        for command, purpose in _NEXT:
            self._console.line(purpose)
            self._console.copyable(command, indent=2)


_NEXT: Final = (
    ("portkey-claw setup", "With a Portkey account; it asks for what it needs:"),
    ("portkey-claw doctor", "Whenever requests fail or never show up:"),
    ("portkey-claw sandbox", "The same stand-in, to try things by hand:"),
)


def _inside(environment: Environment, home: Path, gateway: Sandbox) -> Environment:
    """The environment of the scratch home: nothing of the user's own OpenClaw, keys or proxies leads into it."""
    kept = ("PATH", "LANG", "LC_ALL", "TERM", "COLUMNS", "NO_COLOR", "SYSTEMROOT", "TMPDIR")
    variables = {name: environment.variables[name] for name in kept if name in environment.variables}
    variables |= {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "NO_PROXY": gateway.url.partition("://")[2].partition(":")[0],
        "OPENCLAW_NO_AUTO_UPDATE": "1",
    }
    return replace(environment, variables=variables, home=home, cwd=home)


@contextmanager
def _scratch_home(keep: str | None, environment: Environment) -> Iterator[Path]:
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="portkey-claw-demo-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    folder = Path(environment.cwd, keep)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise usage_error(f"--keep {keep} cannot be used ({error.strerror or error}).") from None
    if any(folder.iterdir()):
        raise usage_error(f"--keep {keep} is not empty.", "Name a folder that is empty or not there yet.")
    yield folder
