"""One title that is asked for and nothing else: "do you have Heat?", "show me Heat"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.rules.free_text_query import blank_out

_OPENS = (
    r"^\W*(?:(?:and|so|ok(?:ay)?|hi|hey|hello|well|oh|please|just|quick question|(?:i was|i['’]m|just) wondering if|"
    r"do you know if|any chance(?: that)?)\W+)*"
)
_HERE = (
    r"(?:in|on|at)?\W*(?:there|here|this|that|your|the)?\W*"
    r"(?:catalogue|catalog|list|library|collection|shelf|site)?"
)
_END = (
    r"(?:\W+(?:film|movie|book|game|one|series|by any chance|at all|for me|for us|too|as well|maybe|please|"
    r"and|or|the))*\W*$"
)
_WHETHER_HERE = re.compile(
    rf"{_OPENS}(?:(?:do|have|would) you (?:guys |actually |even |also |happen to |still )*"
    r"(?:have|got|stock|carry|sell|offer|know|know of|know about|heard of|heard about|list)(?: a copy of)?|"
    r"you(?:['’]ve)? (?:got|have|know)|got|is there|is|are|"
    r"(?:can|could|may) (?:i|we|one) (?:watch|see|find|get|read|play|buy|rent|order|borrow))"
    rf"(?:\W+(?:the (?:film|movie|book|game)|the new|the|a|any))?\W*(?:available)?\W*{_HERE}{_END}",
    re.IGNORECASE,
)
_SHOW = re.compile(
    rf"{_OPENS}(?:(?:can|could|would|will) you )?(?:show me|find me|find|search for|look up|look for|bring up|pull up|"
    r"i(?:['’]?m| am) (?:looking|searching) for|looking for|searching for)"
    rf"(?:\W+(?:the (?:film|movie|book|game)|the))?\W*{_END}",
    re.IGNORECASE,
)


def asks_whether_here(message: str, titles: Sequence[tuple[int, int]]) -> bool:
    """Whether a message asks if titles are in the catalogue, and nothing more.

    Args:
        message: as written.
        titles: where titles stand in it.

    >>> asks_whether_here("do you have Heat?", [(12, 16)])
    True
    >>> asks_whether_here("have you got anything like Heat?", [(27, 31)])
    False
    """
    return bool(titles) and bool(_WHETHER_HERE.match(blank_out(message, titles)))


def asks_to_see(message: str, titles: Sequence[tuple[int, int]]) -> bool:
    """Whether a message asks for one title itself, and for nothing like it.

    >>> asks_to_see("show me Heat", [(8, 12)]), asks_to_see("show me films like Heat", [(19, 23)])
    (True, False)
    """
    return len(titles) == 1 and bool(_SHOW.match(blank_out(message, titles)))
