"""From an interaction log to a trained sequence model: split, compose, fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from tastemaker.recommenders.data.hold_out import HeldOut, hold_out_last
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.data.sequences import pad
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.training.checkpoint import Checkpoint, Progress
from tastemaker.recommenders.training.loop import Task, fit
from tastemaker.recommenders.training.model_config import ModelConfig, Objective, TrainingConfig
from tastemaker.recommenders.training.run_records import run_hash
from tastemaker.recommenders.training.target_rank import mean_ndcg, target_rank
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError

SCORES = 1 << 25
"""Scores that exist at one time in a validation: 128 MiB."""
SCORES_PER_VALIDATION = 2 * 10**9
"""Where the config doesn't say, a validation asks as many users as keep it below so many scores."""
MIN_USERS = 1000


def train_next_item(
    settings: ModelConfig,
    vocabulary: Vocabulary,
    table: ItemTable,
    interactions: Interactions,
    checkpoint: Path,
    *,
    seed: int = 0,
    progress: bool = False,
    start: SequenceModel | None = None,
    objective: Objective | None = None,
) -> tuple[SequenceModel, Progress]:
    """Train on all but each user's last interaction, and choose the epoch on these, unless all are to be learned from.

    A run that is stopped leaves ``checkpoint``; the same call continues from it.

    Args:
        settings: the composition.
        vocabulary: ids of the items.
        table: the items as the composition needs them.
        interactions: the log.
        checkpoint: file of a run that is under way.
        seed: equal seeds give equal models.
        progress: show a bar.
        start: a model to train further, instead of one composed afresh.
        objective: of a later stage; None: that of the settings.

    Raises:
        DataError: nobody in the log has the three interactions that training needs.
        TrainingInterrupted: SIGINT or SIGTERM came; the checkpoint is on disk.
    """
    held = hold_out_last(interactions, keep=2)
    if not len(held):
        raise DataError(
            f"none of the {len(interactions.users):,} users has three or more interactions, which it takes "
            "to learn an order; add interactions, or take popularity (`tastemaker build --recommender popularity`)"
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = start or settings.compose(table)
    config = settings.training
    learned = trainable_part(interactions, config)
    validate = None
    if config.hold_out:
        validate = _validation(model, _sample(held, config, table.n_items, seed), table.n_items)
    batches = SequenceBatches(learned, model.encoder.max_length, config.batch_size, settings.aims(learned))
    counts = torch.from_numpy(learned.counts(table.n_items))
    task = Task(model, objective or settings.objective(counts), batches, validate)
    run = Checkpoint(checkpoint, run_hash(settings, vocabulary, interactions, seed, table.frozen))
    return model, fit(task, config, seed, run, progress)


def trainable_part(interactions: Interactions, config: TrainingConfig) -> Interactions:
    """What of a log a training may learn from: all of it, or all but what chooses the epoch."""
    return hold_out_last(interactions, keep=2).rest if config.hold_out else interactions


def _sample(held: HeldOut, config: TrainingConfig, n_items: int, seed: int) -> HeldOut:
    users = config.validation_users or max(MIN_USERS, SCORES_PER_VALIDATION // n_items)
    if users >= len(held):
        return held
    drawn = np.random.default_rng(seed).choice(len(held), users, replace=False)
    return held.only(np.sort(drawn))


def _validation(model: SequenceModel, held: HeldOut, n_items: int) -> Callable[[], float]:
    log, batch = held.rest, max(1, min(128, SCORES // n_items))
    seen = [log.item[log.offsets[u] : log.offsets[u + 1]].astype(np.int64) for u in held.user]
    now = held.timestamp.tolist()
    times = [log.timestamp[log.offsets[u] : log.offsets[u + 1]] for u in held.user]

    def ndcg() -> float:
        items, ranks = model.items.matrix(), list[int]()
        for start in range(0, len(held), batch):
            part = slice(start, start + batch)
            sequences = pad(seen[part], times[part], model.encoder.max_length, now[part])
            scores = model.scores(sequences, items).numpy()
            ranks += [
                target_rank(own, target, history)
                for own, target, history in zip(scores, held.item[part], seen[part], strict=True)
            ]
        return mean_ndcg(np.array(ranks))

    return ndcg
