"""`portkey-claw undo` as users meet it: after a real setup, at no terminal."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change.entries import Entry, Phase
from wizard.change.journal import history, prune_images
from wizard.change.trusted_hosts import remembered_origins
from wizard.cli.main import main

KEY, NEXT_KEY = "Zq8vT3nLw5Rk2Jd7Ym4x", "Next3nLw5Rk2Jd7Ym4x9"
OLD = '// mine\n{\n  "a": 1, // one\n  "gateway": {"auth": {"password": "hunter2hunter2"}},\n}\n'


@dataclass(frozen=True)
class Ran:
    """One run of the command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Bench:
    """A home with a config, and the command in it."""

    home: Path

    @property
    def config(self) -> Path:
        return self.home / ".openclaw" / "openclaw.json"

    @property
    def environment(self) -> Environment:
        return Environment({}, self.home, self.home)

    def run(self, *arguments: str, **variables: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        environment = Environment(variables, self.home, self.home, stdin=io.StringIO(), stdout=out, stderr=err)
        code = main(arguments, environment)
        return Ran(code, out.getvalue(), err.getvalue())

    def setup(self, key: str = KEY, *arguments: str) -> None:
        given = ("--gateway-url", "http://127.0.0.1:9/v1", "--model", "@anthropic-prod/claude-opus-4-5")
        done = self.run("setup", "--yes", "--no-verify", *given, *arguments, PORTKEY_API_KEY=key)
        assert done.code == 0, done.err
        assert key in self.config.read_text()

    def entries(self) -> tuple[Entry, ...]:
        return history(self.environment)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    found = Bench(tmp_path / "home")
    found.config.parent.mkdir(parents=True, mode=0o700)
    found.config.write_text(OLD)
    found.config.chmod(0o644)
    return found


def test_nothing_to_take_back_is_fine_and_writes_nothing(bench: Bench) -> None:
    for arguments in (["undo", "--yes"], ["undo", "--list"], ["undo", "--dry-run"]):
        ran = bench.run(*arguments)
        assert (ran.code, ran.out, ran.err) == (0, "There is nothing to take back.\n", "")
    ran = bench.run("undo", "--yes", "--json")
    assert ran.code == 0
    assert ran.document["taken_back"] == []
    assert bench.run("undo", "--list", "--json").document["changes"] == []
    assert not (bench.home / ".local").exists()


def test_setup_then_undo_gives_the_original_bytes(bench: Bench) -> None:
    bench.setup()
    ran = bench.run("undo", "--yes")
    assert ran.code == 0
    assert bench.config.read_text() == OLD
    assert bench.config.stat().st_mode & 0o777 == 0o644
    assert "Taken back." in ran.out
    assert "edit ~/.openclaw/openclaw.json" in ran.out
    assert "portkey-claw undo --to " in ran.out
    for secret in (KEY, "hunter2"):
        assert secret not in ran.out + ran.err


def test_a_backup_that_still_holds_the_key_is_named(bench: Bench) -> None:
    bench.setup()
    backup = bench.config.with_name("openclaw.json.bak")
    backup.write_bytes(bench.config.read_bytes())
    bench.config.with_name("openclaw.json.bak.1").write_text(OLD)
    ran = bench.run("undo", "--yes")
    assert "~/.openclaw/openclaw.json.bak, OpenClaw's own backup, still holds a secret" in " ".join(ran.out.split())
    assert "bak.1" not in ran.out


def test_without_a_terminal_a_flag_is_wanted(bench: Bench) -> None:
    bench.setup()
    after = bench.config.read_bytes()
    ran = bench.run("undo")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert bench.config.read_bytes() == after


def test_a_dry_run_shows_and_changes_nothing(bench: Bench) -> None:
    bench.setup()
    after = bench.config.read_bytes()
    ran = bench.run("undo", "--dry-run")
    assert ran.code == 0
    assert '"baseUrl": "http://127.0.0.1:9/v1"' in ran.out
    assert "Nothing was changed (--dry-run)." in ran.out
    assert bench.config.read_bytes() == after
    assert [entry.phase for entry in bench.entries()] == [Phase.DONE]


def test_one_json_document(bench: Bench) -> None:
    bench.setup()
    (entry,) = bench.entries()
    dry = bench.run("undo", "--dry-run", "--json").document
    assert not dry["written"]
    ran = bench.run("undo", "--yes", "--json")
    document = ran.document
    assert document["written"]
    assert document["exit_code"] == 0
    assert [each["id"] for each in document["taken_back"]] == [entry.id]
    assert document["entry_id"] == bench.entries()[0].id
    assert document["files"] == [{"action": "edit", "path": "~/.openclaw/openclaw.json"}]
    assert document["diff"] == dry["diff"]
    assert KEY not in ran.out + ran.err
    assert "Taken back." in ran.err


def test_the_list_and_a_way_back_to_one(bench: Bench) -> None:
    bench.setup()
    middle = bench.config.read_text()
    bench.setup(NEXT_KEY)
    listed = bench.run("undo", "--list")
    second, first = (entry.id for entry in bench.entries())
    lines = listed.out.splitlines()
    assert lines[0].startswith(second)
    assert "setup" in lines[0]
    assert any(line.startswith(first) for line in lines)
    assert bench.run("undo", "--yes").code == 0
    assert bench.config.read_text() == middle
    assert bench.run("undo", "--to", bench.entries()[0].id, "--yes").code == 0
    assert NEXT_KEY in bench.config.read_text()
    assert bench.run("undo", "--to", first, "--yes").code == 0
    assert bench.config.read_text() == OLD
    states = {row["id"]: row["can_be_taken_back"] for row in bench.run("undo", "--list", "--json").document["changes"]}
    assert not states[first]
    assert not states[second]


def test_an_id_that_is_none_and_one_that_was_taken_back(bench: Bench) -> None:
    bench.setup()
    (entry,) = bench.entries()
    unknown = bench.run("undo", "--to", "nonsense", "--yes")
    assert unknown.code == 2
    assert "undo --list" in unknown.err
    bench.run("undo", "--yes")
    again = bench.run("undo", "--to", entry.id, "--yes")
    assert again.code == 2
    assert "was taken back already" in again.err


def test_what_somebody_changed_since_is_named_and_stays(bench: Bench) -> None:
    bench.setup()
    bench.config.write_text(bench.config.read_text().replace("127.0.0.1:9/v1", "127.0.0.1:10/v1"))
    ran = bench.run("undo", "--yes")
    assert ran.code == 0
    assert "models.providers.portkey in ~/.openclaw/openclaw.json was changed by somebody else since" in " ".join(
        ran.out.split()
    )
    assert "127.0.0.1:10" in bench.config.read_text()
    assert KEY not in bench.config.read_text()
    assert "// one" in bench.config.read_text()


def test_an_interrupted_setup_is_told_and_taken_back(bench: Bench) -> None:
    bench.setup()
    path = bench.home / ".local/state/portkey-claw/journal" / bench.entries()[0].id / "entry.json"
    data = json.loads(path.read_text())
    # A second file that the run was killed before.
    second = {**data["files"][0], "path": str(bench.home / "x"), "target": str(bench.home / "x"), "before": None}
    data.update(files=[*data["files"], {**second, "image": None}], phase=Phase.BEGUN.value)
    path.write_text(json.dumps(data))
    listed = bench.run("undo", "--list")
    assert "was interrupted; can be taken back" in listed.out
    assert "An earlier portkey-claw setup" in listed.err
    assert "was interrupted half way" in listed.err
    assert bench.run("undo", "--yes").code == 0
    assert bench.config.read_text() == OLD


def test_a_journal_entry_with_a_damaged_time_stops_nothing(bench: Bench) -> None:
    bench.setup()
    path = bench.home / ".local/state/portkey-claw/journal" / bench.entries()[0].id / "entry.json"
    data = {**json.loads(path.read_text()), "made_at": "no time", "phase": Phase.BEGUN.value}
    path.write_text(json.dumps(data))
    listed = bench.run("undo", "--list")
    assert listed.code == 0
    assert "setup (at an unknown time) was interrupted half way" in listed.err
    assert "at an unknown time" in listed.out
    assert bench.run("undo", "--yes").code == 0
    assert bench.config.read_text() == OLD


def test_a_config_of_another_name_is_given_back_without_a_secret_in_sight(bench: Bench) -> None:
    config = bench.home / "oc.conf"
    config.write_text(OLD)
    given = ("--openclaw-config", str(config), "--model", "@a/b")
    assert bench.run("setup", "--yes", "--no-verify", *given, PORTKEY_API_KEY=KEY).code == 0
    removed = bench.run("setup", "--remove", "--yes", "--json", "--openclaw-config", str(config))
    assert config.read_text() == OLD
    undone = bench.run("undo", "--yes", "--json")
    for ran in (removed, undone):
        assert "oc.conf" in ran.document["diff"]
        assert "@@" in ran.document["diff"]
        assert "hunter2" not in ran.out + ran.err


def test_a_gateway_that_was_named_is_forgotten_with_an_undo(bench: Bench) -> None:
    bench.setup(KEY, "--gateway-url", "https://gw.acme.com/v1")
    assert remembered_origins(bench.environment) == ("https://gw.acme.com",)
    assert bench.run("undo", "--yes").code == 0
    assert remembered_origins(bench.environment) == ()
    assert bench.config.read_text() == OLD


def test_a_pruned_change_is_listed_and_refused(bench: Bench) -> None:
    bench.setup()
    bench.setup(NEXT_KEY)
    prune_images(KEY, bench.environment)
    after = bench.config.read_bytes()
    assert "a key that it needs was removed" in " ".join(bench.run("undo", "--list").out.split())
    ran = bench.run("undo", "--yes")
    assert ran.code == 4
    assert "needs a key that was removed from portkey-claw's own copies" in ran.err
    assert bench.config.read_bytes() == after


def test_an_undo_of_everything_reaches_the_start_over_a_pruned_change(bench: Bench) -> None:
    """The oldest copy alone is needed where every byte since is known."""
    bench.setup()
    bench.setup(NEXT_KEY)
    prune_images(KEY, bench.environment)
    assert bench.run("undo", "--to", bench.entries()[-1].id, "--yes").code == 0
    assert bench.config.read_text() == OLD


@pytest.mark.parametrize("flag", ["--list", "--dry-run", "--to", "--yes"])
def test_help_names_every_flag(bench: Bench, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("undo", "--help").code == 0
    assert flag in capsys.readouterr().out
