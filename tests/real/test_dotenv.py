"""Our reading of `.env` files beside the very parser that OpenClaw ships, on one set of files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wizard.openclaw.dotenv import parse_dotenv

pytestmark = pytest.mark.real

# Reads one JSON string a line, answers with one JSON object a line: the parser's own idea of it.
SERVER = """
const { parse } = require(process.argv[1]);
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(JSON.stringify(parse(JSON.parse(line))) + '\\n');
});
"""

WRITTEN_BY_HAND = [
    "",
    "A=a",
    "A=a\nB=b\n",
    "A=a\r\nB=b\r\n",
    "A=a\rB=b",
    "\ufeffA=a",
    "export A=a",
    "  export   A = a  ",
    "export\nA=a",
    "A: a",
    "A:a",
    "A :a",
    "A",
    "A=",
    "A=\nB=b",
    "A=\n'b'",
    'A=\n\n  "b"\nC=c',
    "=a",
    "A==a",
    "A=a=b",
    "A=a b",
    "A=a#b",
    "A=a #b",
    "A=#b",
    "#A=a",
    "  # A=a\nB=b",
    "A='a'",
    'A="a"',
    "A=`a`",
    "A='a' # note",
    'A="a#b"',
    'A="a"bc',
    'A="a',
    "A='a",
    "A='a\nB=b",
    "A='a\nb'\nC=c",
    'A="a\nb"',
    'A="a\\nb\\rc"',
    "A='a\\nb'",
    "A=a\\nb",
    'A="a\\"b"',
    "A='a\\'b'",
    "A='it\\'s'",
    "A=\"'a'\"",
    "A='\"a\"'",
    'A="a" "b"',
    "A='a'b'",
    "A=a\nA=b",
    "A=${B}",
    "A=$B",
    "A.B=a",
    "A-B=a",
    "1A=a",
    "Ä=a",
    "AÄ=a",
    "A=ä",
    "A=a\u00a0",
    "\u00a0A=a",
    "A=a\u2028B=b",
    "A=a\x85B=b",
    "A=a\x1cB=b",
    "\x1cA=a",
    "A\x1f=a",
    "A=a\x0bB=b",
    "A=a\x0cB=b",
    "A=\x00a",
    "A=a\x00",
    "A='a'\x0c",
    "A=\u3000a\u3000",
    'A= "a" ',
    "A=  'a",
    "A=\"a\nb' # c",
    "A='\n'\nB=b",
    "A='a\n\"b\"\nc'",
    "A=\"'\na'\n\"",
    "A=😀",
    "PORTKEY_API_KEY=abc+/=\nB=b",
    "export PORTKEY_API_KEY='abc'",
    "set A=a",
    "A=a;B=b",
    '{"A": "a"}',
    "A:\n a",
    "A: 'a'",
    'A: "a: b"',
    "- A=a",
    "[A]\nB=b",
]
PIECES = st.sampled_from(
    [
        *(
            "A",
            "B",
            "FOO",
            "foo",
            "a",
            "b",
            "=",
            ":",
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "'",
            '"',
            "`",
            "#",
            "\\",
            "\\n",
        ),
        *('\\"', "\\'", "\\r", "export ", "export\n", "${A}", ".", "-", "_", "1", "ä", "\ufeff", "\u00a0", "\u2028"),
        *("\x0b", "\x0c", "\x1c", "\x85", "😀", "\x00", ",", "{", "}", " # note", "A=", "B='", 'C="', "D: ", "E=`"),
    ]
)
FILES = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)


class Parser:
    """The shipped parser, in one process for all files."""

    def __init__(self, node: Path, module: Path) -> None:
        self._process = subprocess.Popen(
            [str(node), "-e", SERVER, str(module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={"PATH": "/usr/bin:/bin"},
        )

    def __call__(self, text: str) -> dict[str, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        parsed: dict[str, str] = json.loads(self._process.stdout.readline())
        return parsed

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module", params=["2026.9.6", "2026.5.7"])
def shipped(request: pytest.FixtureRequest, lab: Any) -> Iterator[Parser]:
    module = lab.openclaw[request.param].resolve().parent.parent / "dotenv"
    parser = Parser(lab.node, module)
    yield parser
    parser.close()


def ours(text: str) -> dict[str, str]:
    # `__proto__` cannot be a key of the object that the shipped parser gives.
    return {name: value for name, (value, _) in parse_dotenv(text).items() if name != "__proto__"}


@pytest.mark.parametrize("text", WRITTEN_BY_HAND, ids=repr)
def test_files_that_people_write(shipped: Parser, text: str) -> None:
    assert ours(text) == shipped(text)


@settings(
    max_examples=2000,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=FILES)
def test_files_that_nobody_writes(shipped: Parser, text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return  # no file can hold half a character
    assert ours(text) == shipped(text)
