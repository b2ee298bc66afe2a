import numpy as np
import pytest

from tastemaker.retrieval.search.attribute_direction import (
    AttributeMap,
    attribute_direction,
    attribute_vector,
)


@pytest.fixture(scope="module")
def ways(film_workspace):
    opened = film_workspace.retriever()
    yield opened.ways
    opened.ways.index.close()


def test_scores_are_standard_over_the_catalogue(ways):
    scores = attribute_direction("romantic", ways)
    assert scores.shape == (len(ways.index.vectors),)
    assert float(scores.mean()) == pytest.approx(0, abs=1e-5)
    assert float(scores.std()) == pytest.approx(1, abs=1e-4)


def test_an_opposite_is_the_word_turned_round(ways):
    np.testing.assert_allclose(attribute_vector("unromantic", ways), -attribute_vector("romantic", ways))
    np.testing.assert_allclose(attribute_vector("not funny", ways), -attribute_vector("funny", ways))
    assert not np.allclose(attribute_vector("underrated", ways), -attribute_vector("derrated", ways))


def test_a_learned_map_turns_the_word(ways):
    size = ways.index.vectors.shape[1]
    still = AttributeMap(np.eye(size, dtype=np.float32), np.eye(size, dtype=np.float32))
    turned = AttributeMap(-np.eye(size, dtype=np.float32), np.eye(size, dtype=np.float32))
    one, other = (attribute_direction("crime", ways, map_) for map_ in (still, turned))
    assert np.corrcoef(one, other)[0, 1] < 0.9
