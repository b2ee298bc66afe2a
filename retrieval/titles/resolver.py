"""Which item a typed title means: one, several, or none; never silently the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.text.normalise import (
    TitleForms,
    fold,
    normalise,
    split_year,
    title_forms,
    without_article,
)
from tastemaker.retrieval.text.unspaced import is_unspaced
from tastemaker.retrieval.titles.calibration import probability
from tastemaker.retrieval.titles.item_years import item_year
from tastemaker.retrieval.titles.keys import TAIL, TitleKeys
from tastemaker.retrieval.titles.partial_titles import MAX_MATCHES, PART, behind_series, titles_with
from tastemaker.retrieval.titles.qualified_titles import by_value, titles_with_values
from tastemaker.retrieval.titles.query_variants import readings
from tastemaker.retrieval.titles.same_titles import split_by_values
from tastemaker.retrieval.titles.spelling import misspelt
from tastemaker.retrieval.titles.word_index import TitleWords

ARTICLE_COST, SPACING_COST, EDIT_COST, YEAR_COST = 0.05, 0.03, 0.05, 0.1
"""What a mention loses for an article or space too many, each wrong letter, and a wrong year."""

_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")

MARGIN = 0.015
"""Matches closer together than this are equally good."""

MAX_CHARS = 500
MAX_NEAR = 3
MAX_NEAR_WORDS = 12
NEAR_SHARE = 0.5
"""Titles that only look alike are half as like at most."""

LOOKED_AT = 1_000
"""Titles compared for a suggestion."""


@dataclass(frozen=True, slots=True)
class Match:
    """One item that a mention may mean.

    Attributes:
        id: the item.
        title: its title in the catalogue.
        score: the probability that this is the item meant; see ``title_scores``.
        likeness: 1 for the very title, less for every liberty taken.
        flagged_year: the mention gave another year than this item's.
        also: ids of items with the same title and year, listed twice in the catalogue.
    """

    id: str
    title: str
    score: float
    likeness: float
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
        self._years: list[int | None] = []
        self._full: list[str] = []
        self._same: dict[int, tuple[int, ...]] = {}
        self._keys = TitleKeys(self._title_forms())
        self._words = TitleWords(self._full)

    def resolve(self, mention: str) -> Resolution:
        """Find the item that a typed title means. The year may be missing, in brackets, or bare.

        A wrong year gives the nearest one, flagged. Digits never give way: "Scream 3" is
        not "Scream 2". Nothing typed, or more than ``MAX_CHARS`` characters, is none.
        """
        text = " ".join(mention[: MAX_CHARS * 2].split())
        if not text or len(text) > MAX_CHARS or len(mention) > MAX_CHARS * 2:
            return Resolution(mention, "none")
        tried = list(readings(text))
        for title, value in titles_with_values(text):
            if rows := by_value(self._exact(title), value, self._catalog):
                return self._resolution(mention, {row: (score, False) for row, score in rows.items()})
        for find in (self._exact, self._misspelt, self._in_part):
            for title, year in tried:
                if found := _by_year(find(title), year, self._years):
                    return self._resolution(mention, found)
        return Resolution(mention, "none", near=self._near(split_year(text, bare=True)[0]))

    def search(self, text: str, k: int = 8) -> list[Match]:
        """For a search box: titles that begin with the text, then those with a word that does,
        then those that hold it anywhere, then misspelt ones; shorter titles first.
        """
        typed = fold(text)
        wanted = {typed, normalise(text)} - {""}
        if not wanted:
            return [self._match(row, 1.0) for row in self._distinct(range(len(self._full)))][:k]
        ranks = [
            (_rank(searchable, wanted), len(searchable[0]), row)
            for row, searchable in enumerate(self._searchable)
        ]
        rows = [row for rank, _, row in sorted(ranks) if rank < _ABSENT]
        found = [self._match(row, 1.0) for row in self._distinct(rows)][:k]
        return found or list(self._resolvable(text, k))

    def year(self, item_id: str) -> int | None:
        """The year of an item's title, else of its attributes."""
        return self._years[self._catalog.row(item_id)]

    @cached_property
    def first_words(self) -> frozenset[str]:
        """First words of all normalised titles: a span that starts otherwise is no title."""
        return frozenset(key.partition(" ")[0] for key in self._keys)

    @cached_property
    def titles_without_spaces(self) -> list[str]:
        """Titles in scripts without blanks, which may stand inside other text."""
        return list(dict.fromkeys(item.title for item in self._catalog if is_unspaced(item.title)))

    @cached_property
    def longest(self) -> int:
        """Words in the longest normalised title."""
        return max((key.count(" ") + 1 for key in self._keys), default=0)

    def standing(self, normalised: str) -> float:
        """The best standing a normalised text has as a title, 0 where it is none."""
        return max(self._keys.rows(normalised).values(), default=0.0)

    def _title_forms(self) -> Iterator[TitleForms]:
        """The forms of each title in turn; only its year and spelling are kept."""
        seen: dict[tuple[str, tuple[str, ...], int | None], list[int]] = {}
        for row, item in enumerate(self._catalog):
            form = title_forms(item.title)
            year = form.year or item_year(item, self._catalog)
            self._years.append(year)
            self._full.append(form.full)
            seen.setdefault((form.full, form.aliases, year), []).append(row)
            yield form
        for rows in seen.values():
            for same in split_by_values(rows, self._catalog) if len(rows) > 1 else ():
                self._same.update(dict.fromkeys(same, tuple(same)))

    def _exact(self, title: str) -> dict[int, float]:
        """Row -> likeness of the titles that the mention spells right."""
        full = normalise(title)
        bare = without_article(full)
        found = self._keys.rows(full)
        if bare != full:
            for row, standing in self._keys.rows(bare).items():
                found[row] = max(found.get(row, 0.0), standing - ARTICLE_COST)
        if not found:
            for key in self._keys.without_spaces(full.replace(" ", "")):
                found |= {row: standing - SPACING_COST for row, standing in self._keys.rows(key).items()}
        found = self._not_acronyms(title, found)
        if len(found) > MAX_MATCHES and max(found.values()) <= TAIL:
            return {}  # "The Movie" says nothing
        if not found and full not in self._words and (series := self._keys.series(full)):
            found = self._keys.rows(series)
        return found

    def _not_acronyms(self, title: str, found: dict[int, float]) -> dict[int, float]:
        """An acronym counts less where the word it spells was typed: "IT" is *It* before *I.T.*"""
        if len(found) < 2 or _ACRONYM.search(title):
            return found
        dotted = {row for row in found if _ACRONYM.search(self._catalog.at(row).title)}
        return {row: likeness - SPACING_COST * (row in dotted) for row, likeness in found.items()}

    def _misspelt(self, title: str) -> dict[int, float]:
        """Row -> likeness of titles a few letters off."""
        typed = normalise(title)
        found: dict[int, float] = {}
        for form in {typed, without_article(typed)}:
            for key, edits in misspelt(form, self._keys, self._words).items():
                for row, standing in self._keys.rows(key).items():
                    found[row] = max(found.get(row, 0.0), standing - EDIT_COST * edits)
        return found

    def _in_part(self, title: str) -> dict[int, float]:
        """Row -> likeness of titles that hold the words, or that follow the name of their series."""
        typed = without_article(normalise(title))
        if behind := behind_series(typed, self._keys):
            return dict.fromkeys(self._keys.rows(behind), PART)
        return dict.fromkeys(titles_with(typed, self._words, self._full), PART)

    def _resolution(self, mention: str, found: dict[int, tuple[float, bool]]) -> Resolution:
        best = max(likeness for likeness, _ in found.values())
        rows = self._distinct(sorted(found, key=lambda row: (-found[row][0], row)))
        rows = [row for row in rows if found[row][0] >= best - MARGIN]
        matches = tuple(self._match(row, *found[row], among=len(rows)) for row in rows)
        return Resolution(mention, "one" if len(matches) == 1 else "several", matches)

    def _match(self, row: int, likeness: float, flagged: bool = False, among: int = 1) -> Match:
        item = self._catalog.at(row)
        also = tuple(self._catalog.at(other).id for other in self._same.get(row, ()) if other != row)
        return Match(item.id, item.title, probability(likeness, among), round(likeness, 4), flagged, also)

    def _distinct(self, rows: Iterable[int]) -> list[int]:
        """Each title and year once, as the row listed first."""
        return list(dict.fromkeys(self._same.get(row, (row,))[0] for row in rows))

    def _near(self, title: str) -> tuple[Match, ...]:
        typed = without_article(normalise(title))
        words = [near for word in typed.split(" ")[:MAX_NEAR_WORDS] for near in self._spellings(word)]
        titles = {row: without_article(self._full[row]) for row in self._words.alike(words, LOOKED_AT)}
        alike = {row: 0.9 for row, known in titles.items() if known.startswith(f"{typed} ")}
        alike |= dict.fromkeys(self._words.holding(typed.split(" "))[:MAX_NEAR].tolist(), 0.7)
        likenesses = process.extract(
            typed, titles, scorer=OSA.normalized_similarity, score_cutoff=0.7, limit=MAX_NEAR
        )
        for _, likeness, row in likenesses:
            alike[row] = max(likeness, alike.get(row, 0.0))
        rows = self._distinct(sorted(alike, key=lambda row: (-alike[row], row)))
        return tuple(self._match(row, alike.get(row, 0.0) * NEAR_SHARE) for row in rows[:MAX_NEAR])

    def _spellings(self, word: str) -> list[str]:
        return [word] if word in self._words else [near for near, _ in self._words.near(word, 1)]

    def _resolvable(self, text: str, k: int) -> Iterator[Match]:
        resolution = self.resolve(text)
        return iter((resolution.matches or resolution.near)[:k])

    @cached_property
    def _searchable(self) -> list[tuple[str, ...]]:
        forms = (title_forms(item.title) for item in self._catalog)
        return [
            tuple(dict.fromkeys((form.bare, form.full, fold(form.main), fold(item.title), *form.aliases)))
            for item, form in zip(self._catalog, forms, strict=True)
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
