"""Typed titles made up from real ones: what people do to a title, one liberty at a time, seeded."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_YEAR = re.compile(r"\s*\((\d{4})\)\s*$")
_ROMAN = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8"}
_ARABIC = {digits: roman for roman, digits in _ROMAN.items()}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Noise = Callable[[str, random.Random], str]


def lower_case(title: str, _: random.Random) -> str:
    """Small letters, no year."""
    return no_year(title, _).casefold()


def no_year(title: str, _: random.Random) -> str:
    """The title alone."""
    return _YEAR.sub("", title)


def wrong_year(title: str, rng: random.Random) -> str:
    """One year off."""
    return _YEAR.sub(lambda found: f" ({int(found[1]) + rng.choice((-1, 1))})", title)


def article_behind(title: str, _: random.Random) -> str:
    """ "Matrix, The"."""
    return re.sub(r"^(The|A|An) (.+?)(\s*\(\d{4}\))?$", r"\2, \1\3", title)


def no_article(title: str, _: random.Random) -> str:
    """The title without its article and year."""
    return re.sub(r"^(?:The|A|An) ", "", no_year(title, _))


def one_typo(title: str, rng: random.Random) -> str:
    """A letter left out, doubled, swapped or another one; never in a short title, never a digit."""
    bare = no_year(title, rng)
    places = [at for at in range(1, len(bare) - 1) if bare[at - 1 : at + 2].isalpha()]
    if len(bare) < 8 or not places:
        return title
    at, how = rng.choice(places), rng.randrange(4)
    changed = ("", bare[at] * 2, bare[at + 1] + bare[at], rng.choice(_LETTERS))[how]
    return bare[:at] + changed + bare[at + (2 if how == 2 else 1) :]


def no_subtitle(title: str, _: random.Random) -> str:
    """What stands before the colon."""
    return re.sub(r"(: | [-–] ).*", "", no_year(title, _))


def other_numerals(title: str, _: random.Random) -> str:
    """Roman for Arabic numerals and the other way round, behind the first word."""
    words = no_year(title, _).split(" ")
    return " ".join(words[:1] + [_ROMAN.get(word, _ARABIC.get(word, word)) for word in words[1:]])


def other_and(title: str, _: random.Random) -> str:
    """ "&" for "and" and the other way round."""
    bare = no_year(title, _)
    return (
        bare.replace(" & ", " and ") if " & " in bare else re.sub(r" and ", " & ", bare, flags=re.IGNORECASE)
    )


NOISES: tuple[Noise, ...] = (
    lower_case,
    no_year,
    wrong_year,
    article_behind,
    no_article,
    one_typo,
    no_subtitle,
    other_numerals,
    other_and,
)


def noisy(title: str, noise: Noise, rng: random.Random) -> str | None:
    """The title with one liberty taken; None where it offers none.

    >>> noisy("The Matrix (1999)", article_behind, random.Random(0))
    'Matrix, The (1999)'
    >>> noisy("Heat", other_and, random.Random(0)) is None
    True
    """
    changed = noise(title, rng)
    return (
        changed
        if changed != title and (noise in (lower_case, no_year) or changed != no_year(title, rng))
        else None
    )
