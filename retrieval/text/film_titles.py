"""Film titles as MovieLens files them, and as people write them."""

from __future__ import annotations

import re

ARTICLES = frozenset(
    {"The", "A", "An", "Les", "La", "Le", "L'", "Il", "Lo", "Gli", "El", "Los", "Las", "Das", "Der", "Die"}
    | {"Det", "Den", "De", "En", "Een", "Un", "Une", "O", "Os"}
)
"""Articles that MovieLens puts behind a comma."""

_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–]\s*(?:\d{4})?\s*)?\)")
_MEDIUM = re.compile(r"\s*\((?:V|TV|VG)\)\s*$")
_PARTS = re.compile(r"(\s*\(|\))")


def split_year(filed: str) -> tuple[str, int | None]:
    """A filed title without its year and medium, and the (first) year.

    >>> split_year("Usual Suspects, The (1995)")
    ('Usual Suspects, The', 1995)
    >>> split_year("Fawlty Towers (1975-1979)"), split_year("unknown")
    (('Fawlty Towers', 1975), ('unknown', None))
    >>> split_year("Land Before Time III: The Time of the Great Giving (1995) (V)")
    ('Land Before Time III: The Time of the Great Giving', 1995)
    """
    title = " ".join(_MEDIUM.sub("", filed).split())
    years = list(_YEAR.finditer(title))
    if not years or years[-1].end() != len(title):
        return title, None
    return title[: years[-1].start()], int(years[-1][1])


def display_title(title: str, year: int | None) -> str:
    """The title with its articles in front, and the year behind.

    >>> display_title("Usual Suspects, The", 1995), display_title("unknown", None)
    ('The Usual Suspects (1995)', 'unknown')
    >>> display_title("Double vie de Véronique, La (Double Life of Veronique, The)", 1991)
    'La Double vie de Véronique (The Double Life of Veronique) (1991)'
    >>> display_title("Maybe, Maybe Not (Bewegte Mann, Der)", 1994)
    'Maybe, Maybe Not (Der Bewegte Mann) (1994)'
    """
    shown = "".join(_article_first(part) for part in _PARTS.split(title))
    return shown if year is None else f"{shown} ({year})"


def _article_first(part: str) -> str:
    name, comma, article = part.rpartition(", ")
    if not comma or article not in ARTICLES:
        return part
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{name}"
