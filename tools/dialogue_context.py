"""Where a conversation stands, and that as a vector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog

Column = npt.NDArray[np.float32]

Embed = Callable[[str], Column]
"""A text's unit vector, as the index makes them."""

LAST = 3
"""Utterances that say what is wanted now."""

WEIGHT_OF_ITEMS = 0.5
"""Of the likeness of what was mentioned, beside that of what was said."""


@dataclass(frozen=True)
class DialogueContext:
    """Where a conversation stands.

    Attributes:
        said: what was said so far, each utterance, the latest last.
        mentioned: ids of the items named so far, in order.
        disliked: those of them that the person does not like.
    """

    said: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    disliked: tuple[str, ...] = field(default=())

    def all_text(self) -> str:
        """Everything as one text."""
        return " ".join(self.said).strip()

    def recent_text(self) -> str:
        """The last utterances as one text."""
        return " ".join(self.said[-LAST:]).strip()


def dialogue_vector(
    dialogue: DialogueContext, catalog: Catalog, features: Column, embed: Embed, size: int
) -> Column:
    """All that was said as its text's vector, then the mean features of what was mentioned, float32[size + f].

    The products of two such vectors are the cosine of what was said plus :data:`WEIGHT_OF_ITEMS`
    times the cosine of what was mentioned; either part is zero where there is nothing.

    Args:
        dialogue: where the conversation stands.
        catalog: holds the mentioned items.
        features: float32[n_items, f].
        embed: gives a text's unit vector, float32[size].
        size: of such a vector.
    """
    said = text_vector(dialogue, embed, size)
    rows = catalog.rows(dialogue.mentioned)
    named = features[rows].mean(axis=0) if len(rows) else np.zeros(features.shape[1], np.float32)
    length = float(np.linalg.norm(named)) or 1.0
    return np.concatenate([said, named * (WEIGHT_OF_ITEMS**0.5 / length)]).astype(np.float32)


def text_vector(dialogue: DialogueContext, embed: Embed, size: int) -> Column:
    """All that was said as its text's vector, float32[size]; zeros where nothing was."""
    text = dialogue.all_text()
    return embed(text) if text else np.zeros(size, np.float32)
