"""The scenario language: a user's set-up as data, and the doctor's word on it.

A `Scenario` holds what a user has: the text of OpenClaw's config, environment variables, `.env` files, an OpenClaw
version, what stands at the base URL, and the flags of the command line. In every text

    {{base}}          is the base URL with /v1, {{origin}} the same without it, {{port}} its port,
    {{key}}           is a good Portkey key, {{key:NAME}} the account's key of that name,
    {{vendor:SLUG}}   is the vendor's key behind a provider slug.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import jsonschema

from tests.diagnosis_live.patience_and_names import resolving, waiting
from wizard.base.codec import from_json
from wizard.base.environment import Environment
from wizard.cli.main import main
from wizard.report.model import FindingReport, Report
from wizard.sandbox.accounts import Account, ApiKey, default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Request
from wizard.sandbox.server import LOOPBACK, LoopbackServer

JWT: Final = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJzYW5kYm94In0.c2lnbmF0dXJlLW9mLW5vLXZhbHVl"
ACCOUNT: Final = default_account().adding(ApiKey("jwt", JWT))
HOSTED: Final = "api.portkey.ai"
NEW, OLD = "2026.9.6", "2026.5.7"

_SCHEMA = json.loads(files("wizard.report").joinpath("report.schema.json").read_text("utf-8"))
_VALIDATOR: Final = jsonschema.Draft202012Validator(_SCHEMA)
_GAP: Final = re.compile(r"\{\{(\w+)(?::([\w-]+))?\}\}")

Host = Callable[[], LoopbackServer]
Certificate = Literal["good", "expired", "not yet valid", "for another name"]


@dataclass(frozen=True)
class Scenario:
    """A user's set-up.

    Attributes:
        config: the text of OpenClaw's config; None where there is none.
        env: variables of the process.
        project_env: the text of `.env` in the working folder.
        state_env: the text of `~/.openclaw/.env`.
        files: other files below the home folder, by path; a text that starts with `-> ` is a link.
        version: the OpenClaw on PATH, None for none.
        host: what stands at the base URL; None for the account's gateway.
        names: host names that lead to it, whatever their port; every other name does not resolve.
        tls: the certificate with which it speaks TLS; `good` is for `names`, from an authority that OpenClaw is told
            to trust by NODE_EXTRA_CA_CERTS, unless `env` sets that.
        resets: how many questions the host answers only at the second try.
        patience: seconds for a connection and for an answer's first byte.
        flags: what is typed behind `portkey-claw doctor --json`.
    """

    config: str | bytes | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    project_env: str | None = None
    state_env: str | None = None
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    version: str | None = NEW
    host: Host | None = None
    names: tuple[str, ...] = ()
    tls: Certificate | None = None
    resets: int = 0
    patience: float = 5.0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What the doctor said, and what the host at the base URL was asked."""

    exit_code: int
    stdout: str
    stderr: str
    requests: tuple[Request, ...]
    config: str

    @property
    def document(self) -> dict[str, Any]:
        """The document on stdout."""
        loaded: dict[str, Any] = json.loads(self.stdout)
        return loaded

    @property
    def report(self) -> Report:
        """The report on stdout, which must fit its schema."""
        assert not [error.message for error in _VALIDATOR.iter_errors(self.document)], self.stderr
        report = from_json(Report, self.document)
        assert report.exit_code == self.exit_code
        return report

    def finding(self, code: str) -> FindingReport:
        """The one finding of a code."""
        found = [each for each in self.report.findings if each.code == code]
        assert len(found) == 1, f"{code}: {[each.code for each in self.report.findings]}"
        return found[0]

    def codes(self, *severities: str) -> tuple[str, ...]:
        """The codes of the findings, of these severities only where any is named, in the report's order."""
        return tuple(each.code for each in self.report.findings if not severities or each.severity in severities)

    @property
    def noise(self) -> tuple[str, ...]:
        """What a healthy set-up must not have: every finding above info, however unsure."""
        loud = (each for each in self.report.findings if each.severity != "info")
        return tuple(f"{each.code} {each.severity} {each.confidence}: {each.message}" for each in loud)

    def line_of(self, part: str) -> int:
        """The number of the one line of the config that holds a text."""
        lines = [number for number, line in enumerate(self.config.splitlines(), 1) if part in line]
        assert len(lines) == 1, f"{part!r} stands on lines {lines} of\n{self.config}"
        return lines[0]


class Doctor:
    """Runs scenarios. One gateway with the usual account serves all that name no host of their own."""

    def __init__(self, folder: Path, gateway: Sandbox, installs: Mapping[str, Path], authority: Any) -> None:
        self._folder = folder
        self._gateway = gateway
        self._installs = installs
        self._authority = authority
        self._runs = 0

    def __call__(self, scenario: Scenario) -> Outcome:
        """The doctor's word on a set-up."""
        self._runs += 1
        home = self._folder / f"home-{self._runs}"
        with self._host(scenario) as host, resolving(scenario.names, host.port), waiting(scenario.patience):
            account = getattr(host, "account", ACCOUNT)
            fill = _Filler(host, account)
            config = _write(home, scenario, fill)
            environment = self._environment(home, scenario, fill)
            code = main(["doctor", "--json", *map(fill, scenario.flags)], environment)
            stdout, stderr = environment.stdout, environment.stderr
            assert isinstance(stdout, io.StringIO)
            assert isinstance(stderr, io.StringIO)
            return Outcome(code, stdout.getvalue(), stderr.getvalue(), host.requests, config)

    @contextlib.contextmanager
    def _host(self, scenario: Scenario) -> Iterator[LoopbackServer]:
        if scenario.host is None and scenario.tls is None:
            self._gateway.forget_requests()
            yield self._gateway
            return
        host = scenario.host() if scenario.host is not None else Sandbox(ACCOUNT)
        if scenario.tls is not None:
            host._tls = self._certificate(scenario)
        with host:
            yield host

    def _certificate(self, scenario: Scenario) -> ssl.SSLContext:
        names = ("another.example",) if scenario.tls == "for another name" else scenario.names or (LOOPBACK,)
        now = datetime.now(UTC)
        shift = {"expired": timedelta(days=-400), "not yet valid": timedelta(days=400)}.get(str(scenario.tls))
        start = None if shift is None else now + shift
        end = None if start is None else start + timedelta(days=30)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names, not_before=start, not_after=end).configure_cert(context)
        return context

    def _environment(self, home: Path, scenario: Scenario, fill: Callable[[str], str]) -> Environment:
        variables = {
            "HOME": str(home),
            "PATH": str(self._installs[scenario.version]) if scenario.version else "",
            "XDG_STATE_HOME": str(home / ".local/state"),
            **{name: fill(value) for name, value in scenario.env.items()},
        }
        if scenario.tls is not None and "NODE_EXTRA_CA_CERTS" not in variables:
            pem = home / "authority.pem"
            self._authority.cert_pem.write_to_path(str(pem))
            variables["NODE_EXTRA_CA_CERTS"] = str(pem)
        return Environment(
            variables=variables,
            home=home,
            cwd=home / "project",
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )


class _Filler:
    """Fills the gaps of a text."""

    def __init__(self, host: LoopbackServer, account: Account) -> None:
        self._host = host
        self._account = account

    def __call__(self, text: str) -> str:
        """The text with its gaps filled."""
        return _GAP.sub(self._value, text)

    def _value(self, gap: re.Match[str]) -> str:
        kind, name = gap[1], gap[2]
        values: dict[str, Callable[[], str]] = {
            "base": lambda: f"{self._host.url}/v1",
            "origin": lambda: self._host.url,
            "port": lambda: str(self._host.port),
            "key": lambda: self._account.key(name or "good").value,
            "vendor": lambda: self._account.provider(name).vendor_key,
        }
        return values[kind]()


def _write(home: Path, scenario: Scenario, fill: Callable[[str], str]) -> str:
    """Puts the scenario's files below the home folder; gives the config's text as it stands there."""
    texts: dict[str, str | bytes | None] = {
        ".openclaw/openclaw.json": scenario.config,
        "project/.env": scenario.project_env,
        ".openclaw/.env": scenario.state_env,
        **scenario.files,
    }
    (home / "project").mkdir(parents=True)
    for name, text in texts.items():
        if text is None:
            continue
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str) and text.startswith("-> "):
            path.symlink_to(home / text[3:])
        else:
            path.write_bytes(fill(text).encode() if isinstance(text, str) else _filled_bytes(text, fill))
    main_text = scenario.config if scenario.config is not None else ""
    return fill(main_text) if isinstance(main_text, str) else _filled_bytes(main_text, fill).decode("utf-8", "replace")


def _filled_bytes(text: bytes, fill: Callable[[str], str]) -> bytes:
    return fill(text.decode("latin-1")).encode("latin-1")


@dataclass(frozen=True)
class Fault:
    """A set-up with one fault, and what the doctor must say of it.

    Attributes:
        code: the finding's code.
        story: what the user did, in a few words.
        scenario: the set-up.
        at: a text on the one line of the config that the finding points to; None where it points to no line.
        severity: the finding's weight.
        confidence: the finding's confidence.
        root: the root cause; `same` for the code itself.
        verdict: the report's verdict.
        exit_code: the exit status.
    """

    code: str
    story: str
    scenario: Scenario
    at: str | None = None
    severity: str = "error"
    confidence: str = "certain"
    root: str | None = "same"
    verdict: str = "broken"
    exit_code: int = 1


@dataclass(frozen=True)
class Neighbour:
    """The nearest set-up without the fault: nothing above info may be said, and the exit status is 0.

    Attributes:
        code: the code that must stay silent.
        story: what is different.
        scenario: the set-up.
        note: the code as an info, where that is the silence.
    """

    code: str
    story: str
    scenario: Scenario
    info: bool = False
