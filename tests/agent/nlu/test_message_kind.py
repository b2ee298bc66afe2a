"""What short messages do that say no wish, by the classifier and in a talk."""

import numpy as np
import pytest

from tastemaker.agent.nlu.message_kind import (
    KINDS,
    MAX_WORDS,
    MessageKind,
    MessageKindReader,
    mask_titles,
    message_kind_reader,
)
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights


def _sure_of(kind: MessageKind, odds: float) -> MessageKindReader:
    shift = np.zeros(len(KINDS), np.float32)
    shift[KINDS.index(kind)] = odds
    weights = SoftmaxWeights(np.zeros((len(KINDS), 2), np.float32), shift)
    return MessageKindReader(weights, lambda text: np.ones(2, np.float32))


def test_titles_are_marks_in_order():
    message = "Heat, Fargo or Heat?"
    assert mask_titles(message, [(15, 19), (0, 4), (6, 11)]) == "[X], [Y] or [Z]?"
    assert mask_titles("all the Alien films", [(8, 13)], ("[S]",)) == "all the [S] films"


@pytest.mark.parametrize(("odds", "kind"), [(9.0, MessageKind.SORT), (0.5, MessageKind.OTHER)])
def test_what_it_is_not_sure_of_is_a_message_like_any_other(odds, kind):
    assert _sure_of(MessageKind.SORT, odds).read("newest first", []) is kind


@pytest.mark.parametrize("message", ["", "   ", "word " * (MAX_WORDS + 1)])
def test_nothing_and_much_is_not_asked_about(message):
    assert _sure_of(MessageKind.SORT, 9.0).read(message, []) is MessageKind.OTHER


def test_other_encoders_have_no_reader():
    assert message_kind_reader("nobody/knows-it", lambda text: np.ones(2, np.float32)) is None
