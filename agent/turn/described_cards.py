"""Items of the list that a message names by what they have: "not the one with the president", "the Italian one"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tastemaker.agent.nlu.rules.ordinals import ORDINALS
from tastemaker.agent.nlu.rules.value_mentions import WORKS
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.text.tokens import singular

_END = (
    r"(?=\W*$|[.,;:!?\n(]|\s+(?:please|though|but|and|or|looks?|sounds?|seems?|is|was|again|if|i['’]?ve|i have|we|so|"
    r"then|too|as|for|already|first|now|instead)\b)"
)
_BY_WHAT_IT_HAS = re.compile(
    r"\b(?:the|that) (?:one|film|movie|book|game) (?:with|about|from|by|starring|featuring|where|in which|set in|of)\s+"
    rf"(?:the |a |an |that |all the )?(?P<what>[^.,;:!?\n]{{3,40}}?){_END}",
    re.IGNORECASE,
)
_BEFORE_ONE = re.compile(
    r"\b(?:the|that) (?P<what>(?:(?!one\b)[\w'’-]+ ){1,3})one\b(?! (?:of|more|thing|day|where|with|that|which)\b)",
    re.IGNORECASE,
)
_MORE_THAN_ALL = re.compile(r"\w{3,}(?:est|er)$")
_NO_TRAIT = frozenset(
    "other same right wrong best worst most least only next previous original new old good bad big whole very "
    "just real perfect kind sort main usual exact lovely nice great favourite favorite".split()
)
"""What stands before "one" and tells no card from the others."""
_PLACES = {place: word for word, place in ORDINALS.items() if place > 0 and word.isalpha()}


def name_places(message: str, shown: Sequence[str], catalog: Catalog) -> str:
    """The message with an item of the list that is named by what it has, called by its place.

    That is so where exactly one of the items has all the telling words, in its title, its texts or its values.

    Args:
        message: as written.
        shown: ids of the last list.
        catalog: has their words.

    Returns:
        The message, "the third one" in place of "the one with the president".
    """
    if len(shown) < 2 or ("one" not in message.casefold() and not _BY_WHAT_IT_HAS.search(message)):
        return message
    held: list[set[str]] = []

    def name(match: re.Match[str]) -> str:
        telling = _telling(match["what"])
        if not telling:
            return match[0]
        if not held:
            held.extend(_words_of(catalog[item_id]) for item_id in shown)
        places = [place for place, own in enumerate(held, 1) if telling <= own]
        word = _PLACES.get(places[0]) if len(places) == 1 else None
        return f"the {word} one" if word else match[0]

    return _BEFORE_ONE.sub(name, _BY_WHAT_IT_HAS.sub(name, message))


def _telling(phrase: str) -> set[str]:
    """The words of a phrase that may tell one item from another; empty where it has one that compares or counts."""
    said = [word.norm for word in words(phrase)]
    if any(word in ORDINALS or word in _NO_TRAIT or _MORE_THAN_ALL.match(word) for word in said):
        return set()
    return {singular(word) for word in said if word not in STOPWORDS | WORKS}


def _words_of(item: Item) -> set[str]:
    texts = [item.title, *_values(item)]
    return {singular(word.norm) for text in texts for word in words(text)}


def _values(item: Item) -> Iterable[str]:
    for value in item.attributes.values():
        if not isinstance(value, bool | int | float):
            yield from map(str, as_tags(value))
