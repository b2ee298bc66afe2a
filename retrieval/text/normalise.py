"""Spellings of a title brought together: case, accents, articles, numerals, years, brackets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

FIRST_YEAR = 1888
"""No film is older; a smaller number behind a title is part of the title."""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile(r"[’‘'`´ʼ]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_ACRONYM_DOTS = re.compile(r"(?<=\b\w)[.*](?=\w\b|\W|$)")
_FRONT_ARTICLE = re.compile(r"^(?:the|an|a) (?=.)")
_ARTICLES = "the an a les le la l' los las lo el il i gli der die das une un uma um o os de het den det"
_BACK_ARTICLE = re.compile(f"^(?P<rest>.+), (?P<article>{_ARTICLES.replace(' ', '|')})$", re.IGNORECASE)
_BRACKETED_END = re.compile(r"^(?P<rest>.*\S)\s*[(\[](?P<inside>[^()\[\]]*)[)\]]$")
_YEAR_END = re.compile(r"^(?P<rest>.*\S)\s*[(\[](?P<year>\d{4})(?:[-–]\d{0,4})?[)\]]$")
_BARE_YEAR_END = re.compile(r"^(?P<rest>.*\S)[\s,]+(?P<year>\d{4})$")
_KNOWN_AS = re.compile(r"^(?:a\.?k\.?a\.?|aka)\s+", re.IGNORECASE)
_SUBTITLE = re.compile(r"\s+or:\s+|:\s+|\s+[-–—]\s+|;\s+")
_COUNTED = re.compile(r"\b(?:part|pt|vol|volume|chapter|episode) (?=\d)")
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS.split(), start=1)}


def fold(text: str) -> str:
    """Case, accents and punctuation aside; ``&`` becomes "and".

    >>> fold("Amélie & M*A*S*H: Ulee's  Gold!")
    'amelie and mash ulees gold'
    """
    text = text.casefold()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = _ACRONYM_DOTS.sub("", _APOSTROPHES.sub("", text)).replace("&", " and ")
    return " ".join(_words_alone(text).split()) or " ".join(text.split())


def _words_alone(text: str) -> str:
    if text.isascii():
        return _NO_WORD.sub(" ", text)
    return "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text)


def normalise(title: str) -> str:
    """The folded title with its article in front and every number in digits.

    >>> normalise("Godfather: Part II, The"), normalise("12 Monkeys") == normalise("Twelve Monkeys")
    ('the godfather 2', True)
    """
    words = [_digits(word, at) for at, word in enumerate(fold(article_in_front(title)).split(" "))]
    return _COUNTED.sub("", " ".join(words))


def without_article(normalised: str) -> str:
    """A normalised title without a leading English article, unless nothing else is there."""
    return _FRONT_ARTICLE.sub("", normalised)


def article_in_front(title: str) -> str:
    """The title with an article from behind a comma put in front.

    >>> article_in_front("Usual Suspects, The"), article_in_front("Avventura, L'")
    ('The Usual Suspects', "L'Avventura")
    """
    found = _BACK_ARTICLE.match(title.strip())
    if not found:
        return title.strip()
    space = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{space}{found['rest']}"


def split_year(title: str, bare: bool = False) -> tuple[str, int | None]:
    """A title and the year in brackets behind it; with ``bare``, brackets may be missing.

    >>> split_year("Heat (1995)"), split_year("heat 1995"), split_year("heat 1995", bare=True)
    (('Heat', 1995), ('heat 1995', None), ('heat', 1995))
    >>> split_year("Blade Runner 2049", bare=True)
    ('Blade Runner 2049', None)
    """
    title = title.strip()
    found = _YEAR_END.match(title) or (_BARE_YEAR_END.match(title) if bare else None)
    if found and FIRST_YEAR <= int(found["year"]) <= date.today().year + 5:
        return found["rest"], int(found["year"])
    return title, None


@dataclass(frozen=True, slots=True)
class TitleForms:
    """The ways a catalogue's title may be written, all but ``main`` normalised.

    Attributes:
        main: the title without year and brackets, article in front, as spelled.
        full: ``main`` normalised.
        bare: ``full`` without its article.
        whole: everything but the year, brackets and all.
        aliases: other titles, from the brackets.
        spelled_out: ``full`` with ä, ö, ü as ae, oe, ue; ``full`` itself where there are none.
        heads: what stands before a subtitle.
        tails: subtitles of two words and more.
        year: from the brackets at the end, or None.
    """

    main: str
    full: str
    bare: str
    whole: str
    aliases: tuple[str, ...]
    spelled_out: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    year: int | None


def title_forms(title: str) -> TitleForms:
    """Take a catalogue's title apart.

    >>> forms = title_forms("Double vie de Véronique, La (Double Life of Veronique, The) (1991)")
    >>> forms.main, forms.bare, forms.aliases, forms.year
    ('La Double vie de Véronique', 'double vie de veronique', ('the double life of veronique',), 1991)
    """
    rest, year = split_year(title)
    whole = normalise(rest)
    aliases = []
    while found := _BRACKETED_END.match(rest):
        rest = found["rest"]
        aliases.append(normalise(_KNOWN_AS.sub("", found["inside"])))
    main = article_in_front(rest)
    full = normalise(main)
    bare = normalise(rest.rpartition(", ")[0]) if main != rest.strip() else without_article(full)
    spelled_out = (
        full if main.isascii() else normalise(unicodedata.normalize("NFC", main).translate(_UMLAUTS))
    )
    parts = [part for part in _SUBTITLE.split(main) if part.strip()]
    tails = [normalise(part) for part in parts[1:] if " " in part.strip()]
    heads = [normalise(parts[0])] if len(parts) > 1 else []
    return TitleForms(
        main, full, bare, whole, tuple(filter(None, aliases)), spelled_out, tuple(heads), tuple(tails), year
    )


def _digits(word: str, at: int) -> str:
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    if at and word != "i" and _ROMAN.fullmatch(word):
        return str(_roman(word))
    return word


def _roman(word: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in word]
    return sum(v if v >= max(values[at:]) else -v for at, v in enumerate(values))
