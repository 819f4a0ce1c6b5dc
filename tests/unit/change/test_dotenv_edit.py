"""Edits of `.env` files: OpenClaw's own reading gives exactly what is meant, and every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wizard.change.dotenv_edit import DotenvEditError, read_value, remove_variable, set_variable
from wizard.openclaw.dotenv import parse_dotenv

NAME = "PORTKEY_API_KEY"
VALUES = (
    "Zq8vT3nLw5Rk2Jd7Ym4x", "pk/with+base64==", "with blank", "a#b", "it's", 'say "so"', "`tick`", "a'b\"c", "$HOME",
    "back\\slash", "a\\nb", "two\nlines", "é", " led", "trail ", "", "=", "export x", "a\\nb'c", 'a\\"b',
)  # fmt: skip
FILES = (
    b"", b"\n", b"A=1", b"A=1\n", b"A=1\r\n", b"A=1\rB=2\r", b"# remark\n\nA=1 # mine\n", b"\xef\xbb\xbfA=1\n",
    b"PORTKEY_API_KEY=old\n", b"A=1\nPORTKEY_API_KEY=old\nB=2\n", b"PORTKEY_API_KEY='old' # why\nB=2",
    b'PORTKEY_API_KEY="old"\r\nB=2\r\n', b"export PORTKEY_API_KEY = old\n", b"PORTKEY_API_KEY: old\nB=2\n",
    b"PORTKEY_API_KEY=\nB=2\n", b"PORTKEY_API_KEY=", b"PORTKEY_API_KEY=old\nPORTKEY_API_KEY=older\n",
    b'PORTKEY_API_KEY="two\nlines"\nB=2\n', b"\xef\xbb\xbfPORTKEY_API_KEY=old", b"B='open\nA=1\n", b"\xff=1\nA=\xfe\n",
    b"PORTKEY_API_KEY=old\n\n\nB=2\n", b"  PORTKEY_API_KEY=old\n", b"PORTKEY_API_KEY_OLD=1\nMY_PORTKEY_API_KEY=2\n",
    b"PORTKEY_API_KEY='it''s'\n", b"export\nPORTKEY_API_KEY=old\nB=2\n", b"B=2 \xe2\x80\xa8 C=3\n",
)  # fmt: skip


def others(data: bytes) -> dict[str, str]:
    found = parse_dotenv(data.decode("utf-8", errors="surrogateescape"))
    return {name: value for name, (value, _) in found.items() if name != NAME}


@pytest.mark.parametrize("data", FILES, ids=repr)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_value_is_read_back_and_nothing_else_changes(data: bytes, value: str) -> None:
    after = set_variable(data, NAME, value)
    assert read_value(after, NAME) == value
    assert others(after) == others(data)
    assert set_variable(after, NAME, value) == after, "once more changes nothing"
    for line in data.splitlines(keepends=True):
        if NAME.encode() not in line and b"lines" not in line:
            assert line.rstrip(b"\r\n") in after


@pytest.mark.parametrize("data", FILES, ids=repr)
def test_removing_takes_every_assignment_and_nothing_else(data: bytes) -> None:
    after = remove_variable(data, NAME)
    assert read_value(after, NAME) is None
    assert others(after) == others(data)
    assert remove_variable(after, NAME) == after
    if read_value(data, NAME) is None:
        assert after == data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"PORTKEY_API_KEY=new\n"),
        (b"A=1\n", b"A=1\nPORTKEY_API_KEY=new\n"),
        (b"A=1", b"A=1\nPORTKEY_API_KEY=new"),
        (b"A=1\r\n", b"A=1\r\nPORTKEY_API_KEY=new\r\n"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbfPORTKEY_API_KEY=new\n"),
        (b"export PORTKEY_API_KEY = 'old' # why\r\nB=2", b"export PORTKEY_API_KEY = 'new' # why\r\nB=2"),
        (b"PORTKEY_API_KEY=1\nPORTKEY_API_KEY=2\n", b"PORTKEY_API_KEY=1\nPORTKEY_API_KEY=new\n"),
        (b'A="x\ny"\nPORTKEY_API_KEY="o\nld"\nB=2\n', b'A="x\ny"\nPORTKEY_API_KEY="new"\nB=2\n'),
    ],
)
def test_how_a_new_value_is_written(before: bytes, after: bytes) -> None:
    assert set_variable(before, NAME, "new") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"PORTKEY_API_KEY=old\n", b""),
        (b"\xef\xbb\xbfPORTKEY_API_KEY=old\r\nB=2", b"\xef\xbb\xbfB=2"),
        (b"# mine\nPORTKEY_API_KEY=a\n\nB=2\nPORTKEY_API_KEY='b\nc' # d\n# end", b"# mine\n\nB=2\n# end"),
        (b"A=1\nPORTKEY_API_KEY=old", b"A=1\n"),
    ],
)
def test_how_a_variable_is_removed(before: bytes, after: bytes) -> None:
    assert remove_variable(before, NAME) == after


@pytest.mark.parametrize("value", ["a\\n'b\"`", "carriage\rreturn\\n", "'\"`#\n\\n"])
def test_a_value_that_no_quoting_carries_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(DotenvEditError) as caught:
        set_variable(b"A=1\n", NAME, value + " #")
    assert value not in str(caught.value)
    assert "PORTKEY_API_KEY" in str(caught.value)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(DotenvEditError):
        set_variable(b"", "A B", "x")


PIECES = st.sampled_from(
    [
        "A=1",
        f"{NAME}=x",
        f"{NAME}='x y'",
        "\n",
        "\r\n",
        "\r",
        " ",
        "#",
        '"',
        "'",
        "`",
        "export ",
        "=",
        ":",
        "B",
        "\ufeff",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=12))
def test_any_file_and_any_value(text: str, value: str) -> None:
    data = text.encode()
    try:
        after = set_variable(data, NAME, value)
    except (DotenvEditError, UnicodeEncodeError):
        assume(False)
    assert read_value(after, NAME) == value
    assert others(after) == others(data)
    try:
        without = remove_variable(after, NAME)
    except DotenvEditError:
        return
    assert read_value(without, NAME) is None
    assert others(without) == others(data)
