"""The report for scripts: one JSON document, described by report.schema.json beside this file."""

from __future__ import annotations

import json
import re
from typing import Final

from wizard.base.codec import to_json
from wizard.report.model import Report

# JSON allows these unescaped inside a string. On a terminal they act (C1 controls, reading direction) or hide
# (zero width), and some line-based tools break at U+0085, U+2028 and U+2029.
_ESCAPED: Final = re.compile(
    r"[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff]"
)
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def render_json(report: Report) -> str:
    """The whole report as one JSON document with a line end, fields in the order of the contract.

    The text can always be encoded as UTF-8, which is the document's encoding whatever the locale says: lone
    surrogates become U+FFFD. It holds no character that a terminal would act on.
    """
    return harmless_json(json.dumps(to_json(report), ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def harmless_json(document: str) -> str:
    """A JSON text with every character that a terminal would act on escaped, and lone surrogates as U+FFFD."""
    document = _SURROGATES.sub("\ufffd", document)
    return _ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], document)
