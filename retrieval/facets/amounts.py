"""Numbers as people write them, in figures or in words; see :mod:`tastemaker.retrieval.text.number_words`."""

from __future__ import annotations

from tastemaker.retrieval.text.number_words import NUMBER, number_of

__all__ = ["NUMBER", "number_of"]
