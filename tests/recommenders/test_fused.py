import numpy as np
import pytest

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.fused import Fused
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import ConfigError, DataError


class _Fixed:
    """A model that scores by a table."""

    def __init__(self, name, model, table):
        self.name, self.vocabulary, self.read, self._table = name, model.vocabulary, model.read, table

    def scores_batch(self, queries):
        return np.array([self._table for _ in queries], np.float32)


@pytest.fixture(scope="module")
def popular(ring, walks, tmp_path_factory):
    return train("popularity", ring, walks, tmp_path_factory.mktemp("m") / "p")


def test_scores_are_the_weighted_sum_of_standardised_ones(popular):
    one, two = np.arange(8.0), np.arange(8.0)[::-1] * 100
    fused = Fused(_Fixed("a", popular, one), _Fixed("b", popular, two), share=0.25)
    assert fused.name == "a+b"
    expected = 0.5 * (one - one.mean()) / one.std()  # three quarters up, one down
    np.testing.assert_allclose(fused.scores(Query(("i1",))), expected, atol=1e-6)


@pytest.mark.parametrize(("target", "lowest", "highest"), [("i7", 0.0, 0.45), ("i0", 0.55, 1.0)])
def test_the_share_goes_to_the_model_that_is_right(popular, target, lowest, highest):
    up, down = _Fixed("up", popular, np.arange(8.0)), _Fixed("down", popular, np.arange(8.0)[::-1])
    fused = Fused.fit(up, down, [(Query(("i3",)), target), (Query(("i3",)), "nosuch")])
    assert lowest <= fused.share <= highest


def test_equal_scores_weigh_nothing(popular):
    fused = Fused(_Fixed("flat", popular, np.ones(8)), _Fixed("up", popular, np.arange(8.0)), share=0.5)
    assert fused.scores(Query()).argmax() == 7
    assert np.isfinite(fused.scores(Query())).all()


def test_two_catalogues_a_wrong_share_and_nothing_to_fit_on_are_refused(popular, ring, walks, tmp_path):
    other = train("popularity", Catalog([*ring][::-1], ring.schema), walks, tmp_path / "o")
    with pytest.raises(ConfigError, match="different items"):
        Fused(popular, other, 0.5)
    with pytest.raises(ConfigError, match=r"got 1\.5"):
        Fused(popular, popular, 1.5)
    with pytest.raises(DataError, match="held-out"):
        Fused.fit(popular, popular, [])
