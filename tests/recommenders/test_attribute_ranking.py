"""Films of two genres and of years from 1950 to 1999; a log in which people change genre every time."""

from datetime import date

import numpy as np
import pytest

from tastemaker.recommenders import Popularity, Query, Vocabulary
from tastemaker.recommenders.attribute_forecast import fit_forecast, popularity_forecast
from tastemaker.recommenders.attribute_ranking import AttributeRanker
from tastemaker.recommenders.data.attribute_values import attribute_values
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import ConfigError, QueryError

YEARS = range(1950, 2000)
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="genre", kind=Kind.TAGS),
        Attribute(name="studio", kind=Kind.CATEGORY),
        Attribute(name="released", kind=Kind.DATE),
        Attribute(name="plot", kind=Kind.TEXT),
        Attribute(name="empty", kind=Kind.NUMBER),
    )
)


def film(year):
    values = {
        "year": year,
        "genre": ("Drama",) if year % 2 else ("Crime", "War"),
        "released": date(year, 1, 1),
    }
    return Item(f"f{year}", f"Film {year}", values | ({"studio": "A"} if year < 1960 else {}))


CATALOG = Catalog([film(year) for year in YEARS], SCHEMA)


@pytest.fixture(scope="module")
def log():
    """Two hundred people; films alternate between drama (odd rows) and the rest."""
    random = np.random.default_rng(0)
    items = [2 * random.integers(25) + (place % 2) for _ in range(200) for place in range(6)]
    return Interactions.from_columns([str(user) for user in range(200) for _ in range(6)], items, range(1200))


@pytest.fixture(scope="module")
def base():
    return Popularity(Vocabulary(CATALOG.ids), np.ones(len(CATALOG)))


@pytest.fixture(scope="module")
def ranker(base):
    return AttributeRanker(base, CATALOG)


def best_years(ranker, query, k=5):
    rows = np.argsort(-ranker.scores(query), kind="stable")[:k]
    return [CATALOG.at(row).attributes["year"] for row in rows]


@pytest.mark.parametrize(("attribute", "year"), [("year", 1962), ("year", 1991), ("released", 1975)])
def test_a_weight_on_the_year_moves_the_list_towards_the_historys_years(ranker, attribute, year):
    history = (f"f{year}", f"f{year + 1}")
    towards = best_years(ranker, Query(history=history, weights={attribute: 1}))
    assert all(abs(found - year) <= 5 for found in towards)
    away = best_years(ranker, Query(history=history, weights={attribute: -1}))
    assert all(abs(found - year) > 8 for found in away)


def test_the_more_weight_the_nearer(base):
    random = np.random.default_rng(1)
    noisy = AttributeRanker(Popularity(Vocabulary(CATALOG.ids), random.random(len(CATALOG))), CATALOG)
    distance = [
        np.mean([abs(year - 1990) for year in best_years(noisy, Query(("f1990",), weights={"year": weight}))])
        for weight in (0, 1, 3)
    ]
    assert distance[0] > distance[1] >= distance[2]


def test_a_large_weight_looks_for_the_persons_years_and_not_for_rare_ones():
    """Most people and this person take the nineties; a likelihood ratio alone would go for the fifties."""
    popular = Popularity(Vocabulary(CATALOG.ids), [1000 if year >= 1990 else 1 for year in YEARS])
    history = ("f1952", *(f"f{year}" for year in range(1991, 1999)))
    years = best_years(AttributeRanker(popular, CATALOG), Query(history, weights={"year": 5}))
    assert min(years) >= 1990


def test_tags_follow_the_history(ranker):
    scores = ranker.scores(Query(history=("f1951", "f1953"), weights={"genre": 1}))
    assert scores[1::2].min() > scores[0::2].max()


def test_without_weights_the_order_is_the_bases():
    ranker = AttributeRanker(Popularity(Vocabulary(CATALOG.ids), np.arange(50)), CATALOG)
    assert np.argsort(ranker.scores(Query(("f1950",)))).tolist() == list(range(50))
    no_weight = Query(("f1950",), weights={"year": 0})
    np.testing.assert_array_equal(ranker.scores(no_weight), ranker.scores(Query(("f1950",))))


def test_items_without_the_attribute_neither_gain_nor_lose(ranker):
    scores = ranker.scores(Query(history=("f1951",), weights={"studio": 1, "empty": 1}))
    assert scores[1] == scores[:10].max()
    np.testing.assert_array_equal(scores[10:], scores[10])
    np.testing.assert_allclose(scores, 0, atol=1e-5)  # one studio only: no news for anyone


def test_an_empty_or_unknown_history_changes_nothing(ranker):
    for history in ((), ("nosuch",)):
        np.testing.assert_allclose(ranker.scores(Query(history, weights={"year": 1})), 0, atol=1e-5)


def test_nothing_after_now_counts(ranker):
    leaking = Query(("f1950", "f1999"), timestamps=(1, 9), now=5, weights={"year": 1})
    np.testing.assert_array_equal(
        ranker.scores(leaking), ranker.scores(Query(("f1950",), (1,), 5, weights={"year": 1}))
    )


def test_batch_equals_single(ranker):
    queries = [Query(("f1950",), weights={"year": 1}), Query(), Query(("f1990",), weights={"genre": 0.5})]
    for query, scores in zip(queries, ranker.scores_batch(queries), strict=True):
        np.testing.assert_allclose(scores, ranker.scores(query), rtol=1e-6)


def test_it_learns_from_the_log_that_people_change_genre(base, log):
    ranker = AttributeRanker(base, CATALOG, log)
    expected = ranker.value_probabilities(
        Query(("f1950", "f1951")), "genre"
    )  # drama came last, so it is not next
    assert expected["drama"] < 0.2
    assert expected["crime"] == pytest.approx(expected["war"])
    assert sum(expected.values()) == pytest.approx(1, abs=1e-5)
    assert (
        AttributeRanker(base, CATALOG).value_probabilities(Query(("f1950", "f1951")), "genre")["drama"] > 0.3
    )


def test_the_learned_mixture_trusts_the_transition_and_is_reproducible(log):
    values = attribute_values(CATALOG, "genre")
    forecast = fit_forecast(values, log, seed=1)
    assert forecast.mixture.sum() == pytest.approx(1, abs=1e-5)
    assert forecast.mixture[4] > 0.5
    np.testing.assert_array_equal(fit_forecast(values, log, seed=1).mixture, forecast.mixture)


def test_a_value_nobody_ever_moved_to_is_unlikely_but_not_impossible(base):
    always_drama = Interactions.from_columns([str(n // 6) for n in range(240)], [1, 3, 5, 7, 9, 11] * 40)
    ratio = fit_forecast(attribute_values(CATALOG, "genre"), always_drama).gains(np.array([1, 3]))
    assert np.isfinite(ratio).all()
    assert ratio[0] < 0 < ratio[1]


def test_what_anyone_takes_is_no_news_of_a_person():
    popular = np.array([1000 if year % 2 else 1 for year in YEARS], np.float32)
    forecast = popularity_forecast(attribute_values(CATALOG, "genre"), popular)
    ratio = forecast.gains(np.array([0, 1]))  # one of each
    assert ratio[0] > 0 > ratio[1]


def test_kernels_are_distributions_that_know_what_is_near():
    values = attribute_values(CATALOG, "year").of_item
    np.testing.assert_allclose(values.sum(axis=1), 1, rtol=1e-5)
    near, far = values[[0]] @ values[[2]].T, values[[0]] @ values[[40]].T
    assert near.sum() > 0
    assert far.sum() == 0


def test_one_value_for_all_or_none_at_all_tells_nothing(ranker):
    same = Catalog([Item(str(row), "x", {"year": 1990}) for row in range(3)], SCHEMA)
    ranker = AttributeRanker(Popularity(Vocabulary(same.ids), np.ones(3)), same)
    np.testing.assert_allclose(ranker.scores(Query(("0",), weights={"year": 1, "empty": 1})), 0, atol=1e-5)


def test_wrong_attributes_and_catalogues_are_named(ranker, base):
    with pytest.raises(QueryError, match="did you mean 'year'"):
        ranker.scores(Query(("f1950",), weights={"yaer": 1}))
    with pytest.raises(QueryError, match="free text"):
        ranker.scores(Query(("f1950",), weights={"plot": 1}))
    with pytest.raises(ConfigError, match="not this catalogue"):
        AttributeRanker(base, Catalog([*CATALOG][:9], SCHEMA))
