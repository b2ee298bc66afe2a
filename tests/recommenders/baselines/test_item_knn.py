import numpy as np
import pytest

from tastemaker.recommenders import Query, Vocabulary
from tastemaker.recommenders.baselines.item_knn import ItemKNN
from tastemaker.recommenders.data.history_matrix import history_matrix
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

ABCD = Vocabulary("abcd")
# a: u v w, b: u v, c: w, d: x; so cos(a, b) = 2 / sqrt(6), cos(a, c) = 1 / sqrt(3)
LOG = Interactions.from_columns(list("uuvvwwx"), [0, 1, 0, 1, 0, 2, 3], range(7))


def fitted(tmp_path, **settings):
    return ItemKNN.fit(ABCD, LOG, tmp_path / "x", settings={"shrinkage": 0, **settings})


def test_cosines_by_hand(tmp_path):
    scores = fitted(tmp_path).scores(Query(history=("a",)))
    np.testing.assert_allclose(scores[1:3], [2 / np.sqrt(6), 1 / np.sqrt(3)], atol=2e-4)
    assert scores[0] < scores[1]  # an item is not its own neighbour


def test_shrinkage_makes_small_counts_count_less(tmp_path):
    scores = fitted(tmp_path, shrinkage=1).scores(Query(history=("a",)))
    np.testing.assert_allclose(scores[1:3], [2 / (np.sqrt(6) + 1), 1 / (np.sqrt(3) + 1)], atol=2e-4)


def test_only_the_nearest_neighbours_are_kept(tmp_path):
    scores = fitted(tmp_path, neighbours=1).scores(Query(history=("a",)))
    assert scores[1] > 0.8
    assert scores[2] < 1e-3


def test_later_items_weigh_more(tmp_path):
    model = fitted(tmp_path, half_life=1)
    scores = model.scores(Query(history=("b", "c")))
    assert scores[0] == pytest.approx(0.5 * 2 / np.sqrt(6) + 1 / np.sqrt(3), abs=2e-4)


def test_items_that_are_no_ones_neighbour_come_by_popularity(tmp_path):
    model = fitted(tmp_path)
    assert [best.id for best in model.top(Query(history=("d",)), 3)] == ["a", "b", "c"]


def test_an_item_taken_twice_by_one_person_is_shared_once(tmp_path):
    doubled = Interactions.from_columns(list("uuuvv"), [0, 0, 1, 0, 1], range(5))
    model = ItemKNN.fit(ABCD, doubled, tmp_path / "x", settings={"shrinkage": 0})
    assert model.scores(Query(history=("a",)))[1] == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize("wrong", [{"neighbours": 0}, {"shrinkage": -1}, {"half_life": 0}])
def test_wrong_settings_are_named(tmp_path, wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        fitted(tmp_path, **wrong)


def test_a_query_does_not_make_scipy_copy_the_saved_matrix(tmp_path):
    model = fitted(tmp_path)
    histories = history_matrix([model.read(Query(history=("a",)))], 4)
    assert {histories.indices.dtype, histories.indptr.dtype} == {np.dtype(np.int32)}
    assert {model._similar.indices.dtype, model._similar.indptr.dtype} == {np.dtype(np.int32)}
    assert np.shares_memory(model._similar.data, model.arrays()["similar.data"])
