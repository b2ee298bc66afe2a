"""How a log becomes the vectors that ids are cut from, from counting to training."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import numpy as np

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.latent_vectors import latent_vectors
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.models.sasrec import SASRecConfig
from tastemaker.recommenders.semantic_ids.item_vectors import diffused_vectors
from tastemaker.recommenders.semantic_ids.tokenizer import Vectors
from tastemaker.recommenders.training.fit import train_next_item
from tastemaker.recommenders.training.model_config import TrainingConfig
from tastemaker.retrieval.catalog.interactions import Interactions

EPOCHS = 40
"""Of the training for ``ordered`` vectors; all are run, so that no interaction is spent on choosing one."""


class Behaviour(StrEnum):
    """How a log becomes vectors.

    ``latent`` are the strongest directions of the log, right where much is known of each item. ``diffused``
    are random vectors spread over the log: products of two are about how likely a walk from one item ends
    at the other, so that small groups of items that few people took are kept apart as well. ``ordered`` are
    the item vectors of a small SASRec, which knows what follows what; they take minutes of training. LETTER (Wang et
    al., CIKM 2024) lets such vectors act on ids of texts.
    """

    LATENT = "latent"
    DIFFUSED = "diffused"
    ORDERED = "ordered"

    def vectors(
        self,
        log: Interactions,
        vocabulary: Vocabulary,
        size: int,
        seed: int,
        checkpoint: Path,
        progress: bool,
    ) -> Vectors:
        """float32[n_items, at most size], of unit length; but for diffused ones 0 for items that nobody took.

        Args:
            log: only what the model of the ids may learn from.
            vocabulary: the catalogue's ids.
            size: width.
            seed: of all that is drawn.
            checkpoint: of the model's training; that of ``ordered`` vectors has one of its own beside it.
            progress: show a bar where something is trained.

        Raises:
            DataError: for ``ordered``, nobody has three interactions.
            TrainingInterrupted: there, SIGINT or SIGTERM came; the same call continues.
        """
        match self:
            case Behaviour.LATENT:
                return latent_vectors(log, len(vocabulary), size, seed)
            case Behaviour.DIFFUSED:
                return diffused_vectors(log, len(vocabulary), size, seed)
            case Behaviour.ORDERED:
                own = checkpoint.with_name(f"vectors.{checkpoint.name}")
                return _ordered_vectors(log, vocabulary, size, seed, own, progress)


def _ordered_vectors(
    log: Interactions, vocabulary: Vocabulary, size: int, seed: int, checkpoint: Path, progress: bool
) -> Vectors:
    settings = SASRecConfig(
        size=size,
        heads=2 if size % 2 == 0 else 1,
        max_length=20,
        dropout=0.4,
        loss="sampled",
        unit_items=True,
        training=TrainingConfig(
            epochs=EPOCHS, hold_out=False, batch_size=128, warmup_steps=200, final_rate=0.0
        ),
    )
    table = ItemTable(len(vocabulary))
    model, _ = train_next_item(settings, vocabulary, table, log, checkpoint, seed=seed, progress=progress)
    vectors: Vectors = model.items.matrix().detach().numpy()
    return np.where(log.counts(len(vocabulary))[:, None] > 0, vectors, np.float32(0))
