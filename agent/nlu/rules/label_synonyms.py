"""Other forms of common labels: adjectives, short forms, other languages, and slips of the keyboard.

A form counts only where the catalogue has the label that it stands for, and is no value itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tastemaker.retrieval.text.common_words import is_everyday

FORMS: Mapping[str, tuple[str, ...]] = {
    "animation": (
        "animated",
        "cartoon",
        "dessin anime",
        "animacion",
        "dibujos animados",
        "cartoni animati",
        "zeichentrick",
        "zeichentrickfilm",
        "zeichentrickfilme",
        "trickfilm",
        "animationsfilm",
        "desenho animado",
    ),
    "romance": (
        "romantic",
        "romantisch",
        "romantische",
        "liebesfilm",
        "romantique",
        "romantica",
        "romantico",
    ),
    "comedy": ("comedic", "komodie", "komoedie", "comedie", "comedia", "commedia"),
    "sci-fi": ("scifi", "science fiction", "sf", "sciencefiction", "ciencia ficcion"),
    "science fiction": ("scifi", "sci-fi", "sf"),
    "documentary": ("docu", "doku", "dokumentarfilm", "documentaire", "documental"),
    "history": ("historical",),
    "film-noir": ("noir",),
    "war": ("kriegsfilm", "guerre", "guerra"),
    "crime": ("krimi", "policier"),
    "horror": ("horrorfilm", "gruselfilm", "horreur", "epouvante", "terror"),
    "adventure": ("abenteuer", "abenteuerfilm", "aventure", "aventura"),
    "drama": ("drame", "dramatic"),
    "action": ("actionfilm",),
    "music": ("musikfilm",),
    "musical": ("comedia musical", "comedie musicale"),
    "fantasy": ("fantasyfilm", "fantastique", "fantasia"),
    "mystery": ("misterio", "mystere"),
}
"""Label -> forms of it, without accents, capitals and plural endings."""

COMPOUNDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("rom com", "romcom"), ("romance", "comedy")),
    "dramedy": ("drama", "comedy"),
    "docudrama": ("documentary", "drama"),
}
"""Words for several labels at once."""

SHORTEST_SLIP = 5
"""Letters below which a word is not taken for another word misspelt."""


def slip_of(word: str, labels: Collection[str]) -> str | None:
    """The label that a word is with one letter wrong, missing, extra or swapped; None for an everyday word.

    >>> slip_of("horor", {"horror", "drama"}), slip_of("thiller", {"thriller"}), slip_of("drama", {"drama"})
    ('horror', 'thriller', None)
    """
    if len(word) < SHORTEST_SLIP or word in labels or not word.isalpha() or is_everyday(word):
        return None
    near = [
        label
        for label in labels
        if len(label) >= SHORTEST_SLIP and label[0] == word[0] and _one_apart(word, label)
    ]
    return near[0] if len(near) == 1 else None


def _one_apart(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 1:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    left, right = word[at:], other[at:]
    swapped = left[1::-1] + left[2:] == right if len(left) > 1 else False
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
