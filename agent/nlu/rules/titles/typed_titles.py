"""Titles as people type them in a chat: small letters, slips, one after the other, and no word that shows them.

"batman", "casablanca or citizen kane?", "goodfellas seen, casino seen", "titanic sucks". Nothing but where they stand
says that these are titles, so each frame here is a whole message or a whole part of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from tastemaker.agent.nlu.rules.free_text_query import FILLER
from tastemaker.agent.nlu.rules.titles.part_titles import PartTitles
from tastemaker.agent.nlu.rules.value_mentions import WORKS
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.titles.resolver import TitleResolver

MAX_WORDS, MAX_MESSAGE = 8, 30
"""Words of a title that is typed so, and of a message that is looked at."""
PART_WORDS = 2
"""Words that may be a part of a title and all of a message; more of them are a wish."""
WELL_KNOWN = 60
"""Percentile of popularity from which a title of one word may be all of a message: "batman", and not "boys"."""
VERY_LIKE = 0.85
"""Likeness from which words in small letters are a title with a slip."""
_OPENS = (
    r"(?:(?:ok(?:ay)?|and|so|but|hm+|oh|well|no|yes|yeah|ugh|maybe|perhaps|then|how about|what about|let['’]?s say|"
    r"i mean|i meant|which (?:one )?is better|which (?:one )?should i (?:watch|see)|the (?:movie|film))\b\W*)*"
)
_CLOSES = r"(?:\W+(?:it is|then|please|pls|thx|thanks|maybe|again|instead|tonight|haha|lol))*\W*$"
_WHOLE = re.compile(rf"^\W*{_OPENS}(?P<names>[^?!.:;]{{2,90}}?){_CLOSES}", re.IGNORECASE)
_ASKED = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|hi|hey|hello|fine|well|please)\b\W*)*(?:do (?:you|u)(?: guys)? have|have you got|"
    r"(?:you )?got|is there|(?:have you )?heard of|do you know|can (?:i|we) (?:watch|see)|show me|find me|"
    r"(?:the )?(?:plot|story|ending) of|double bill with|something like|(?:films?|movies?) like|similar to)\s+"
    r"(?P<names>[^?!.:;]{2,60}?)(?:\s+(?:on here|in here|here|there|please|by any chance|too))?\W*$",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(?:seen|watched|saw|knows?|read|finished|had)\s+(?P<names>(?!(?:it|that|this|them|these|those|all|every|both|"
    r"any|some|none|the (?:first|second|third|last))\b)[^?!.;:]{2,90}?)"
    r"(?=\s*(?:$|[?!.;:]|,?\s+(?:already|before|obviously|though|tho|too|lol|yesterday|last|a |twice|\d+ times|many|so|"
    r"but|of course)\b))",
    re.IGNORECASE,
)
_KNOWN_BEHIND = re.compile(
    r"(?:^|[,.;!?]|\band\b|\bbut\b)\s*(?P<names>[^,.;!?]{2,60}?)\s+(?:(?:(?:i|we)(?:['’]ve)? )?(?:already |both )?"
    r"(?:seen|know|watched|saw)\b|does(?:n['’]?|n)?t count\b)",
    re.IGNORECASE,
)
_BAD = "dumb|stupid|boring|overrated|awful|terrible|horrible|bad|crap|rubbish|trash|garbage|lame|meh"
_IS_BAD = re.compile(rf"\b(?:suck(?:s|ed)?|{_BAD})\b", re.IGNORECASE)
_IS_NOT = re.compile(r"\b(?:not|never)\b|n['’]?t\b", re.IGNORECASE)
_JUDGED = re.compile(
    r"(?:^|[,.;!?]|\band\b|\bbut\b)\s*(?P<names>[^,.;!?]{2,60}?)\s+(?:sucks?|sucked|rocks?|rocked|rules?|ruled|"
    r"(?:is|was|are|were|isn['’]?t|wasn['’]?t)(?: (?:so|really|very|a bit|just|too|pretty|kinda|way|quite|such|not))*"
    rf"(?: (?:{_BAD}|great|amazing|awesome|brilliant|underrated|ace|class|sick|fire|cool|ok|okay|good|fab|lovely|fun|"
    r"my (?:favou?rite|fave))))\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:,|\bor\b|\bvs\.?\b|\bversus\b|\band\b|\bn\b|&|/|\+)\s*", re.IGNORECASE)


Found = dict[tuple[int, int], Sentiment | None]


class TypedTitles:
    """Finds the titles of one catalogue that are typed so.

    Args:
        catalog: the items.
        resolver: of their titles.
        parts: of these by telling words.
        names_value: whether words name a value of the catalogue: a genre, a person.
        asks: whether all of them could be a wish for something that items are like: "ghost", "secret agent".
    """

    def __init__(
        self,
        catalog: Catalog,
        resolver: TitleResolver,
        parts: PartTitles,
        names_value: Callable[[str], bool],
        asks: Callable[[str], bool],
    ) -> None:
        self._catalog, self._resolver, self._parts = catalog, resolver, parts
        self._names_value, self._asks = names_value, asks

    def find(self, text: str) -> Found:
        """As :func:`find_typed_titles`."""
        return find_typed_titles(text, self._is_title, self._is_only_title)

    def _is_title(self, name: str) -> bool:
        """Whether words are a title, a slip or two allowed in longer ones, and no value."""
        tokens = words(name)
        telling = [word for word in tokens if word.norm not in STOPWORDS | WORKS | FILLER]
        if not telling or len(tokens) > MAX_WORDS:
            return False
        resolved = self._resolver.resolve(name)
        if resolved.status == "none" or resolved.matches[0].likeness < (1 if len(tokens) == 1 else VERY_LIKE):
            return False
        everyday = all(is_everyday(word.norm) for word in telling)
        return (len(tokens) > 1 and not everyday) or not (everyday or self._names_value(name))

    def _is_only_title(self, name: str) -> bool:
        """Whether words are such a title and ask for nothing else: "kids" and "ghost" could."""
        tokens = words(name)
        if len(tokens) > 1 and not all(is_everyday(word.norm) for word in tokens):
            return (self._is_title(name) or self._is_part(name)) and not self._asks(name)
        found = self._resolver.resolve(name)
        if not tokens or found.status == "none" or found.matches[0].likeness < 1:
            return False
        share = self._catalog[found.matches[0].id].attributes.get(PERCENTILE, WELL_KNOWN)
        known = isinstance(share, int | float) and share >= WELL_KNOWN
        return known and not (self._asks(name) or self._names_value(name))

    def _is_part(self, name: str) -> bool:
        """Whether several words are a part of one title alone, such as "indiana jones", and name no value."""
        tokens = [word for word in words(name) if word.norm not in STOPWORDS]
        named = len(tokens) == PART_WORDS and self._parts.title(name) is not None
        return named and not self._names_value(name)


def find_typed_titles(
    text: str, is_title: Callable[[str], bool], is_only_title: Callable[[str], bool]
) -> Found:
    """Where titles stand that nothing but their place shows, and how they are spoken of where that says it.

    Args:
        text: the message, titles found before blanked out.
        is_title: whether some words are a title of the catalogue.
        is_only_title: whether they are one and mean nothing else that people ask for: all of a message may be a wish.

    >>> said = "seen alien and 2001, what else"
    >>> [said[a:b] for a, b in find_typed_titles(said, {"alien", "2001"}.__contains__, {"2001"}.__contains__)]
    ['alien', '2001']
    >>> find_typed_titles("alien", {"alien"}.__contains__, {"2001"}.__contains__)
    {}
    """
    if len(text.split()) > MAX_MESSAGE:
        return {}
    found: Found = {}
    for frame in (_KNOWN_BEHIND, _JUDGED, _KNOWN, _ASKED, _WHOLE):
        for match in frame.finditer(text):
            whole = frame in (_ASKED, _WHOLE)
            for span in _titles_among(text, match.span("names"), is_only_title if whole else is_title, whole):
                found.setdefault(span, _sentiment_of(frame, match[0]))
    return found


def _sentiment_of(frame: re.Pattern[str], said: str) -> Sentiment | None:
    if frame in (_KNOWN_BEHIND, _KNOWN):
        return Sentiment.SEEN
    bad = frame is _JUDGED and bool(_IS_BAD.search(said)) != bool(_IS_NOT.search(said))
    return Sentiment.DISLIKED if bad else None


def _titles_among(
    text: str, span: tuple[int, int], is_title: Callable[[str], bool], every: bool
) -> Iterable[tuple[int, int]]:
    """The titles that words between commas and the like are; with ``every`` none unless all of them are titles."""
    if is_title(text[slice(*span)].strip()):
        return [_strip(text, span)]
    parts = [_strip(text, part) for part in _split(text, span)]
    named = [part for part in parts if part[0] < part[1]]
    titles = [part for part in named if is_title(text[slice(*part)])]
    return titles if not every or len(titles) == len(named) else []


def _split(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    start = span[0]
    for match in _PARTS.finditer(text, *span):
        yield start, match.start()
        start = match.end()
    yield start, span[1]


def _strip(text: str, span: tuple[int, int]) -> tuple[int, int]:
    inside = text[slice(*span)]
    return span[0] + len(inside) - len(inside.lstrip()), span[1] - len(inside) + len(inside.rstrip())
