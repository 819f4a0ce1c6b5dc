"""Texts that would like to do something where they are shown, and reports full of them."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from tests.sample_reports import Sample
from wizard.report.model import CodeFrame, Report

# Fields that tie a report together; with them poisoned, whole parts of it would go unseen.
TIES = ("id", "code", "caused_by", "route_ids", "probe_ids", "severity", "confidence", "hop", "origin", "root_cause")

CORPUS = {
    "colours": "\x1b[35mmagenta\x1b[5mblink\x1b[0m",
    "cursor": "\x1b[2J\x1b[H\x1b[1A\x1b[2K\x1b[?25l\x1b[?1049h",
    "title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "link": "\x1b]8;;https://evil.example\x07https://api.portkey.ai\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "eight-bit": "\x9b35m\x9d0;owned\x9c\x90q\x9c\x85",
    "unfinished": "\x1b]0;owned\x1b[35",
    "device": "\x1bP+q544e\x1b\\\x1b[c\x1b[6n\x1bZ\x05",
    "controls": "\x00\x07\x08\x0b\x0c\x0e\x0f\x7f",
    "line-ends": "one\ntwo\r\nthree\rfour\u2028five\u2029six\x1eseven",
    "bidi": "\u202egnp.exe\u202c\u2066x\u2069\u200f\u061c",
    "invisible": "a\u200bb\u200dc\ufeffd\u00ade\u2060f\U000e0041",
    "markup": "[red]x[/red] [link=https://evil.example]y[/link] [/] [[ :warning: \\[bold]",
    "long": "w" * 3000,
    "wide": "漢字🦞👨‍👩‍👧" * 60,
    "marks": "z" + "\u0301\u0489" * 100,
    "surrogates": "\ud83d\udc00\udfff",
    "spaces": "\u00a0\u2003\u3000\t\t" * 20,
    "empty": "",
    "html": "<script>alert(1)</script>&amp;",
    "html-attribute": "\"' onmouseover=alert(1) x='\" <img src=x onerror=alert(1)>",
    "html-ends": "</code></pre></title></style></main></body></html><iframe src=//evil.example></iframe><!-- -->",
    "xml": "]]><evil/><![CDATA[ <!ENTITY x SYSTEM 'file:///etc/passwd'> &x; <?php ?> &#0; &#x1b;",
    "not-xml": "\x00\x08\x0b\x1f\ufffe\uffff",
    "backticks": "`a` ``b`` ```\n```\nout of it\n~~~~\n````x",
    "markdown": "[here](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example> **b** _i_ ~~s~~",
    "markdown-blocks": "# heading\n- item\n1. one\n> quote\n---\n===\n| a | b |\n| - | - |\n\n    code\n</details>",
    "mentions": "@someone @org/team #12 GH-34 owner/repo#56 0123456789abcdef0123456789abcdef01234567 www.evil.example",
    "sarif": "[here](https://evil.example) {0} {1} ${NAME} [x](0) \\[y]",
    "json": '"}],"runs":[{"tool"',
    "format": "{0} %s {report} ${HOME} `id`",
}


def poison(value: Any, kind: Any, text: str, *, spare: tuple[str, ...]) -> Any:
    """The value with every free text in it replaced."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value))
        fields = (f.name for f in dataclasses.fields(value) if f.name not in spare)
        return dataclasses.replace(
            value, **{name: poison(getattr(value, name), hints[name], text, spare=spare) for name in fields}
        )
    if isinstance(value, tuple):
        inner = typing.get_args(kind)[0]
        return tuple(poison(item, inner, text, spare=spare) for item in value)
    if isinstance(value, dict):
        return {text + key: text for key in value}
    free = kind is str or (isinstance(kind, types.UnionType) and str in typing.get_args(kind))
    return text if free else value


def poisoned(sample: Sample, text: str, *, spare: tuple[str, ...] = TIES) -> Sample:
    report, frames = sample
    frame = CodeFrame(7, ("{", text + "key" + text, text), line=8, column=len(text) + 1, length=3)
    bad = poison(report, Report, text, spare=spare)
    return bad, {finding.id: frame for finding in bad.findings} if frames else {}
