"""Evaluation on five items and three people, whose ranks are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tastemaker.evals.intervals import bootstrap, paired_difference
from tastemaker.evals.metrics import MISS
from tastemaker.evals.next_item import evaluate_next_item
from tastemaker.evals.split import leave_one_out
from tastemaker.recommenders import Popularity, Vocabulary
from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError, DataError, QueryError
from tastemaker.retrieval.interactions import Interactions
from tastemaker.retrieval.schema import Schema

CATALOG = Catalog([Item(i, i, {}) for i in "abcde"], Schema(attributes=()))
LOG = Interactions.from_columns(
    ["u"] * 3 + ["v"] * 3 + ["w"] * 3 + ["x"] * 2, [0, 1, 2, 0, 1, 3, 1, 0, 4, 0, 1], range(11)
)


class Fixed(Popularity):
    """Always the same scores; fails for a history that starts with ``fails_on``."""

    fails_on = "-"

    def score_readings(self, readings):
        if any(reading.query.history[0] == self.fails_on for reading in readings):
            raise QueryError("told to fail")
        return super().score_readings(readings)


def fixed(scores=(5, 4, 3, 2, 1), ids="abcde"):
    return Fixed(Vocabulary(ids), scores)


def test_the_split_follows_time_and_keeps_ties_in_the_logs_order():
    log = Interactions.from_columns(["u"] * 4 + ["x"] * 2, [3, 0, 1, 2, 4, 4], [9, 5, 5, 5, 1, 2])
    split = leave_one_out(log)
    assert split.train.item.tolist() == [0, 1, 4, 4]
    assert split.development.item.tolist() == [0, 1, 2, 4, 4]
    assert (split.validation.item[0], split.test.item.tolist()) == (2, [3])


def test_nobody_to_test_on():
    with pytest.raises(DataError, match="three or more"):
        leave_one_out(Interactions.from_columns(["u", "u"], [0, 1], [0, 1]))


def test_ranks_and_means_by_hand():
    result = evaluate_next_item(fixed(), LOG, CATALOG, ks=(1, 2))
    assert result.ranks.tolist() == [1, 2, 3]  # a and b are seen by all three
    assert result.metrics == pytest.approx(
        {
            "HR@1": 1 / 3,
            "HR@2": 2 / 3,
            "NDCG@1": 1 / 3,
            "NDCG@2": (1 + 1 / np.log2(3)) / 3,
            "MRR@1": 1 / 3,
            "MRR@2": 0.5,
        }
    )
    assert (result.failures, result.system) == (0, "popularity")


def test_unfiltered_ranks_count_what_was_seen():
    assert evaluate_next_item(fixed(), LOG, CATALOG, filter_seen=False).ranks.tolist() == [3, 4, 5]


def test_a_model_without_an_opinion_earns_nothing():
    assert evaluate_next_item(fixed([1] * 5), LOG, CATALOG).ranks.tolist() == [3, 3, 3]


def test_failures_and_unknown_targets_are_misses_and_stay_in_the_denominator():
    model = fixed()
    model.fails_on = "b"
    result = evaluate_next_item(model, LOG, CATALOG)
    assert result.ranks.tolist() == [1, 2, MISS]
    assert (result.failures, result.metrics["HR@50"]) == (1, 2 / 3)
    assert result.metrics["MRR@50"] == 0.5
    result = evaluate_next_item(fixed([4, 3, 2, 1], "abce"), LOG, CATALOG)
    assert (result.ranks.tolist(), result.failures) == ([1, MISS, 2], 1)


def test_a_bug_is_not_a_miss():
    model = fixed()
    model.score_readings = None
    with pytest.raises(TypeError):
        evaluate_next_item(model, LOG, CATALOG)


@pytest.mark.parametrize("ks", [(), (0, 1)])
def test_cut_offs_start_at_one(ks):
    with pytest.raises(ConfigError, match="at least 1"):
        evaluate_next_item(fixed(), LOG, CATALOG, ks=ks)


def test_the_interval_of_a_coin():
    interval = bootstrap([0.0, 1.0] * 200)
    assert interval.mean == 0.5
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.5 / 20, rel=0.1)
    assert bootstrap([0.0, 1.0] * 200) == interval


def test_a_paired_difference_sees_what_two_intervals_do_not():
    random = np.random.default_rng(0)
    base = random.random(300)
    better = base + 0.02 + 0.01 * random.random(300)
    assert paired_difference(better, base).excludes_zero()
    assert bootstrap(better).low < bootstrap(base).high
    with pytest.raises(DataError, match="same people"):
        paired_difference([1.0], [1.0, 2.0])
    with pytest.raises(DataError, match="at least one"):
        bootstrap([])
