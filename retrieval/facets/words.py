"""The words of a message with their places, in the form in which they meet the phrases of facets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tastemaker.retrieval.text.flat import flat
from tastemaker.retrieval.text.tokens import singular

__all__ = ["DROPPED", "SKIPPED", "Word", "flat", "key_of", "keys_of", "text_of", "words_of"]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[&+]")

_FILM = (
    "movie movies films flick flicks picture pictures pelicula peliculas filme filmes moive moives".split()
)
_PERSONS = "me us you him her them our your his their u ur mine mi meu minha".split()
_SPELLINGS = {
    "and": "&",
    "favorite": "favourite favourites",
    "humor": "humour",
    "colored": "coloured",
    "gray": "grey",
    "cozy": "cosy",
    "theater": "theatre theatres",
    "center": "centre",
    "mom": "mum mums mam mommy mummy",
    "dad": "daddy",
    "cant": "cannot couldnt",
    "dont": "doesnt didnt",
    "isnt": "wasnt arent aint",
    "have": "has had",
    "color": "colour colours",
    "tonight": "tonite",
    "please": "pls plz",
    "something": "sumthing somthing smth sth",
    "want": "wanna",
    "program": "programme",
    "children": "children's childrens",
    "child": "child's",
    "kid": "kid's",
    "year": "yr yrs",
    "documentary": "documentry docu",
    "romcom": "rom-com",
    "going": "gonna",
    "love": "luv",
}
_SAME = {variant: word for word, variants in _SPELLINGS.items() for variant in variants.split()}
_SAME |= dict.fromkeys(_FILM, "film") | dict.fromkeys(_PERSONS, "my")

DROPPED = frozenset({"a", "an", "the"})
"""Words left out of phrases and messages alike."""
SKIPPED = frozenset(
    "very really quite so pretty totally absolutely properly utterly truly seriously super extra rather too "
    "some any actually just genuinely incredibly extremely proper bloody damn fucking freaking".split()
)
"""Words that may stand between the words of a phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message.

    Attributes:
        key: what is compared: without case, accents, plural ending; spellings and pronouns brought together.
        text: the word without case and accents.
        start: of the word in the message.
        end: behind it.
    """

    key: str
    text: str
    start: int
    end: int


def words_of(flat_text: str) -> list[Word]:
    """The words of a text that has been through :func:`flat`, without articles.

    >>> [word.key for word in words_of(flat("The Kids' movies, in COLOUR"))]
    ['kid', 'film', 'in', 'color']
    """
    found = []
    for match in _WORD.finditer(flat_text):
        text = match[0].replace("'", "")
        if text not in DROPPED:
            found.append(Word(key_of(text), text, match.start(), match.end()))
    return found


@lru_cache(16_384)
def key_of(text: str) -> str:
    """What of a single flat word is compared."""
    return _SAME.get(text) or _SAME.get(one := singular(text), one)


def keys_of(phrase: str) -> tuple[str, ...]:
    """The keys of a phrase's words.

    >>> keys_of("laugh-out-loud films")
    ('laugh', 'out', 'loud', 'film')
    """
    # As words_of, without their places: a facet set has tens of thousands of phrases.
    texts = (raw.replace("'", "") for raw in _WORD.findall(flat(phrase)))
    return tuple(key_of(text) for text in texts if text not in DROPPED)


def text_of(words: Sequence[Word], message: str) -> str:
    """The part of a message that some of its words cover."""
    return message[words[0].start : words[-1].end] if words else ""
