import numpy as np

from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.vector_cache import VectorCache, text_hashes


class Fresh(HashingEmbedder):
    """Remembers which texts it embedded."""

    def __init__(self):
        super().__init__(16)
        self.embedded = []

    def encode(self, texts):
        self.embedded += texts
        return super().encode(texts)


def test_only_unknown_texts_are_embedded_and_the_order_stays():
    old = ["a", "b", "c"]
    kept, embedder = VectorCache(Fresh().encode(old), text_hashes(old)), Fresh()
    vectors, embedded = kept.embed_missing(["c", "new", "a", "other"], embedder)
    assert (embedded, embedder.embedded) == (2, ["new", "other"])
    np.testing.assert_array_equal(vectors, Fresh().encode(["c", "new", "a", "other"]))


def test_all_or_nothing_known():
    embedder = Fresh()
    vectors, embedded = VectorCache.none().embed_missing(["x", "y"], embedder)
    assert (vectors.shape, embedded) == ((2, 16), 2)
    assert VectorCache(vectors, text_hashes(["x", "y"])).embed_missing(["y"], embedder)[1] == 0
    assert embedder.embedded == ["x", "y"]
