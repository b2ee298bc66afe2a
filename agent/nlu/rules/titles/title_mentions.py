"""Where a message names titles: the catalogue's, misspelt ones, and names that are spoken of like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tastemaker.agent.nlu.rules.free_text_query import blank_out
from tastemaker.agent.nlu.rules.value_mentions import ValueWords
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.titles.mentions_in_text import find_titles
from tastemaker.retrieval.titles.resolver import TitleResolver

_JUDGED_NAME = re.compile(
    r"\b(?:[Ll]oved?|[Ll]iked?|[Ee]njoyed|[Hh]ated?|[Ss]een|[Ss]aw|[Ww]atched|[Rr]ead|[Pp]layed|[Oo]wn)\s+"
    r"((?:(?:The|A|An)\s+)?[A-Z][\w'’-]*(?:\s+(?:(?:of|the|and|in|to|for|with|a|on)\s+)*(?:[A-Z][\w'’-]*|"
    r"\d{1,4}\b))*)"
)
_JUDGED_SUBJECT = re.compile(
    r"(?:^|[.!?;,\n]\s*)(?!(?:it|that|this|they|he|she|what|which|who|i|we|"
    r"you)\b)(\w[\w'’]*(?: \w[\w'’]*){0,5}?) "
    r"(?:(?:was|is) (?:\w+ ){0,2}?(?:awesome|great|amazing|good|brilliant|fantastic|excellent|boring|"
    r"awful|terrible|bad|dull|perfect|"
    r"okay|ok|fine|overrated)|wasn't|isn't|bored|left me|meets|yes|no|habe ich|war)\b",
    re.IGNORECASE,
)
_STARS_IN = re.compile(
    r"\b(?:stars?|is|was|plays?|played|acts?|acted) in ([A-Z][\w'’]*(?: [A-Z\d][\w'’]*)*)\s*\??\s*$"
)
_JUDGED_PHRASE = re.compile(
    r"\b(?:loved?|liked?|enjoyed|hated?|seen|watched|saw|(?:more|something|anything|movies?|films?|"
    r"ones) like|visto|adoré|fand)\s+"
    r"([^,.;:!?\n]+)",
    re.IGNORECASE,
)
_HAD = re.compile(
    r"\b(?:(?:i|we|he|she|they)(?:['’]ve| have|['’]d| had|['’]s| has)?|already|only|just)\s+(?:already |just |only )*"
    r"(?:did|done|seen|saw|watched|finished|read|played|had)\s+(?!(?:it|that|this|these|those|them|all|not)\b)"
    r"(?P<what>\w[\w'’]*(?: \w[\w'’]*){0,4}?)(?=\s+(?:already|before|yesterday|recently|again|together|once|twice|"
    r"last|the other|a few|on \w+day|and)\b|[.,;!]|\s*$)",
    re.IGNORECASE,
)
"""What somebody says to have had, in words that may be a title: "we did jaws last week"."""
_HAD_TOO = re.compile(
    r"(?:^|[.,;\s])\s*(?:and|also|plus)\s+(?:also )?(?P<what>\w[\w'’]*(?: \w[\w'’]*){0,4}?)"
    r"(?=[.,!;]|\s*$|\s+(?:and|too)\b)",
    re.IGNORECASE,
)
"""What is added to that: "and fargo"."""
VERY_TITLE = 0.9
"""Likeness of a title from which everyday words are one here, an article left out."""
_PART = re.compile(
    r"(?!(?:and|or|but|already|too|yesterday|last)\b)\S[^\n]*?(?=\s+(?:and|or|but|already|too|yesterday|"
    r"last)\b|\s*$)"
)
MAX_TITLE_WORDS = 7
_IN_LIST = re.compile(r",\s*([A-Z][\w'’]*(?: [A-Z\d][\w'’]*)*)\s*,?(?:\s*(?:and|or))?\s*")


_COMPARED = re.compile(
    r"(?:^|[.!?]\s+)(?:[Ll]ike |[Aa]n? |[Ss]omething like )?([A-Z][\w'’]*(?: [\w'’&]+){0,6}?)"
    r"(?:,? but (?:on|in|with|without|for|set|more|less|about|as|at|from|funny|\w+er)\b"
    r"| (?:sort|kind|type) of (?:thing|film|movie|book|story|game))"
)
"""A title that is varied: "Jaws but on dry land", "a Heat sort of thing"."""


class TitlesSaid:
    """Finds the titles in messages about one catalogue."""

    def __init__(self, resolver: TitleResolver, values: ValueWords) -> None:
        self._resolver = resolver
        self._values = values

    def find(self, message: str) -> list[tuple[int, int]]:
        """Where titles stand, the catalogue's and those that are spoken of like one."""
        titles = [(start, end) for start, end, _ in find_titles(message, self._resolver)]
        titles += self._unknown_titles(blank_out(message, titles))
        titles += self._compared_titles(blank_out(message, titles))
        titles += _names_in_lists(message, titles)
        titles += self._misspelt_titles(blank_out(message, titles))
        titles += self._find_titles_of_had(blank_out(message, titles))
        return sorted(titles)

    def _compared_titles(self, text: str) -> list[tuple[int, int]]:
        spans = [match.span(1) for match in _COMPARED.finditer(text)]
        return [(a, b) for a, b in spans if self._resolver.resolve(text[a:b]).status == "one"]

    def _find_titles_of_had(self, text: str) -> list[tuple[int, int]]:
        """Words that are a whole title, however everyday, where somebody says what they have seen."""
        found = [match.span("what") for match in _HAD.finditer(text) if self._is_whole_title(match["what"])]
        if not found:
            return []
        added = _HAD_TOO.finditer(text, found[0][1])
        return found + [match.span("what") for match in added if self._is_whole_title(match["what"])]

    def _is_whole_title(self, phrase: str) -> bool:
        resolution = self._resolver.resolve(phrase)
        return resolution.status == "one" and resolution.matches[0].likeness >= VERY_TITLE

    def _misspelt_titles(self, text: str) -> list[tuple[int, int]]:
        """Words where a title stands, "I loved pulp ficton", that the resolver takes for one title."""
        spans = [match.span(1) for match in (*_JUDGED_SUBJECT.finditer(text), *_STARS_IN.finditer(text))]
        for match in _JUDGED_PHRASE.finditer(text):
            spans += [part.span() for part in _PART.finditer(text, *match.span(1))]
        return [(a, b) for a, b in spans if self._is_title(text[a:b])]

    def _is_title(self, phrase: str) -> bool:
        tokens = words(phrase)
        strange = any(not is_everyday(word.norm) and word.norm not in STOPWORDS for word in tokens)
        if not strange or len(tokens) > MAX_TITLE_WORDS or any(self._values.find(phrase, tokens)):
            return False
        return self._resolver.resolve(phrase).status == "one"

    def _unknown_titles(self, text: str) -> list[tuple[int, int]]:
        """Names after "I loved" and the like that are neither titles nor values of this catalogue."""
        spans = [match.span(1) for match in _JUDGED_NAME.finditer(text)]
        return [(a, b) for a, b in spans if not any(self._values.find(text[a:b], words(text[a:b])))]


def _names_in_lists(message: str, titles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A name that stands in a list of titles, as in "Braveheart, Gladiator and Rob Roy"."""
    names = []
    for (_, end), (start, _) in pairwise(sorted(titles)):
        match = _IN_LIST.fullmatch(message, end, start)
        if match:
            names.append(match.span(1))
    return names
