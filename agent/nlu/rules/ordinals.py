"""Items named by their place in the last list: "the second one", "number 3", "the first two"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "last": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "6th": 6,
}
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ORD = "|".join(ORDINALS)
_NUM = rf"(?:[1-6]|{'|'.join(NUMBERS)})"
PLACE = re.compile(
    rf"(?<!\bmy )(?<!\bhis )(?<!\bher )(?<!\bour )(?<!\btheir )(?<!\byour )(?<!\bvery )"
    rf"\b(?:the\s+)?({_ORD})\s+(?:one|film|movie|book|item|suggestion|title)\b|(?:#|"
    rf"\b(?:number|num\.?|no\.|nr\.?) ?)(\d)\b|\bnumber ({'|'.join(NUMBERS)})\b"
    r"(?! (?:film|movie|hit|pick|choice|fan|favou?rite|song|on the|in the|rule|thing|priority|box)\b)|"
    rf"\bthe ({_ORD})\b(?=\s*(?:$|[.,!?;:–-]|(?:in|from|about|set|made|by|like|called|end|start|"
    rf"over)\W*$|(?:with|for) (?:my|our)\b|of (?:these|those|them)\b|"
    r"(?:and|or|but|was|were|is|looks?|sounds?|seems?|already|a|an|too|again|suit|be|work|then|please|"
    r"thanks|thx|"
    r"i|we|it|will|would|though|one|as well|instead|have|has|did|does|any|tonight|tomorrow|now|today|go|"
    r"has)\b))",
    re.IGNORECASE,
)
_JOIN = r"(?:\s*(?:,|&|\+|/)\s*(?:and |or )?|\s+(?:and|or)\s+)(?:also\s+)?(?:the\s+)?(?:number\s+|#)?"
_LISTED = re.compile(
    rf"\bthe (?:{_ORD})(?: one)?(?:{_JOIN}(?:{_ORD})\b)+(?:\s+ones?\b)?|"
    rf"(?:\b(?:numbers?|nos?\.?|nrs?\.?)\s+|#){_NUM}(?:{_JOIN}{_NUM}\b)+",
    re.IGNORECASE,
)
"""Several places in a row: "the first and third", "numbers 2, 3 and 5"."""
_BARE_NUMBERS = re.compile(
    r"(?:(?<=\bseen )|(?<=\bsaw )|(?<=\bknow )|(?<=\bwatched )|(?<=\bdid )|(?<=\bdone )|(?<=\blike )|"
    r"(?<=\bliked )|"
    r"(?<=\bloved )|(?<=\bhated )|(?<=\bnot )|(?<=\bbut )|(?<=\bexcept )|(?<=\babout )|(?<=\btake )|"
    r"(?<=\bpick )|"
    r"(?<=\bfor )|(?<=\bwith )|(?<=\bdo )|(?<=\bis )|(?<=\bof )|(?<=\bbetween )|(?<=\bin )|(?<=\balready )|"
    r"(?<=\bboth )|(?<=\bskip )|(?<=\bknown )|(?<=\bok )|(?<=\bokay )|(?<=\bgot )|(?<=^)|(?<=[,.;:!?] ))"
    rf"[1-6]\b(?:{_JOIN}[1-6]\b|\s+(?=[1-6]\b)[1-6]\b)*"
    r"(?=\s*(?:$|[.,!?;–-](?!\d)|(?:and (?:which|what|is|now)|but|already|i(?:['’]ve)?|we(?:['’]ve)?|"
    r"she|he|they|which|"
    r"sounds?|looks?|please|then|too|it is|is|are|were|was|by|again|any|thanks|thx|cheers|on (?:dvd|"
    r"blu-?ray|tape|vhs|disc))\b))",
    re.IGNORECASE,
)
"""Bare numbers where a verb or a stop makes them places: "seen 1, 2 and 5", "ok 3 then"."""
_SPEAKS_OF_PLACES = re.compile(
    r"\b(?:seen|saw|know|knows|known|watched|did|done|liked?|loved|hated|except|take|taking|pick|go|"
    r"going|sounds?|looks?|skip|"
    r"it is|which|compare|between|about|how|who|what|ok|okay|please|interested|not|got)\b",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    r"\b(first|top|last) (two|2|three|3|four|4)\b(?! (?:hours?|minutes?|years?|weeks?))", re.IGNORECASE
)
REFERENCE = re.compile(
    rf"(?:\b(?:something |anything )?(?:more |rather |just )?like\s+)?(?:{PLACE.pattern})", re.IGNORECASE
)
_BARE_ORDINAL = re.compile(
    rf"^\W*(?:(?:i (?:mean|meant)|it's|it is|yes|ok|okay|no)\W+)*(?:the\s+|number\s+|#)?"
    rf"(?:({_ORD})|(\d))\W*$",
    re.IGNORECASE,
)
_EACH = re.compile(rf"\b(?:{_ORD}|{_NUM})\b", re.IGNORECASE)


_ASKED_OF = re.compile(
    rf"^\W*(?:(?:and|so|but|ok|okay|hm+)\W+)*(?:is|was|does|did|has|would|will|can|could|isn['’]?t|"
    rf"doesn['’]?t) the ({_ORD})\b"
    r"(?! (?:two|three|four|world|time|half|part any|episode|season|act|scene)\b)",
    re.IGNORECASE,
)
"""The place that a question is asked of, whatever follows: "is the first based on a book?"."""


_THE_PLACE = re.compile(rf"\bthe ({_ORD})\b", re.IGNORECASE)


def number_of(word: str) -> int:
    """The place that a word or a digit stands for.

    >>> number_of("third"), number_of("two"), number_of("4")
    (3, 2, 4)
    """
    said = word.casefold()
    return int(said) if said.isdigit() else {**NUMBERS, **ORDINALS}[said]


def _numbers_of(match: re.Match[str]) -> tuple[int, ...]:
    return (number_of(next(group for group in match.groups() if group)),)


def _each_of(match: re.Match[str]) -> tuple[int, ...]:
    said = re.sub(rf"\b({_ORD})\s+ones?\b", r"\1", match[0], flags=re.IGNORECASE)
    return tuple(dict.fromkeys(number_of(one) for one in _EACH.findall(said)))


def read_places(text: str) -> Iterator[tuple[re.Match[str], tuple[int, ...]]]:
    """Each mention of a place, and the places it means: from 1, -1 for the last.

    >>> [places for _, places in read_places("the second one and number 4")]
    [(2,), (4,)]
    >>> [places for _, places in read_places("I mean the first")]
    [(1,)]
    >>> [places for _, places in read_places("the first two")]
    [(1, 2)]
    >>> [places for text in ("seen 1, 2 and 5", "the first and third I know") for _, places in read_places(text)]
    [(1, 2, 5), (1, 3)]
    >>> list(read_places("3 hours at most")), list(read_places("I have 2 kids"))
    ([], [])
    """
    found = [(match, _each_of(match)) for match in _LISTED.finditer(text)]
    found += [(match, _numbers_of(match)) for match in PLACE.finditer(text) if not _is_in(match, found)]
    asked = [_THE_PLACE.search(text, match.start(1) - len("the ")) for match in _ASKED_OF.finditer(text)]
    found += [(match, _numbers_of(match)) for match in asked if match and not _is_in(match, found)]
    if not found:
        found = [(match, _numbers_of(match)) for match in _BARE_ORDINAL.finditer(text)]
    if _SPEAKS_OF_PLACES.search(text):
        bare = (match for match in _BARE_NUMBERS.finditer(text) if not _is_in(match, found))
        found += [(match, _each_of(match)) for match in bare]
    yield from sorted(found, key=lambda one: one[0].start())
    for match in _FIRST_FEW.finditer(text):
        count = number_of(match[2])
        yield match, tuple(range(-count, 0) if match[1].casefold() == "last" else range(1, count + 1))


def _is_in(match: re.Match[str], found: Sequence[tuple[re.Match[str], tuple[int, ...]]]) -> bool:
    return any(one.start() < match.end() and match.start() < one.end() for one, _ in found)
