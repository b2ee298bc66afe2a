"""Whether a reply says that nothing fits, or that something is not known: by its words, in whatever voice."""

from __future__ import annotations

import re

_NOT_KNOWN = re.compile(
    r"\b(?:(?:do(?:es)?|can|could)(?: not|n[’']t)|cannot|can[’']t)\s+(?:\w+\s+)?(?:know|tell|say|see|check)\b|"
    r"\b(?:is|are) (?:not|un)\s?known\b|\bno (?:information|data|details?)\b|\bnothing (?:here )?(?:tells|says)\b|"
    r"\bnot (?:something )?(?:i|we) know\b|\b(?:has|have|holds?) nothing on\b",
    re.IGNORECASE,
)
_NOTHING_FITS = re.compile(
    r"\b(?:nothing|none|no (?:such )?\w+)(?: \w+){0,5} (?:fits?|match(?:es)?|meets?|comes close)\b|"
    r"\b(?:do not|don[’']t|can[’']?t|cannot) (?:have|find) (?:any|anything|one|it)\b",
    re.IGNORECASE,
)


def says_unknown(text: str) -> bool:
    """Whether a reply, its reasons left out, admits that it does not know something.

    >>> says_unknown("I do not know what a ticket costs."), says_unknown("I can’t really tell where it streams.")
    (True, True)
    >>> says_unknown("You might like these.")
    False
    """
    return bool(_NOT_KNOWN.search(text))


def says_nothing_fits(text: str) -> bool:
    """Whether a reply, its reasons left out, says that nothing fits.

    >>> says_nothing_fits("Nothing in this catalogue meets all of: Hindi."), says_nothing_fits("These fit best.")
    (True, False)
    """
    return bool(_NOTHING_FITS.search(text))
