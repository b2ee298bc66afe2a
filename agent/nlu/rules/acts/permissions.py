"""What may be so and need not: "black and white is fine", "subtitles don't bother us", "it needn't be new".

Such a thing is no condition, and never its contrary: who does not mind black and white does not ask for colour. It
takes back what stood against it. What is said to be better still ("even better", "a bonus") is wanted besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_THING = r"(?P<thing>[^.,;:!?\n()]{2,60}?)"
_BEGINS = (
    r"(?:(?<=^)|(?<=[.,;:!?\n]))\W*(?:(?:and|but|also|oh|or|well|though|even|actually|so|then|now|ok|okay|yes|yeah|"
    r"if (?:it|they)'(?:s|re))\s+)*"
)
_ENDS = r"(?=\s*(?:$|[.,;:!?\n)]|(?:and|but|as long as|if|so|though)\b))"
_DO_NOT = r"(?:do not|does not|don'?t|doesn'?t|would not|wouldn'?t|won'?t)"
_OK = (
    r"(?:fine|ok|okay|all ?right|alright|acceptable|allowed|cool|no (?:problem|issue|bother)|"
    r"not a (?:problem|dealbreaker)|good(?= (?:too|as well|also)\b))"
)
_TO_US = (
    r"(?: (?:by|with|for|to) (?:me|us|her|him|them|everyone|my \w+))?"
    r"(?: (?:too|also|as well|either way|if need be|after all|now|then|again))?"
)
_ANY_MORE = r"(?: (?:after all|now|any ?more|any longer|then|so much|that much))*"
_BETTER = (
    r"(?:(?:even|all the|so much the) better|better still|a (?:plus|bonus)|"
    r"(?:very |most )?welcome)"
)
_THEN_BETTER = (
    r"(?P<after>,?(?: (?:and|or|in fact|actually|i|we|would|even|might|may))*,? "
    r"(?:(?:prefer|like|love) (?:it|that|them)|(?:even )?better|preferred)(?: even| actually| that way)?)?"
)
_PATTERNS = tuple(
    re.compile(pattern + _ENDS, re.IGNORECASE)
    for pattern in (
        rf"{_BEGINS}{_THING}(?: |(?='))"
        rf"(?:(?:is|are|'s|'re)(?: also| totally| perfectly| absolutely| quite)? {_OK}{_TO_US}|"
        rf"{_DO_NOT} (?:bother|scare|put off|worry|faze) (?:me|us|him|her|them)(?: at all| much| off)?|"
        rf"(?P<lifts>{_DO_NOT} (?:really |even )?matter(?: to (?:me|us))?{_ANY_MORE}|"
        rf"(?:is|are|'s)(?:n't| not) (?:an? )?(?:must|requirement|problem|issue|condition|essential){_ANY_MORE})|"
        rf"(?:is |are )?(?:(?<!or )whatever|optional|either way|no matter)){_THEN_BETTER}",
        rf"{_BEGINS}{_THING} (?:counts?|will do|would do|works?|do|does|go|goes) (?:too|as well|also)",
        rf"{_BEGINS}(?:being )?{_THING},?(?: is| are| would be|'s|'re| that's)?,? (?P<better>{_BETTER})",
        rf"\b(?:(?:i|we|she|he|they)\s+)?(?:{_DO_NOT} (?:really )?mind|"
        rf"(?:am|are|is|'m|'re|'s|be) (?:totally |perfectly |quite )?(?:{_OK}|happy|comfortable|open) (?:with|to)|"
        r"(?:am|are|'m|'re) not (?:bothered|fussed) (?:by|about)|(?:have )?no (?:objections?|problem) (?:to|with))"
        r"(?: (?:it being|a bit of|some|if (?:it|they)(?:'s|'re| is| are)))?"
        rf" {_THING}",
        rf"\b(?:it|they|that)?\s*(?:{_DO_NOT} (?:necessarily )?(?:have|need) to|needn'?t|need not) be {_THING}",
        rf"\b(?:(?:it|they|that) )?(?:can|may)(?: (?:also|even|well|certainly))* be (?!about\b){_THING}",
    )
)
_WISHES = re.compile(
    r"\b(?:something|anything|some|one|ones? with|films? (?:with|about)|movies? (?:with|about)|want|need|like|love|"
    r"looking|please|nothing|no|not|without|never|any|this|that|it|these|those)\b",
    re.IGNORECASE,
)
"""What makes a thing a wish said politely, or nothing to be looked up."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A thing that may be so.

    Attributes:
        span: where the clause stands that says so.
        thing: where the thing stands in it.
        better: whether it is liked besides.
        lifts: whether it no longer matters, though it may have been asked for: "the length is not a problem now".
    """

    span: tuple[int, int]
    thing: tuple[int, int]
    better: bool = False
    lifts: bool = False


def find_permissions(text: str) -> list[Permission]:
    """What a message says may be so, from left to right; a polite wish ("something sad is fine") is none.

    >>> said = "older is fine too, monochrome even better"
    >>> [(said[slice(*one.thing)], one.better) for one in find_permissions(said)]
    [('older', False), ('monochrome', True)]
    >>> find_permissions("something sad is fine"), find_permissions("a comedy please")
    ([], [])
    """
    plain, found = text.replace("’", "'"), list[Permission]()
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            taken = any(one.span[0] < match.end() and match.start() < one.span[1] for one in found)
            if taken or _WISHES.search(match["thing"]):
                continue
            groups = match.groupdict()
            better = bool(groups.get("better") or (groups.get("after") or "").strip())
            lifts = bool(groups.get("lifts"))
            found.append(Permission(match.span(), match.span("thing"), better, lifts))
    return sorted(found, key=lambda one: one.span)
