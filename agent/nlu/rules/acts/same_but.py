"""The same again with one thing put in another's place: "same but French", "as before, only from the fifties"."""

from __future__ import annotations

import re

_SAME_BUT = re.compile(
    r"(?:(?<=^)|(?<=[.,;:!?\n]))\W*(?:(?:ok(?:ay)?|and|now|maybe|just|right|or|so|can i have|give me|i want)\W+)*"
    r"(?:(?:exactly |much |basically )?(?:the |that |this )?same(?: (?:thing|things|again|kind|sort|idea|ones?|stuff|"
    r"as (?:before|above|that|those)))*|(?:exactly |just )?like (?:that|this|these|those|before)|as (?:before|above)|"
    r"(?:lo mismo|la même chose|le même|la même|pareil|dasselbe|das gleiche|lo stesso|la stessa cosa))\s*,?\s*"
    r"(?:(?:but|only|just|except|though|pero|mais|aber|nur|ma)\b(?: make it| this time| now)?\s*|"
    r"(?=(?:with|in|from|by|without|con|en|avec|mit|auf)\b))",
    re.IGNORECASE,
)


def find_same_but(text: str) -> tuple[int, int] | None:
    """Where a message says that all stays but what follows; None where it does not.

    >>> said = "ok, the same thing but in Swedish"
    >>> said[slice(*find_same_but(said))]
    'ok, the same thing but '
    >>> find_same_but("at the same time"), find_same_but("the same director")
    (None, None)
    """
    match = _SAME_BUT.search(text)
    return match.span() if match and match.end() < len(text.rstrip()) else None
