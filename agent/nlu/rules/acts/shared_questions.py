"""Questions what the items of a list share: "are those three connected?", "do they have a director in common?"."""

from __future__ import annotations

import re

SERIES, DIRECTOR, CAST, ANYTHING = "series", "director", "cast", "anything"
_THEY = (
    r"(?:they|these|those|them|(?:all|any|both|some|two|most)(?: of)? (?:these|those|them)|(?:all |the |"
    r"these |those )(?:\w+ )?"
    r"(?:two|three|four|five|films|movies|ones|books)(?: (?:films|movies|ones|books))?)"
)
_OPENS = r"^\W*(?:(?:and|so|but|then|ok(?:ay)?|hm+|well|oh|wait|just curious|out of interest|by the way|btw)\b\W*)*"
_SHARES = tuple(
    re.compile(f"{_OPENS}(?:{pattern})", re.IGNORECASE)
    for pattern in (
        rf"(?:are|were|is|aren['’]?t) (?:{_THEY}|that|this|it)(?: all| both| somehow| actually| really|"
        rf" in any way| meant to be)* "
        r"(?:connected|related|linked|part of (?:a|the same|one) |parts of (?:a|the same|one) |"
        r"an? (?:series|trilogy|saga|set|quartet|franchise)\b|"
        r"sequels|prequels|in (?:a|the same) series|to be (?:seen|watched) in (?:order|sequence)|"
        r"one (?:story|series)|(?:the )?same (?:series|story|universe))",
        rf"(?:are|were|is) (?:{_THEY}|it|that)(?: all| both)* (?:by|from|with|directed by|made by|"
        rf"starring)? ?(?:the|one and the) same "
        r"(?:person|people|director|guy|man|woman|actors?|actress|cast|star|maker|lead|filmmaker)",
        rf"(?:do|did|have|don['’]?t) {_THEY}(?: all| both)* (?:share|have)\b.*\b(?:in common|director|"
        rf"actors?|actress|star|cast|lead|people|maker|anybody|"
        r"anyone|something|anything|a link|a connection)",
        rf"(?:do|did|have) {_THEY}(?: all| both)* (?:got |share |have )(?:the same|a) (?:director|actor|"
        rf"actress|star|cast|lead)",
        rf"(?:do|did) {_THEY} (?:belong together|go together|hang together|follow (?:on|each other|"
        rf"one another))",
        rf"what (?:do|have|is it) {_THEY}(?: all| both)*(?: got| have| share)? ?(?:in common)?\W*$",
        rf"what (?:connects|links|unites|joins|ties) {_THEY}",
        rf"(?:what(?:['’]?s| is)|is there) (?:the |a |any )?(?:link|connection|common thread|"
        rf"common denominator)(?: between {_THEY})?\W*$",
        r"(?:is it |was it |is that )?(?:always |all )?the same (?:director|actors?|actress|cast|star|"
        r"people|person|guy|lead)(?: (?:in|for|behind|each time|every time|"
        rf"throughout|again)(?: (?:all|each|every one)(?: of)?)?(?: {_THEY})?)*\W*$",
        r"same (?:director|actors?|actress|cast|star|people|person|guy|lead)(?: (?:in|for) (?:all|each|"
        r"both)(?: of them)?)?\s*\?\W*$",
        r"are there (?:any|two|some|ones)(?: of them| of these| ones)? (?:with|by|from) the same\b",
        r"(?:did|has|have) the same (?:guy|person|man|woman|director|people|actor|actress) (?:direct|"
        r"directed|make|made|shot|shoot|play|played|star|starred)\b",
        rf"(?:do|should|must) (?:i|we|you) (?:need|have)?(?: to)? ?(?:see|watch|"
        rf"read) {_THEY} in (?:order|sequence|a certain order)",
        rf"(?:is|are) any(?: of {_THEY})? (?:by the same|related|connected|linked|sequels)",
    )
)
_SORTS = {
    DIRECTOR: re.compile(r"\b(?:direct\w*|maker|filmmaker|made by|by the same)\b", re.IGNORECASE),
    CAST: re.compile(r"\b(?:actors?|actress|star|starring|cast|lead)\b", re.IGNORECASE),
    SERIES: re.compile(
        r"\b(?:connected|related|linked|part|parts|series|trilogy|saga|set|quartet|franchise|sequels?|"
        r"prequels?|order|sequence|story|universe|"
        r"belong|go together|hang together|follow)\b",
        re.IGNORECASE,
    ),
}


_OF_ONE = re.compile(
    r"\b(?:sequel|prequel|follow-?up|remake of|part of an? (?:series|trilogy|saga|franchise|set)|"
    r"(?:first|last|second|third) part|in a series|a trilogy|"
    r"a franchise|more (?:parts|of them)|other parts|part (?:two|2|three|3))\b",
    re.IGNORECASE,
)


def asks_of_series(message: str) -> bool:
    """Whether a message asks of one item whether it belongs to a series.

    >>> asks_of_series("is the second part of a series?"), asks_of_series("is the second sad?")
    (True, False)
    """
    return _OF_ONE.search(message) is not None


def read_common(message: str) -> str | None:
    """The sort of thing that a message asks a list's items to share; None where it asks nothing such.

    >>> read_common("are those three connected?"), read_common("do any of those share a director?")
    ('series', 'director')
    >>> read_common("what do they have in common?"), read_common("are they sad?") is None
    ('anything', True)
    """
    if not any(shares.search(message) for shares in _SHARES):
        return None
    return next((sort for sort, said in _SORTS.items() if said.search(message)), ANYTHING)
