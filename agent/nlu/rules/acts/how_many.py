"""How many items a message asks for: "give me three", "just one", "ten films about dogs"."""

from __future__ import annotations

import re

MOST = 20
"""More are never shown at once."""
_COUNTS = {
    **{word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)},
    "dozen": 12,
    "couple": 2,
    "few": 3,
    "handful": 5,
    "single": 1,
}
_N = rf"(?:an? )?(\d{{1,2}}|{'|'.join(_COUNTS)})(?: of)?"
_NOT_OF = (
    r"(?! (?:hours?|minutes?|mins?|years?|days?|weeks?|people|persons|kids|children|stars|of us|or|to|"
    r"and a half)\b)"
)
_THINGS = (
    r"(?:films|movies|flicks|suggestions|recommendations|options|titles|ideas|picks|choices|tips|items|books|"
    r"novels|songs|games|recipes|dishes|comedies|thrillers|dramas|westerns|documentaries|musicals|cartoons|classics|"
    r"ones|more|others)"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:give|show|find|recommend|suggest|send|list|name|pick|tell)(?: me| us)? (?:just |only |exactly |"
        rf"your |the )?(?:top |best |next |another |some )?(?!one\b){_N}{_NOT_OF}\b(?!['’-])",
        rf"\b(?:just|only|exactly|no more than)(?: the)? {_N}(?: (?:film|movie|title|suggestion|option|{_THINGS}))?"
        r"(?: (?:please|thanks|then|for now|this time|is enough|will do))*\W*$",
        rf"\b(?:top|best) {_N}{_NOT_OF}\b",
        rf"^\W*(?:(?:ok|okay|please|and|so|now|then|yes|i(?:'d| would) like|i want|we want|we need|i need)\W+)*"
        rf"(?!one\b){_N} (?:(?!hours?|minutes?)[\w'-]+ ){{0,2}}?{_THINGS}\b",
        rf"^\W*{_N} (?:is|are|will be|would be) (?:enough|plenty|fine|all i need)\b",
        rf"\b(?:a )?list of {_N}{_NOT_OF}\b",
        r"\b(?:just|only) (?:give|show|find|recommend|suggest|tell|pick)(?: me| us)? (one)\b|\b(a single)\b"
        r"(?= (?:film|movie|suggestion|recommendation|title|book|song|game))",
    )
)


def read_how_many(message: str) -> int | None:
    """How many items are asked for, 1 to :data:`MOST`; None where that is not said.

    >>> [read_how_many(said) for said in ("give me three", "just one", "ten films about dogs", "your top 5 thrillers")]
    [3, 1, 10, 5]
    >>> [read_how_many(said) for said in ("2 is enough, not 10", "too many, just give me 3", "can i get a list of 20")]
    [2, 3, 20]
    >>> [read_how_many(said) for said in ("two hours at most", "one with dogs", "the first two", "I saw two films")]
    [None, None, None, None]
    """
    for pattern in _PATTERNS:
        match = pattern.search(message)
        if match:
            said = next(group for group in match.groups() if group).casefold().removeprefix("a ")
            count = int(said) if said.isdigit() else _COUNTS[said]
            return min(count, MOST) or None
    return None
