"""What logged moments teach, on the small film workspace."""

import numpy as np
import pytest

from tastemaker.tools.conversation_ranker.context_knn import ContextKNN, LoggedContext
from tastemaker.tools.conversation_ranker.item_features import item_features
from tastemaker.tools.dialogue_context import (
    WEIGHT_OF_ITEMS,
    DialogueContext,
    dialogue_vector,
)


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


@pytest.fixture(scope="module")
def neighbours(tool_context):
    logged = [
        LoggedContext(f"c{n}", DialogueContext((told,), (seen,)), (named,))
        for n in range(8)
        for told, seen, named in (("a train and a killer", "1", "3"), ("bread and warm summers", "4", "6"))
    ]
    return ContextKNN.of(tool_context, logged, tool_context.index.embed, item_features(tool_context))


def test_features_of_items_are_centred_and_every_attribute_counts_alike(tool_context):
    features = item_features(tool_context)
    assert (len(features), features.dtype) == (len(tool_context.catalog), np.float32)
    assert np.abs(features.mean(axis=0)).max() < 1e-5
    n_blocks = (features**2).sum(axis=1).mean()
    assert n_blocks == pytest.approx(round(n_blocks), abs=1e-3)
    assert n_blocks >= 3  # genres, year, texts; all are equally popular, which says nothing


def test_products_of_vectors_are_the_two_cosines(tool_context):
    features, size = item_features(tool_context), tool_context.index.vectors.shape[1]

    def vector(*mentioned, said=()):
        return dialogue_vector(
            DialogueContext(said, mentioned), tool_context.catalog, features, tool_context.index.embed, size
        )

    both = vector("1", said=("hello",))
    assert both @ both == pytest.approx(1 + WEIGHT_OF_ITEMS, abs=1e-3)
    assert vector("1") @ vector("1") == pytest.approx(WEIGHT_OF_ITEMS, abs=1e-4)
    assert not vector().any()


def test_like_moments_speak_for_what_came_next(neighbours, tool_context):
    share = np.full(len(tool_context.catalog), 1 / len(tool_context.catalog), np.float32)
    for told, seen, named in (("a killer on a train", "1", "3"), ("warm bread", "4", "6")):
        echo = neighbours.echo(DialogueContext((told,), (seen,)), share)
        assert echo.argmax() == tool_context.catalog.rows([named])[0]


def test_a_conversation_does_not_tell_of_itself(tool_context):
    logged = [
        LoggedContext("a", DialogueContext(("a train",), ("1",)), ("3",)),
        LoggedContext("b", DialogueContext(("bread",), ("4",)), ("6",)),
    ]
    neighbours = ContextKNN.of(tool_context, logged, tool_context.index.embed, item_features(tool_context))
    share = np.full(len(tool_context.catalog), 1 / len(tool_context.catalog), np.float32)
    assert (
        neighbours.echo(logged[0].dialogue, share, without="a").argmax()
        == tool_context.catalog.rows(["6"])[0]
    )


def test_back_from_arrays(neighbours, tool_context):
    again = ContextKNN.from_arrays(neighbours.arrays(), tool_context, tool_context.index.embed)
    dialogue, share = DialogueContext(("a train",), ("4",)), np.ones(len(tool_context.catalog), np.float32)
    assert again.echo(dialogue, share).tolist() == neighbours.echo(dialogue, share).tolist()
