"""The closest rows: both ways give what sorting all cosines gives."""

import numpy as np
import pytest

from tastemaker.retrieval.index import vector_matrix
from tastemaker.retrieval.index.vector_matrix import VectorMatrix

RANDOM = np.random.default_rng(0)


def units(n, size=24):
    vectors = RANDOM.standard_normal((n, size)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


VECTORS = units(4000)


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 1])
@pytest.mark.parametrize("few", [0, 10**6])
def test_only_kept_rows_come_and_none_is_missed(monkeypatch, share, few):
    monkeypatch.setattr(vector_matrix, "FEW_ROWS", few)
    monkeypatch.setattr(vector_matrix, "FEW_SHARE", 0)
    keep, vector = RANDOM.random(4000) < share, units(1)[0]
    rows, scores, path = VectorMatrix(VECTORS).top(vector, 10, keep)
    expected = [row for row in np.argsort(-(VECTORS @ vector)) if keep[row]][:10]
    assert path == ("exact" if few or not share else "scan")
    assert rows.tolist() == expected
    np.testing.assert_allclose(scores, (VECTORS @ vector)[expected], atol=1e-6)


def test_few_rows_are_gathered_and_many_scanned():
    matrix, vector = VectorMatrix(VECTORS), units(1)[0]
    assert matrix.top(vector, 3, np.arange(4000) < 2000)[2] == "exact"
    assert matrix.top(vector, 3, np.arange(4000) < 2001)[2] == "scan"


def test_what_is_handed_out_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        VectorMatrix(VECTORS).vectors[0] = 0
