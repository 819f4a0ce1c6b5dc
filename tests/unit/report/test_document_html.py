"""One page: well-formed, self-contained, readable without colours, and deaf to what is quoted in it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from tests.hostile_texts import CORPUS
from tests.sample_reports import SAMPLES
from tests.unit.report.documents_shared import HOSTILE, acting, hostile, rendered
from wizard.report.model import CodeFrame

VOID = {"meta"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "footer"),
    *("h1", "h2", "h3", "h4", "p", "ol", "ul", "li", "dl", "div", "dt", "dd", "pre", "code", "span", "mark", "a"),
    *("svg", "path"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "tabindex", "href", "viewbox", "d"),
    *("aria-labelledby", "aria-label", "aria-hidden"),
}


class Page(HTMLParser):
    """A page taken apart; it complains of tags that are not closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inside: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.open:
            self.inside[self.open[-1]] = self.inside.get(self.open[-1], "") + data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())


def assert_inert(text: str) -> Page:
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert {link["href"] for link in page.all("a")} <= {"https://app.portkey.ai/logs"}
    assert text.count("<style>") == 1
    assert acting(text) == set()
    return page


@pytest.mark.parametrize("name", SAMPLES)
def test_every_outcome_is_a_page(name: str) -> None:
    report = SAMPLES[name][0]
    text = rendered("html", name)
    page = assert_inert(text)
    assert text.startswith("<!DOCTYPE html>")
    for landmark in ("header", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1
    assert len(page.all("ol")) == sum(bool(route.hops) and route.via_portkey for route in report.routes)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes.get("aria-labelledby") for attributes in page.all("section")} <= set(ids)


@pytest.mark.parametrize(("name", "kind"), HOSTILE)
def test_hostile_texts_stay_texts(name: str, kind: str) -> None:
    assert_inert(hostile("html", name, CORPUS[kind]))


def test_what_is_quoted_is_shown() -> None:
    page = Page(hostile("html", "several", "<script>alert(1)</script> & \"'"))
    assert page.words.count("<script>alert(1)</script> & \"'") > 20


@pytest.mark.parametrize("name", ["several", "healthy"])
def test_nothing_is_loaded_or_run(name: str) -> None:
    page = Page(rendered("html", name))
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(page.inside["style"].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|src=|http-equiv=.refresh", rendered("html", name))


def test_every_status_is_said_in_words() -> None:
    page = Page(rendered("html", "several"))
    for words in (
        "key failed PKC208",
        "network ok 38 ms",
        "log not reached",
        "home ollama/llama3.3 not through Portkey",
    ):
        assert words in page.words
    icons = {attributes["class"] for attributes in page.all("li") if attributes.get("class")}
    assert icons == {"ok", "failed", "skipped"}
    assert all(attributes.get("aria-hidden") == "true" for attributes in page.all("svg"))


def test_the_cause_comes_first_with_its_place_and_what_to_do() -> None:
    words = Page(rendered("html", "several")).words
    order = ["key-in-wrong-header", "openclaw.json:14:9", "the same key as x-portkey-api-key → 200", "gateway restart"]
    assert [words.index(part) for part in order] == sorted(words.index(part) for part in order)
    assert "In OpenClaw this shows as “Authentication failed" in words
    assert Page(rendered("html", "several")).inside["mark"] == '"anthropic-messages"'


@pytest.mark.parametrize("column", [1, 150, 3001, 4990])
def test_the_place_on_an_endless_line_stays_in_view(column: int) -> None:
    line = "a" * (column - 1) + '"place"' + "z" * (5000 - column)
    frame = CodeFrame(1, (line, "b" * 900), 1, column, 7)
    page = Page(rendered("html", (SAMPLES["broken"][0], {"f1": frame})))
    assert page.inside["mark"] == '"place"'
    assert max(map(len, page.texts)) < 10_000
    assert len("".join(page.texts)) - len(page.inside["style"]) < 5000
    assert '"place"' in rendered("markdown", (SAMPLES["broken"][0], {"f1": frame}))


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_has_contrast_in_light_dark_and_print() -> None:
    style = Page(rendered("html", "broken")).inside["style"]
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    schemes = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in blocks]
    assert len(schemes) == 3
    for scheme in schemes:
        for ink in ("ink", "soft", "failed", "warned", "ok"):
            for paper in ("paper", "card", "wash"):
                assert contrast(scheme[ink], scheme[paper]) >= 4.5, (ink, paper)
        assert contrast(scheme["ink"], scheme["mark"]) >= 4.5
        assert contrast(scheme["soft"], scheme["mark"]) >= 4.5
