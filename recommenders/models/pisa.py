"""PISA: sessions in order, each weighed by memory; what comes back is told apart from what is new.

Tran and others, "Transformers Meet ACT-R: Repeat-Aware and Sequential Listening Session Recommendation" (RecSys
2024). Sessions of any length instead of exactly ten tracks; a mixture of repeating and exploring with a softmax
instead of ranking losses over sampled pairs; the target's own activation is never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from torch import Tensor

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.session_batches import SessionBatches, SessionExample, collate, example
from tastemaker.recommenders.data.sessions import FIRST_TIME, SessionHistory
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.sessions.pisa_network import PISANetwork
from tastemaker.recommenders.losses.session_loss import session_loss
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.training.checkpoint import Checkpoint
from tastemaker.recommenders.training.loop import Task, fit
from tastemaker.recommenders.training.model_config import TrainingConfig
from tastemaker.recommenders.training.run_records import run_hash, training_record
from tastemaker.recommenders.training.settings import check_settings, one_line
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.top_k import top_k

BATCH = 256
K = 10


class PISAConfig(BaseModel):
    """Sizes, sessions, memory and training.

    Attributes:
        gap: a pause of more than so many seconds ends a session.
        size: width of item vectors and states.
        layers, heads, dropout: of the transformer over sessions.
        sessions: how many of the latest are looked at one by one.
        known: how many of a person's most active items may come back.
        recent: sessions per person that are learned from, the latest.
        decay: of the base level; .5 in ACT-R.
        base_level, spreading, matching: whether that part of memory counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap: float = Field(default=1200.0, gt=0)
    size: int = Field(default=64, ge=1)
    layers: int = Field(default=2, ge=1)
    heads: int = Field(default=2, ge=1)
    dropout: float = Field(default=0.1, ge=0, lt=0.99)
    sessions: int = Field(default=20, ge=1)
    known: int = Field(default=200, ge=1)
    recent: int = Field(default=10, ge=1)
    decay: float = Field(default=0.5, gt=0)
    base_level: bool = True
    spreading: bool = True
    matching: bool = True
    training: TrainingConfig = TrainingConfig(epochs=20, patience=3, batch_size=128)

    @model_validator(mode="after")
    def _heads_divide_size(self) -> PISAConfig:
        if self.size % self.heads:
            raise ValueError(f"heads ({self.heads}) must divide size ({self.size})")
        return self

    def compose(self, counts: Tensor) -> PISANetwork:
        """The untrained network over items with so many interactions each, float32[n_items]."""
        used = (self.base_level, self.spreading, self.matching)
        sizes = (self.size, self.layers, self.heads, self.sessions, self.dropout)
        return PISANetwork(len(counts), *sizes, used, counts)

    def example(self, history: SessionHistory, now: float, target: npt.NDArray[np.int64]) -> SessionExample:
        """A person at a moment, as the network takes it."""
        return example(history, now, self.sessions, self.known, self.decay, target)


class PISA(Recommender):
    """Sessions in order, weighed by memory: what comes back and what is new, for music, groceries, rewatching."""

    name: ClassVar[str] = "pisa"
    config_class: ClassVar[type[PISAConfig]] = PISAConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, network: PISANetwork, settings: PISAConfig
    ) -> None:
        super().__init__(vocabulary, popularity)
        self.network, self.settings = network.eval().requires_grad_(False), settings

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
        """Train on all sessions but everyone's last, which chooses the epoch, unless all are to be learned from."""
        own = check_settings(cls.config_class, cls.name, settings)
        config = own.training
        lessons, held = _examples(own, interactions, config.hold_out)
        if not lessons or (config.hold_out and not held):
            raise DataError(
                f"nobody among {len(interactions.users):,} has the three sessions that it takes to learn what comes "
                f"back; set gap lower than {own.gap:g} seconds, or take sasrec"
            )
        learned = _counts(interactions, held, len(vocabulary))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = own.compose(torch.from_numpy(learned))
        validate = _validation(network, _sample(held, config, seed)) if config.hold_out else None
        task = Task(network, session_loss, SessionBatches(lessons, config.batch_size), validate)
        run = Checkpoint(checkpoint, run_hash(own, vocabulary, interactions, seed, {}))
        done = fit(task, config, seed, run, progress)
        model = cls(vocabulary, interactions.counts(len(vocabulary)).astype(np.float32), network, own)
        model.record = {**training_record(done), "sessions": len(lessons)}
        return model

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """Log-probabilities, float32[len(readings), n_items]."""
        asked = [self._example(resolved) for resolved in resolved_queries]
        with torch.inference_mode():
            scores: Scores = self.network(collate(asked)).numpy()
        return scores

    def _example(self, resolved: ResolvedQuery) -> SessionExample:
        history = SessionHistory.of(resolved.rows, resolved.timestamps, self.settings.gap)
        now, asked = float(history.times[-1]) + 1, resolved.query.now
        if asked is not None and asked >= FIRST_TIME:
            now = max(asked / self.settings.gap, float(history.times[-1]))
        return self.settings.example(history, now, np.empty(0, np.int64))

    @property
    def config(self) -> Mapping[str, object]:
        """The frozen config as JSON values."""
        return self.settings.model_dump(mode="json")

    def arrays(self) -> Arrays:
        """The network's parameters."""
        return {name: tensor.numpy() for name, tensor in self.network.state_dict().items()}

    @classmethod
    def from_arrays(
        cls, config: Mapping[str, object], vocabulary: Vocabulary, popularity: Scores, arrays: Arrays
    ) -> Self:
        """Compose the network and fill in its parameters.

        Raises:
            WorkspaceError: the config or the arrays are not those of this model.
        """
        try:
            settings = cls.config_class.model_validate(config)
            network = settings.compose(torch.zeros(len(vocabulary)))
            network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
        except (ValidationError, RuntimeError) as error:
            raise WorkspaceError(
                f"the saved {cls.name} does not fit this version ({one_line(error)}); train it again"
            ) from error
        return cls(vocabulary, popularity, network, settings)


def _examples(
    settings: PISAConfig, log: Interactions, hold_out: bool
) -> tuple[list[SessionExample], list[SessionExample]]:
    """Sessions to learn from, and everyone's last one where it is held out and two stand before it."""
    lessons, held = list[SessionExample](), list[SessionExample]()
    for start, end in zip(log.offsets[:-1], log.offsets[1:], strict=True):
        if start == end:
            continue
        rows = log.item[start:end].astype(np.int64)
        history = SessionHistory.of(rows, log.timestamp[start:end], settings.gap)
        last = history.count
        if hold_out and last > 2:
            last -= 1
            held.append(_at(settings, history, last))
        first = max(1, last - settings.recent)
        lessons += [_at(settings, history, session) for session in range(first, last)]
    return lessons, held


def _at(settings: PISAConfig, history: SessionHistory, session: int) -> SessionExample:
    now = float(history.times[session])
    return settings.example(history.until(session), now, history.items_of(session))


def _counts(log: Interactions, held: list[SessionExample], n_items: int) -> npt.NDArray[np.float32]:
    """Interactions per item, without those held out."""
    counts = log.counts(n_items).astype(np.float32)
    for one in held:
        counts[one.target] -= 1
    return np.maximum(counts, 0)


def _sample(held: list[SessionExample], config: TrainingConfig, seed: int) -> list[SessionExample]:
    users = config.validation_users or len(held)
    if users >= len(held):
        return held
    drawn = np.random.default_rng(seed).choice(len(held), users, replace=False)
    return [held[place] for place in np.sort(drawn)]


def _validation(network: PISANetwork, held: list[SessionExample]) -> Callable[[], float]:
    batches = [collate(held[start : start + BATCH]) for start in range(0, len(held), BATCH)]

    def ndcg() -> float:
        found = []
        for number, batch in enumerate(batches):
            for own, one in zip(network(batch).numpy(), held[number * BATCH :], strict=False):
                found.append(session_ndcg(top_k(own, K), one.target))
        return float(np.mean(found))

    return ndcg


def session_ndcg(first: npt.NDArray[np.int64], target: npt.NDArray[np.int64]) -> float:
    """NDCG of a list against a session's items, of which any will do.

    >>> session_ndcg(np.array([4, 7]), np.array([7, 9])) < session_ndcg(np.array([7, 4]), np.array([7, 9])) < 1
    True
    """
    gains = 1 / np.log2(np.arange(len(first)) + 2)
    ideal = gains[: len(target)].sum()
    return float((gains * np.isin(first, target)).sum() / ideal) if ideal else 0.0
