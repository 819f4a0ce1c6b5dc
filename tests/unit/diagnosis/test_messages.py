"""From words seen in OpenClaw to findings, and from a finding to the words."""

from __future__ import annotations

import re
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.messages.message import NEWER, OLDER
from wizard.diagnosis.messages.openclaw_texts import OPENCLAW_TEXTS
from wizard.diagnosis.messages.search import Known, find_messages, known_texts
from wizard.diagnosis.messages.shown import Turn, measured_version, shown_for
from wizard.diagnosis.messages.signs import SIGNS
from wizard.diagnosis.pages import page_of

ROOT = Path(__file__).parents[3]
REF = "portkey/@anthropic-prod/claude-opus-4-5"
KNOWN = {known.text: known for known in known_texts()}
# Long enough to be told from each other when a third of them is missing.
LONG = [text for text, known in KNOWN.items() if sum(map(len, known.parts)) >= 9]


def codes(text: str) -> list[str]:
    return [candidate.code for candidate in find_messages(text)]


def filled(known: Known) -> str:
    values = {"ref": REF, "model": "@anthropic-prod/claude-opus-4-5", "provider": "portkey", "n": "7"}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "zzz"), known.text)


def words_in_page(code: str) -> Iterator[str]:
    """What a page quotes of OpenClaw's own words."""
    section = re.search(r"## How it shows in OpenClaw\n(.*?)\n## ", page_of(code), re.DOTALL)
    assert section, code
    for block in re.findall(r"(?:^ {4}.+\n)+", section[1] + "\n", re.MULTILINE):
        yield textwrap.dedent(block)


def test_tables_signs_and_catalogue_hold_together() -> None:
    used = {code for known in KNOWN.values() for code in known.codes}
    assert used <= set(CATALOGUE)
    assert used == set(SIGNS)
    assert all(known.codes for known in KNOWN.values())


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_words_that_a_page_quotes_lead_to_it(code: str) -> None:
    for words in words_in_page(code):
        assert code in codes(words), words


@pytest.mark.parametrize("text", [text for text in KNOWN if not text.startswith("Unrecognized")])
def test_every_text_is_found_as_it_stands(text: str) -> None:
    known = KNOWN[text]
    found = codes(filled(known))
    assert set(known.codes) <= set(found)
    assert found[0] in known.codes


def every_line_logged(text: str) -> str:
    rows = textwrap.wrap(text, 50)
    return "\n".join(f"2026-11-23T10:00:0{n % 10}.123Z [agent/embedded] warn {row}" for n, row in enumerate(rows))


MANGLED: dict[str, Callable[[str], str]] = {
    "wrapped": lambda text: textwrap.fill(text, 40),
    "in a box": lambda text: "\n".join(f"│ {row:<40} │" for row in textwrap.wrap(text, 40)),
    "cut inside words": lambda text: "\n".join(text[at : at + 33] for at in range(0, len(text), 33)),
    "shouted": str.upper,
    "whispered": str.lower,
    "other quotes": lambda text: text.replace('"', "“").replace("'", "’").replace("—", "--"),
    "quoted": lambda text: f'"{text}"',
    "quoted in mail": lambda text: "\n".join(f"> {row}" for row in textwrap.wrap(text, 60)),
    "coloured": lambda text: f"\x1b[31m{text}\x1b[0m",
    "older prefix": lambda text: f"FailoverError: {text}",
    "in a log": lambda text: f"10:00:00 info [gateway] listening on 18789\n[agent] {text}\n10:00:09 info done",
    "every line logged": every_line_logged,
    "in JSON": lambda text: '{"ok":false,"error":{"type":"cli_error","message":"' + text.replace('"', '\\"') + '"}}',
    "cut short": lambda text: " ".join(text.split()[: -(len(text.split()) // 3)]) + "…",
    "begun late": lambda text: "…" + " ".join(text.split()[len(text.split()) // 3 :]),
}


@pytest.mark.parametrize("kind", MANGLED)
@pytest.mark.parametrize("text", LONG)
def test_a_mangled_text_is_found_too(text: str, kind: str) -> None:
    known = KNOWN[text]
    found = codes(MANGLED[kind](filled(known)))
    assert found, "nothing found"
    assert set(known.codes) & set(found)
    assert found[0] in known.codes


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("HTTP 401", "PKC205", {"PKC208", "PKC506"}),
        ("HTTP 403", "PKC207", {"PKC506"}),
        ("446", "PKC604", set()),
        ("ENOTFOUND", "PKC311", {"PKC306"}),
        ("causeCode=UNABLE_TO_VERIFY_LEAF_SIGNATURE", "PKC314", set()),
        ("ECONNREFUSED 127.0.0.1:8787", "PKC312", {"PKC316"}),
        ("Error Code: 03", "PKC205", {"PKC208"}),
        ("network connection error", "PKC314", {"PKC317", "PKC312"}),
        ("selected model was not found", "PKC504", {"PKC301"}),
        ("rate limit reached", "PKC603", {"PKC602", "PKC601"}),
        ("OpenClaw config is invalid", "PKC115", {"PKC114", "PKC103"}),
        ('No API key found for provider "portkey".', "PKC201", {"PKC202"}),
        ('No API key found for provider "openai".', "PKC102", {"PKC105"}),
        (f"⚠️ {REF} request failed (HTTP 412).", "PKC505", set()),
        ("412 Model gpt-9 is not allowed for this integration", "PKC505", set()),
    ],
)
def test_fragments(text: str, first: str, others: set[str]) -> None:
    found = codes(text)
    assert found[0] == first
    assert others <= set(found)


def test_two_messages_in_one_paste_narrow_each_other() -> None:
    vague = "LLM request failed: provider rejected the request schema or tool payload."
    exact = 'rawError=400 {"message":"Following keys are not valid: anthropic-prd"}'
    assert len(codes(vague)) > 5
    assert codes(f"{exact}\n{vague}") == ["PKC501"]
    outer = "OpenClaw config is invalid\nFile: ~/.openclaw/openclaw.json\nProblem:\n  - openclaw.json:30 — env: "
    assert codes(f'{outer}Unrecognized key: "PORTKEY_API_KEY"\nLegacy config keys detected:') == ["PKC114"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "!!!", "error", "the", "invalid", "provider", "my request failed", "how do I cook rice", "日本語 текст"],
)
def test_nothing_is_found_in_what_says_nothing(text: str) -> None:
    assert codes(text) == []


def test_no_sentence_of_the_licence_is_a_message() -> None:
    lines = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if codes(line)] == []


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=400))
def test_any_text_is_searched(text: str) -> None:
    assert set(codes(text)) <= set(CATALOGUE)


def test_a_whole_log_is_searched_in_time() -> None:
    line = "10:00:00 [model-fetch] request failed provider=portkey HTTP 401 authentication status=401 elapsedMs=116\n"
    log = line * 20_000 + "LLM request timed out."
    started = time.monotonic()
    assert codes(log)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("version", "nearest"),
    [
        (None, NEWER),
        ("nonsense", NEWER),
        ("2026.9.6", NEWER),
        ("2026.11.1", NEWER),
        ("2026.7.35", NEWER),
        ("2026.5.7", OLDER),
        ("v2026.5.7", OLDER),
        ("2026.3.13", OLDER),
    ],
)
def test_the_nearest_measured_version_speaks(version: str | None, nearest: str) -> None:
    assert measured_version(version) == nearest
    shown = shown_for("PKC512", Turn(version=version, status=529))
    assert shown
    assert shown.version == nearest


@pytest.mark.parametrize(
    ("code", "turn", "begins"),
    [
        ("PKC205", Turn("2026.9.6", status=401), "Authentication failed (provider returned HTTP 401)."),
        ("PKC205", Turn("2026.5.7", status=401), "FailoverError: HTTP 401: Portkey Error: Invalid API Key."),
        ("PKC401", Turn("2026.5.7", "anthropic-messages", 400), "FailoverError: LLM request failed: provider rejected"),
        ("PKC401", Turn("2026.5.7", "openai-completions", 400, ref=REF), f"FailoverError: {REF} ended with an incomp"),
        ("PKC401", Turn("2026.9.6", "openai-completions", 400), "LLM request failed: provider rejected the request"),
        ("PKC504", Turn("2026.5.7", status=404, words="no such model"), "FailoverError: HTTP 404: no such model"),
        ("PKC317", Turn("2026.9.6", status=404), "The provider returned an HTML error page"),
        ("PKC317", Turn("2026.9.6", status=200), "LLM request failed: network connection error."),
        ("PKC511", Turn("2026.9.6", status=400, provider="gw", model="@a/b"), "⚠️ gw (@a/b) returned a billing error"),
        ("PKC203", Turn("2026.9.6", unanswered=True), "LLM request failed: network connection error."),
        ("PKC203", Turn("2026.9.6"), "Authentication failed (provider returned HTTP 401)."),
        ("PKC207", Turn("2026.9.6", status=403, ref=REF), f"⚠️ {REF} request failed (authentication failed, HTTP 403)"),
        ("PKC506", Turn("2026.9.6", status=403, ref=REF), f"⚠️ {REF} request failed (authentication failed, HTTP 403)"),
        ("PKC506", Turn("2026.9.6", status=401, ref=REF), f"⚠️ {REF} request failed (authentication failed, HTTP 401)"),
        ("PKC114", Turn("2026.9.6"), "env: Unrecognized key…"),
        ("PKC115", Turn("2026.9.6"), "OpenClaw config is invalid"),
        ("PKC115", Turn("2026.5.7"), "agents: Unrecognized key…"),
        ("PKC107", Turn("2026.9.6", ref="portkye/@a/b"), "Unknown model: portkye/@a/b"),
        ("PKC201", Turn("2026.9.6", provider="portkey"), 'No API key found for provider "portkey". Auth store…'),
    ],
)
def test_a_finding_shows_in_these_words(code: str, turn: Turn, begins: str) -> None:
    shown = shown_for(code, turn)
    assert shown
    assert shown.text.startswith(begins)
    assert "{" not in shown.text


@pytest.mark.parametrize(
    ("code", "turn"),
    [
        ("PKC106", Turn("2026.9.6")),
        ("PKC605", Turn("2026.9.6", status=246)),
        ("PKC114", Turn("2026.5.7")),
        ("PKC505", Turn("2026.9.6", status=403)),
    ],
)
def test_nothing_is_shown_where_nothing_was_recorded(code: str, turn: Turn) -> None:
    assert shown_for(code, turn) is None


def test_words_of_an_answer_are_taken_as_they_are() -> None:
    shown = shown_for("PKC504", Turn("2026.5.7", status=404, words="{ref} {n} \\1"))
    assert shown
    assert shown.text == "FailoverError: HTTP 404: {ref} {n} \\1"


@pytest.mark.parametrize("code", sorted({code for message in OPENCLAW_TEXTS for code in message.codes}))
def test_what_a_finding_shows_explains_it_again(code: str) -> None:
    said = {
        "PKC505": "Model gpt-9 is not allowed for this integration",
        "PKC507": "Portkey Virtual Key a****b Expired",
    }.get(code, "words of a provider")
    for version in (NEWER, OLDER):
        for status in (None, 200, 400, 401, 403, 404, 412, 413, 429, 446, 500, 529):
            shown = shown_for(code, Turn(version, None, status, ref=REF, provider="portkey", model="@a/b", words=said))
            if shown is not None:
                assert code in codes(shown.text), shown.text
