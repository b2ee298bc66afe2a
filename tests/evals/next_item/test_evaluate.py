"""Evaluation on five items and three people, whose ranks are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tastemaker.evals.metrics.bootstrap import bootstrap, bootstrap_columns, paired_difference
from tastemaker.evals.metrics.rank_metrics import MISS
from tastemaker.evals.next_item.evaluate import evaluate_next_item, means
from tastemaker.evals.next_item.questions import questions, sample
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.recommenders import Popularity, Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError, QueryError


class Fixed(Popularity):
    """Always the same scores; fails for a history that starts with ``fails_on``."""

    fails_on = "-"

    def score_resolved_queries(self, readings):
        if any(reading.query.history[0] == self.fails_on for reading in readings):
            raise QueryError("told to fail")
        return super().score_resolved_queries(readings)


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


@pytest.fixture
def asked(data):
    return questions(leave_one_out(data.interactions).test, data.catalog)


def test_questions_hold_the_past_and_the_moment(asked):
    assert [question.target for question in asked] == list("cde")
    query = asked[1].query
    assert (query.history, query.timestamps, query.now) == (("a", "b"), (3.0, 4.0), 5.0)


def test_without_times_the_models_get_none(data):
    query = questions(leave_one_out(data.interactions).test, data.catalog, timed=False)[0].query
    assert (query.history, query.timestamps, query.now) == (("a", "b"), None, None)


def test_a_sample_is_fixed_by_its_seed_and_keeps_the_order():
    assert sample(list(range(50)), 9, seed=1) == sorted(sample(list(range(50)), 9, seed=1))
    assert sample(list(range(50)), 9, seed=1) != sample(list(range(50)), 9, seed=2)
    assert sample([1, 2], 3, seed=1) == sample([1, 2], None, seed=1) == [1, 2]


def test_ranks_and_means_by_hand(asked):
    result = evaluate_next_item(fixed(), asked)
    assert result.filtered.tolist() == [1, 2, 3]  # a and b are seen by all three
    assert result.unfiltered.tolist() == [3, 4, 5]
    assert means(result.filtered, ks=(1, 2)) == pytest.approx(
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


def test_coverage_counts_what_anyone_gets_in_the_first_ten(asked, monkeypatch):
    assert evaluate_next_item(fixed(), asked).coverage == 3 / 5  # a and b are seen by all
    monkeypatch.setattr("tastemaker.evals.next_item.evaluate.COVERAGE_K", 1)
    assert evaluate_next_item(fixed(), asked).recommended.tolist() == [False, False, True, False, False]


def test_a_model_without_an_opinion_earns_nothing(asked):
    assert evaluate_next_item(fixed([1] * 5), asked).filtered.tolist() == [3, 3, 3]


def test_failures_and_unknown_targets_are_misses_and_stay_in_the_denominator(asked):
    model = fixed()
    model.fails_on = "b"
    result = evaluate_next_item(model, asked)
    assert result.filtered.tolist() == [1, 2, MISS]
    assert (result.failures, means(result.filtered, (50,))["HR@50"]) == (1, 2 / 3)
    assert means(result.filtered, (50,))["MRR@50"] == 0.5
    result = evaluate_next_item(fixed([4, 3, 2, 1], "abce"), asked)
    assert (result.filtered.tolist(), result.failures) == ([1, MISS, 2], 1)


def test_a_bug_is_not_a_miss(asked):
    model = fixed()
    model.score_resolved_queries = None
    with pytest.raises(TypeError):
        evaluate_next_item(model, asked)


def test_the_interval_of_a_coin():
    interval = bootstrap([0.0, 1.0] * 200)
    assert interval.mean == 0.5
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.5 / 20, rel=0.1)
    assert bootstrap([0.0, 1.0] * 200) == interval


def test_a_paired_difference_sees_what_two_intervals_do_not():
    random = np.random.default_rng(0)
    base = random.random(300)
    better = base + 0.02 + 0.01 * random.random(300)
    assert paired_difference(better, base).low > 0
    assert bootstrap(better).low < bootstrap(base).high
    with pytest.raises(DataError, match="same people"):
        paired_difference([1.0], [1.0, 2.0])
    with pytest.raises(DataError, match="at least one"):
        bootstrap([])


def test_columns_are_resampled_with_the_same_people():
    values = np.random.default_rng(0).random((50, 2))
    first, total = bootstrap_columns(np.stack([values[:, 0], values.sum(axis=1)], axis=1))
    assert bootstrap(values[:, 0]) == first
    alone = bootstrap(values.sum(axis=1))
    assert (total.low, total.high) == pytest.approx((alone.low, alone.high), rel=1e-12)
