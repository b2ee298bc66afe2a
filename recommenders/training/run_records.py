"""What a training learned from, as a hash that its checkpoint carries, and how it went, as its model keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from pydantic import BaseModel
from torch import Tensor

from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.training.checkpoint import Progress
from tastemaker.retrieval.catalog.interactions import Interactions


def run_hash(
    settings: BaseModel, vocabulary: Vocabulary, log: Interactions, seed: int, frozen: Mapping[str, Tensor]
) -> str:
    """SHA-256 of all that a training depends on, so that only the same goes on from a checkpoint.

    Args:
        settings: of the model.
        vocabulary: its items.
        log: what it learns from, with ratings and context where there are any.
        seed: of all that is drawn.
        frozen: the arrays of the items that are not learned, by name.
    """
    told = f"{type(settings).__name__} {settings.model_dump_json()} {vocabulary.sha256} {seed}"
    digest = hashlib.sha256(told.encode())
    rating = () if log.rating is None else (log.rating,)
    context = () if log.context is None else tuple(log.context.values())
    for column in (log.user, log.item, log.timestamp, *rating, *context):
        digest.update(np.ascontiguousarray(column).tobytes())
    for name, array in sorted(frozen.items()):
        digest.update(name.encode() + array.numpy().tobytes())
    return digest.hexdigest()


def training_record(run: Progress, measure: str = "validation_ndcg@10") -> dict[str, object]:
    """How a training went, for a model's ``config.json``; ``measure`` is what chose the epoch."""
    chosen = {measure: run.best} if run.history else {}  # without it, nothing was held out
    return {
        **chosen,
        "epochs": run.epoch,
        "best_epoch": run.best_epoch + 1,
        "seconds": round(run.seconds, 3),
    }
