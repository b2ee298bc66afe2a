"""What every tokenizer does: learn from item vectors how to cut them into codes, then encode any vector."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int64]
Frozen = Mapping[str, npt.NDArray[Any]]


class Tokenizer(ABC):
    """Turns vectors into ids of ``levels`` codes each, of ``codes`` possible values per level.

    Attributes:
        name: what a model's config calls it.
        levels: codes per id.
        codes: values that a code can have, 0 to ``codes - 1``, on every level.
    """

    name: ClassVar[str]
    levels: int
    codes: int

    @classmethod
    @abstractmethod
    def fit(cls, vectors: Vectors, levels: int, codes: int, seed: int) -> Self:
        """Learn from vectors, float32[n, d].

        Args:
            vectors: of the items.
            levels: codes per id.
            codes: values per level; fewer where there are fewer vectors.
            seed: equal seeds and vectors give equal ids.
        """

    @abstractmethod
    def encode(self, vectors: Vectors) -> Codes:
        """Ids of vectors, seen before or not: float32[m, d] -> int64[m, levels]."""

    @abstractmethod
    def code_vectors(self) -> Vectors:
        """What each code stands for, float32[levels, codes, w]; those of an id add up to about its vector.

        The space may be turned or, where a network cuts the codes, bent.
        """

    @abstractmethod
    def arrays(self) -> Frozen:
        """What :meth:`from_arrays` needs."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """The fitted tokenizer out of its arrays."""


class CentresTokenizer(Tokenizer):
    """A tokenizer whose codes are numbers of centres.

    Attributes:
        centres: float32[levels, codes, w].
    """

    centres: Vectors

    @property
    def levels(self) -> int:  # type: ignore[override]
        """Codes per id."""
        return len(self.centres)

    @property
    def codes(self) -> int:  # type: ignore[override]
        """Values per level."""
        return len(self.centres[0])
