import numpy as np
import pytest

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.models.decision_transformer import DecisionConfig
from tastemaker.retrieval.catalog.interactions import Interactions


@pytest.fixture(scope="module", params=["dt4ier", "tadt-csa"])
def model(request, ring, walks, small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model") / "m"
    train(
        "decision-transformer",
        ring,
        walks,
        folder,
        settings={**small["decision-transformer"], "variant": request.param},
    )
    return load_recommender(folder, ring)


def test_an_aim_is_used_alone_and_in_a_batch_beside_none(model):
    history = ("i1", "i2", "i3")
    queries = [Query(history=history), Query(history=history, aim=0.0), Query(history=history[:1], aim=0.9)]
    together = model.scores_batch(queries)
    for query, scores in zip(queries, together, strict=True):
        np.testing.assert_allclose(scores, model.scores(query), rtol=1e-4, atol=1e-5)
        assert model.read(query).notes == ()
    assert not np.allclose(together[0], together[1])


def test_a_model_without_a_dial_says_that_it_leaves_the_aim_aside(ring, walks, tmp_path):
    popular = train("popularity", ring, walks, tmp_path / "m")
    assert "aim" in " ".join(popular.read(Query(history=("i1",), aim=0.0)).notes)


def test_returns_are_ranked_by_ratings_to_come_and_by_coming_back():
    day = 86_400.0
    log = Interactions.from_columns(
        ["a"] * 4 + ["b"] * 4, range(8), [0, 1, day, day + 1] * 2, [1, 1, 5, 5, 5, 5, 1, 1]
    )
    aims = DecisionConfig(discount=1.0).aims(log)
    assert aims[4, 0] < aims[2, 0]  # what follows counts, not what it is itself
    assert aims[1, 1] > aims[3, 1]
    timeless = Interactions(log.users, log.user, log.item, np.arange(8.0), log.rating)
    np.testing.assert_array_equal(*DecisionConfig().aims(timeless).T)
