"""Which embedding model made some vectors: its name, and what it makes of one fixed sentence.

A name alone doesn't say: a folder can be trained further, a hub's model replaced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors

PROBE = "A thief and a detective find that they are alike."
SAME = 0.9999
"""Cosine of two probes of one model; other processors and number formats change it by less than the rest."""


@dataclass(frozen=True, eq=False)
class ModelMark:
    """A model's name and its unit vector of :data:`PROBE`, float32[d]."""

    name: str
    probe: Vectors

    @classmethod
    def of(cls, embedder: TextEmbedder) -> ModelMark:
        """The mark of a model that is at hand; loads it."""
        return cls(embedder.name, embedder.encode_query(PROBE))

    def difference(self, now: ModelMark) -> str | None:
        """How the model at hand differs from this one, as the end of "made with"; None where it is the same."""
        if self.name != now.name:
            return f"{self.name!r}, not {now.name!r}"
        if self.probe.shape != now.probe.shape:
            return f"a {self.name!r} of {len(self.probe)} numbers a text, and it now gives {len(now.probe)}"
        if float(np.dot(self.probe, now.probe)) < SAME:
            return f"other weights of {self.name!r} than it has now"
        return None
