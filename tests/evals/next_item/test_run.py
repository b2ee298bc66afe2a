import json

import numpy as np
import pytest

from tastemaker.evals.next_item import run, systems
from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.evals.next_item.report import table
from tastemaker.evals.next_item.run import NextItemPlan, run_plan
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.next_item.systems import load_or_train, training_part
from tastemaker.evals.reports.compare import compare_runs
from tastemaker.evals.runs.run_folder import read_run
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError


@pytest.fixture
def ring():
    """Forty people walk a ring of twelve items; item 12 is taken only at the very end of one walk."""
    log = [(f"u{u}", (u + step) % 12, step) for u in range(40) for step in range(6)]
    log += [("late", 0, 0), ("late", 1, 1), ("late", 12, 2)]
    users, items, times = zip(*log, strict=True)
    catalog = Catalog([Item(f"i{row}", "x", {}) for row in range(13)], Schema(attributes=()))
    return EvalData("ring", catalog, Interactions.from_columns(users, items, times), timed=True)


def test_a_run_from_end_to_end(ring, tmp_path):
    said = []
    plan = NextItemPlan(["popularity", "activation"], tmp_path, settings={"activation": {"backward": 0}})
    report = run_plan(plan, ring, say=said.append)
    assert report == json.loads(json.dumps(report))
    assert report["people"] == {"asked": 41, "cold": 1}
    assert report["systems"]["activation"]["filtered"]["HR@10"]["mean"] > 0.9
    assert report["systems"]["activation"]["config"]["backward"] == 0
    assert report["systems"]["activation"]["cold"]["HR@1"] == 0
    change = report["differences"]["activation"]["NDCG@10"]
    ndcg = {name: own["filtered"]["NDCG@10"]["mean"] for name, own in report["systems"].items()}
    assert change["mean"] == pytest.approx(ndcg["activation"] - ndcg["popularity"])
    assert change["low"] <= change["mean"] <= change["high"]
    assert report["baseline"] == "popularity"
    assert "training popularity" in said
    lines = table(report).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("activation")
    assert "baseline" in lines[1]


def test_a_fused_pair_is_a_system_of_its_own(ring, tmp_path):
    plan = NextItemPlan(["popularity", "popularity+activation"], tmp_path)
    report = run_plan(plan, ring)
    pair = report["systems"]["popularity+activation"]
    assert pair["config"]["share"] > 0.5  # the ring's order is all there is to know
    assert pair["training"]["activation"]["seconds"] >= 0
    assert report["differences"]["popularity+activation"]["NDCG@10"]["low"] > 0
    assert "popularity+activation" in table(report)


def test_the_second_run_trains_nothing(ring, tmp_path, monkeypatch):
    plan = NextItemPlan(["item-knn"], tmp_path)
    first = run_plan(plan, ring)
    monkeypatch.setattr(systems, "train", None)
    second = run_plan(plan, ring)
    assert first["systems"]["item-knn"]["filtered"] == second["systems"]["item-knn"]["filtered"]


def test_other_data_settings_and_seeds_are_other_systems(ring, data, tmp_path):
    split = leave_one_out(ring.interactions)
    load_or_train("item-knn", ring, split, tmp_path)
    assert load_or_train("item-knn", ring, split, tmp_path).cached
    assert not load_or_train("item-knn", ring, split, tmp_path, seed=1).cached
    assert not load_or_train("item-knn", ring, split, tmp_path, settings={"neighbours": 3}).cached
    assert not load_or_train("item-knn", data, leave_one_out(data.interactions), tmp_path).cached


def test_a_broken_kept_system_is_trained_again(ring, tmp_path):
    split = leave_one_out(ring.interactions)
    load_or_train("popularity", ring, split, tmp_path)
    weights = next(tmp_path.glob("popularity-*/model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-3])
    assert not load_or_train("popularity", ring, split, tmp_path).cached
    assert load_or_train("popularity", ring, split, tmp_path).cached


@pytest.mark.parametrize("name", ["popularity", "ease", "sasrec"])
def test_no_system_learns_from_the_last_two_items(ring, name):
    """Models with a training loop are handed one more, and set it aside themselves."""
    split = leave_one_out(ring.interactions)
    learned = training_part(name, split)
    assert len(learned) == len(split.development if name == "sasrec" else split.train)
    assert 12 not in learned.item


def test_popularity_is_counted_without_validation_and_test(ring, tmp_path):
    split = leave_one_out(ring.interactions)
    model = load_or_train("popularity", ring, split, tmp_path).recommender
    np.testing.assert_array_equal(model.popularity, split.train.counts(13))


def test_a_limit_asks_fewer(ring, tmp_path):
    report = run_plan(NextItemPlan(["popularity"], tmp_path, limit=7), ring)
    assert (report["people"]["asked"], report["limit"]) == (7, 7)


def test_nobody_to_ask(tmp_path, ring):
    short = EvalData("short", ring.catalog, Interactions.from_columns(["u", "u"], [0, 1]), timed=True)
    with pytest.raises(DataError, match="three or more"):
        run_plan(NextItemPlan(["popularity"], tmp_path), short)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"systems": []}, "got none"),
        ({"systems": ["ease", "ease"]}, "different systems"),
        ({"systems": ["eese"]}, "did you mean 'ease'"),
        ({"systems": ["ease+cml+hstu"]}, "two can be fused"),
        ({"systems": ["ease"], "baseline": "popularity"}, "'popularity' is not among"),
        ({"systems": ["ease"], "settings": {"hstu": {}}}, "'hstu' is not among"),
        ({"systems": ["ease"], "limit": 0}, "at least 1"),
    ],
)
def test_a_wrong_plan_is_named(tmp_path, wrong, said):
    with pytest.raises(ConfigError, match=said):
        NextItemPlan(folder=tmp_path, **wrong)


def test_each_system_is_a_run_that_compare_reads_and_is_not_asked_twice(ring, tmp_path, monkeypatch):
    plan, out = NextItemPlan(["popularity", "item-knn"], tmp_path / "kept"), tmp_path / "out"
    first = run_plan(plan, ring, out=out)
    rows = read_run(out / "item-knn")[1]
    assert len(rows) == first["people"]["asked"]
    mean = sum(row["metrics"]["ndcg@10"] for row in rows) / len(rows)
    assert mean == pytest.approx(first["systems"]["item-knn"]["filtered"]["NDCG@10"]["mean"])
    assert all(0 < len(row["items"]) <= 10 and row["slices"] for row in rows)
    (compared,) = compare_runs(out / "popularity", [out / "item-knn"])["runs"]
    told = first["differences"]["item-knn"]["NDCG@10"]["mean"]
    assert compared["differences"]["ndcg@10"]["mean"] == pytest.approx(told)
    monkeypatch.setattr(run, "evaluate_next_item", None)
    again = run_plan(plan, ring, out=out)
    for name in plan.systems:
        for part in ("filtered", "unfiltered", "coverage@10", "failures"):
            assert again["systems"][name][part] == first["systems"][name][part]
    monkeypatch.setattr(systems, "load_or_train", None)
    with pytest.raises(WorkspaceError, match="holds another run: its seed"):
        run_plan(NextItemPlan(["popularity"], tmp_path / "kept", seed=1), ring, out=out)
