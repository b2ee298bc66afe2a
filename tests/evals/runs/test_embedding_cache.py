import numpy as np

from tastemaker.evals.runs.embedding_cache import RememberingEmbedder
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder


def test_the_same_texts_are_encoded_once():
    class Counting(HashingEmbedder):
        calls = 0

        def encode(self, texts):
            self.calls += 1
            return super().encode(texts)

    inner = Counting(8)
    embedder = RememberingEmbedder(inner)
    first = embedder.encode(["a", "b"])
    assert embedder.encode(("a", "b")) is first
    assert inner.calls == 1
    np.testing.assert_array_equal(embedder.encode(["b"])[0], first[1])
    assert embedder.name == inner.name
    np.testing.assert_array_equal(embedder.encode_query("a"), first[0])
