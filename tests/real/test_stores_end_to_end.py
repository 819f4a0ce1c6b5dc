"""The key in every store, moved along every arrow between them, and taken out again: each step seen by a real turn."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final

import pytest

from tests.real.conftest import REPLY, VERSIONS, Home
from wizard.base.environment import Environment
from wizard.keys.keyring_store import SERVICE
from wizard.openclaw.locate import locate_config
from wizard.sandbox.gateway import Sandbox
from wizard.stores.keyring import account_of

pytestmark = pytest.mark.real

MODEL: Final = "@anthropic-prod/claude-opus-4-5"
ENV, DOTENV, KEYRING = "openclaw-env", "dotenv", "keyring"
# There and back again: together the three tours start, and end, in each store and walk all six arrows.
TOURS: Final = ((ENV, DOTENV), (DOTENV, KEYRING), (KEYRING, ENV))
USERS: Final = ("root", "plain")
# What a person may have written: comments, odd spacing, single quotes, no line end at the end.
CONFIG: Final = """\
// mine
{
\tgateway : {mode: 'local',},   /* by hand */

  agents: { defaults: { workspace: "~/work" } },
      env: { "vars": {OTHER:"1"} , shellEnv: {enabled: false} }, tools : { profile: 'coding' }
}"""
VARIABLES: Final = "# mine\r\nexport OTHER_TOKEN='x y'  \r\n\r\nEMPTY="


@dataclass
class Place:
    """A home whose OpenClaw was set up by hand, and the gateway that its key opens."""

    home: Home
    hosted: Sandbox
    key: str
    has_keyring: bool

    def files(self) -> dict[str, bytes]:
        """The two files that were there before us."""
        return {name: (self.home.path / ".openclaw" / name).read_bytes() for name in ("openclaw.json", ".env")}

    def holders(self) -> set[str]:
        """Every file below the home that holds the key."""
        found = (path for path in self.home.path.rglob("*") if path.is_file() and not path.is_symlink())
        return {str(path.relative_to(self.home.path)) for path in found if self.key.encode() in path.read_bytes()}

    def run(self, *arguments: str) -> CompletedProcess[str]:
        done = self.home.portkey_claw(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert self.key not in done.stdout + done.stderr
        return done

    def setup(self, store: str) -> None:
        key = self.home.path.parent / "key"
        key.write_text(self.key)
        key.chmod(0o644)
        gateway = ("--gateway-url", self.hosted.base_url, "--model", MODEL)
        self.run("setup", "--yes", "--key-storage", store, *gateway, "--api-key-file", str(key))
        key.unlink()

    def turn_has_the_key(self) -> None:
        self.hosted.forget_requests()
        done = self.home.turn()
        assert done.returncode == 0, done.stdout + done.stderr
        assert REPLY in done.stdout
        assert self.key not in done.stdout + done.stderr
        calls = [request for request in self.hosted.requests if request.method == "POST"]
        assert [call.header("authorization") for call in calls] == [f"Bearer {self.key}"]

    def resolvers(self) -> list[str]:
        """Our files in OpenClaw's folder."""
        return [path.name for path in (self.home.path / ".openclaw").iterdir() if path.name.startswith("portkey-claw")]

    def in_keyring(self) -> str | None:
        """What the keyring's entry holds, asked as the home's owner."""
        account = account_of(locate_config(Environment(self.home.variables, self.home.path, self.home.path)))
        done = subprocess.run(
            [*self.home.as_user, sys.executable, "-m", "wizard.keys.keyring_worker"],
            input=json.dumps({"op": "read", "service": SERVICE, "account": account}),
            env=self.home.variables,
            cwd=self.home.path,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        value: str | None = json.loads(done.stdout)["value"]
        return value

    def keeps_nothing_for_the_keyring(self) -> None:
        assert self.resolvers() == []
        if self.has_keyring:
            assert self.in_keyring() is None

    def is_in(self, store: str) -> None:
        """The key is in its store, and in no file that nobody spoke of."""
        if store == KEYRING:
            assert len(self.resolvers()) == 1
            assert self.in_keyring() == self.key
        else:
            self.keeps_nothing_for_the_keyring()
        status = json.loads(self.run("key", "status", "--json").stdout)
        named = json.dumps(status)
        own = {ENV: {".openclaw/openclaw.json"}, DOTENV: {".openclaw/.env"}, KEYRING: set[str]()}[store]
        holders = self.holders()
        assert own <= holders
        assert {name for name in holders - own if name not in named} == set()
        assert not (holders - own) & {".openclaw/openclaw.json", ".openclaw/.env"}


Make = Callable[..., Place]


@pytest.fixture
def make(lab: Any, keyrings: Any, plain_user: Any, hosted: Sandbox) -> Iterator[Make]:
    """Makes a place for an OpenClaw version, a user and the stores to come."""
    with ExitStack() as ended:

        def build(version: str, user: str, *, with_keyring: bool) -> Place:
            # Other users cannot come to pytest's own folders.
            folder = Path(tempfile.mkdtemp(prefix="portkey-claw-tour-"))
            ended.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.chmod(0o755)
            executable = lab.openclaw[version]
            as_user = plain_user.prefix() if user == "plain" else ()
            home = Home(folder / "home", executable, lab.search_path(executable), as_user=as_user)
            state = home.path / ".openclaw"
            state.mkdir(mode=0o700, parents=True)
            for name, text in (("openclaw.json", CONFIG), (".env", VARIABLES)):
                (state / name).write_bytes(text.encode())
                (state / name).chmod(0o600)
            if as_user:
                plain_user.give(home.path)
            if with_keyring:
                session = ended.enter_context(keyrings.Session(keyrings.ensure(), home.path, as_user))
                home.extra.update(session.variables)
            return Place(home, hosted, hosted.account.key("good").value, with_keyring)

        yield build


@pytest.mark.parametrize(
    ("version", "user", "stores"),
    [
        pytest.param(version, user, tour, id="-".join((version, user, *tour)))
        for version in VERSIONS
        for user in USERS
        for tour in TOURS
    ],
)
def test_the_key_goes_from_store_to_store_and_leaves_no_trace(
    make: Make, version: str, user: str, stores: tuple[str, str]
) -> None:
    start, other = stores
    place = make(version, user, with_keyring=KEYRING in stores)
    before = place.files()
    place.setup(start)
    place.is_in(start)
    place.turn_has_the_key()
    for store in (other, start):
        place.run("key", "move", "--to", store, "--yes")
        place.is_in(store)
        place.turn_has_the_key()
    place.run("setup", "--remove", "--yes")
    assert place.files() == before
    place.keeps_nothing_for_the_keyring()
