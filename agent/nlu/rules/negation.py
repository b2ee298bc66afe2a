"""Which words of a message a negation governs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.tokenizer import clause_starts

NEGATION = re.compile(
    r"\b(?:no(?! (?:i|it|but|that|we|you|thanks?|one)\b)|not(?! (?:only|just|sure|necessarily|too bad|"
    r"bad|(?:yet )?seen)\b)|"
    r"non|without|nothing(?! but)|never(?! (?:seen|saw|watched|heard|read)\b)|except|excluding|avoid|"
    r"hate[sd]?|hating|"
    r"dislike[sd]?|isn't|aren't|mustn't|shouldn't|needn't|wouldn't|can't be|cannot be|must not|should not|"
    r"don't(?! mind)|dont(?! mind)|doesn't|didn't|skip|less|can't (?:stand|do)|"
    r"cannot (?:stand|do)|can not do|won't|(?:sick|tired|bored) of|fed up with|enough(?: of)?(?! for)|"
    r"(?:anything|everything) but|instead of|neither|nor|pass on|steer clear of|(?:could|can) do without|stay away from|keep away from|"
    r"(?:anything|everything) but|instead of|neither|nor|minus|leave out|hold the|free (?:of|from)|"
    r"allerg(?:ic|y|ies)(?: to)?|intoleran(?:t|ce)(?: to| of)?|(?:can't|cannot|can not|"
    r"don't|mustn't|won't) (?:eat|have|drink|tolerate|digest|touch)|"
    r"kein\w*|ohne|nicht|sans|pas de|pas d|sin|ningun\w*|senza)\b",
    re.IGNORECASE,
)
"""Words that turn down what follows; also in German, French, Spanish and Italian."""

_FREE = re.compile(r"[\s-]*free\b(?! (?:from|of|to|with)\b)", re.IGNORECASE)
"""Behind a word it turns that down: "nut-free"."""
REACH = 30
"""Letters that may stand between a negation and what it governs."""

_GOES_ON = re.compile(r"\W*(?:,|/|or|and|nor|oder|und|ou|et|ni|o|y)?\W*(?:any|a|an)?\W*", re.IGNORECASE)
_ENDS_LIST = re.compile(r"\b(?:or|and|nor|oder|und|ou|et|ni|o|y)\b", re.IGNORECASE)


def is_negated(text: str, at: int) -> bool:
    """Whether a negation governs the word at a character offset: same clause, at most 30 characters before.

    >>> is_negated("something tense, no horror", 20), is_negated("no horror, but a comedy", 18)
    (True, False)
    """
    text = text.replace("’", "'")
    start = max(place for place in clause_starts(text) if place <= at)
    return any(at - (start + match.end()) < REACH for match in NEGATION.finditer(text[start:at]))


def find_negations(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether each span is negated, by itself or as part of a list: "no horror, sci-fi or westerns".

    A list is what only commas and "or" join, with an "or" or "and" before its last part, so that in
    "no horror, comedy please" the comedy is wanted.

    >>> find_negations("no horror, sci-fi or westerns", [(3, 9), (11, 17), (21, 29)])
    [True, True, True]
    >>> find_negations("no horror, comedy please", [(3, 9), (11, 17)])
    [True, False]
    """
    negations = [is_negated(text, start) or bool(_FREE.match(text, end)) for start, end in spans]
    for first in range(len(spans)):
        if not negations[first]:
            continue
        last = first
        while last + 1 < len(spans) and _GOES_ON.fullmatch(text[spans[last][1] : spans[last + 1][0]]):
            last += 1
        if last > first and _ENDS_LIST.search(text[spans[last - 1][1] : spans[last][0]]):
            negations[first : last + 1] = [True] * (last + 1 - first)
    return negations
