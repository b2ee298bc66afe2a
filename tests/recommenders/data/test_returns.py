import numpy as np
import pytest

from tastemaker.recommenders.data.returns import DAY, MOST, rating_rewards, return_rewards, returns_to_go
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.retrieval.catalog.interactions import Interactions


def test_rewards_are_measured_from_the_persons_own_mean_and_cut_off():
    ratings = [5, 4, 3, 1, 2, np.nan, *[3] * 40, 1]
    log = Interactions.from_columns(["kind"] * 3 + ["stern"] * 3 + ["one"] * 41, range(47), None, ratings)
    rewards = rating_rewards(log)
    np.testing.assert_allclose(rewards[:3], np.array([1, 0, -1]) / np.std([5, 4, 3]))
    np.testing.assert_allclose(rewards[3:6], [-1, 1, 0])
    assert rewards[-1] == -MOST
    everyone = rating_rewards(log, per_person=False)
    assert everyone[0] > 0 > everyone[4]


def test_a_log_without_ratings_counts_what_is_still_to_come():
    log = Interactions.from_columns(["a", "a", "a", "b"], range(4))
    assert returns_to_go(log, rating_rewards(log), discount=1.0).tolist() == [3, 2, 1, 1]


def test_coming_back_soon_is_a_reward_and_staying_or_leaving_is_not():
    times = np.array([0, 0.01, 2, 2.02, 30, 30.01]) * DAY
    log = Interactions.from_columns(["a"] * 6, range(6), times)
    assert return_rewards(log).tolist() == [0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("times", [None, [1, 1, 1, 2]])
def test_a_batch_tells_of_each_target_what_it_began(times):
    log = Interactions.from_columns(["a"] * 4, [0, 1, 2, 3], times)
    aims = np.array([[0.0], [0.1], [0.2], [0.3]], np.float32)
    batch = next(SequenceBatches(log, 5, 9, aims).epoch(np.random.default_rng(0)))
    np.testing.assert_allclose(batch.sequences.aims[0, :, 0], batch.targets.numpy() / 10)
