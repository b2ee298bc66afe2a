"""Which item a typed title means: one, several, or none; never silently the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.normalise import (
    TitleForms,
    fold,
    normalise,
    split_year,
    title_forms,
    without_article,
)
from tastemaker.retrieval.schema import Kind

FULL, BARE, ALIAS, ALIAS_BARE, HEAD, TAIL = 1.0, 0.98, 0.97, 0.96, 0.93, 0.92
"""How well a form of a title stands for it: the title, without article, from the brackets, subtitled."""

ARTICLE_COST, SPACING_COST, EDIT_COST, YEAR_COST = 0.05, 0.03, 0.05, 0.1
"""What a mention loses for an article or space too many, each wrong letter, and a wrong year."""

MARGIN = 0.015
"""Matches closer together than this are equally good."""

SURE_LENGTH = 9
"""A single word shorter than this is too easily another word: "Contract" is not "Contact"."""

MOST_CHARS = 200
MOST_NEAR = 3
_FILLER = re.compile(r"^the (?:movie|film) | the (?:movie|film)$")


@dataclass(frozen=True, slots=True)
class Match:
    """One item that a mention may mean.

    Attributes:
        id: the item.
        title: its title in the catalogue.
        score: 1 for the very title, less for every liberty taken.
        flagged_year: the mention gave another year than this item's.
        also: ids of items with the same title and year, listed twice in the catalogue.
    """

    id: str
    title: str
    score: float
    flagged_year: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention means.

    Attributes:
        mention: as typed.
        status: ``one``: take it. ``several``: ask which. ``none``: not in the catalogue, say so.
        matches: the one, or the several, the best first; empty for none.
        near: for none, titles that look alike, to be offered and never to be taken.
    """

    mention: str
    status: Literal["one", "several", "none"]
    matches: tuple[Match, ...] = ()
    near: tuple[Match, ...] = ()


class TitleResolver:
    """Titles of one catalogue, ready to be looked up. Read-only once made."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._forms = [title_forms(item.title) for item in catalog]
        self._years = [
            form.year or item_year(item, catalog) for item, form in zip(catalog, self._forms, strict=True)
        ]
        self._same = _listed_twice(self._forms, self._years)
        self._keys: dict[str, dict[int, float]] = {}
        for row, form in enumerate(self._forms):
            for key, standing in _standings(form):
                self._keys.setdefault(key, {}).setdefault(row, standing)

    def resolve(self, mention: str) -> Resolution:
        """Find the item that a typed title means. The year may be missing, in brackets, or bare.

        A wrong year gives the nearest one, flagged. Digits never give way: "Scream 3" is
        not "Scream 2". Nothing typed, or more than ``MOST_CHARS`` characters, is none.
        """
        text = " ".join(mention.split())
        if not text or len(text) > MOST_CHARS:
            return Resolution(mention, "none")
        for title, year in _readings(text):
            if found := _by_year(self._exact(title) or self._misspelt(title), year, self._years):
                return self._resolution(mention, found)
        return Resolution(mention, "none", near=self._near(split_year(text, bare=True)[0]))

    def search(self, text: str, k: int = 8) -> list[Match]:
        """For a search box: titles that begin with the text, then those with a word that does,
        then those that hold it anywhere, then misspelt ones; shorter titles first.
        """
        typed = fold(text)
        wanted = {typed, normalise(text)} - {""}
        if not wanted:
            return [self._match(row, 1.0) for row in self._distinct(range(len(self._forms)))][:k]
        ranks = [
            (_rank(searchable, wanted), len(searchable[0]), row)
            for row, searchable in enumerate(self._searchable)
        ]
        rows = [row for rank, _, row in sorted(ranks) if rank < _ABSENT]
        found = [self._match(row, 1.0) for row in self._distinct(rows)][:k]
        return found or list(self._resolvable(text, k))

    def find_in(self, text: str) -> list[tuple[int, int, Resolution]]:
        """Titles in a free message, as ``(start, end, resolution)`` in order; see ``title_spans``."""
        from tastemaker.retrieval.title_spans import find_titles

        return find_titles(text, self)

    def year(self, item_id: str) -> int | None:
        """The year of an item's title, else of its attributes."""
        return self._years[self._catalog.row(item_id)]

    @cached_property
    def first_words(self) -> frozenset[str]:
        """First words of all normalised titles: a span that starts otherwise is no title."""
        return frozenset(key.partition(" ")[0] for key in self._keys)

    @cached_property
    def longest(self) -> int:
        """Words in the longest normalised title."""
        return max((key.count(" ") + 1 for key in self._keys), default=0)

    def standing(self, normalised: str) -> float:
        """The best standing a normalised text has as a title, 0 where it is none."""
        return max(self._keys.get(normalised, {}).values(), default=0.0)

    def _exact(self, title: str) -> dict[int, float]:
        """Row -> score of the titles that the mention spells right."""
        full = normalise(title)
        bare = without_article(full)
        found = dict(self._keys.get(full, {}))
        if bare != full:
            for row, standing in self._keys.get(bare, {}).items():
                found[row] = max(found.get(row, 0.0), standing - ARTICLE_COST)
        if not found:
            rows = self._spaceless.get(full.replace(" ", ""), {})
            found = {row: standing - SPACING_COST for row, standing in rows.items()}
        return found

    def _misspelt(self, title: str) -> dict[int, float]:
        """Row -> score of titles a few letters off."""
        typed = normalise(title)
        most = _most_edits(typed)
        if not most:
            return {}
        found: dict[int, float] = {}
        for form in {typed, without_article(typed)}:
            near = process.extract(form, self._key_list, scorer=OSA.distance, score_cutoff=most, limit=20)
            for key, edits, _ in near:
                if _same_numbers(form, key) and self._is_typo(form.split(" "), key.split(" ")):
                    for row, standing in self._keys[key].items():
                        found[row] = max(found.get(row, 0.0), standing - EDIT_COST * edits)
        return found

    def _is_typo(self, typed: list[str], meant: list[str]) -> bool:
        """Whether each differing word is a slip rather than another word."""
        if len(typed) != len(meant):
            return OSA.distance("".join(typed), "".join(meant)) <= 1
        pairs = [(a, b) for a, b in zip(typed, meant, strict=True) if a != b]
        if len(meant) == 1:
            return all(self._is_slip(a, b) and _is_sure_slip(a, b) for a, b in pairs)
        return all(_singular(a) == _singular(b) or self._is_slip(a, b) for a, b in pairs)

    def _is_slip(self, typed: str, meant: str) -> bool:
        if typed in self._vocabulary:
            return False
        edits = OSA.distance(typed, meant)
        if sorted(typed) == sorted(meant):
            return edits <= 1
        return edits <= (0 if len(meant) <= 3 else 1 if len(meant) <= 7 else 2)

    def _resolution(self, mention: str, found: dict[int, tuple[float, bool]]) -> Resolution:
        best = max(score for score, _ in found.values())
        rows = self._distinct(sorted(found, key=lambda row: (-found[row][0], row)))
        matches = tuple(self._match(row, *found[row]) for row in rows if found[row][0] >= best - MARGIN)
        return Resolution(mention, "one" if len(matches) == 1 else "several", matches)

    def _match(self, row: int, score: float, flagged: bool = False) -> Match:
        item = self._catalog.at(row)
        also = tuple(self._catalog.at(other).id for other in self._same[row] if other != row)
        return Match(item.id, item.title, round(score, 4), flagged, also)

    def _distinct(self, rows: Iterable[int]) -> list[int]:
        """Each title and year once, as the row listed first."""
        return list(dict.fromkeys(self._same[row][0] for row in rows))

    def _near(self, title: str) -> tuple[Match, ...]:
        typed = without_article(normalise(title))
        starts = {
            row: 0.9 for key in self._key_list if key.startswith(f"{typed} ") for row in self._keys[key]
        }
        alike = process.extract(
            typed, self._key_list, scorer=OSA.normalized_similarity, score_cutoff=0.7, limit=MOST_NEAR
        )
        for key, score, _ in alike:
            for row in self._keys[key]:
                starts.setdefault(row, score)
        rows = self._distinct(sorted(starts, key=lambda row: (-starts[row], row)))
        return tuple(self._match(row, starts.get(row, 0.0)) for row in rows[:MOST_NEAR])

    def _resolvable(self, text: str, k: int) -> Iterator[Match]:
        resolution = self.resolve(text)
        return iter((resolution.matches or resolution.near)[:k])

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Words of all titles: one that stands in another title is no slip."""
        return frozenset(word for form in self._forms for word in form.full.split(" "))

    @cached_property
    def _key_list(self) -> list[str]:
        return list(self._keys)

    @cached_property
    def _spaceless(self) -> dict[str, dict[int, float]]:
        joined: dict[str, dict[int, float]] = {}
        for key, rows in self._keys.items():
            joined.setdefault(key.replace(" ", ""), {}).update(rows)
        return joined

    @cached_property
    def _searchable(self) -> list[tuple[str, ...]]:
        return [
            tuple(dict.fromkeys((form.bare, form.full, fold(form.main), fold(item.title), *form.aliases)))
            for item, form in zip(self._catalog, self._forms, strict=True)
        ]


_ABSENT = 3


def _rank(searchable: tuple[str, ...], wanted: set[str]) -> int:
    """0 where a form begins with the text, 1 where a word does, 2 where it is inside, else ``_ABSENT``."""
    best = _ABSENT
    for form in searchable:
        for text in wanted:
            if text in form:
                best = min(best, 0 if form.startswith(text) else 1 if f" {text}" in form else 2)
    return best


def _readings(text: str) -> Iterator[tuple[str, int | None]]:
    """A mention as title and year: brackets split off, whole, bare year split off, "movie" dropped."""
    title, year = split_year(text)
    yield title, year
    if year is None:
        title, year = split_year(text, bare=True)
        if year is not None:
            yield title, year
    shorter = _FILLER.sub("", title.casefold()).strip()
    if shorter and shorter != title.casefold():
        yield shorter, year


def _by_year(
    found: dict[int, float], year: int | None, years: list[int | None]
) -> dict[int, tuple[float, bool]]:
    """Row -> score and whether the year is wrong: those of the right year, else those of the nearest."""
    if year is None or not found:
        return {row: (score, False) for row, score in found.items()}
    gaps = {row: abs(known - year) for row in found if (known := years[row]) is not None}
    right = {row: (found[row], False) for row, gap in gaps.items() if not gap}
    unknown = {row: (score - ARTICLE_COST, False) for row, score in found.items() if row not in gaps}
    if right or unknown:
        return right or unknown
    nearest = min(gaps.values())
    best = max(found.values())
    flagged = {row: (found[row] - YEAR_COST, True) for row, gap in gaps.items() if gap == nearest}
    # Misspelt and of another year: two doubts are one too many.
    return flagged if best > 1 - EDIT_COST else {}


def _standings(form: TitleForms) -> Iterator[tuple[str, float]]:
    yield form.full, FULL
    yield form.whole, FULL
    yield form.bare, BARE
    for alias in form.aliases:
        yield alias, ALIAS
        yield without_article(alias), ALIAS_BARE
    for standing, parts in ((HEAD, form.heads), (TAIL, form.tails)):
        for part in parts:
            # "Mission" alone does not mean "Mission: Impossible", but "2001" does "2001: A Space Odyssey".
            if " " in part or part.isdigit():
                yield part, standing
                yield without_article(part), standing


def _listed_twice(forms: list[TitleForms], years: list[int | None]) -> list[tuple[int, ...]]:
    """For each row, all rows of the same title and year, ascending."""
    rows: dict[tuple[str, tuple[str, ...], int | None], list[int]] = {}
    for row, form in enumerate(forms):
        rows.setdefault((form.full, form.aliases, years[row]), []).append(row)
    return [tuple(rows[form.full, form.aliases, years[row]]) for row, form in enumerate(forms)]


def item_year(item: Item, catalog: Catalog) -> int | None:
    """The year of an item's first date, or of its first attribute called a year, whichever comes first."""
    for name in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE):
        value = item.attributes.get(name)
        if isinstance(value, date):
            return value.year
        if "year" in name.casefold() and isinstance(value, int | float):
            return int(value)
    return None


def _most_edits(typed: str) -> int:
    """How many letters may be wrong: one in five, three at most."""
    return min(len(typed) // 5, 3)


def _is_sure_slip(typed: str, meant: str) -> bool:
    """Whether one word alone is a slip for another: a letter doubled, undoubled or swapped, or a long word.

    >>> _is_sure_slip("speeed", "speed"), _is_sure_slip("contract", "contact")
    (True, False)
    """
    swapped = sorted(typed) == sorted(meant)
    doubled = re.sub(r"(.)\1+", r"\1", typed) == re.sub(r"(.)\1+", r"\1", meant)
    return swapped or doubled or (len(typed) >= SURE_LENGTH and _singular(typed) != _singular(meant))


def _same_numbers(a: str, b: str) -> bool:
    return re.findall(r"\d+", a) == re.findall(r"\d+", b)


def _singular(word: str) -> str:
    return word.removesuffix("s")
