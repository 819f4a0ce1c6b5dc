"""Prompts on narrow, wide, small, colourless and ASCII screens."""

from __future__ import annotations

import pytest

from tests.terminal.prompts.pty_terminal import DOWN, ENTER, ERASE_LINE, KEY, Run, colours_of


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_screen(run: Run, columns: int) -> None:
    terminal = run("--steps", "models", "few", "text", "secret", "yes", columns=columns, rows=40)
    for sign, keys in (
        ("of 5000", ENTER),
        ("space picks", " " + ENTER),
        ("in OpenClaw", ENTER),
        ("API key", KEY + ENTER),
    ):
        terminal.until(sign)
        # Whatever a terminal breaks itself goes on at the left edge; every row of a prompt begins with its own indent.
        prompt = [line for line in terminal.lines if line.startswith((" ", "?", "✓", "Portkey"))]
        assert max(map(len, prompt)) <= columns
        terminal.send(keys)
    terminal.until("? Keep the key")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["@anthropic-prod/model-0002", ["anthropic-prod"], "portkey", KEY, True]


def test_the_line_above_a_step_fits_eighty_columns(run: Run) -> None:
    terminal = run("--steps", "confirm", columns=80)
    terminal.until("? Apply")
    assert terminal.lines[1] == ("Portkey for OpenClaw   step 1 of 1   ctrl-b back · ctrl-c leave, nothing written")
    terminal.send(ENTER)
    assert terminal.end() == 0


def test_inside_tmux_the_other_key_for_back_is_named(run: Run) -> None:
    terminal = run("--steps", "confirm", TMUX="/tmp/tmux-0/default,1,0")
    terminal.until("shift-tab back · ctrl-c leave")
    terminal.send(ENTER)
    assert terminal.end() == 0


def test_a_list_follows_the_size_of_its_window(run: Run) -> None:
    terminal = run("models", columns=80, rows=24)
    terminal.until("1–12 of 5000")
    terminal.resize(60, 12)
    terminal.until("of 5000")
    terminal.send(DOWN)
    terminal.until("❯ @openai-prod/model-0002")
    shown = [line for line in terminal.lines if "@" in line]
    assert 3 <= len(shown) <= 6
    terminal.send("0100")
    terminal.until("❯ @anthropic-prod/model-0100")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["@anthropic-prod/model-0100"]


def test_a_screen_of_five_rows_still_works(run: Run) -> None:
    terminal = run("models", columns=40, rows=5)
    terminal.until("❯")
    terminal.send("2499 open")
    terminal.until("❯ @openai-prod/model-2499")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["@openai-prod/model-2499"]


def test_only_the_users_own_named_colours_are_used(run: Run) -> None:
    terminal = run("choose", "secret", "confirm")
    terminal.until("❯")
    terminal.send(ENTER)
    terminal.until("API key")
    terminal.send("a b")
    terminal.until("white space")
    terminal.send(ERASE_LINE + "sk-ant-" + KEY)
    terminal.until("Anthropic's")
    terminal.send(ENTER)
    terminal.until("Apply")
    terminal.send("y" + ENTER)
    assert terminal.end() == 0
    used = {part for code in colours_of(terminal.written) for part in code.split(";")} - {"0", "39", "49"}
    assert used == {"1", "2", "31", "32", "33"}


@pytest.mark.parametrize(("flag", "env"), [("--no-color", {}), ("--steps", {"NO_COLOR": "1"})])
def test_without_colours_no_look_is_sent_and_everything_is_there(run: Run, flag: str, env: dict[str, str]) -> None:
    terminal = run(flag, "choose", "secret", "confirm", **env)
    terminal.until("❯ @anthropic-prod  Anthropic · active")
    terminal.send(ENTER)
    terminal.until("API key")
    terminal.send("a b")
    terminal.until("✗ has white space in it")
    terminal.send(ERASE_LINE + KEY + ENTER)
    terminal.until("Apply")
    terminal.send("y" + ENTER)
    assert terminal.end() == 0
    assert colours_of(terminal.written) == set()


def test_a_locale_without_unicode_gets_ascii(run: Run) -> None:
    terminal = run("choose", "many", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    terminal.until("> @anthropic-prod  Anthropic - active")
    terminal.send(ENTER)
    terminal.until("ok Provider               @anthropic-prod")
    terminal.until("> . @anthropic-prod/model-0000")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.written.isascii()


@pytest.mark.parametrize("flags", [(), ("--plain",)])
def test_with_json_the_talk_is_on_standard_error_alone(run: Run, flags: tuple[str, ...]) -> None:
    terminal = run("--json", *flags, "url", "secret", "confirm")
    terminal.until("Portkey gateway")
    terminal.send(ENTER)
    terminal.until("API key")
    terminal.send(KEY + ENTER)
    terminal.until("Apply")
    terminal.send("y" + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["https://api.portkey.ai/v1", KEY, True]
    assert terminal.stdout_file.read_bytes() == b""
