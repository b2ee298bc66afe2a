"""Vectors of what was said in many moments, encoded in batches: one by one takes two to three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.tools.dialogue_context import DialogueContext, Embed


def texts_of(dialogues: Iterable[DialogueContext]) -> list[str]:
    """All texts whose vectors are asked for while one learns from these moments, each once, in order."""
    said = {text for one in dialogues for text in (one.all_text(), one.recent_text()) if text}
    return sorted(said)


def embed_from(index: VectorIndex, texts: Sequence[str], vectors: npt.NDArray[np.float32]) -> Embed:
    """A text's vector, of those that are known already, else by the index."""
    known = dict(zip(texts, vectors, strict=True))
    alone = cache(index.embed)
    return lambda text: known[text] if text in known else alone(text)


def encode_said(index: VectorIndex, dialogues: Iterable[DialogueContext]) -> Embed:
    """A text's vector; those of what was said in these moments are encoded now, all together."""
    texts = texts_of(dialogues)
    return embed_from(index, texts, index.embed_all(texts) if texts else np.zeros((0, 0), np.float32))
