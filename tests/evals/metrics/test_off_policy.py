"""Estimates from a log against values that are known: by hand, and on a synthetic bandit."""

import random

import numpy as np
import pytest

from tastemaker.agent.shortlist.exploration_slots import ExplorationPolicy
from tastemaker.evals.metrics.off_policy import doubly_robust, effective_sample_size, ips, snips, tails
from tastemaker.evals.replay.value import support, value_of
from tastemaker.retrieval.errors import DataError

N, K, SLOTS = 12, 3, ExplorationPolicy(share=0.3, pool=4)
WORTH = np.linspace(0.05, 0.6, N)
"""The chance that an item is chosen when shown: the logged ranking has them from the worst to the best."""

TARGET = (0, 2, 4)
"""Places that the other ranking lists; 4 is in the pool."""


def bandit(sessions, seed, policy=SLOTS, target=TARGET, per_session=4):
    """Rows as a replay writes them, of people who choose each item shown with its own chance."""
    dice, rows = random.Random(seed), []
    for session in range(sessions):
        for turn in range(per_session):
            shown = [
                {
                    "item": str(p),
                    "place": p,
                    "inclusion": policy.inclusion(N, K, p),
                    "listed": p in target,
                    "met_with": ["chosen"] if dice.random() < WORTH[p] else [],
                }
                for p in policy.fill(N, K, dice)
            ]
            listed = [{"item": str(p), "place": p, "inclusion": policy.inclusion(N, K, p)} for p in target]
            rows.append(
                {
                    "case": f"{session}/{turn}",
                    "group": str(session),
                    "error": None,
                    "policy": {
                        "k": K,
                        "share": policy.share,
                        "pool": policy.pool,
                        "shown": shown,
                        "listed": listed,
                    },
                }
            )
    return rows


def test_the_known_value_of_a_bandit_lies_in_the_intervals():
    truth = sum(WORTH[place] for place in TARGET)
    value = value_of(bandit(1500, 3), "chosen")
    for name in ("IPS", "SNIPS", "doubly robust"):
        told = value.estimates[name]
        assert told.low <= truth <= told.high, name
        assert told.high - told.low < 0.6 * truth, name
    logged = sum(SLOTS.inclusion(N, K, place) * WORTH[place] for place in range(N))
    assert value.estimates["logged"].low <= logged <= value.estimates["logged"].high
    assert abs(value.estimates["logged"].mean - truth) > 0.1
    assert (value.turns, value.sessions) == (6000, 1500)
    assert value.tails.largest == pytest.approx(4 / 0.3)
    assert value.effective < value.tails.used


def test_intervals_hold_what_they_promise():
    truth = sum(WORTH[place] for place in TARGET)
    inside = sum(
        told.low <= truth <= told.high
        for seed in range(40)
        for told in [value_of(bandit(250, seed), "chosen").estimates["doubly robust"]]
    )
    assert inside >= 34


def test_ips_has_no_bias():
    truth = sum(WORTH[place] for place in TARGET)
    means = [value_of(bandit(100, seed), "chosen").estimates["IPS"].mean for seed in range(100)]
    assert np.mean(means) == pytest.approx(truth, abs=3 * np.std(means) / 10)


def test_the_logged_ranking_itself_is_worth_what_it_met_with():
    value = value_of(bandit(50, 0, ExplorationPolicy(), (0, 1, 2)), "chosen")
    assert value.estimates["IPS"] == value.estimates["logged"] == value.estimates["SNIPS"]
    assert value.estimates["doubly robust"].mean == pytest.approx(value.estimates["logged"].mean)
    assert value.effective == 600


def test_without_support_there_is_no_estimate():
    rows = bandit(5, 0, target=(0, 1, 9))
    with pytest.raises(
        DataError, match=r"20 of 20 turns lack support.*next 4 candidates.*larger --explore-pool"
    ):
        value_of(rows, "chosen")
    with pytest.raises(DataError, match=r"20 of 20 turns lack support.*no exploration"):
        value_of(bandit(5, 0, ExplorationPolicy(), (0, 1, 4)), "chosen")
    mixed = rows[:4] + bandit(5, 0)[4:]
    with pytest.raises(DataError, match=r"4 of 20 turns lack support.*--supported-only"):
        value_of(mixed, "chosen")
    assert value_of(mixed, "chosen", supported_only=True).turns == 16
    assert [len(part) for part in support(mixed)] == [16, 4]
    with pytest.raises(DataError, match="nothing to estimate from"):
        value_of([{"policy": None, "group": "a"}], "chosen")


def test_estimators_by_hand():
    """Weights 2, 0, 4 of three turns with one item each; the first and the second were chosen."""
    rewards, weights = [1, 1, 0], [2, 0, 4]
    assert ips(rewards, weights, 3) == pytest.approx(2 / 3)
    assert snips(rewards, weights, 3, 3) == pytest.approx(2 / 6)
    assert doubly_robust(rewards, weights, [0.5] * 3, [0.5] * 3, 3) == pytest.approx(
        0.5 + (0.5 * 2 - 0.5 * 4) / 3
    )
    assert snips([1], [0], 1, 1) == 0
    assert effective_sample_size(weights) == pytest.approx(36 / 20)
    assert tails([1] * 99 + [101]).share == pytest.approx(0.505)
