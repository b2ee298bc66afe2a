"""What a text states that can be checked: quoted titles, titles with their year, names of two words, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.retrieval.text.normalise import fold

QUOTED = re.compile(r"[\"“”«»]([^\"“”«»\n]{2,})[\"“”«»]|(?<!\w)['‘]([^'’‘\n]{2,60})['’](?!\w)")
DATED = re.compile(r"\s*[(\[]((?:18|19|20)\d\d)[)\]]")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?:'?s\b)?")
BLANK = "•"
SHORT = 4
"""Letters, full stop included, of the longest abbreviation before a name."""
LIST_MARK = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
WORD = re.compile(r"[^\W\d_](?:[.'’]?[^\W_])*\.?(?:-[^\W_]+)*|\d+")
PARTICLES = frozenset("of the and de del della di da van von der den la le el al bin y".split())
SENTENCE_END = re.compile(r"(?:^|[.!?:;]\s+|\n\s*|[•*-]\s+)$")


@dataclass(frozen=True)
class Span:
    """A stretch of a text.

    Attributes:
        kind: ``quoted title``, ``dated title``, ``name`` or ``number``.
        said: as it stands there; of a title all of the words that may belong to it.
        opens: whether its first word opens a sentence, and so may be no part of a name.
    """

    kind: str
    said: str
    opens: bool = False


def spans(text: str) -> Iterator[Span]:
    """All spans of a text; a number in one of the others, or before an entry of a list, is none of its own.

    A quotation is a title when all its words but little ones are capitalised; another is read like any text.

    >>> [(span.kind, span.said) for span in spans('1. "Heat" stars Al Pacino, like Alien (1979), for 170 minutes')]
    [('quoted title', 'Heat'), ('dated title', 'like Alien (1979)'), ('name', 'Al Pacino'), ('number', '170')]
    """
    text = LIST_MARK.sub(lambda found: " " * len(found[0]), text)
    for quoted in QUOTED.finditer(text):
        if _is_capitalised_name(quoted[1] or quoted[2]):
            yield Span("quoted title", quoted[1] or quoted[2])
            text = text[: quoted.start()] + _blank(quoted) + text[quoted.end() :]
    for dated in DATED.finditer(text):
        before = re.split(r"[.!?:;,]\s|\n|\)", text[: dated.start()])[-1].strip()
        yield Span("dated title", f"{before} ({dated[1]})")
    text = DATED.sub(_blank, text)
    yield from _names(text)
    for number in NUMBER.finditer(text):
        yield Span("number", number[0])


def _is_capitalised_name(text: str) -> bool:
    words = [word[0] for word in WORD.finditer(text) if word[0] not in PARTICLES]
    return bool(words) and all(not word[0].islower() for word in words) and not words[0].isdigit()


def _blank(found: re.Match[str]) -> str:
    return BLANK * len(found[0])


def _names(text: str) -> Iterator[Span]:
    """Runs of two and more capitalised words, little words between them included."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        near = bool(run) and not text[run[-1].end() : word.start()].strip(" ") and not _ends(run[-1][0])
        capital = word[0][0].isupper() and fold(word[0]) not in ("i", "im", "ive", "id", "ill")
        if run and not (near and (capital or word[0] in PARTICLES)):
            yield from _run(text, run)
            run = []
        if capital or (run and word[0] in PARTICLES):
            run.append(word)
    yield from _run(text, run)


def _ends(word: str) -> bool:
    """Whether a word with a full stop ends a sentence rather than being short for another, as "Mr." is."""
    return word.endswith(".") and len(word) > SHORT


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Span]:
    while run and run[-1][0] in PARTICLES:
        run = run[:-1]
    dated = bool(run) and text[run[-1].end() :].startswith(BLANK)
    if not dated and sum(word[0][0].isupper() for word in run) > 1:
        opens = bool(SENTENCE_END.search(text[: run[0].start()]))
        yield Span("name", text[run[0].start() : run[-1].end()], opens)
