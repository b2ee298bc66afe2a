"""Hybrid search: items by meaning, by single tags and by words, under conditions, near and far from others.

The candidates are the best of each way of searching; all of them are then scored exactly in
every way, and the scores are fused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.filters.condition_words import quoted_with_mark
from tastemaker.retrieval.filters.conditions import Condition, all_of
from tastemaker.retrieval.filters.constraints import Mask, mask
from tastemaker.retrieval.filters.relaxations import Relaxation, relaxations
from tastemaker.retrieval.search.close_look import CloseLook
from tastemaker.retrieval.search.condition_reasons import values_asked_of
from tastemaker.retrieval.search.diversify import Cap, diversify, within_caps
from tastemaker.retrieval.search.fusion import Column
from tastemaker.retrieval.search.known import known_share
from tastemaker.retrieval.search.match_reasons import Matches
from tastemaker.retrieval.search.query_text import clean
from tastemaker.retrieval.search.relevance import QueryVectors, Relevance, Rows, Ways
from tastemaker.retrieval.search.request import Hit, Matched, Search, SearchResult
from tastemaker.retrieval.search.resolved_request import SearchQuery, read_search
from tastemaker.retrieval.search.text_relevance import TextRelevance
from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups, distinct
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.retrieval.top_k import top_k

DEPTH = 300
"""How many candidates each way of searching gives."""

POOL = 5
"""For the k most different items, so many times k of the best are looked at, 50 at least."""

SAMPLE_ROWS = 1000
"""Rows that stand for typical items."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates from best to worst.

    Attributes:
        rows: rows of the catalogue, int64[n].
        scores: as in :class:`tastemaker.retrieval.search.request.Hit`, float32[n].
    """

    rows: Rows
    scores: Column


class Retriever:
    """Searches one catalogue. Read-only, safe to share between threads.

    Args:
        catalog: the items.
        ways: of searching them.
        popularity: gives the interactions per row, int64[n_items]; called once, when first needed.
        resolver: gives the titles; called when first needed.
        groups: near-duplicates; a result shows one of each group.
    """

    def __init__(
        self,
        catalog: Catalog,
        ways: Ways,
        popularity: Callable[[], npt.NDArray[np.int64]],
        resolver: Callable[[], TitleResolver],
        groups: DuplicateGroups,
    ) -> None:
        self.catalog = catalog
        self.ways = ways
        self.groups = groups
        self._counts = popularity
        self._resolver = resolver
        self._matches = Matches(catalog, ways.phrases, ways.lexical)

    def search(self, asked: Search | str) -> SearchResult:
        """The items that fit best; a plain text stands for ``Search(text)``.

        Fewer than ``k`` come back only where fewer are allowed, or the caps allow no more.

        Raises:
            QueryError: nothing asked for, ``k`` below 1, ``diversity`` outside 0 to 1, a bad condition or
                cap, or a title that is not in the catalogue or could be several.
        """
        started = time.perf_counter()
        asked = Search(asked) if isinstance(asked, str) else asked
        query = read_search(asked, self.catalog, self._resolver)
        ranking, query_vectors, _ = self._ranked(asked, query)
        hits = tuple(
            Hit(
                self.catalog.at(row).id,
                self.catalog.at(row).title,
                round(score, 4),
                tuple(self._matches_of(row, query, query_vectors)),
                also,
            )
            for row, score, also in self._choose(asked, ranking)
        )
        widened = () if hits else tuple(relaxations(self.catalog, query.conditions))
        notes = query.notes if hits else (*query.notes, *_none_left(query, widened, self.catalog.schema))
        return SearchResult(hits, time.perf_counter() - started, notes, widened)

    def rank(self, asked: Search) -> tuple[Ranking, Column]:
        """All candidates, and the scores of a fixed sample of items, float32[m]; raises like :meth:`search`."""
        query = read_search(asked, self.catalog, self._resolver)
        ranking, _, scored = self._ranked(asked, query)
        return ranking, scored(self.sample)

    def nearness(self, text: str) -> Column:
        """How near every item is to a text, float32[n_items], at most 1: by meaning, by its tags and by words."""
        query, _ = clean(text)
        return self.ways.nearness(self.ways.embed_query(query), np.arange(len(self.catalog)))

    def text_reasons(self, item_id: str, text: str) -> tuple[Matched, ...]:
        """Which of an item's fields speak for a text."""
        query, _ = clean(text)
        vector = self.ways.index.embed(query)
        return tuple(self._matches.of(self.catalog.row(item_id), query, vector))

    def ranker_scores(self, text: str) -> Column:
        """What the learned ranker makes of every item for a text, float32[n_items], 0 to 1."""
        query = read_search(Search(text), self.catalog, self._resolver)
        judged = TextRelevance(self.look, self.ways, query.text)
        keep = np.ones(len(self.catalog), dtype=bool)
        return judged.scores_of_all(np.unique(np.concatenate(list(self.candidates(judged, keep)))))

    def _ranked(
        self, asked: Search, query: SearchQuery
    ) -> tuple[Ranking, QueryVectors, Callable[[Rows], Column]]:
        """The candidates in order, what they were compared with, and what scores any rows likewise."""
        relevance, rows = self._compared(asked, query)
        scores = relevance.scores(rows, asked.preferences)
        order = np.argsort(-scores, kind="stable")
        return (
            Ranking(rows[order], scores[order]),
            relevance.query_vectors,
            lambda own: relevance.scores(own, asked.preferences),
        )

    def _compared(self, asked: Search, query: SearchQuery) -> tuple[Relevance, Rows]:
        """What scores items for a query, and the rows of its candidates."""
        hidden = {*asked.exclude, *(self.catalog.at(row).id for row in (*query.like, *query.unlike))}
        hidden = {item_id for item_id in hidden if item_id in self.catalog}
        keep = mask(self.catalog, query.conditions)
        keep[self.catalog.rows(hidden)] = False
        # The learned ranker judges texts; likeness to items, or to nothing, is scored as before.
        judged = (
            TextRelevance(self.look, self.ways, query.text, asked.preferences)
            if query.text and not query.like
            else None
        )
        relevance = Relevance(self.ways, query, self._popularity, self.sample, judged)
        depth = max(DEPTH, asked.k)
        if judged:
            found = list(self.candidates(judged, keep, query.conditions, hidden, depth))
        else:
            found = list(self._candidates(relevance.query_vectors, keep, query, hidden, depth))
            found += [top_k(_keep_masked(one.weight * one.column, keep), depth) for one in asked.preferences]
        rows = self._without_twins(np.unique(np.concatenate(found)), hidden)
        if judged:
            judged.see(rows)
        return relevance, rows

    def candidates(
        self,
        judged: TextRelevance,
        keep: Mask,
        conditions: Sequence[Condition] = (),
        hidden: Collection[str] = (),
        depth: int = DEPTH,
    ) -> Iterator[Rows]:
        """The best allowed rows for a text by each way of finding them: int64 arrays that may overlap."""
        for vector in judged.vectors():
            yield self.catalog.rows(i for i, _ in self.ways.index.search(vector, depth, conditions, hidden))
        words, phrases = judged.words, self.ways.phrases.scores(judged.query.vector)
        for column in (words, phrases):
            yield top_k(_keep_masked(column, keep & (column > 0)), depth)
        yield judged.titles[keep[judged.titles]]
        if judged.preferred is not None:
            yield top_k(_keep_masked(judged.preferred, keep), depth)

    def _candidates(
        self, query_vectors: QueryVectors, keep: Mask, query: SearchQuery, hidden: set[str], depth: int
    ) -> Iterator[Rows]:
        """The best allowed rows of each way of searching; the most popular where nothing is wished for."""
        if query_vectors.vector is None:
            yield top_k(_keep_masked(self._popularity, keep), depth)
            return
        near = self.ways.index.search(query_vectors.vector, depth, query.conditions, hidden)
        yield self.catalog.rows(item_id for item_id, _ in near)
        for column in query_vectors.columns.values():
            yield top_k(_keep_masked(column, keep & (column > 0)), depth)

    def _without_twins(self, rows: Rows, hidden: set[str]) -> Rows:
        """The rows that are no near-duplicates of what is hidden."""
        keys = {self.groups.key(item_id) for item_id in hidden}
        if not keys:
            return rows
        return rows[[self.groups.key(self.catalog.at(int(row)).id) not in keys for row in rows]]

    def _choose(self, asked: Search, ranking: Ranking) -> Iterator[tuple[int, float, tuple[str, ...]]]:
        """Row, score and near-duplicates of the items to show, in order."""
        place = {int(row): n for n, row in enumerate(ranking.rows)}
        ids = [self.catalog.at(row).id for row in place]
        pool = distinct(ids, self.groups, max(50, POOL * asked.k))
        rows = self.catalog.rows(item_id for item_id, _ in pool)
        scores = ranking.scores[[place[int(row)] for row in rows]]
        caps = [self._cap(name, most, rows) for name, most in asked.caps.items()]
        if asked.diversity and len(rows):
            vectors = np.asarray(self.ways.index.vectors[rows])
            order = diversify(scores, vectors, asked.k, 1 - asked.diversity, caps)
        else:
            order = within_caps(range(len(rows)), caps, asked.k)
        for n in order:
            yield int(rows[n]), float(scores[n]), pool[n][1]

    def _cap(self, name: str, most: int, rows: Rows) -> Cap:
        return Cap([as_tags(self.catalog.at(int(row)).attributes.get(name)) for row in rows], most)

    def _matches_of(self, row: int, query: SearchQuery, query_vectors: QueryVectors) -> Iterator[Matched]:
        vectors = self.ways.index.vectors
        if query_vectors.text_vector is not None:
            yield from self._matches.of(row, query.text, query_vectors.text_vector)
        yield from values_asked_of(self.catalog.at(row), query.conditions, self.catalog.schema)
        for other in query.like:
            cosine = float(vectors[row] @ vectors[other])
            yield Matched("like", (self.catalog.at(other).title,), round(cosine, 3))

    @cached_property
    def look(self) -> CloseLook:
        """What looks closely at candidates."""
        known = known_share(self.catalog, self._counts())
        return CloseLook(self.catalog, self.ways, known, self.sample)

    @cached_property
    def _popularity(self) -> Column:
        """The share of items that are no more popular than each, float32[n_items]."""
        counts = self._counts()
        no_more = np.searchsorted(np.sort(counts), counts, side="right")
        return (no_more / len(counts)).astype(np.float32)

    @cached_property
    def sample(self) -> Rows:
        """Rows that stand for typical items, int64[m]."""
        return np.arange(0, len(self.catalog), max(1, len(self.catalog) // SAMPLE_ROWS))


def _none_left(query: SearchQuery, widened: tuple[Relaxation, ...], schema: Schema) -> Iterator[str]:
    """Why there is no hit, in sentences."""
    said = quoted_with_mark(all_of(query.conditions), schema) if query.conditions else ""
    yield f"no item is left under {said}" if said else "no item is left"
    yield from (one.describe(schema) for one in widened)


def _keep_masked(column: Column, keep: Mask) -> Column:
    return np.where(keep, column, np.float32(-np.inf))
