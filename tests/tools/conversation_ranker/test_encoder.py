"""What a conversation makes one expect, on the small film workspace."""

import numpy as np
import pytest

from tastemaker.tools.conversation_ranker.context_knn import LoggedMoment
from tastemaker.tools.conversation_ranker.dialogue_context import Moment
from tastemaker.tools.conversation_ranker.encoder import ConversationEncoder, Learned, item_vectors
from tastemaker.tools.conversation_ranker.folds import FOLDS, fold_of
from tastemaker.tools.conversation_ranker.item_features import item_features


@pytest.fixture(scope="module")
def shelf(film_workspace):
    return film_workspace.shelf()


@pytest.fixture(scope="module")
def features(shelf):
    return item_features(shelf)


def logged(n=60):
    """Who tells of a killer is given 3, who tells of bread is given 6."""
    for number in range(n):
        told, seen, named = (("a killer on a train", "1", "3"), ("bread and warm summers", "4", "6"))[
            number % 2
        ]
        yield LoggedMoment(f"c{number}", Moment((told,), (seen,)), (named,))


@pytest.fixture(scope="module")
def encoder(shelf, features):
    return ConversationEncoder.fit(shelf, list(logged()), shelf.index.embed, features)


def best(encoder, shelf, moment, **more):
    expected = encoder.expected(moment, **more)
    assert (expected.shape, expected.dtype) == ((len(shelf.catalog),), np.float32)
    return shelf.catalog.ids[expected.argmax()]


def test_it_expects_what_such_moments_led_to(encoder, shelf):
    assert best(encoder, shelf, Moment(("a killer",))) == "3"
    assert best(encoder, shelf, Moment(("warm bread",))) == "6"
    assert best(encoder, shelf, Moment((), ("1",))) == "3"
    assert best(encoder, shelf, Moment((), ("4",))) == "6"


def test_with_nothing_said_and_nothing_mentioned_the_prior_is_left(encoder, shelf):
    assert encoder.expected(Moment()) == pytest.approx(encoder.whole.prior)
    assert best(encoder, shelf, Moment()) in {"1", "3", "4", "6"}


def test_a_conversation_does_not_tell_of_itself(shelf, features):
    alone = next(f"c{n}" for n in range(100, 200) if fold_of(f"c{n}") == 2)
    odd = LoggedMoment(alone, Moment(("submarines",)), ("9",))
    others = [one for one in logged() if fold_of(one.conversation) != 2]
    encoder = ConversationEncoder.fit(shelf, [*others, odd], shelf.index.embed, features)
    without = ConversationEncoder.fit(shelf, others, shelf.index.embed, features)
    nine = shelf.catalog.rows(["9"])[0]
    held, free = encoder.expected(odd.moment, without=alone), encoder.expected(odd.moment)
    assert held[nine] < free[nine]
    assert held.argmax() != nine
    assert without.expected(odd.moment).argmax() != nine


def test_a_model_of_the_same_conversations_is_fitted_once(shelf, features):
    learned = Learned()
    first, second = (
        ConversationEncoder.fit(
            shelf,
            [one for one in logged() if fold_of(one.conversation) != left],
            shelf.index.embed,
            features,
            learned=learned,
        )
        for left in (0, 1)
    )
    assert first._without[1] is second._without[0]
    assert set(first._without) == set(range(FOLDS)) - {0}


def test_back_from_arrays(encoder, shelf, features):
    again = ConversationEncoder.from_arrays(encoder.arrays(), shelf, shelf.index.embed, features)
    moment = Moment(("a train",), ("4",))
    assert again.expected(moment).tolist() == encoder.expected(moment).tolist()


def test_an_item_is_its_text_its_features_and_its_place_in_the_log(encoder, shelf, features):
    assert encoder.latent.shape[0] == len(shelf.catalog)
    assert encoder.latent.shape[1] > 0
    vectors = item_vectors(shelf, features, encoder.latent)
    size = shelf.index.vectors.shape[1]
    assert np.linalg.norm(vectors[:, size : size + features.shape[1]], axis=1) == pytest.approx(1, abs=1e-5)
