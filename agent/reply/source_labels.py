"""Where an item came from, in words for the person: a tool call's label as a sentence part."""

from __future__ import annotations

import re

_SOURCE = re.compile(r"^(\w+)\((.*)\)\s*#(\d+)$", re.DOTALL)
_BY = re.compile(r"\bby='([^']*)'")
_ITEM = re.compile(r"\bitem=(['\"])(.*?)\1")


def source_in_words(source: str) -> str:
    """A source of a card as people read it; one of no known tool stays as it is.

    >>> source_in_words("rank(model='sasrec') #2")
    'number 2 of the ranking for your taste'
    >>> source_in_words("similar(item='Heat (1995)') #1")
    'number 1 of what is most like Heat (1995)'
    """
    match = _SOURCE.match(source)
    if not match:
        return source
    tool, arguments, place = match.groups()
    by, item = _BY.search(arguments), _ITEM.search(arguments)
    words = {
        "rank": f"the ranking for your taste{f' by {by[1]}' if by else ''}",
        "retrieve": "what comes closest to your words",
        "similar": f"what is most like {item[2]}" if item else "what is most alike",
        "filter": "the most popular that meet your conditions",
        "conversation": "what people took after conversations like this",
    }
    return f"number {place} of {words[tool]}" if tool in words else source
