"""From an interaction log to a trained sequence model: split, compose, fit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from tastemaker.recommenders.checkpoint import Checkpoint
from tastemaker.recommenders.hold_out import HeldOut, hold_out_last
from tastemaker.recommenders.model_config import ModelConfig
from tastemaker.recommenders.sequence_batches import SequenceBatches
from tastemaker.recommenders.sequence_model import SequenceModel
from tastemaker.recommenders.sequences import pad
from tastemaker.recommenders.target_rank import mean_ndcg, target_rank
from tastemaker.recommenders.training import Task, fit
from tastemaker.recommenders.vocabulary import Vocabulary
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.interactions import Interactions


def train_next_item(
    settings: ModelConfig,
    vocabulary: Vocabulary,
    interactions: Interactions,
    checkpoint: Path,
    *,
    seed: int = 0,
    progress: bool = False,
) -> SequenceModel:
    """Train on all but each user's last interaction, and choose the epoch on these.

    A run that is stopped leaves ``checkpoint``; the same call continues from it.

    Raises:
        DataError: nobody in the log has the three interactions that training needs.
        TrainingInterrupted: SIGINT or SIGTERM came; the checkpoint is on disk.
    """
    held = hold_out_last(interactions, keep=2)
    if not len(held):
        raise DataError(
            f"none of the {len(interactions.users):,} users has three or more interactions, which it takes "
            "to learn an order; add interactions, or use --model popularity"
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = settings.compose(len(vocabulary))
    config = settings.training
    batches = SequenceBatches(held.rest, model.encoder.max_length, config.batch_size)
    task = Task(model, settings.objective(), batches, _validation(model, held))
    run = Checkpoint(checkpoint, _run_hash(settings, vocabulary, interactions, seed))
    fit(task, config, seed, run, progress)
    return model


def _validation(model: SequenceModel, held: HeldOut, batch: int = 128) -> Callable[[], float]:
    log = held.rest
    seen = [log.item[log.offsets[u] : log.offsets[u + 1]].astype(np.int64) for u in held.user]
    times = [log.timestamp[log.offsets[u] : log.offsets[u + 1]] for u in held.user]

    def ndcg() -> float:
        ranks: list[int] = []
        for start in range(0, len(held), batch):
            part = slice(start, start + batch)
            states = model.last(pad(seen[part], times[part], model.encoder.max_length))
            scores = (states @ model.items.matrix().T).numpy()
            ranks += [
                target_rank(own, target, history)
                for own, target, history in zip(scores, held.item[part], seen[part], strict=True)
            ]
        return mean_ndcg(np.array(ranks))

    return ndcg


def _run_hash(settings: ModelConfig, vocabulary: Vocabulary, log: Interactions, seed: int) -> str:
    digest = hashlib.sha256(
        f"{type(settings).__name__} {settings.model_dump_json()} {vocabulary.sha256} {seed}".encode()
    )
    for column in (log.user, log.item, log.timestamp):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
