"""From words that a user saw to the findings behind them.

What is pasted is seldom the message alone: it is a part of it, or has a log's prefixes around it, or was wrapped, cut
off, or given other quotes. So words are compared, not characters, and rare words count more than common ones.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from wizard.diagnosis.messages.log_words import LOG_WORDS
from wizard.diagnosis.messages.message import Message
from wizard.diagnosis.messages.openclaw_texts import OPENCLAW_TEXTS

_TEXT_LIMIT: Final = 20_000
_WORDS_LIMIT: Final = 1_500
_PLACE: Final = re.compile(r"\{\w+\}")
# Its words are the user's own and say nothing of the message.
_MODEL_REF: Final = re.compile(r"[\w.-]*/?@[\w.-]+/[\w.:/-]+")
_APOSTROPHES: Final = re.compile(r"['’‘`´]")
_WORD: Final = re.compile(r"[^\W_]+")
# What OpenClaw's versions, and logs, put before any message.
_PREFIXES: Final = frozenset({"failovererror", "rawerror", "error"})
# The share of a message, or of what was pasted, that must be found again.
_ENOUGH: Final = 0.6
# Of a message of so few words all must be there: any two of them may stand in other sentences.
_SHORT: Final = 4
# So many words in a row are no accident, however long the rest is.
_LONG_RUN: Final = 6
# A word that so few messages have, as a share of all of them, tells something without its neighbours; unless it is
# one of everyday language, which short words without a digit mostly are.
_RARE: Final = 1 / 12
_EVERYDAY: Final = 6
# Messages that explain the same words are alternatives while they explain about as much of them.
_ABOUT_AS_MUCH: Final = 0.9
# The shortest part of a message that is looked for once all spaces are taken out, in characters.
_SQUEEZED_PART: Final = 12
# What somebody else's words in a message weigh: its fixed words alone are not the whole of it.
_OTHERS_WORDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Known:
    """A text that users meet, whichever version says it.

    Attributes:
        text: the text as its first table row has it.
        usual: the findings that show so, the most usual first.
        possible: further findings that may lie behind it.
        versions: the OpenClaw versions that were seen to say so.
        needs: a word without which it is another text.
        parts: its fixed parts as words.
        weight: what these words tell.
    """

    text: str
    usual: tuple[str, ...]
    possible: tuple[str, ...]
    versions: tuple[str, ...]
    needs: str
    parts: tuple[tuple[str, ...], ...]
    weight: float

    @property
    def codes(self) -> tuple[str, ...]:
        """All findings that may lie behind it."""
        return (*self.usual, *self.possible)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding that may lie behind the words, and the texts that lead to it."""

    code: str
    texts: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """A text found again: which words of the pasted ones it explains, how much of it is there, how well it fits."""

    known: Known
    words: frozenset[int]
    weight: float
    share: float
    score: float


def find_messages(text: str) -> tuple[Candidate, ...]:
    """The findings behind a text, the best first; none where no message is recognised in it."""
    pasted = _words(_MODEL_REF.sub(" ", text[-_TEXT_LIMIT:]))
    words, squeezed = pasted[-_WORDS_LIMIT:], "".join(pasted)
    matches = (_match(known, words, squeezed) for known in known_texts())
    return _candidates(_clusters([match for match in matches if match is not None]))


@cache
def known_texts() -> tuple[Known, ...]:
    """Every text of the tables once, with the findings of all its rows in their order."""
    rows: dict[tuple[tuple[str, ...], ...], list[Message]] = {}
    for message in (*OPENCLAW_TEXTS, *LOG_WORDS):
        rows.setdefault(_parts(message.text), []).append(message)
    return tuple(_known(parts, messages) for parts, messages in rows.items() if _recognisable(parts, messages[0]))


def _known(parts: tuple[tuple[str, ...], ...], rows: Sequence[Message]) -> Known:
    usual = tuple(dict.fromkeys(code for row in rows for code in row.codes))
    possible = tuple(dict.fromkeys(code for row in rows for code in row.also if code not in usual))
    versions = tuple(dict.fromkeys(version for row in rows for version in row.versions))
    weight = _weight(word for part in parts for word in part)
    return Known(rows[0].text, usual, possible, versions, rows[0].needs, parts, weight)


def _recognisable(parts: Sequence[Sequence[str]], message: Message) -> bool:
    return "{words}" not in message.text or sum(map(len, parts)) > 1


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = _WORD.findall(_APOSTROPHES.sub("", folded))
    return [word for word in found if word not in _PREFIXES]


def _parts(text: str) -> tuple[tuple[str, ...], ...]:
    """The fixed parts of a message between what changes, as words."""
    return tuple(tuple(words) for part in _PLACE.split(text) if (words := _words(part)))


@cache
def _weights() -> dict[str, float]:
    """How much a word tells: the rarer among the messages, the more."""
    texts = {_parts(message.text) for message in (*OPENCLAW_TEXTS, *LOG_WORDS)}
    seen = Counter(word for parts in texts for word in {word for part in parts for word in part})
    return {word: math.log(1 + len(texts) / count) for word, count in seen.items()}


@cache
def _most() -> float:
    return max(_weights().values())


def _weight(words: Iterable[str]) -> float:
    weights, unknown = _weights(), _most()
    return sum(weights.get(word, unknown) for word in words)


def _match(known: Known, words: Sequence[str], squeezed: str) -> _Match | None:
    if known.needs and known.needs not in words:
        return None
    template = [word for part in known.parts for word in part]
    runs = _runs(template, words)
    places = frozenset(place + step for place, size in runs for step in range(size))
    weight = _weight(words[place] for place in places)
    others = known.text.count("{words}")
    share = weight / (known.weight + _OTHERS_WORDS * others)
    found = weight / known.weight
    # A pasted text that is nothing but a part of the message is a fragment of it.
    fragment = weight / _weight(words) if places else 0.0
    complete = found >= (1.0 if len(template) <= _SHORT else _ENOUGH)
    if complete or fragment >= _ENOUGH or max((size for _, size in runs), default=0) >= _LONG_RUN:
        return _Match(known, places, weight, share, max(found, fragment) * _ABOUT_AS_MUCH**others)
    if _broken_by_wrapping(known.parts, squeezed):
        # Lines were cut inside words, so there are no places: the message stands for all of the text.
        return _Match(known, frozenset(range(len(words))), known.weight, 1.0, 1.0)
    return None


def _runs(template: Sequence[str], words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words of the message stand in the text in the same order, place and length; not single common ones."""
    blocks = SequenceMatcher(None, template, words, autojunk=False).get_matching_blocks()
    return [
        (block.b, block.size)
        for block in blocks
        if block.size > 1 or (block.size == 1 and (len(template) == 1 or _tells_alone(words[block.b])))
    ]


def _tells_alone(word: str) -> bool:
    everyday = len(word) <= _EVERYDAY and not any(character.isdecimal() for character in word)
    return not everyday and _weights()[word] >= math.log(1 + 1 / _RARE)


def _broken_by_wrapping(parts: Sequence[Sequence[str]], squeezed: str) -> bool:
    """Whether the message stands in the text once every space, and so every cut inside a word, is taken out."""
    pieces = [piece for part in parts if len(piece := "".join(part)) >= _SQUEEZED_PART]
    return bool(pieces) and all(piece in squeezed for piece in pieces)


def _clusters(matches: Sequence[_Match]) -> list[list[_Match]]:
    """Matches by the words that they explain; in each cluster those that explain clearly less are left out."""
    clusters: list[list[_Match]] = []
    for match in sorted(matches, key=lambda match: -match.weight):
        home = next((cluster for cluster in clusters if any(match.words & other.words for other in cluster)), None)
        if home is None:
            clusters.append([match])
        elif match.weight >= _ABOUT_AS_MUCH * home[0].weight:
            home.append(match)
    return [_most_complete(cluster) for cluster in clusters]


def _most_complete(cluster: list[_Match]) -> list[_Match]:
    """A message that stands in the text as a whole rules out those of which only a part does."""
    whole = [match for match in cluster if match.share >= _ABOUT_AS_MUCH]
    return whole or cluster


def _candidates(clusters: Sequence[Sequence[_Match]]) -> tuple[Candidate, ...]:
    """The codes that all clusters agree on, else those of any; the usual ones first."""
    scores: Counter[str] = Counter()
    sources: dict[str, list[Known]] = {}
    for cluster in clusters:
        best: dict[str, float] = {}
        for match in cluster:
            for place, code in enumerate(match.known.codes):
                doubt = 1 if code in match.known.usual else 2
                best[code] = max(best.get(code, 0.0), match.score / (doubt + place))
                sources.setdefault(code, []).append(match.known)
        scores.update(best)
    found = [{code for match in cluster for code in match.known.codes} for cluster in clusters]
    common = set.intersection(*found) if found else set()
    ordered = [code for code, _ in scores.most_common() if code in common or not common]
    return tuple(Candidate(code, tuple(dict.fromkeys(sources[code]))) for code in ordered)
