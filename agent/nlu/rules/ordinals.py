"""Items named by their place in the last list: "the second one", "number 3", "the first two"."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
PLACE = re.compile(
    rf"(?<!\bmy )(?<!\bhis )(?<!\bher )(?<!\bour )(?<!\btheir )(?<!\byour )(?<!\bvery )"
    rf"\b(?:the\s+)?({'|'.join(ORDINALS)})\s+(?:one|film|movie|book|item|suggestion|title)\b|(?:#|"
    rf"number )(\d)\b|"
    rf"\bthe ({'|'.join(ORDINALS)})\b(?=\s*(?:$|[.,!?;]|in\W*$|(?:with|for) (?:my|our)\b|"
    r"(?:and|or|but|was|were|is|looks?|sounds?|already|a|an|too|again|suit|be|work)\b))",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(r"\bfirst (two|2|three|3)\b", re.IGNORECASE)
REFERENCE = re.compile(
    rf"(?:\b(?:something |anything )?(?:more |rather |just )?like\s+)?(?:{PLACE.pattern})", re.IGNORECASE
)
_BARE_ORDINAL = re.compile(
    rf"^\W*(?:(?:i (?:mean|meant)|it's|it is|yes|ok|okay|no)\W+)*(?:the\s+|number\s+|#)?"
    rf"(?:({'|'.join(ORDINALS)})|(\d))\W*$",
    re.IGNORECASE,
)


def _numbers_of(match: re.Match[str]) -> tuple[int, ...]:
    phrase = next(group for group in match.groups() if group)
    return (int(phrase) if phrase.isdigit() else ORDINALS[phrase.lower()],)


def read_places(text: str) -> Iterator[tuple[re.Match[str], tuple[int, ...]]]:
    """Each mention of a place, and the places it means: from 1, -1 for the last.

    >>> [places for _, places in read_places("the second one and number 4")]
    [(2,), (4,)]
    >>> [places for _, places in read_places("I mean the first")]
    [(1,)]
    >>> [places for _, places in read_places("the first two")]
    [(1, 2)]
    """
    matches = list(PLACE.finditer(text)) or list(_BARE_ORDINAL.finditer(text))
    yield from ((match, _numbers_of(match)) for match in matches)
    for match in _FIRST_FEW.finditer(text):
        yield match, (1, 2) if match[1] in ("two", "2") else (1, 2, 3)
