import numpy as np
import pytest

from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder


def mark(name, *probe):
    return ModelMark(name, np.array(probe, np.float32))


def test_the_same_model_is_recognised_through_rounding():
    assert mark("a", 0.6, 0.8).difference(mark("a", 0.6001, 0.7999)) is None
    assert ModelMark.of(HashingEmbedder(8)).difference(ModelMark.of(HashingEmbedder(8))) is None


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (mark("b", 0.6, 0.8), "'a', not 'b'"),
        (mark("a", 1, 0, 0), "2 numbers a text, and it now gives 3"),
        (mark("a", 0.8, 0.6), "other weights of 'a'"),
    ],
)
def test_another_model_is_told_apart(now, says):
    assert says in mark("a", 0.6, 0.8).difference(now)
