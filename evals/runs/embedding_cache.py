"""An embedder that encodes the same texts once, for several systems that read one catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.index.bert_encoder import BertEncoder
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors


class RememberingEmbedder:
    """Another embedder, whose last answer for several texts is kept.

    Args:
        embedder: the one that does the work.
    """

    def __init__(self, embedder: TextEmbedder) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._last: tuple[tuple[str, ...], Vectors] | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, d], read-only."""
        asked = tuple(texts)
        if self._last is None or self._last[0] != asked:
            vectors = self._embedder.encode(asked)
            vectors.setflags(write=False)
            self._last = asked, vectors
        return self._last[1]

    def layers(self) -> BertEncoder | None:
        """The model layer by layer, where it is one that can be read so."""
        own = getattr(self._embedder, "layers", None)
        return None if own is None else own()

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[d], read-only."""
        return self._embedder.encode_query(text)
