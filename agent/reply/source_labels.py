"""Where an item came from, in words for the person."""

from __future__ import annotations

from tastemaker.tools.candidates import Source


def source_in_words(source: Source) -> str:
    """A source of a card as people read it; one of a tool that is not ours by the tool's name.

    >>> source_in_words(Source("rank", {"model": "sasrec"}, 2))
    'number 2 of the ranking for your taste'
    >>> source_in_words(Source("similar", {"item": "Heat (1995)"}, 1))
    'number 1 of what is most like Heat (1995)'
    >>> source_in_words(Source("horoscope", {"sign": "leo"}, 3))
    'number 3 of what horoscope found'
    """
    by, item = source.arguments.get("by"), source.arguments.get("item")
    words = {
        "rank": f"the ranking for your taste{f' by {by}' if by else ''}",
        "retrieve": "what comes closest to your words",
        "suit": "what suits your whole request best",
        "named": "the titles that the language model thought of",
        "choose": "what the language model chose",
        "similar": f"what is most like {item}" if item else "what is most alike",
        "filter": "the most popular that meet your conditions",
        "conversation": "what people took after conversations like this",
    }
    return f"number {source.place} of {words.get(source.tool, f'what {source.tool} found')}"
