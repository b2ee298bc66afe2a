"""What searches and ranks a catalogue for a request, without a recommender: enough for ``tastemaker search``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.facets.definition import Grammar
from tastemaker.retrieval.facets.doubts import Doubts
from tastemaker.retrieval.facets.label_columns import label_vectors
from tastemaker.retrieval.facets.learned_meanings import LEARNED_OF, learned_meanings
from tastemaker.retrieval.facets.likely_values import LikelyValues
from tastemaker.retrieval.facets.matching import FacetMatcher, tag_vocabularies
from tastemaker.retrieval.facets.satisfaction import Satisfaction
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import mask
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.retrieval.top_k import top_k
from tastemaker.tools.kept_columns import KeptColumns

if TYPE_CHECKING:
    from tastemaker.retrieval.facets.definition import FacetSet
    from tastemaker.retrieval.index.ask_index import AskIndex
    from tastemaker.retrieval.index.vector_index import VectorIndex
    from tastemaker.retrieval.judged.judged_index import JudgedIndex
    from tastemaker.retrieval.search.request import Search
    from tastemaker.retrieval.search.retriever import Retriever

Column = npt.NDArray[np.float32]


def _no_asks() -> AskIndex | None:
    return None


def _no_judgements() -> JudgedIndex | None:
    return None


@dataclass(frozen=True, kw_only=True)
class SearchContext:
    """A catalogue with what searches it. Read-only, safe to share between threads.

    Attributes:
        catalog: the items.
        popularity: interactions per row, int64[n_items].
        index: the vectors of the items' texts.
        retriever: finds items by what they are about.
        resolver: finds items by title.
        facets: what the facets of its items are and how people ask for them, where that is known.
        open_asks: opens the phrases in which people would ask for the items; None where there are none.
        open_judgements: opens what judged requests taught; None where there were none.
    """

    catalog: Catalog
    popularity: npt.NDArray[np.int64]
    index: VectorIndex
    retriever: Retriever
    resolver: TitleResolver
    facets: FacetSet | None = None
    open_asks: Callable[[], AskIndex | None] = _no_asks
    open_judgements: Callable[[], JudgedIndex | None] = _no_judgements

    @cached_property
    def asks(self) -> AskIndex | None:
        """The phrases in which people would ask for the items, opened when first needed; None without any."""
        return self.open_asks()

    @cached_property
    def asked(self) -> KeptColumns:
        """How near the items' asks are to the texts that were asked for lately."""
        return KeptColumns()

    @cached_property
    def judgements(self) -> JudgedIndex | None:
        """What judged requests taught, opened when first needed; None without any."""
        return self.open_judgements()

    @cached_property
    def fits(self) -> KeptColumns:
        """How well the items fit the texts that were asked for lately, by what judged requests taught."""
        return KeptColumns()

    @cached_property
    def nearness(self) -> KeptColumns:
        """How near the items are to the texts that were asked for lately."""
        return KeptColumns()

    @cached_property
    def cosines(self) -> KeptColumns:
        """The cosines of the items' texts with the texts that were asked for lately."""
        return KeptColumns()

    @cached_property
    def ranker_chances(self) -> KeptColumns:
        """What the learned ranker makes of the items for the texts that were asked for lately."""
        return KeptColumns()

    @cached_property
    def topics(self) -> KeptColumns:
        """How nearly the items are about the topics that were asked for lately."""
        return KeptColumns()

    @cached_property
    def topic(self) -> str:
        """The attribute that holds what items are about, "" where no facet does."""
        facet = self.facets.with_grammar(Grammar.TOPIC) if self.facets else None
        return facet.name if facet else ""

    @cached_property
    def topic_fields(self) -> frozenset[str]:
        """That attribute, and those of open vocabularies, which say the same in the catalogue's own words."""
        return frozenset({*tag_vocabularies(self.catalog), self.topic} if self.topic else ())

    def allowed_rows(
        self, constraints: Sequence[Condition], exclude: Collection[str]
    ) -> npt.NDArray[np.bool_]:
        """Rows that meet every constraint and are not excluded, bool[n_items]."""
        keep = mask(self.catalog, constraints)
        keep[self.catalog.rows(i for i in exclude if i in self.catalog)] = False
        return keep

    @cached_property
    def facet_matcher(self) -> FacetMatcher | None:
        """Reads facets out of messages; None where no facets are defined."""
        if self.facets is None:
            return None
        index, of_films = self.index, self.facets.item == LEARNED_OF
        learned = learned_meanings(index.encoder, index.embed, index.prepare) if of_films else None
        return FacetMatcher(self.facets, self.catalog, learned=learned)

    @cached_property
    def satisfaction(self) -> Satisfaction:
        """How well each item answers a condition, in degrees."""
        likely = LikelyValues(self.catalog, self.index.vectors, self.impressions)
        return Satisfaction(self.catalog, likely if self.impressions else None, Doubts(self.facets))

    @cached_property
    def repeated_titles(self) -> frozenset[str]:
        """Titles that several items have."""
        return frozenset(title for title, n in Counter(item.title for item in self.catalog).items() if n > 1)

    @cached_property
    def impressions(self) -> frozenset[str]:
        """Attributes that say how an item strikes people."""
        facets = self.facets.facets.items() if self.facets else ()
        return frozenset(name for name, facet in facets if facet.impression and name in self.catalog.schema)

    @cached_property
    def label_vectors(self) -> Column:
        """Unit vectors of what the items are like by their labels, float32[n_items, p]."""
        return label_vectors(self.catalog, self.impressions)

    @cached_property
    def name_attributes(self) -> frozenset[str]:
        """Attributes whose values are names of people."""
        return frozenset(name_attributes(self.catalog))

    @cached_property
    def renown(self) -> Column:
        """How popular each item is, float32[n_items]: the logarithm of its interactions, mean 0, deviation 1."""
        logs = np.log1p(self.popularity.astype(np.float64))
        if np.ptp(logs) == 0:  # rounding leaves equal numbers a tiny deviation
            return np.zeros(len(logs), dtype=np.float32)
        return np.asarray((logs - logs.mean()) / logs.std(), dtype=np.float32)

    def best(
        self,
        scores: Column,
        keep: npt.NDArray[np.bool_],
        k: int,
        background: Column | None = None,
    ) -> tuple[tuple[str, float], ...]:
        """The k best kept rows, their scores standardised; ties in row order.

        Args:
            scores: float32[n_items], -inf where there is none.
            keep: rows that may be returned, bool[n_items].
            k: how many at most.
            background: scores of typical items; all finite ones unless given.
        """
        rows = top_k(mask_scores(scores, keep), k)
        mean, deviation = _moments(scores[np.isfinite(scores)] if background is None else background)
        standardised = ((scores[rows] - mean) / deviation).tolist()
        return tuple(zip(map(self.catalog.ids.__getitem__, rows.tolist()), standardised, strict=True))

    def search_standardised(self, asked: Search) -> tuple[tuple[str, float], ...]:
        """The ``asked.k`` best of a search, their scores standardised by a sample of all items."""
        ranking, typical = self.retriever.rank(asked)
        scores = np.full(len(self.catalog), -np.inf, dtype=np.float32)
        scores[ranking.rows] = ranking.scores
        return self.best(scores, np.isfinite(scores), asked.k, typical)


def mask_scores(scores: Column, keep: npt.NDArray[np.bool_]) -> Column:
    """The scores with -inf, which means "not to be returned", in the rows that are not kept."""
    return np.where(keep, scores, np.float32(-np.inf))


def _moments(scores: Column) -> tuple[float, float]:
    """Mean and standard deviation; a deviation of zero counts as one, so that equal scores become zeros."""
    if not len(scores):
        return 0.0, 1.0
    return float(scores.mean()), float(scores.std()) or 1.0
