"""What a conversation makes one expect, on the small film workspace."""

import numpy as np
import pytest

from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
from tastemaker.tools.conversation_ranker.encoder import ConversationEncoder, Learned, item_vectors
from tastemaker.tools.conversation_ranker.folds import FOLDS, fold_of
from tastemaker.tools.conversation_ranker.item_features import item_features
from tastemaker.tools.dialogue_context import DialogueContext


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


@pytest.fixture(scope="module")
def features(tool_context):
    return item_features(tool_context)


def logged(n=60):
    """Who tells of a killer is given 3, who tells of bread is given 6."""
    for number in range(n):
        told, seen, named = (("a killer on a train", "1", "3"), ("bread and warm summers", "4", "6"))[
            number % 2
        ]
        yield LoggedContext(f"c{number}", DialogueContext((told,), (seen,)), (named,))


@pytest.fixture(scope="module")
def encoder(tool_context, features):
    return ConversationEncoder.fit(tool_context, list(logged()), tool_context.index.embed, features)


def best(encoder, tool_context, dialogue, **more):
    expected = encoder.utilities(dialogue, **more)
    assert (expected.shape, expected.dtype) == ((len(tool_context.catalog),), np.float32)
    return tool_context.catalog.ids[expected.argmax()]


def test_it_expects_what_such_moments_led_to(encoder, tool_context):
    assert best(encoder, tool_context, DialogueContext(("a killer",))) == "3"
    assert best(encoder, tool_context, DialogueContext(("warm bread",))) == "6"
    assert best(encoder, tool_context, DialogueContext((), ("1",))) == "3"
    assert best(encoder, tool_context, DialogueContext((), ("4",))) == "6"


def test_with_nothing_said_and_nothing_mentioned_the_prior_is_left(encoder, tool_context):
    assert encoder.utilities(DialogueContext()) == pytest.approx(encoder.whole.prior)
    assert best(encoder, tool_context, DialogueContext()) in {"1", "3", "4", "6"}


def test_a_conversation_does_not_tell_of_itself(tool_context, features):
    alone = next(f"c{n}" for n in range(100, 200) if fold_of(f"c{n}") == 2)
    odd = LoggedContext(alone, DialogueContext(("submarines",)), ("9",))
    others = [one for one in logged() if fold_of(one.conversation) != 2]
    encoder = ConversationEncoder.fit(tool_context, [*others, odd], tool_context.index.embed, features)
    without = ConversationEncoder.fit(tool_context, others, tool_context.index.embed, features)
    nine = tool_context.catalog.rows(["9"])[0]
    held, free = encoder.utilities(odd.dialogue, without=alone), encoder.utilities(odd.dialogue)
    assert held[nine] < free[nine]
    assert held.argmax() != nine
    assert without.utilities(odd.dialogue).argmax() != nine


def test_a_model_of_the_same_conversations_is_fitted_once(tool_context, features):
    learned = Learned()
    first, second = (
        ConversationEncoder.fit(
            tool_context,
            [one for one in logged() if fold_of(one.conversation) != left],
            tool_context.index.embed,
            features,
            learned=learned,
        )
        for left in (0, 1)
    )
    assert first._without[1] is second._without[0]
    assert set(first._without) == set(range(FOLDS)) - {0}


def test_back_from_arrays(encoder, tool_context, features):
    again = ConversationEncoder.from_arrays(
        encoder.arrays(), tool_context, tool_context.index.embed, features
    )
    dialogue = DialogueContext(("a train",), ("4",))
    assert again.utilities(dialogue).tolist() == encoder.utilities(dialogue).tolist()


def test_an_item_is_its_text_its_features_and_its_place_in_the_log(encoder, tool_context, features):
    assert encoder.latent.shape[0] == len(tool_context.catalog)
    assert encoder.latent.shape[1] > 0
    vectors = item_vectors(tool_context, features, encoder.latent)
    size = tool_context.index.vectors.shape[1]
    assert np.linalg.norm(vectors[:, size : size + features.shape[1]], axis=1) == pytest.approx(1, abs=1e-5)
