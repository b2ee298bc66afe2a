"""Items of the list called by a word of their own: "the emma one", "the one with Cary Grant", "the blue one"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tastemaker.agent.nlu.rules.ordinals import ORDINALS
from tastemaker.agent.nlu.rules.value_mentions import WORKS
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.catalog.catalog import Item, as_tags
from tastemaker.retrieval.text.tokens import singular

_PLACES = tuple(f"the {word} one" for word, place in ORDINALS.items() if place > 0 and word.isalpha())
_CALLED = re.compile(
    r"\b(?:the|that|this) (?P<what>[\w'’&.-]+(?: [\w'’&.-]+){0,3}?) (?:one|film|movie)\b(?! (?:with|"
    r"where|about|in which|of|i like)\b)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:the|that) (?:one|film|movie) (?P<how>with|without|by|from|starring|featuring|about|where|in which|in|on|at|"
    r"of|set in) (?P<what>[\w'’.-]+(?: [\w'’.-]+){0,3}?)"
    r"(?= (?:in it |in )?(?:sounds?|looks?|is|was|i|we|she|he|they|please|then|it is|seems|already|"
    r"again|too|obviously)\b|"
    r" i['’]| we['’]|[.,!?;]|$)",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(
    r"\b(?:is|was|are|isn['’]t) (?:that|it|this|there|he|she) (?:the|that|a) ", re.IGNORECASE
)
"""A question whether something is the one with it, which names no item yet."""
_TOP = re.compile(
    r"\bthe (?:top|uppermost) (?:one|film|movie|pick)\b|\bthe one (?:at|on) (?:the )?top\b", re.IGNORECASE
)
_BOTTOM = re.compile(r"\bthe bottom (?:one|film|movie)\b|\bthe one at the bottom\b", re.IGNORECASE)
_NO_NAME = frozenset(
    "other others same right wrong next new old first second third fourth fifth sixth last best good bad only whole "
    "top former latter longest shortest funny sad scary big other main great perfect nice every each".split()
)
_LITTLE = frozenset("the a an of and in with".split())
_COMPARES = re.compile(r"\w{3,}(?:est|er)$")
_VALUES = (
    "cast",
    "director",
    "author",
    "artist",
    "language",
    "country",
    "colour",
    "place",
    "themes",
    "genres",
)
"""Attributes that an item is called by; what one thinks of it is no name."""


def name_places(message: str, items: Sequence[Item]) -> str:
    """A message with the place of each item that it calls by a name that no other of the list has.

    >>> films = [Item("1", "Emma (1996)", {"cast": ("Gwyneth Paltrow",)}), Item("2", "Heat (1995)", {})]
    >>> name_places("she saw the emma one already", films), name_places("the one with Paltrow, please", films)
    ('she saw the first one already', 'the first one, please')
    """

    message = _BOTTOM.sub("the last one", _TOP.sub("the first one", message))
    return _put_in(message, items, _PLACES)


def name_titles(message: str, items: Sequence[Item], *, titles_only: bool = False) -> str:
    """The same with titles, for items that stand on no list any more.

    >>> name_titles("seen the emma one", [Item("1", "Emma (1996)", {}), Item("2", "Heat (1995)", {})])
    'seen Emma (1996)'
    """
    return _put_in(message, items, [item.title for item in items], titles_only=titles_only)


def _put_in(message: str, items: Sequence[Item], names: Sequence[str], *, titles_only: bool = False) -> str:
    def name_it(match: re.Match[str]) -> str:
        told = match.groupdict()
        if not told.get("how") and match["what"].casefold().split()[0] in _NO_NAME:
            return match[0]
        if titles_only and told.get("how"):
            return match[0]
        place = _place_of(match["what"], items, without=told.get("how") == "without", titles_only=titles_only)
        return match[0] if place is None or place >= len(names) else names[place]

    if not items or _ASKS_WHICH.search(message):
        return message
    return _CALLED.sub(name_it, _WITH.sub(name_it, message))


def _place_of(phrase: str, items: Sequence[Item], *, without: bool, titles_only: bool = False) -> int | None:
    """The only place of the list with an item of that name."""
    wanted = {singular(word.norm.removesuffix("'s")) for word in words(phrase) if word.norm not in _LITTLE}
    telling = {word for word in wanted if word not in STOPWORDS | WORKS and not _COMPARES.match(word)}
    tests: tuple[Callable[[Item], bool], ...] = (
        lambda item: wanted <= {singular(word.norm) for word in words(item.title)},
        lambda item: any(_names(wanted, value) for value in _values_of(item)),
        lambda item: bool(telling) and telling <= _words_of(item),
    )
    for test in tests[: 1 if titles_only else 3] if wanted else ():
        held = [place for place, item in enumerate(items) if test(item) != without]
        if len(held) == 1 and len(items) > 1:
            return held[0]
    return None


def _words_of(item: Item) -> set[str]:
    """The words of an item: those of its title, its texts and its values."""
    values = [value for value in item.attributes.values() if not isinstance(value, bool | int | float)]
    texts = [item.title, *(text for value in values for text in map(str, as_tags(value)))]
    return {singular(word.norm) for text in texts for word in words(text)}


def _values_of(item: Item) -> list[str]:
    return [value for name in _VALUES for value in as_tags(item.attributes.get(name))]


def _names(wanted: set[str], value: str) -> bool:
    """Whether some words are all of a value, or somebody's last name."""
    said = [singular(word.norm) for word in words(value)]
    telling = {word for word in said if word not in _LITTLE}
    return bool(said) and (
        wanted == telling
        or (
            len(said) > 1
            and all(word[:1].isupper() for word in value.split())
            and wanted <= telling
            and said[-1] in wanted
        )
    )
