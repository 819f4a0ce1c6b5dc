"""The prompts for a text and for a secret in a real terminal."""

from __future__ import annotations

import re

from tests.terminal.prompts.pty_terminal import ENTER, ERASE_LINE, KEY, LEAVE, Run, paste


def test_an_empty_line_takes_the_default_and_leaves_one_calm_line(run: Run) -> None:
    terminal = run("url")
    terminal.until("? Portkey gateway  (https://api.portkey.ai/v1)")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["https://api.portkey.ai/v1"]
    assert terminal.lines[0] == "✓ Portkey gateway        https://api.portkey.ai/v1"
    assert not any(terminal.lines[1:])


def test_a_refused_text_stays_on_its_line_and_says_why_until_it_is_mended(run: Run) -> None:
    terminal = run("url")
    terminal.until("? Portkey gateway")
    terminal.send("htp")
    terminal.until("? Portkey gateway  htp")
    assert "is no https:// address" not in terminal.text
    terminal.send(ENTER)
    terminal.until("✗ is no https:// address")
    terminal.send(f"{ERASE_LINE}https://gateway.example ")
    terminal.until(lambda lines: "? Portkey gateway  https://gateway.example" in lines and not any(lines[2:]))
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["https://gateway.example"]


def test_tab_takes_the_default_into_the_line_to_change_it(run: Run) -> None:
    terminal = run("url")
    terminal.until("? Portkey gateway")
    terminal.send("\t")
    terminal.until("? Portkey gateway  https://api.portkey.ai/v1")
    terminal.send("/eu" + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["https://api.portkey.ai/v1/eu"]


def test_a_text_may_be_b_or_a_question_mark(run: Run) -> None:
    terminal = run("bare", "bare")
    for word in ("b", "?"):
        terminal.until(lambda lines: "? Trace id" in lines)
        terminal.send(word + ENTER)
        terminal.until(f"✓ Trace id               {word}")
    assert terminal.end() == 0
    assert terminal.answers == ["b", "?"]


def test_a_paste_of_several_lines_is_one_line_of_text(run: Run) -> None:
    terminal = run("bare")
    terminal.until("? Trace id")
    terminal.send(paste("\r\none\rtwo\n") + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["one two"]


def test_a_secret_of_several_lines_is_not_taken(run: Run) -> None:
    terminal = run("secret")
    terminal.until("? Portkey API key")
    terminal.send(paste(f"{KEY}\n{KEY}\n") + ENTER)
    terminal.until("✗ has a line break in it")
    terminal.send(LEAVE)
    assert terminal.end() == 130


def test_a_pasted_key_with_its_line_end_is_taken_and_never_shown(run: Run) -> None:
    terminal = run("secret")
    terminal.until("? Portkey API key  (hidden while typed)")
    terminal.send(paste(f"  {KEY}\r\n"))
    terminal.until("38 characters, sha256:")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [KEY]
    assert re.fullmatch(r"✓ Portkey API key        38 characters, sha256:[0-9a-f]{8}", terminal.lines[0])
    assert KEY[:6] not in terminal.written
    assert KEY[-6:] not in terminal.written


def test_a_key_is_judged_while_it_is_typed_and_enter_does_not_take_a_refused_one(run: Run) -> None:
    terminal = run("secret")
    terminal.until("copy one and paste it here.")
    terminal.send("Bearer x")
    terminal.until("✗ begins with the word Bearer")
    assert "8 characters" in terminal.text
    assert "sha256" not in terminal.text
    terminal.send(ENTER + ERASE_LINE + "ab cd")
    terminal.until("✗ has white space in it")
    terminal.send(f"{ERASE_LINE}sk-ant-{KEY}")
    terminal.until("! looks like a key of Anthropic's")
    terminal.send(ERASE_LINE + KEY + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [KEY]
    assert KEY[:6] not in terminal.written


def test_an_empty_key_is_not_taken(run: Run) -> None:
    terminal = run("secret")
    terminal.until("? Portkey API key")
    assert "is empty" not in terminal.text
    terminal.send(ENTER)
    terminal.until("✗ is empty")
    terminal.send("k" * 9 + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["k" * 9]


def test_what_is_pasted_between_two_prompts_is_not_shown_either(run: Run) -> None:
    terminal = run("slowly", "secret")
    terminal.until("waiting")
    terminal.send(f"{KEY}\r")
    assert terminal.end() == 0
    assert terminal.answers == [None, KEY]
    assert KEY[:6] not in terminal.written
