"""`.env` files by OpenClaw's rules; tests/real/test_dotenv.py holds the same function against the shipped parser."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.openclaw.dotenv import parse_dotenv

# docs/facts/openclaw.md, section 5, and what the shipped parser was seen to do besides.
FILES: dict[str, dict[str, str]] = {
    'A="a"': {"A": "a"},
    "A='a'": {"A": "a"},
    "A=`a`": {"A": "a"},
    "export A=a": {"A": "a"},
    "A = a": {"A": "a"},
    "A: a": {"A": "a"},
    "A:a": {},
    "  A=a": {"A": "a"},
    "A=a\r\nB=b\r\n": {"A": "a", "B": "b"},
    "A=a\rB=b": {"A": "a", "B": "b"},
    "\ufeffA=a": {"A": "a"},
    "A=a # note": {"A": "a"},
    'A="a" # note': {"A": "a"},
    "A=a#b": {"A": "a"},
    'A="a#b"': {"A": "a#b"},
    'A="a\nb"\nC=c': {"A": "a\nb", "C": "c"},
    'A="a\\nb"': {"A": "a\nb"},
    "A='a\\nb'": {"A": "a\\nb"},
    "A=a\nA=b": {"A": "b"},
    "O=x\nA=a-${O}": {"O": "x", "A": "a-${O}"},
    'A="a': {"A": '"a'},
    'A="a"bc': {"A": '"a"bc'},
    "A=": {"A": ""},
    "A=\nB=b": {"A": "", "B": "b"},
    "#A=a": {},
    "a=a": {"a": "a"},
    "A": {},
    "=a": {},
    "A=a=b": {"A": "a=b"},
    "Ä=a": {},
    "A=ä…": {"A": "ä…"},
    "A=a\u00a0": {"A": "a"},
    "A=a\x1c": {"A": "a\x1c"},
    "A=a\x85B=b": {"A": "a\x85B=b"},
    "": {},
    "\n\n": {},
}


@pytest.mark.parametrize(("text", "values"), FILES.items(), ids=map(repr, FILES))
def test_values(text: str, values: dict[str, str]) -> None:
    assert {name: value for name, (value, _) in parse_dotenv(text).items()} == values


def test_lines_are_those_of_the_name_that_counts() -> None:
    text = "# one\r\nA=a\r\n\r\nB='b\nb'\nA=again\n  export\n  C=c\n"
    assert parse_dotenv(text) == {"A": ("again", 6), "B": ("b\nb", 4), "C": ("c", 8)}


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for name, (value, line) in parse_dotenv(text).items():
        assert name
        assert isinstance(value, str)
        assert 1 <= line <= text.count("\n") + text.count("\r") + 1


@pytest.mark.parametrize(
    "text",
    ["\n" * 500_000, " " * 500_000, "A" * 500_000, "A='" * 2_000, "#" * 500_000, "export " * 50_000, "A\n" * 200_000],
    ids=lambda text: repr(text[:7]),
)
def test_a_hostile_file_is_read_at_once(text: str) -> None:
    started = time.process_time()
    parse_dotenv(text)
    assert time.process_time() - started < 2
