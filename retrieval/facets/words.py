"""The words of a message with their places, in the form in which they meet the phrases of facets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tastemaker.retrieval.text.tokens import singular

_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "ß": "s",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[&+]")
_APOSTROPHE = re.compile("'")

_FILM = (
    "movie movies films flick flicks picture pictures pelicula peliculas filme filmes moive moives".split()
)
_PERSONS = "me us you him her them our your his their u ur mine mi meu minha".split()
_SAME = {
    "&": "and",
    "favourite": "favorite",
    "favourites": "favorite",
    "humour": "humor",
    "coloured": "colored",
    "grey": "gray",
    "cosy": "cozy",
    "theatre": "theater",
    "theatres": "theater",
    "centre": "center",
    "mum": "mom",
    "mums": "mom",
    "mam": "mom",
    "mommy": "mom",
    "mummy": "mom",
    "daddy": "dad",
    "cannot": "cant",
    "couldnt": "cant",
    "doesnt": "dont",
    "didnt": "dont",
    "wasnt": "isnt",
    "arent": "isnt",
    "aint": "isnt",
    "has": "have",
    "had": "have",
    "colour": "color",
    "colours": "color",
    "tonite": "tonight",
    "pls": "please",
    "plz": "please",
    "sumthing": "something",
    "somthing": "something",
    "smth": "something",
    "sth": "something",
    "wanna": "want",
    "programme": "program",
    "children's": "children",
    "childrens": "children",
    "child's": "child",
    "kid's": "kid",
    "yr": "year",
    "yrs": "year",
    "documentry": "documentary",
    "docu": "documentary",
    "rom-com": "romcom",
    "gonna": "going",
    "luv": "love",
}
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


def flat(text: str) -> str:
    """The text without case and accents, letter for letter, so that places in it are places in the text.

    >>> flat("Amélie’S İdea")
    "amelie's idea"
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_flat_letter, text))


@lru_cache(4096)
def _flat_letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    small = unicodedata.normalize("NFKD", letter.casefold())[:1] or letter
    return _LETTERS.get(small, small)


def words_of(flat_text: str) -> list[Word]:
    """The words of a text that has been through :func:`flat`, without articles.

    >>> [word.key for word in words_of(flat("The Kids' movies, in COLOUR"))]
    ['kid', 'film', 'in', 'color']
    """
    found = []
    for match in _WORD.finditer(flat_text):
        text = _APOSTROPHE.sub("", match[0])
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
    return tuple(word.key for word in words_of(flat(phrase)))


def text_of(words: Sequence[Word], message: str) -> str:
    """The part of a message that some of its words cover."""
    return message[words[0].start : words[-1].end] if words else ""
