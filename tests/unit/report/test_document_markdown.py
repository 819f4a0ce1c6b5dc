"""Markdown that is pasted where strangers read: a CommonMark parser says what it would become there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.hostile_texts import CORPUS
from tests.sample_reports import BROKEN_ROUTE, SAMPLES
from tests.unit.report.documents_shared import HOSTILE, acting, hostile, rendered, shape_of
from wizard.report.documents.markdown_text import code, fenced, paragraphs, prose

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# GitHub and GitLab look for these in what is not code, once the Markdown has been read.
AUTOLINKS = re.compile(r"@\w|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|https?:|www\.|\w@\w|:\w+:", re.IGNORECASE)
OWN_HTML = {
    "<details>\n<summary>Environment, what was sent, asked and not checked</summary>\n",
    "</details>",
    "</details>\n",
}
INLINE = {"text", "code_inline", "softbreak", "strong_open", "strong_close"}


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def prose_of(text: str) -> str:
    """All that is neither code nor markup."""
    return "\n".join(token.content for token in tokens(text) if token.type == "text")


def blocks(text: str) -> set[tuple[str, str]]:
    return {(token.type, token.tag) for token in PARSER.parse(text)}


def assert_inert(text: str) -> None:
    found = list(tokens(text))
    assert {token.content for token in found if token.type == "html_block"} <= OWN_HTML
    assert {child.type for token in found for child in token.children or ()} <= INLINE
    assert not AUTOLINKS.search(prose_of(text))
    assert acting(text) == set()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_outcome_is_plain_markdown(name: str) -> None:
    text = rendered("markdown", name)
    assert_inert(text)
    assert text.startswith("## ")
    assert text.endswith("</details>\n")


@pytest.mark.parametrize(("name", "kind"), HOSTILE)
def test_hostile_texts_stay_texts(name: str, kind: str) -> None:
    text = hostile("markdown", name, CORPUS[kind])
    assert_inert(text)
    # Empty texts leave out parts, others add none.
    assert blocks(text) <= {*shape_of(blocks, "markdown", name), ("bullet_list_open", "ul"), ("list_item_open", "li")}  # type: ignore[misc]


def test_what_a_reader_needs_is_there() -> None:
    text = rendered("markdown", "several")
    assert text.index("PKC208") < text.index("PKC405") < text.index("PKC215") < text.index("<details>")
    assert f"`{BROKEN_ROUTE.model_ref}`" in text
    assert "OpenClaw ─── key ─✗─ network" in text
    assert '> 14 |         api: "anthropic-messages",' in text
    assert "- `the same key as x-portkey-api-key → 200`" in text
    assert "In OpenClaw this shows as “Authentication failed" in text
    assert "PKC211 0011223344556677 a throw-away key" in text
    commands = [token.content for token in PARSER.parse(text) if token.type == "fence" and token.info == "sh"]
    assert commands == ["\n".join(SAMPLES["several"][0].findings[0].remedy.commands) + "\n"]


def test_the_trace_of_a_healthy_route_is_named() -> None:
    assert "Trace id `7f3a0c1e`, logs `https://app.portkey.ai/logs`" in rendered("markdown", "healthy")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the provider slug @anthropic-prd is not there.", "the provider slug `@anthropic-prd` is not there."),
        ("see https://evil.example/a_b_c, or (www.x.y).", "see `https://evil.example/a_b_c`, or (`www.x.y`)."),
        ("set ${PORTKEY_API_KEY} first", "set `${PORTKEY_API_KEY}` first"),
        ("- a list", "`-` a list"),
        ("1. a list", "`1.` a list"),
        ("# heading", "`#` heading"),
        ("fixes #12 and GH-3 in 0123abcd", "fixes `#12` and `GH-3` in `0123abcd`"),
        ("a `b` c", "a `` `b` `` c"),
        ("Don't, it's “well” known: 3.5 s, 20% – JSON5", "Don't, it's “well” known: 3.5 s, 20% – JSON5"),
        ("", ""),
    ],
)
def test_only_what_is_more_than_a_word_becomes_code(text: str, shown: str) -> None:
    assert prose(text) == shown


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet=st.characters(exclude_categories=()) | st.sampled_from("`*_[]()<>!@#~|\\&-+=.:\n 1a"), max_size=60)
)
def test_any_text_stays_text(text: str) -> None:
    assert_inert(f"before\n\n{paragraphs(text)}\n\nafter\n")
    assert_inert(f"- {code(text)}\n")
    span = [child for token in PARSER.parse(code(text)) for child in token.children or ()]
    assert [child.type for child in span] == ["code_inline"]
    parsed = PARSER.parse("\n".join(["before", *fenced([text]), "after"]))
    assert [token.type for token in parsed].count("fence") == 1
    assert len(parsed) == 7
