"""Titles of the catalogue inside a free message, for a planner without a language model.

Taken are, the first ones over the later: quoted titles; titles with their year behind;
exact titles of two words and more in any case; single words that are written like a
name where a name may stand, or that follow "have you seen" and the like. Words of everyday
chat need more: capitals throughout, or "seen" before them. The longest span wins. Something quoted, dated or numbered
like a title that the catalogue lacks is reported too, as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.normalise import normalise
from tastemaker.retrieval.text.unspaced import places_of

if TYPE_CHECKING:
    from tastemaker.retrieval.titles.resolver import Resolution, TitleResolver

MAX_CHARS = 4_000
"""What stands behind this in a message is not looked at."""
MAX_WORDS = 14

_QUOTED = re.compile(r'"([^"\n]{1,120})"|“([^”\n]{1,120})”|«([^»\n]{1,120})»|‘([^’\n]{1,120})’(?!\w)')
_WORD = re.compile(r"\w(?:[.*]\w)+\b[.*]?|\w+(?:['’]\w+)*|&")
_YEAR_BEHIND = re.compile(r"\s*,?\s*[(\[]((?:18|19|20)\d\d)[)\]]|\s+((?:19|20)\d\d)\b(?!\s*(?:s\b|['’]s))")
_NUMBER_BEHIND = re.compile(
    r":?\s+(?:(?:part|vol\.?|volume|chapter)\s+)?(?:\d{1,2}|[ivx]{2,4}|IV|V|X)\b(?!['’:%/]|\s+(?:times|stars|out)\b)",
    re.I,
)
_YEAR_ALONE = re.compile(r"[(\[](?:18|19|20)\d\d[)\]]")
_JOINED = re.compile(r"[ \t]*")
_SENTENCE_END = re.compile(r"(?:^|[.!?\n…:;]|[-–—]\s)\s*[\"'“‘(]*$")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SMALL = _words("the a an of in on at to and or for with from by & vs is my")
_NO_NAME_BEFORE = _words("in by with starring at on near into")
_COMMON = _words(
    # Words that start a sentence far more often than they name a film.
    """
    i it its up first second last big safe fall trust careful target now then so but and or the a an no
    yes not my me we you he she they this that these those what who when where why how which if is are
    was were do does did can could would should will some any all more most less just only also even
    still ever never always maybe please thanks hi hello hey ok okay well good great nice bad best fun
    funny something anything nothing everything someone give show find tell recommend like love loved
    hate hated want need watch watched seen see try go get let make movies movie film films one two
    three four five monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december english french german american
    british comedy drama horror action thriller romance mother father kids boys
    """
)
_ABBREVIATION = re.compile(r"(?:mr|mrs|ms|dr|st|vol|vs|jr|sr)\Z", re.I)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or self.text[0].isdigit()


Span = tuple[int, int, "Resolution"]


def find_titles(text: str, resolver: TitleResolver) -> list[Span]:
    """Titles in a message as ``(start, end, resolution)``, ascending and without overlap.

    ``text[start:end]`` is the title as written, with its year but without quotation marks.
    """
    text = text[:MAX_CHARS]
    found: list[Span] = []
    for finder in (_in_quotes, _before_years, _in_text_without_spaces, _in_full):
        for start, end, resolution in finder(text, resolver):
            if not any(start < taken_end and taken_start < end for taken_start, taken_end, _ in found):
                found.append((start, end, resolution))
    return sorted(found, key=lambda span: span[0])


def _in_quotes(text: str, resolver: TitleResolver) -> Iterator[Span]:
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 1
        start, end = match.span(group)
        year = _YEAR_BEHIND.match(text, match.end())
        inside = match[group].strip(" ,.!?")
        resolution = resolver.resolve(f"{inside} ({year[1] or year[2]})" if year else inside)
        if resolution.status != "none" or inside[:1].isupper():
            yield start, end, resolution


def _in_text_without_spaces(text: str, resolver: TitleResolver) -> Iterator[Span]:
    """Titles inside text whose words no blanks part: the film in "我喜欢霸王别姬"."""
    if resolver.titles_without_spaces:
        for start, end, title in places_of(resolver.titles_without_spaces, text):
            yield start, end, resolver.resolve(title)


def _before_years(text: str, resolver: TitleResolver) -> Iterator[Span]:
    """Titles before a year in brackets: the longest known one, else the run of capitals as none."""
    behind = 0  # no title reaches over the year of another
    for match in _YEAR_ALONE.finditer(text):
        words = list(_WORD.finditer(text, max(behind, match.start() - 120), match.start()))[-MAX_WORDS:]
        behind = match.end()
        for first in words:
            resolution = resolver.resolve(text[first.start() : match.end()])
            if resolution.status != "none":
                yield first.start(), match.end(), resolution
                break
        else:
            start = _run_of_capitals(text, words)
            if start is not None:
                yield start, match.end(), resolver.resolve(text[start : match.end()])


def _run_of_capitals(text: str, words: list[re.Match[str]]) -> int | None:
    start = end = None
    for word in reversed(words):
        if end is not None and not text[word.end() : end].isspace():
            break
        if word[0][0].isupper() or word[0][0].isdigit():
            start = word.start()
        elif word[0] not in _SMALL:
            break
        end = word.start()
    return start


def _in_full(text: str, resolver: TitleResolver) -> Iterator[Span]:
    words = [_Word(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
    shouting = text.isupper()
    at = 0
    while at < len(words):
        last = _longest_title(text, words, at, resolver, shouting)
        if last is None:
            at += 1
            continue
        start, end = words[at].start, words[last].end
        if behind := _NUMBER_BEHIND.match(text, end) or _YEAR_BEHIND.match(text, end):
            end = behind.end()
        yield start, end, resolver.resolve(text[start:end])
        at = last + 1
        while at < len(words) and words[at].start < end:
            at += 1


def _longest_title(
    text: str, words: list[_Word], first: int, resolver: TitleResolver, shouting: bool
) -> int | None:
    """Index of the last word of the longest title that starts here, if one may be taken."""
    if normalise(words[first].text).partition(" ")[0] not in resolver.first_words:
        return None
    most = min(MAX_WORDS, resolver.longest + 2, len(words) - first)
    for last in range(first + most - 1, first - 1, -1):
        span = words[first : last + 1]
        standing = resolver.standing(normalise(text[span[0].start : span[-1].end]))
        if standing and _may_be_title(text, words, first, last, standing, shouting):
            return last
    return None


def _may_be_title(
    text: str, words: list[_Word], first: int, last: int, standing: float, shouting: bool
) -> bool:
    span = words[first : last + 1]
    telling = [word for word in span if word.text.casefold() not in _SMALL]
    if any(_sentence_ends(text, a, b) for a, b in pairwise(span)):
        return False
    if not telling or (_runs_on(text, words, last) and span[-1].capital):
        return False
    before = text[: words[first].start]
    everyday = all(word.text.casefold() in _COMMON or is_everyday(word.text) for word in telling)
    if len(telling) == 1:
        if shouting or standing <= _SUBTITLED:
            return False
        if not everyday and len(telling[0].text) > 2 and _LIKED_BEFORE.search(before):
            return True
        named = _stands_as_name(text, words, first, last, telling[0])
        return named and (not everyday or bool(_SEEN_BEFORE.search(before)))
    if everyday or standing <= _SUBTITLED:
        capital = all(word.capital for word in telling) and not shouting
        return capital or (standing > _SUBTITLED and bool(_SEEN_BEFORE.search(before)))
    return True


_SUBTITLED = 0.95
_SEEN_BEFORE = re.compile(r"\b(?:seen|saw|watched|rewatch(?:ed)?|tried|called|titled)\s+$", re.IGNORECASE)
_LIKED_BEFORE = re.compile(
    r"\b(?:seen?|saw|watch(?:ed|ing)?|rewatch(?:ed)?|tried|called|titled|loved?|liked|enjoyed|recommend)\s+$",
    re.IGNORECASE,
)


def _sentence_ends(text: str, word: _Word, following: _Word) -> bool:
    between = text[word.end : following.start]
    return bool(re.search(r"[.!?;\n]\s", between)) and not _ABBREVIATION.match(word.text)


def _runs_on(text: str, words: list[_Word], last: int) -> bool:
    """Whether a capitalised word follows at once, so that the name goes on: "Star Wars Holiday Special"."""
    if last + 1 == len(words):
        return False
    behind = words[last + 1]
    at_once = _JOINED.fullmatch(text, words[last].end, behind.start)
    return bool(at_once) and behind.text[0].isupper() and behind.text.casefold() not in _COMMON


def _stands_as_name(text: str, words: list[_Word], first: int, last: int, telling: _Word) -> bool:
    """Whether the one telling word is written as a name, and where a title may stand."""
    if not telling.text[0].isupper() or telling.text.casefold() in _COMMON or len(telling.text) < 2:
        return False
    before = words[first - 1] if first else None
    if before and _JOINED.fullmatch(text, before.end, words[first].start):
        if before.text.casefold() in _NO_NAME_BEFORE:
            return False
        opens = _SENTENCE_END.search(text[: before.start])
        if before.capital and not opens and before.text != "I":
            return False
    if _SENTENCE_END.search(text[: words[first].start]):
        return bool(re.match(r"\s*(?:$|[,.!?;)&]|\[?\d{4}\b|(?:and|or|is|was)\b)", text[words[last].end :]))
    return True
