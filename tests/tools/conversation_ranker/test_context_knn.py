"""What logged moments teach, on the small film workspace."""

import numpy as np
import pytest

from tastemaker.tools.conversation_ranker.context_knn import LoggedMoment, Past
from tastemaker.tools.conversation_ranker.dialogue_context import WEIGHT_OF_ITEMS, Moment, moment_vector
from tastemaker.tools.conversation_ranker.item_features import item_features


@pytest.fixture(scope="module")
def shelf(film_workspace):
    return film_workspace.shelf()


@pytest.fixture(scope="module")
def past(shelf):
    logged = [
        LoggedMoment(f"c{n}", Moment((told,), (seen,)), (named,))
        for n in range(8)
        for told, seen, named in (("a train and a killer", "1", "3"), ("bread and warm summers", "4", "6"))
    ]
    return Past.of(shelf, logged, shelf.index.embed, item_features(shelf))


def test_features_of_items_are_centred_and_every_attribute_counts_alike(shelf):
    features = item_features(shelf)
    assert (len(features), features.dtype) == (len(shelf.catalog), np.float32)
    assert np.abs(features.mean(axis=0)).max() < 1e-5
    n_blocks = (features**2).sum(axis=1).mean()
    assert n_blocks == pytest.approx(round(n_blocks), abs=1e-3)
    assert n_blocks >= 3  # genres, year, texts; all are equally popular, which says nothing


def test_products_of_vectors_are_the_two_cosines(shelf):
    features, size = item_features(shelf), shelf.index.vectors.shape[1]

    def vector(*mentioned, said=()):
        return moment_vector(Moment(said, mentioned), shelf.catalog, features, shelf.index.embed, size)

    both = vector("1", said=("hello",))
    assert both @ both == pytest.approx(1 + WEIGHT_OF_ITEMS, abs=1e-3)
    assert vector("1") @ vector("1") == pytest.approx(WEIGHT_OF_ITEMS, abs=1e-4)
    assert not vector().any()


def test_like_moments_speak_for_what_came_next(past, shelf):
    share = np.full(len(shelf.catalog), 1 / len(shelf.catalog), np.float32)
    for told, seen, named in (("a killer on a train", "1", "3"), ("warm bread", "4", "6")):
        echo = past.echo(Moment((told,), (seen,)), share)
        assert echo.argmax() == shelf.catalog.rows([named])[0]


def test_a_conversation_does_not_tell_of_itself(shelf):
    logged = [
        LoggedMoment("a", Moment(("a train",), ("1",)), ("3",)),
        LoggedMoment("b", Moment(("bread",), ("4",)), ("6",)),
    ]
    past = Past.of(shelf, logged, shelf.index.embed, item_features(shelf))
    share = np.full(len(shelf.catalog), 1 / len(shelf.catalog), np.float32)
    assert past.echo(logged[0].moment, share, without="a").argmax() == shelf.catalog.rows(["6"])[0]


def test_back_from_arrays(past, shelf):
    again = Past.from_arrays(past.arrays(), shelf, shelf.index.embed)
    moment, share = Moment(("a train",), ("4",)), np.ones(len(shelf.catalog), np.float32)
    assert again.echo(moment, share).tolist() == past.echo(moment, share).tolist()
