import numpy as np
import pytest

from tastemaker.recommenders.conversation.co_mention import SMOOTHING, UNSEEN, CoMentions

TALKS = [[0, 1], [1, 2, 1], [3, 0, 1]]


def test_items_and_pairs_count_once_per_conversation():
    seen = CoMentions.of(TALKS, 5)
    assert seen.counts.tolist() == [2, 3, 1, 1, 0]
    assert seen.pairs.toarray().tolist() == [
        [0, 2, 0, 1, 0],
        [2, 0, 1, 1, 0],
        [0, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]


def test_without_a_mention_the_share_of_all_mentions_counts():
    chance = np.exp(CoMentions.of([[0, 1], [1, 2]], 4).log_probability(np.array([], np.int64)))
    assert chance == pytest.approx(np.array([1.3, 2.3, 1.3, 0.3]) / 5.2)


def test_beside_one_item_by_hand():
    seen = CoMentions.of([[0, 1], [1, 2]], 4)
    share = np.array([1, 2, 1, 0]) + UNSEEN
    share /= share.sum()
    expected = (np.array([1, 0, 1, 0]) + SMOOTHING * share) / (3 * 2 + SMOOTHING)
    assert np.exp(seen.log_probability(np.array([1]))) == pytest.approx(expected)


def test_several_mentions_are_averaged():
    seen = CoMentions.of(TALKS, 5)
    one, two, both = (np.exp(seen.log_probability(np.array(rows))) for rows in ([0], [2], [0, 2]))
    assert both == pytest.approx((one + two) / 2)


@pytest.mark.parametrize("mentioned", [[], [1], [0, 3], [4]])
def test_a_conversation_left_out_is_as_if_it_had_never_been(mentioned):
    held = CoMentions.of(TALKS, 5)
    never = CoMentions.of(TALKS[:2], 5)
    rows, own = np.array(mentioned, np.int64), np.array([0, 1, 3])
    assert held.mention_counts(own).tolist() == never.counts.tolist()
    assert held.log_probability(rows, own) == pytest.approx(never.log_probability(rows))
    assert held.counts.tolist() == [2, 3, 1, 1, 0]  # nothing was changed by asking


def test_no_conversations_and_back_from_arrays():
    empty = CoMentions.of([], 3)
    assert np.exp(empty.log_probability(np.array([0]))) == pytest.approx([1 / 3] * 3)
    seen = CoMentions.of(TALKS, 5)
    again = CoMentions.from_arrays(seen.arrays())
    assert again.counts.tolist() == seen.counts.tolist()
    assert again.pairs.toarray().tolist() == seen.pairs.toarray().tolist()
