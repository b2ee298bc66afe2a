import numpy as np
import pytest

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, QueryError

TRAINING = {"epochs": 12, "patience": 12, "batch_size": 32, "learning_rate": 0.02}
SETTINGS = {"base": "item-knn", "size": 16, "list_size": 6, "rank": 32, "dropout": 0.0, "training": TRAINING}


@pytest.fixture(scope="module")
def log():
    """With kids people take items of the east, alone those of the west; the even ones are liked."""
    random = np.random.default_rng(0)
    events = [
        (f"u{u}", int(row) + 4 * (step % 2), step, 5 if row % 2 == 0 else 1, ("kids", "alone")[step % 2])
        for u in range(60)
        for step, row in enumerate(random.integers(4, size=10))
    ]
    *columns, companion = zip(*events, strict=True)
    return Interactions.from_columns(*columns, context={"companion": companion})


@pytest.fixture(scope="module", params=["hiformer", "attention", "factorisation"])
def model(request, log, ring, tmp_path_factory):
    folder = tmp_path_factory.mktemp("m") / "m"
    train("hiformer", ring, log, folder, settings={**SETTINGS, "interaction": request.param})
    return load_recommender(folder, ring)


@pytest.mark.parametrize(("companion", "first"), [("kids", {0, 1, 2, 3}), ("alone", {4, 5, 6, 7})])
def test_what_is_said_of_the_moment_moves_the_list(model, companion, first):
    for history in (("i1", "i6"), ()):
        query = Query(history=history, context={"companion": companion})
        ranked = {scored.id for scored in model.top(query, 3)}
        assert ranked <= {f"i{row}" for row in first}
        assert model.read(query).notes == ()


def test_what_the_log_never_held_is_noted_and_left_aside(model):
    plain = Query(history=("i1", "i6"))
    strange = Query(history=("i1", "i6"), context={"companion": "cat"})
    np.testing.assert_array_equal(model.scores(plain), model.scores(strange))
    assert "companion=cat" in " ".join(model.read(strange).notes)
    assert model.read(Query(context={"companion": "cat"})).fallback == "popularity"


def test_neither_order_nor_number_of_candidates_changes_a_score(model):
    query = Query(history=("i1", "i6"), context={"companion": "kids"})
    ids = ["i0", "i3", "i5", "i7"]
    whole = model.chances(query, ids, "taken")
    np.testing.assert_allclose(
        whole[[2, 0]], model.chances(query, ["i5", "i0"], "taken"), rtol=1e-4, atol=1e-5
    )
    with pytest.raises(QueryError, match="taken, not 'liked'"):
        model.chances(query, ids)


def test_the_head_for_likes_turns_to_what_pleases(log, ring, tmp_path):
    model = train("fintrec", ring, log, tmp_path / "m", settings={**SETTINGS, "weight": 5.0})
    query = Query(history=("i1", "i6"), context={"companion": "kids"})
    assert {scored.id for scored in model.top(query, 2)} == {"i0", "i2"}
    liked = model.chances(query, ["i0", "i2", "i1", "i3"])
    assert liked[:2].min() > 0.7 > 0.3 > liked[2:].max()


def test_an_events_own_rating_is_not_looked_at(log, ring, tmp_path):
    settings = {**SETTINGS, "base": "popularity", "heads": ["liked"]}
    model = train("hiformer", ring, log, tmp_path / "m", settings=settings)
    events = np.arange(len(log))
    other = Interactions(log.users, log.user, log.item, log.timestamp, 6 - log.rating, context=log.context)
    chances = model.chances_of_events(log, events)
    np.testing.assert_array_equal(chances, model.chances_of_events(other, events))
    liked = log.rating >= 4
    assert chances[liked].mean() > chances[~liked].mean() + 0.5


def test_likes_alone_over_a_base_that_saw_them_are_refused(log, ring, tmp_path):
    with pytest.raises(ConfigError, match="set base=popularity"):
        train("hiformer", ring, log, tmp_path / "m", settings={**SETTINGS, "heads": ["liked"]})
