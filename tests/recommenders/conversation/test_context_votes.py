import numpy as np
import pytest

from tastemaker.recommenders.conversation.context_votes import TEMPERATURE, Precedents

MOMENTS = np.array([[1, 0], [0.9, 0.1], [0, 1]], np.float32)
NAMED = [[3], [3, 1], [0]]
TALKS = np.array([7, 7, 8])


@pytest.fixture
def past():
    return Precedents.of(MOMENTS, NAMED, n_items=4, conversations=TALKS)


def test_votes_by_hand(past):
    here = np.array([1, 0.5], np.float32)
    weights = np.exp(past.moments @ here / TEMPERATURE)
    by_item = np.array([weights[2], weights[1], 0, weights[0] + weights[1]])
    assert past.votes(here) == pytest.approx(by_item / by_item.sum(), rel=1e-5)


def test_all_moments_of_a_conversation_are_left_out_together(past):
    votes = past.votes(np.array([1, 0], np.float32), without=7)
    assert votes.tolist() == [1, 0, 0, 0]
    assert past.votes(np.array([1, 0], np.float32), without=8)[0] == 0


def test_nobody_left_to_vote_is_no_vote(past):
    alone = Precedents.of(MOMENTS[:2], NAMED[:2], 4, TALKS[:2])
    assert not alone.votes(MOMENTS[0], without=7).any()


def test_back_from_arrays(past):
    again = Precedents.from_arrays(past.arrays(), 4)
    here = np.array([0.3, 0.8], np.float32)
    assert again.votes(here).tolist() == past.votes(here).tolist()
