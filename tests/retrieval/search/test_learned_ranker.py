import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.search.close_look import NAMES
from tastemaker.retrieval.search.known import known_share
from tastemaker.retrieval.search.learned_ranker import LearnedRanker, shipped_ranker
from tastemaker.retrieval.search.query_adapter import adapter_for


def test_scores_are_a_line_and_bends():
    one = np.ones(1, np.float32)
    ranker = LearnedRanker(("a",), 2 * one, 2 * one, 3 * one, one[:, None], 0 * one, 5 * one)
    scores = ranker.scores(np.float32([[2], [4], [1e9]]))
    assert scores.tolist() == pytest.approx([0, 3 + 5 * np.tanh(1), 12 + 5 * np.tanh(4)], rel=1e-6)


def test_the_shipped_weights_fit_the_features_and_no_others():
    ranker = shipped_ranker(NAMES)
    assert ranker.scores(np.zeros((2, len(NAMES)), np.float32)).shape == (2,)
    with pytest.raises(ConfigError, match="search_ranker --write"):
        shipped_ranker(("other",))


def test_an_adapter_ships_for_one_encoder():
    assert adapter_for("none") is None
    adapter = adapter_for("all-MiniLM-L6-v2")
    assert adapter is not None
    turned = adapter.of(np.eye(2, 384, dtype=np.float32))
    assert np.linalg.norm(turned, axis=1).tolist() == pytest.approx([1, 1], abs=1e-5)


def test_a_short_log_gives_way_to_a_column_of_counts():
    schema = Schema(attributes=(Attribute(name="votes", kind=Kind.NUMBER),))
    catalog = Catalog(
        [Item("1", "A", {"votes": 7}), Item("2", "B", {}), Item("3", "C", {"votes": 9})], schema
    )
    assert known_share(catalog, np.array([9, 9, 0])).tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 6])
    assert known_share(catalog, np.array([1, 0, 0])).tolist() == pytest.approx([1 / 2, 1 / 6, 5 / 6])
    bare = Catalog([Item("1", "A", {}), Item("2", "B", {})], Schema(attributes=()))
    assert known_share(bare, np.zeros(2, np.int64)).tolist() == [0.5, 0.5]
