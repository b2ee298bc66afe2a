"""A recommender whose first candidates are ranked anew by a network over features of request and candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import torch
from pydantic import ValidationError
from torch import Tensor
from torch.nn.functional import logsigmoid

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.context_values import ContextValues
from tastemaker.recommenders.data.hold_out import hold_out_last
from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.list_batches import ListBatches, Requests, stack
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.attribute_items import attribute_table
from tastemaker.recommenders.layers.features.feature_model import FeatureModel
from tastemaker.recommenders.losses.list_loss import LIKED, TAKEN
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.rerankers.log_requests import (
    before,
    candidates,
    list_requests,
    numbers,
    recent_events,
    single_requests,
)
from tastemaker.recommenders.rerankers.reranker_config import BASES, RerankerConfig
from tastemaker.recommenders.standardised import standardise
from tastemaker.recommenders.training.checkpoint import Checkpoint
from tastemaker.recommenders.training.fit import trainable_part
from tastemaker.recommenders.training.loop import Task, fit
from tastemaker.recommenders.training.run_records import run_hash, training_record
from tastemaker.recommenders.training.settings import check_settings, one_line
from tastemaker.recommenders.training.target_rank import mean_ndcg, target_rank
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Kind, Provenance
from tastemaker.retrieval.errors import DataError, QueryError, WorkspaceError

BASE, NETWORK, TABLE, CONTEXT = "base/", "network/", "table/", "context"
"""What the names of arrays begin with, and the name of one more."""


class Reranker(Recommender):
    """The base's order, its first unseen candidates ranked anew; a subclass names its config.

    Scores of the candidates lie above all others, which keep the base's order.
    """

    uses: ClassVar[frozenset[str]] = frozenset({"history", "context"})
    config_class: ClassVar[type[RerankerConfig]]

    def __init__(
        self,
        vocabulary: Vocabulary,
        base: Recommender,
        network: FeatureModel,
        settings: RerankerConfig,
        table: ItemTable,
        context: ContextValues,
    ) -> None:
        super().__init__(vocabulary, base.popularity)
        self.base, self.settings, self.table, self.context = base, settings, table, context
        self.network = network.eval().requires_grad_(False)
        with torch.inference_mode():
            self._items = network.tokens.of_items(torch.arange(len(vocabulary)))  # [n_items, tokens, d]

    @classmethod
    def fit(
        cls,
        vocabulary: Vocabulary,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Train on the log alone, without attributes of the items."""
        own = check_settings(cls.config_class, cls.name, settings)
        return cls._train(
            own, vocabulary, ItemTable(len(vocabulary)), interactions, checkpoint, seed, progress
        )

    @classmethod
    def fit_content(
        cls,
        content: ItemContent,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Train on the log and the items' attributes, where they have any."""
        own = check_settings(cls.config_class, cls.name, settings)
        table = _table(content, own.attributes)
        return cls._train(own, content.vocabulary, table, interactions, checkpoint, seed, progress)

    @classmethod
    def _train(
        cls,
        settings: RerankerConfig,
        vocabulary: Vocabulary,
        table: ItemTable,
        interactions: Interactions,
        checkpoint: Path,
        seed: int,
        progress: bool,
    ) -> Self:
        learned, later = _split(settings, interactions)
        context = ContextValues.of(learned)
        base = cls._fit_base(settings, vocabulary, interactions, learned, checkpoint, seed, progress)
        requests = cls._lessons(settings, vocabulary, learned, context, base, checkpoint, seed, progress)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = settings.compose(table, context.sizes)
        config = settings.training
        batches = ListBatches(
            requests, settings.max_length, settings.list_size, config.batch_size, settings.forget
        )
        model = cls(vocabulary, base, network, settings, table, context)
        network.requires_grad_(True)
        validate = model._validation(interactions, later) if config.hold_out else None
        task = Task(network, settings.objective(), batches, validate)
        run = Checkpoint(checkpoint, run_hash(settings, vocabulary, interactions, seed, table.frozen))
        done = fit(task, config, seed, run, progress)
        trained = cls(vocabulary, base, network, settings, table, context)
        measure = "validation_auc" if settings.foretells_likes_only else "validation_ndcg@10"
        trained.record = {
            **training_record(done, measure),
            "lists": len(requests),
            "base": dict(base.record),
        }
        return trained

    @classmethod
    def _fit_base(
        cls,
        settings: RerankerConfig,
        vocabulary: Vocabulary,
        interactions: Interactions,
        learned: Interactions,
        checkpoint: Path,
        seed: int,
        progress: bool,
    ) -> Recommender:
        log = (
            learned if settings.counts_base else interactions
        )  # a training loop sets its own validation aside
        first = checkpoint.with_name(f"base.{checkpoint.name}")
        kind, own = BASES[settings.base], settings.base_settings
        return kind.fit(vocabulary, log, first, seed=seed, progress=progress, settings=own)

    @classmethod
    def _lessons(
        cls,
        settings: RerankerConfig,
        vocabulary: Vocabulary,
        learned: Interactions,
        context: ContextValues,
        base: Recommender,
        checkpoint: Path,
        seed: int,
        progress: bool,
    ) -> Requests:
        """The requests to learn from.

        Lists are made by a base that has not seen what was taken from them: one that has would be trusted too much.

        Raises:
            DataError: no event can be learned from.
        """
        if settings.foretells_likes_only:
            if learned.rating is None:
                raise DataError(f"{cls.name} with heads of likes alone needs ratings; set heads=[taken]")
            return single_requests(learned, np.arange(len(learned)), context, settings, base)
        recent = recent_events(learned, settings.recent)
        earlier = before(learned, ~recent)
        kind, own = BASES[settings.base], settings.base_settings
        place = checkpoint.with_name(f"earlier.{checkpoint.name}")
        narrow = kind.fit(vocabulary, earlier, place, seed=seed, progress=progress, settings=own)
        requests = list_requests(learned, np.flatnonzero(recent), context, settings, narrow)
        if not len(requests):
            raise DataError(
                f"none of {int(recent.sum()):,} events is among the first {settings.candidates} of "
                f"{settings.base}, so there is no list to learn from; raise candidates, or add interactions"
            )
        return requests

    def _validation(self, interactions: Interactions, events: npt.NDArray[np.int64]) -> Callable[[], float]:
        held = hold_out_last(interactions, keep=2)
        if self.settings.foretells_likes_only:
            asked = single_requests(interactions, events, self.context, self.settings, self.base)
            return lambda: self._auc(asked)
        codes = self.context.of_log(interactions)[events]
        log = held.rest
        seen = [log.item[log.offsets[u] : log.offsets[u + 1]].astype(np.int64) for u in held.user]
        times = [log.timestamp[log.offsets[u] : log.offsets[u + 1]] for u in held.user]
        ids = self.vocabulary
        queries = [
            Query(history=tuple(ids.id(row) for row in rows), timestamps=tuple(when.tolist()))
            for rows, when in zip(seen, times, strict=True)
        ]
        scores = np.concatenate(
            [self.base.scores_batch(queries[start : start + 256]) for start in range(0, len(queries), 256)]
        )
        now = list[float | None](held.timestamp.tolist())

        def ndcg() -> float:
            ranks = list[int]()
            for start in range(0, len(held), 64):
                part = slice(start, start + 64)
                found = self._rerank(scores[part], seen[part], times[part], now[part], codes[part])
                ranks += [
                    target_rank(own, target, history)
                    for own, target, history in zip(found, held.item[part], seen[part], strict=True)
                ]
            return mean_ndcg(np.array(ranks))

        return ndcg

    def chances_of_events(self, log: Interactions, events: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """How likely each of some events of a log was a like, given what came before it: float32[n].

        Args:
            log: over the items of the vocabulary.
            events: int64[n], places in it.

        Raises:
            QueryError: the model was not trained to foretell likes.
        """
        if LIKED not in self.settings.heads:
            raise QueryError(f"this {self.name} foretells {', '.join(self.settings.heads)}, not {LIKED!r}")
        asked = single_requests(log, events, self.context, self.settings, self.base)
        with torch.inference_mode():
            chances: npt.NDArray[np.float32] = self._likes(asked).sigmoid().numpy()
        return chances

    def _likes(self, asked: Requests) -> Tensor:
        """Logits of a like of each request's first candidate, float32[n]."""
        parts = np.array_split(np.arange(len(asked)), max(1, len(asked) // 256))
        logits = torch.cat([self.network(stack(asked, part, self.settings.max_length)) for part in parts])
        own: Tensor = logits[:, 0, self.settings.heads.index(LIKED)]
        return own

    def _auc(self, asked: Requests) -> float:
        """How often what was liked is above what was not, over all events."""
        labels = np.empty(0, np.float32) if asked.labels is None else asked.labels[:, 0, 0]
        return area_under_curve(self._likes(asked).numpy(), labels)

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """A history, or a context of which something is known."""
        told = resolved.query.context or {}
        return len(resolved.rows) > 0 or len(self.context.unknown(told)) < len(told)

    def read(self, query: Query) -> ResolvedQuery:
        """As in every recommender; what the log never held of the context is noted."""
        resolved = super().read(query)
        strange = self.context.unknown(query.context or {})
        return replace(resolved, ignored=(*strange, *resolved.ignored))

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]."""
        scores = self.base.scores_batch([resolved.query for resolved in resolved_queries])
        with torch.inference_mode():
            ranked: Scores = self._rerank(
                scores,
                [resolved.rows for resolved in resolved_queries],
                [resolved.timestamps for resolved in resolved_queries],
                [resolved.query.now for resolved in resolved_queries],
                self.context.of_queries(resolved_queries),
            )
        return ranked

    def chances(self, query: Query, ids: Sequence[str], head: str = LIKED) -> npt.NDArray[np.float32]:
        """Of these items for a query: probabilities of ``liked``, or scores of ``taken``, float32[len(ids)].

        Raises:
            QueryError: an id that the model does not know, or a head that it was not trained for.
        """
        if head not in self.settings.heads:
            raise QueryError(f"this {self.name} foretells {', '.join(self.settings.heads)}, not {head!r}")
        rows, missing = self.vocabulary.known_rows(ids)
        if missing:
            raise QueryError(f"{self.name} does not know item {missing[0]!r}; ask for ids of its vocabulary")
        resolved = self.read(query)
        scores = standardise(self.base.scores_batch([query]))
        with torch.inference_mode():
            logits = self._logits(
                scores,
                rows[None],
                [resolved.rows],
                [resolved.timestamps],
                [query.now],
                self.context.of_queries([resolved]),
            )[0, :, self.settings.heads.index(head)]
            found: npt.NDArray[np.float32] = (logits.sigmoid() if head == LIKED else logits).numpy()
        return found

    def _rerank(
        self,
        scores: Scores,
        seen: Sequence[npt.NDArray[np.int64]],
        times: Sequence[npt.NDArray[np.float64] | None],
        now: Sequence[float | None],
        codes: npt.NDArray[np.int64],
    ) -> Scores:
        scores = standardise(scores)
        count = min(self.settings.candidates, scores.shape[1])
        chosen = candidates(scores, list(seen), count)
        fresh = self._weigh(self._logits(scores, chosen, seen, times, now, codes)).numpy()
        lowest = fresh.min(axis=1, keepdims=True)
        ranked: Scores = scores - scores.max(axis=1, keepdims=True) + lowest - 1
        before_ = ranked.copy()
        np.put_along_axis(ranked, chosen, fresh, axis=1)
        for own, old, rows in zip(ranked, before_, seen, strict=True):
            own[rows] = old[rows]
        return ranked

    def _logits(
        self,
        scores: Scores,
        rows: npt.NDArray[np.int64],
        seen: Sequence[npt.NDArray[np.int64]],
        times: Sequence[npt.NDArray[np.float64] | None],
        now: Sequence[float | None],
        codes: npt.NDArray[np.int64],
    ) -> Tensor:
        lengths = np.array([len(own) for own in seen])
        dense = numbers(scores, rows, self.popularity, lengths)
        asked = Requests(list(seen), list(times), list(now), codes, rows, dense)
        batch = stack(asked, np.arange(len(asked)), self.settings.max_length)
        logits: Tensor = self.network(batch, None if self.network.training else self._tokens())
        return logits

    def _tokens(self) -> Tensor | None:
        """The items' tokens; while the network is being trained they are stale."""
        return None if next(self.network.parameters()).requires_grad else self._items

    def _weigh(self, logits: Tensor) -> Tensor:
        """float32[b, c, heads] -> float32[b, c]: the log of each chance, weighed."""
        heads, weight = self.settings.heads, self.settings.weight
        total = torch.zeros(logits.shape[:2])
        for place, head in enumerate(heads):
            own = logits[..., place]
            total = total + (own.log_softmax(-1) if head == TAKEN else weight * logsigmoid(own))
        return total

    @property
    def config(self) -> Mapping[str, object]:
        """The settings as JSON values; the base's are among them."""
        return self.settings.model_dump(mode="json")

    def arrays(self) -> Arrays:
        """The base's arrays, the network's parameters, the items' attributes and the values of context."""
        named = {BASE + name: array for name, array in self.base.arrays().items()}
        named |= {NETWORK + name: tensor.numpy() for name, tensor in self.network.state_dict().items()}
        named |= {TABLE + name: tensor.numpy() for name, tensor in self.table.frozen.items()}
        return named | {CONTEXT: self.context.dump()}

    @classmethod
    def from_arrays(
        cls, config: Mapping[str, object], vocabulary: Vocabulary, popularity: Scores, arrays: Arrays
    ) -> Self:
        """Compose the network and fill in its parameters.

        Raises:
            WorkspaceError: the config or the arrays are not those of this model.
        """
        parts: dict[str, dict[str, npt.NDArray[np.generic]]] = {BASE: {}, NETWORK: {}, TABLE: {}}
        for name, array in arrays.items():
            for prefix, part in parts.items():
                if name.startswith(prefix):
                    part[name.removeprefix(prefix)] = array
        try:
            settings = cls.config_class.model_validate(config)
            context = ContextValues.read(arrays[CONTEXT].astype(np.uint8))
            frozen = {name: torch.from_numpy(array) for name, array in parts[TABLE].items()}
            table = ItemTable(len(vocabulary), frozen)
            network = settings.compose(table, context.sizes)
            network.load_state_dict({k: torch.from_numpy(v) for k, v in parts[NETWORK].items()})
        except (ValidationError, RuntimeError, KeyError, TypeError) as error:
            raise WorkspaceError(
                f"the saved {cls.name} does not fit this version ({one_line(error)}); train it again"
            ) from error
        kind = BASES[settings.base]
        base = kind.from_arrays(settings.base_config(), vocabulary, popularity, parts[BASE])
        return cls(vocabulary, base, network, settings, table, context)


def _split(settings: RerankerConfig, log: Interactions) -> tuple[Interactions, npt.NDArray[np.int64]]:
    """What may be learned from, and the events that choose the epoch.

    For lists that is everyone's last event, as for all recommenders; likes are many and each says little, so it is
    the last tenth of everyone's.
    """
    if not settings.training.hold_out or not settings.foretells_likes_only:
        held = hold_out_last(log, keep=2)
        return trainable_part(log, settings.training), log.offsets[1:][held.user] - 1
    later = recent_events(log, share=0.1)
    return before(log, ~later), np.flatnonzero(later)


def area_under_curve(scores: npt.NDArray[np.float32], labels: npt.NDArray[np.float32]) -> float:
    """How often a score of label 1 is above one of label 0, ties counting half; .5 where one label is missing.

    >>> area_under_curve(np.array([0.1, 0.9, 0.5]), np.array([0.0, 1.0, 1.0]))
    1.0
    """
    known = ~np.isnan(labels)
    scores, liked = scores[known], labels[known] > 0
    n_liked, n_other = int(liked.sum()), int((~liked).sum())
    if not n_liked or not n_other:
        return 0.5
    _, first, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2  # mean rank of each score, from 1 on
    ranks = middle[first]
    return float((ranks[liked].sum() - n_liked * (n_liked + 1) / 2) / (n_liked * n_other))


def _table(content: ItemContent, wanted: Sequence[str]) -> ItemTable:
    """The items' attributes: those wanted, or the catalogue's own.

    Those computed from a log are left out, since the base knows them, and a test would be told of its own targets.
    """
    schema, catalog = content.catalog.schema, content.catalog
    kinds = schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE)
    own = [name for name in kinds if schema[name].provenance is Provenance.CATALOGUE]
    names = [name for name in wanted or own if any(name in item.attributes for item in catalog)]
    return attribute_table(catalog, names=names) if names else ItemTable(len(catalog))
