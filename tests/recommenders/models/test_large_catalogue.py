"""Above a size, the best are found by an int8 scan; what comes back is the same."""

import numpy as np
import pytest

from tastemaker.recommenders import Query, SASRec, SASRecConfig, Vocabulary
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.models import encoder_recommender

N = 3000
HISTORY = tuple(f"i{row}" for row in range(0, 90, 3))
QUERIES = [
    Query(HISTORY),
    Query(HISTORY, exclude=["i5", "i7", "nosuch"]),
    Query(HISTORY, include=[f"i{row}" for row in range(400)] + ["nosuch"]),
    Query(HISTORY, include=[f"i{row}" for row in range(50)], exclude=["i1"]),
    Query(HISTORY, include=[]),
    Query(),
]


@pytest.fixture(scope="module")
def model():
    settings, table = SASRecConfig(size=16), ItemTable(N)
    popularity = np.arange(N, dtype=np.float32)
    vocabulary = Vocabulary(f"i{row}" for row in range(N))
    return SASRec(vocabulary, popularity, settings.compose(table), settings, table)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("exclude_history", [True, False])
def test_a_scan_answers_like_a_full_ranking(model, query, exclude_history, monkeypatch):
    expected = model.top(query, 20, exclude_history=exclude_history)
    monkeypatch.setattr(encoder_recommender, "SCANNED", N)
    found = model.top(query, 20, exclude_history=exclude_history)
    assert [s.id for s in found] == [s.id for s in expected]
    np.testing.assert_allclose([s.score for s in found], [s.score for s in expected], rtol=1e-5, atol=1e-6)


def test_many_at_once_are_answered_like_one(model, monkeypatch):
    monkeypatch.setattr(encoder_recommender, "SCANNED", N)
    for query, top in zip(QUERIES, model.top_batch(QUERIES, 20), strict=True):
        assert [s.id for s in top] == [s.id for s in model.top(query, 20)]


def test_more_than_there_are(model, monkeypatch):
    monkeypatch.setattr(encoder_recommender, "SCANNED", N)
    assert len(model.top(Query(HISTORY), 2 * N)) == N - len(HISTORY)
    assert len(model.top(Query(HISTORY, include=["i1", "i2", "i3"]), 9)) == 2
