"""Finite scalar quantisation: a few directions of a vector, each rounded to a few steps. No codebook.

Mentzer et al., "Finite Scalar Quantization: VQ-VAE Made Simple" (ICLR 2024); RecGPT (Jiang et al., 2025) makes
item ids of it. There an encoder is trained; here the directions are the principal ones of each piece of the
vector, which needs no training and gives a new item an id as surely as an old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tastemaker.recommenders.semantic_ids.tokenizer import Codes, Frozen, Tokenizer, Vectors

STEPS = ((4, 2), (5, 3), (8, 8), (8, 6, 5), (8, 5, 5, 5), (7, 5, 5, 5, 5), (8, 8, 8, 6, 5))
"""Steps per direction: 8, 15, 64, 240, 1,000, 4,375 or 15,360 codes; from 64 on those of the paper and of RecGPT."""
REACH = 1.0
"""Standard deviations of a direction that the bounded range treats as its middle."""


@dataclass(frozen=True)
class FiniteScalar(Tokenizer):
    """Each piece of a vector as one code: its principal directions, bounded and rounded.

    Attributes:
        mean: float32[d].
        directions: float32[levels, steps, d], zero outside the level's piece; after them a coordinate
            varies by 1.
        steps: int64[steps], values per direction.
    """

    mean: Vectors
    directions: Vectors
    steps: Codes

    name: ClassVar[str] = "finite-scalar"

    @property
    def levels(self) -> int:  # type: ignore[override]
        """Codes per id."""
        return len(self.directions)

    @property
    def codes(self) -> int:  # type: ignore[override]
        """Values per level."""
        return int(self.steps.prod())

    @classmethod
    def fit(cls, vectors: Vectors, levels: int, codes: int, seed: int) -> Self:  # noqa: ARG003 - nothing is drawn
        """Principal directions of each piece; the largest of :data:`STEPS` with at most ``codes`` codes."""
        size = vectors.shape[1]
        fitting = [
            own for own in STEPS if np.prod(own) <= max(codes, 8) and len(own) <= max(size // levels, 2)
        ]
        steps = np.array(fitting[-1], np.int64)
        mean = vectors.mean(0)
        directions = np.zeros((levels, len(steps), size), np.float32)
        for own, place in zip(directions, np.array_split(np.arange(size), levels), strict=True):
            _, spread, axes = np.linalg.svd((vectors - mean)[:, place], full_matrices=False)
            kept = min(len(steps), len(spread))
            deviation = spread[:kept] / np.sqrt(len(vectors))
            scaled = axes[:kept] / np.where(deviation > 1e-6, deviation, np.inf)[:, None]
            own[:kept, place] = scaled * np.sign(scaled[np.arange(kept), np.abs(scaled).argmax(1)])[:, None]
        return cls(mean, directions, steps)

    def encode(self, vectors: Vectors) -> Codes:
        """Bounded to each direction's steps, rounded, and the digits read as one number."""
        along = np.einsum("md,lsd->mls", vectors - self.mean, self.directions) / REACH
        half = (self.steps - 1) * (1 - 1e-3) / 2
        offset = np.where(self.steps % 2 == 0, 0.5, 0.0)  # an even number of steps has no middle one
        shift = np.arctanh(np.where(offset < half, offset / half, 0.0))  # two steps part at the mean
        bounded = half * np.tanh(along + shift) - offset
        digits = np.rint(bounded).astype(np.int64) + self.steps // 2
        place = np.cumprod(np.concatenate([[1], self.steps[:-1]]))
        codes: Codes = (digits * place).sum(2)
        return codes

    def code_vectors(self) -> Vectors:
        """Each direction's step, as a share of its reach, along the coordinates of its level."""
        place = np.cumprod(np.concatenate([[1], self.steps[:-1]]))
        digits = np.arange(self.codes)[:, None] // place % self.steps  # [codes, steps]
        values = (digits - self.steps // 2) / (self.steps // 2)
        vectors = np.zeros((self.levels, self.codes, self.levels, len(self.steps)), np.float32)
        vectors[np.arange(self.levels), :, np.arange(self.levels)] = values
        return vectors.reshape(self.levels, self.codes, -1)

    def arrays(self) -> Frozen:
        """Mean, directions and steps."""
        return {"mean": self.mean, "directions": self.directions, "steps": self.steps}

    @classmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """From mean, directions and steps."""
        return cls(arrays["mean"], arrays["directions"], arrays["steps"])
