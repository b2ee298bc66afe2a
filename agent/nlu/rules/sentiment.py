"""How a message speaks of an item that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.rules.free_text_query import blank_out
from tastemaker.agent.nlu.tokenizer import clause_starts, words
from tastemaker.agent.nlu.understanding import Sentiment

_DISLIKED = re.compile(
    r"\b(hate|hated|dislike|disliked|"
    r"too (?!bad\b|late\b|many\b|much\b|well\b)\w+|didn't like|did not like|don't like|do not like|"
    r"boring|bored|dull|"
    r"awful|neither|nor|less like|(?:couldn't|could not|didn't) finish|bored|asleep|left me cold|langweilig|"
    r"schlecht|ennuyeux|"
    r"aburrid[oa]|no me gust[oó]|pas aimé|no more|skip|sucked|sucks|meh|waste|(?:didn't|did not) (?:care|"
    r"enjoy)|(?:wasn't|isn't) (?:good|great|for me|my)|"
    r"couldn't stand|terrible|worst|bad|overrated|not like|nothing like|can't stand|not a fan|"
    r"not(?! (?:sure|bad|only|just)\b))\b",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:seen|saw|(?:re)?watched|already (?:read|own|have|know|did|done|finished)|own|i know|i've read|"
    r"knows?\b.*\balready|knows? .*\b(?:by heart|inside out|backwards)|"
    r"(?:i|we|he|she|they)(?:['’]ve| have|['’]d| had|['’]s| has)? (?:just |only |all |both )?(?:did|"
    r"done|finished)|"
    r"been there|done that|old hat|(?:i|we|he|she|they)(?:['’](?:ve|s|d)| have| has) (?:already |just )?had|"
    r"on (?:dvd|blu-?ray|tape|vhs|disc|cd|vinyl)|been through|last \w+ (?:was|were|it was|we had)|gesehen|"
    r"visto|vu)\b|^\W*(?:did|done|finished)\b",
    re.IGNORECASE,
)
_LOVED = re.compile(
    r"\b(?:love[ds]?|like[ds]?|enjoy(?:ed)?|great|awesome|amazing|fantastic|excellent|good|best|"
    r"brilliant|favou?rites?)\b",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(
    r"\b(?:(?:have|did|do) you (?:ever )?(?:seen?|watch(?:ed)?|know|like|heard of)|rather than|"
    r"instead of)\b[^.?!]*$",
    re.IGNORECASE,
)
_BARRED = re.compile(
    r"\b(?:no|no more|skip|without|nothing like|not|(?:is|are|was|were|it['’]?s|that['’]?s) not|"
    r"(?:is|are|was|were)n['’]?t|not counting|besides|beside|aside from|excluding|minus|outside(?: of)?|bar|barring)"
    r"\s+(?:the |another )?(?:(?:film|movie) )?$",
    re.IGNORECASE,
)
"""Before a title, or the first of several: it is to be left out. "In space that isn't Star Wars or Star Trek"."""
_LISTED_BEFORE = re.compile(r"(?:\s*(?:,|/|&|\b(?:or|and|nor)\b)\s*)+$", re.IGNORECASE)
_THEN_JUDGED = re.compile(
    r"\band (?=(?:i |i've |i have )?(?:have seen|seen|saw|hated?|loved?|liked?|disliked?|enjoyed|didn't|"
    r"less like|not)\b(?! (?:it|them|that)\b))",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:not (?:as|so) \w+ as|(?:less|more) \w+ than|\w+er than)\s+(?:the (?:film|movie|book) )?$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\b(?:except(?: for)?|other than|apart from|anything but|but not)\s+$", re.IGNORECASE)
_REFUSED = re.compile(r"\W{1,3}no\b(?! (?:idea|doubt|matter|horror))(?:\W|\s+thanks?|$)", re.IGNORECASE)
_JOINS = re.compile(r"\b(or|and|nor)\b", re.IGNORECASE)


def read_sentiment(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> Sentiment:
    """How what stands from ``start`` to ``end`` is spoken of, by the clause around it.

    >>> said = "I loved Heat and have seen Fargo"
    >>> [str(read_sentiment(said, a, b, [(8, 12), (27, 32)])) for a, b in ((8, 12), (27, 32))]
    ['liked', 'seen']
    """
    if _COMPARED.search(text[:start]) or _ASKS_OTHER.search(blank_out(text, titles)[:start]):
        return Sentiment.ASKED
    clause = _clause(text, start, end, titles)
    before = _before_list(text, start, titles)
    if _EXCEPT.search(before) or _BARRED.search(before) or _REFUSED.match(text[end:]):
        return Sentiment.DISLIKED
    if _DISLIKED.search(clause):
        return Sentiment.DISLIKED
    return Sentiment.SEEN if _SEEN.search(clause) and not _LOVED.search(clause) else Sentiment.LIKED


def _before_list(text: str, start: int, titles: Sequence[tuple[int, int]]) -> str:
    """What stands before a title, or before the first of a list of titles that it is in."""
    before = text[:start]
    while (joined := _LISTED_BEFORE.search(before)) and (
        last := next((span for span in titles if span[1] == joined.start()), None)
    ):
        before = text[: last[0]]
    return before


def _clause(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> str:
    """The clause around a title, titles blanked; "A, B and C" belongs to the clause that A stands in."""
    plain = blank_out(text, titles)
    cuts = sorted([*clause_starts(plain), *(match.end() for match in _THEN_JUDGED.finditer(plain))])
    starts = [place for place in cuts if place <= start]
    while len(starts) > 1 and not words(_JOINS.sub(" ", plain[starts[-1] : start])):
        starts.pop()
    following = [place for place in cuts if place > end]
    return plain[starts[-1] : following[0] if following else len(plain)]
