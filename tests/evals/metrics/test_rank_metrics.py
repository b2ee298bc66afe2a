"""Our metrics against other people's code, on a thousand random rankings each."""

import numpy as np
import pytest

from tastemaker.evals.metrics.rank_metrics import hit_rate, ndcg, reciprocal_rank

CUTS = (1, 5, 10, 20, 50)
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def rankings():
    """Per person: the items in ranked order, and the one that was taken, sometimes not ranked at all."""
    random = np.random.default_rng(0)
    orders = [random.permutation(80)[:70] for _ in range(1000)]
    return orders, random.integers(80, size=1000)


@pytest.fixture(scope="module")
def ranks(rankings):
    found = [np.flatnonzero(order == target) for order, target in zip(*rankings, strict=True)]
    return np.array([place[0] + 1 if len(place) else 10**6 for place in found])


@pytest.fixture(scope="module")
def as_mappings(rankings):
    """(relevance, scores) by person and item, as these libraries take them."""
    relevance = {f"p{n}": {f"i{target}": 1} for n, target in enumerate(rankings[1])}
    scores = {
        f"p{n}": {f"i{item}": float(100 - place) for place, item in enumerate(order)}
        for n, order in enumerate(rankings[0])
    }
    return relevance, scores


@pytest.mark.filterwarnings("ignore")
def test_metrics_equal_those_of_ranx(ranks, as_mappings):
    ranx = pytest.importorskip("ranx", reason="ranx is not installed: pip install ranx")
    relevance, scores = ranx.Qrels(as_mappings[0]), ranx.Run(as_mappings[1])
    for name, ours in (("hit_rate", hit_rate), ("ndcg", ndcg), ("mrr", reciprocal_rank)):
        for k in CUTS:
            theirs = ranx.evaluate(relevance, scores, f"{name}@{k}")
            assert theirs == pytest.approx(ours(ranks, k).mean(), abs=TOLERANCE), (name, k)
            ranx.evaluate(relevance, scores, f"{name}@{k}", return_mean=False)
            each = scores.scores[f"{name}@{k}"]
            np.testing.assert_allclose(
                [each[f"p{n}"] for n in range(1000)], ours(ranks, k), rtol=0, atol=TOLERANCE
            )


def test_metrics_equal_those_of_trec_eval(ranks, as_mappings):
    ir = pytest.importorskip("ir_measures", reason="ir-measures is not installed: pip install ir-measures")
    measures = {}
    for k in CUTS:
        measures |= {ir.Success @ k: hit_rate(ranks, k), ir.nDCG @ k: ndcg(ranks, k)}
        measures[ir.RR @ k] = reciprocal_rank(ranks, k)
    compared = 0
    for value in ir.iter_calc(list(measures), *as_mappings):
        assert value.value == pytest.approx(measures[value.measure][int(value.query_id[1:])], abs=TOLERANCE)
        compared += 1
    assert compared == 1000 * len(measures)


def test_several_right_items_equal_an_independent_implementation():
    import ir_measures
    from ir_measures import RR, R, nDCG

    from tastemaker.evals.metrics.list_metrics import KS, METRICS

    random = np.random.default_rng(7)
    theirs_by_name = {"recall": R, "ndcg": nDCG, "mrr": RR}
    runs, qrels, ours = {}, {}, {}
    for case in range(1000):
        items = [f"i{n}" for n in range(int(random.integers(1, 80)))]
        ranked = [items[n] for n in random.permutation(len(items))[: int(random.integers(1, 60))]]
        gold = {f"i{n}" for n in random.integers(0, 90, size=int(random.integers(1, 6)))}
        name = str(case)
        runs[name] = {item: float(len(ranked) - place) for place, item in enumerate(ranked)}
        qrels[name] = dict.fromkeys(gold, 1)
        ours[name] = {(metric, k): value(ranked, gold, k) for metric, value in METRICS.items() for k in KS}
    measures = {theirs_by_name[metric] @ k: (metric, k) for metric in METRICS for k in KS}
    checked = 0
    for told in ir_measures.iter_calc(list(measures), qrels, runs):
        assert told.value == pytest.approx(ours[told.query_id][measures[told.measure]], abs=1e-9)
        checked += 1
    assert checked == 1000 * len(measures)
