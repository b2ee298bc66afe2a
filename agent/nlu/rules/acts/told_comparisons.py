"""Comparatives that compare with nothing shown: "the older Jumanji", "newer ones like Home Again", "a month later".

They say which item is meant, what somebody likes in general, or when something happened. Taken for "newer than that
one" they hid two of five films that were then recommended (ReDial, LOG.md).
"""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.statement_or_request import is_statement

_THINGS = (
    r"(?:films|movies|flicks|pictures|comedies|dramas|thrillers|musicals|westerns|romances|mysteries|cartoons|documentaries|"
    r"books|novels|songs|albums|games|shows|releases|stuff|classics)"
)
_VERSION = r"(?:versions?|remakes?|adaptations?|reboots?|sequels?|edition)"
_WHICH = re.compile(r"\b(?:the|that|this|these|those|his|her|their|its|both)\s+$", re.IGNORECASE)
_MANY = re.compile(rf"\s+(?:[\w'’-]+\s+){{0,2}}?(?:ones|{_THINGS})\b", re.IGNORECASE)
_IN_GENERAL = re.compile(rf"\s+(?:[\w'’-]+\s+){{0,2}}?{_THINGS}\b", re.IGNORECASE)
_SUCH_AS = re.compile(
    r"\s+(?:[\w'’-]+\s+){0,2}?ones?\W+(?:i (?:like|love)\W+)?(?:like|such as)\b", re.IGNORECASE
)
_A_VERSION = re.compile(rf"\s+(?:[\w'’-]+\s+)?{_VERSION}\b", re.IGNORECASE)
_SPAN_BEFORE = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|nights?|while|time|watched|saw|seen|said|mentioned|"
    r"talked|asked|told)\s+(?:\w+\s+){0,4}?$",
    re.IGNORECASE,
)
_WHEN_AFTER = re.compile(
    r"\s+(?:this|today|tonight|in|on|that day|that night|when|we|you|i)\b|\s*$", re.IGNORECASE
)
_OF_TIME = frozenset({"later", "earlier"})
_OF_AGE = frozenset({"older", "newer", "more recent", "less recent"})


def is_told_comparison(text: str, start: int, end: int, word: str) -> bool:
    """Whether a comparative is no wish for something more or less so than what was shown.

    Args:
        text: a message whose titles are blanked out.
        start, end: where the comparative stands.
        word: the comparative alone, in small letters.

    >>> told = "I did see the older one", "I saw it a month later", "older comedies please"
    >>> words = ("older", "later", "older")
    >>> [is_told_comparison(one, one.index(w), one.index(w) + len(w), w) for one, w in zip(told, words)]
    [True, True, True]
    >>> asked = "something older please", "show me newer ones"
    >>> [is_told_comparison(one, one.index(w), one.index(w) + 5, w) for one, w in zip(asked, ("older", "newer"))]
    [False, False]
    """
    before, after = text[:start], text[end:]
    if word in _OF_TIME and (_SPAN_BEFORE.search(before) or _WHEN_AFTER.match(after)):
        return _SPAN_BEFORE.search(before) is not None
    if word in _OF_AGE and (_IN_GENERAL.match(after) or _SUCH_AS.match(after)):
        return True  # an era, as a preference: see tastemaker.retrieval.quantities.eras
    if _A_VERSION.match(after) or (_WHICH.search(before) and not _MANY.match(after)):
        return True
    return is_statement(text, start, end)
