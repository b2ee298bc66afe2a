"""Rows of dialogue runs, worked by hand on the small film workspace."""

import json

import pytest

from tastemaker.evals.dialogues.case import DialogueCase, Names, Utterance
from tastemaker.evals.dialogues.run import KIND, Slices, row_of, run_system
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.dialogues.system import (
    BASELINES,
    DEEP,
    Answer,
    Copy,
    Folds,
    baseline,
    dialogue_context_of,
)
from tastemaker.evals.metrics.list_metrics import KS
from tastemaker.evals.runs.run_folder import read_run, run_head
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.conversation_ranker.folds import FOLDS, fold_of


def case(name, gold, mentioned=(), said=("something tense",), **more):
    context = tuple(Utterance("seeker" if n % 2 == 0 else "recommender", text) for n, text in enumerate(said))
    group = more.pop("group", name)
    return DialogueCase(
        name, group, more.pop("turn", len(said)), context, tuple(mentioned), tuple(gold), **more
    )


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


@pytest.fixture
def row(film_catalog):
    names = Names(film_catalog)

    def make(one, *items):
        return row_of(one, Answer(items), names, Slices.of([one], film_catalog))

    return make


def test_new_items_are_scored_among_new_items_and_all_among_all(row):
    asked = case("c", gold=["3", "1"], mentioned=["1", "2"])
    metrics = row(asked, "1", "2", "9", "3")["metrics"]
    assert metrics["recall@1"] == 0  # 9 comes first, once what was mentioned is out
    assert metrics["recall@5"] == 1  # only 3 is new
    assert metrics["mrr@5"] == 0.5
    assert metrics["all.recall@1"] == 0.5
    assert metrics["all.mrr@1"] == 1
    assert metrics["all.recall@5"] == 1
    assert set(metrics) == {
        f"{a}{m}@{k}" for a in ("", "all.") for m in ("recall", "ndcg", "mrr") for k in KS
    }


def test_a_case_whose_gold_was_all_mentioned_says_nothing_of_new_items(row):
    found = row(case("c", gold=["1"], mentioned=["1"]), "1")
    assert found["metrics"]["recall@10"] is None
    assert found["metrics"]["all.recall@1"] == 1
    assert found["new"] == []


def test_what_the_catalogue_lacks_counts_as_missed(row):
    found = row(case("c", gold=["3"], outside=("Heat (1995)", "Up (2009)", "Hugo (2011)")), "3")
    assert found["metrics"]["recall@1"] == 0.25
    assert found["metrics"]["all.recall@1"] == 0.25
    assert found["gold_outside"] == ["Heat (1995)", "Up (2009)", "Hugo (2011)"]
    nothing = row(case("c", gold=[], outside=("Heat (1995)",)), "3")
    assert nothing["metrics"]["recall@50"] == 0


def test_what_the_catalogue_lacks_and_was_mentioned_is_not_new(row):
    asked = case("c", gold=["3"], outside=("Up (2009)",), repeated_outside=frozenset({"Up (2009)"}))
    metrics = row(asked, "3")["metrics"]
    assert (metrics["recall@1"], metrics["all.recall@1"]) == (1, 0.5)


def test_an_answer_may_not_name_what_does_not_exist(row):
    with pytest.raises(ConfigError, match="'99', which is no id"):
        row(case("c", gold=["3"]), "99")


def test_an_item_named_twice_takes_one_place(row):
    found = row(case("c", gold=["3"]), "9", "9", "9", "3")
    assert found["items"] == ["9", "3"]
    assert found["metrics"]["mrr@5"] == 0.5


def test_slices(film_catalog):
    cases = [case(f"c{n}", gold=["1"], mentioned=["2"]) for n in range(8)]
    cases += [
        case("d", gold=["3", "1"], mentioned=["1", "2", "4", "5", "6", "7"], turn=7),
        case("e", gold=[], outside=("X",)),
    ]
    slices = Slices.of(cases, film_catalog)
    assert slices.of_case(cases[0]) == {
        "turn": "1-2",
        "mentioned": "1-2",
        "popularity": "head",
        "genres": "Crime",
    }
    late = slices.of_case(cases[8])
    assert (late["turn"], late["mentioned"], late["popularity"], late["genres"]) == (
        "6 or more",
        "6 or more",
        "middle",
        "Thriller",
    )
    assert [slices.band[i] for i in "124"] == ["head", "head", "tail"]  # 9 and 9 of 23 mentions, then 1 each
    assert slices.of_case(cases[9]) == {"turn": "1-2", "mentioned": "0"}


CASES = [
    case(
        f"c{n}",
        gold=[str(n % 12 + 1), str((n + 5) % 12 + 1)],
        mentioned=[str((n + k) % 12 + 1) for k in (1, 5)],
        group=f"g{n // 2}",
    )
    for n in range(24)
]


def head(system):
    return run_head(KIND, system, data={"name": "x"}, parameters={})


def test_copying_never_finds_anything_new(tmp_path, film_catalog):
    run_system(CASES, film_catalog, Copy(), tmp_path / "copy", head("copy"), workers=2, progress=False)
    _, rows = read_run(tmp_path / "copy")
    assert len(rows) == len(CASES)
    assert {row["metrics"][f"recall@{k}"] for row in rows for k in KS} == {0}
    assert {row["metrics"]["all.recall@50"] for row in rows} == {
        0.5
    }  # every second gold item is a repetition
    assert [row["items"] for row in rows if row["case"] == "c0"] == [["6", "2"]]  # the latest first
    assert {row["group"] for row in rows} == {f"g{n}" for n in range(12)}


def test_failures_are_rows_that_count_as_misses_and_a_second_run_asks_nothing(tmp_path, film_catalog):
    class Broken:
        def __init__(self):
            self.asked = []

        def answer(self, one):
            self.asked.append(one.id)
            if one.id == "c3":
                raise ZeroDivisionError("oh")
            return Answer(one.gold)

    system = Broken()
    for _ in range(2):
        run_system(CASES[:6], film_catalog, system, tmp_path / "b", head("b"), progress=False)
    assert sorted(system.asked) == [f"c{n}" for n in range(6)]
    _, rows = read_run(tmp_path / "b")
    failed = next(row for row in rows if row["case"] == "c3")
    assert failed["error"].startswith("ZeroDivisionError: oh")
    assert failed["metrics"]["recall@50"] == 0
    assert failed["slices"]
    assert [row["metrics"]["recall@1"] for row in rows if row["case"] == "c0"] == [1]
    json.dumps(rows, allow_nan=False)


@pytest.mark.parametrize("name", [name for name in BASELINES if name != "conversation"])
def test_every_baseline_ranks_deep_enough(name, tool_context):
    asked = CASES[0]
    items = baseline(name, tool_context, Folds(tool_context, CASES)).answer(asked).items
    assert len(items) == len(set(items))
    assert set(items) <= set(tool_context.catalog.ids)
    if name != "copy":
        assert len(items) == min(len(tool_context.catalog), DEEP + 2)


def test_lexical_and_dense_find_what_was_asked_for(tool_context):
    asked = case("c", gold=["1"], said=["hello", "hi", "a smuggler in a foggy harbour"])
    for name in ("lexical", "dense"):
        assert baseline(name, tool_context, Folds(tool_context, [asked])).answer(asked).items[0] == "1"


def test_popularity_is_learned_from_other_conversations_only(tool_context):
    groups = [f"g{n}" for n in range(40)]
    own = next(group for group in groups if fold_of(group) == 0)
    other = next(group for group in groups if fold_of(group) != 0)
    cases = [case(f"own{n}", gold=["8"], group=own) for n in range(9)]
    cases += [case("b", gold=["5"], mentioned=["6"], group=other), case("b2", gold=["5"], group=other)]
    popularity = baseline("popularity", tool_context, Folds(tool_context, cases))
    assert popularity.answer(cases[0]).items[:2] == (
        "5",
        "6",
    )  # each once per conversation, ties in catalogue order
    assert popularity.answer(cases[-1]).items[0] == "8"


def test_folds_are_by_conversation_and_even(tool_context):
    folds = [fold_of(str(n)) for n in range(1000)]
    assert set(folds) == set(range(FOLDS))
    assert max(folds.count(fold) for fold in range(FOLDS)) < 260
    assert {fold_of(one.group) for one in CASES if one.group == "g1"} == {fold_of("g1")}


def test_a_moment_holds_nothing_of_the_answer():
    asked = case(
        "c",
        gold=["1"],
        mentioned=["2", "3"],
        sentiment={"2": "disliked", "3": "liked"},
        response="Harbour Lights!",
    )
    dialogue = dialogue_context_of(asked)
    assert (dialogue.said, dialogue.mentioned, dialogue.disliked) == (
        ("something tense",),
        ("2", "3"),
        ("2",),
    )


def test_a_sample_is_of_whole_conversations():
    some = sample(CASES, 7, seed=1)
    assert len(some) == 6  # conversations have two cases each
    assert {one.group for one in some} & {one.group for one in CASES if one not in some} == set()
    assert sample(CASES, 7, seed=1) == some
    assert sample(CASES, None, seed=1) == CASES
    assert some == [one for one in CASES if one in some]
