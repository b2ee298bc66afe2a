"""Runs that learn from one set of conversations and score another, and the check that the two don't overlap."""

import json

import pytest

from tastemaker.evals import RunOptions, run_dialogues
from tastemaker.evals.dialogues.case import DialogueCase, Utterance
from tastemaker.evals.dialogues.leak_check import BY_CHANCE, find_leaks_of_cases
from tastemaker.evals.dialogues.split import conversation_times, split_by_time
from tastemaker.evals.runs.run_folder import read_run
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.conversation_ranker.ranker import ConversationRanker
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.ui.cli.learn import learn

LIKED = ["Harbour Lights (1994)", "Night Train North (1996)", "Grave Company (1995)", "Star Ferry (1982)"]
NAMED = ["The Long Verdict (1957)", "Paper Moons (1988)", "Second Harvest (1999)", "The Cellar (1974)"]
STORIES = ["a lighthouse keeper", "three sisters", "an old detective", "two lost dogs", "a travelling circus"]


def talk(n, named=NAMED, **more):
    """Conversation n: whoever likes a film is told the one beside it."""
    said = (
        f"Number {n} here, I loved {LIKED[n % 4]} when I was {n} and {STORIES[n % 5]} in it, so please find me one for "
        f"evening {n} that feels quite the same but with less talk, {n} of us will watch"
    )
    row = {
        "id": f"m{n}",
        "conversation": str(n),
        "context": [{"speaker": "seeker", "text": said}],
        "mentioned": [LIKED[n % 4]],
        "gold": [named[n % 4]],
    }
    return row | more


@pytest.fixture
def write(tmp_path):
    def file(name, rows):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return file


@pytest.fixture
def workspace(tmp_path, film_catalog, film_log):
    path = tmp_path / "w"
    build_workspace(
        path, film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    return path


def run(data_file, workspace, *systems, out=None, **more):
    said = []
    options = RunOptions(out=out, progress=False, say=said.append)
    return run_dialogues(data_file, workspace, systems, options=options, **more), said


def recall(report, system="conversation"):
    return report.figures()["runs"][system]["metrics"]["recall@1"]["mean"]


def test_what_another_file_taught_is_what_is_scored(write, workspace, tmp_path):
    scored = write("new.jsonl", [talk(n) for n in range(100, 120)])
    right, said = run(
        scored, workspace, "conversation", learn_from=write("old.jsonl", [talk(n) for n in range(60)])
    )
    wrong, _ = run(
        scored,
        workspace,
        "conversation",
        learn_from=write("odd.jsonl", [talk(n, NAMED[::-1]) for n in range(60)]),
    )
    assert (recall(right), recall(wrong)) == (1, 0)
    assert "Held-out figures: learned from old.jsonl (60 conversations, 60 moments)" in said[1]
    assert "Leak check passed: 0 of 20 scored conversations" in right.table()


def test_the_workspace_s_own_ranker_is_scored_and_named(write, workspace, tmp_path):
    learn(write("talks.jsonl", [talk(n) for n in range(60)]), workspace, quiet=True)
    fresh = write("fresh.jsonl", [talk(n) for n in range(200, 220)])
    report, said = run(fresh, workspace, "popularity", "conversation", "agent", out=tmp_path / "runs")
    assert recall(report) == 1
    assert "the workspace's own ranker, which learned from 60 conversations (talks.jsonl)" in said[1]
    head, _ = read_run(tmp_path / "runs" / "agent")
    assert (head["data"]["learning"]["way"], head["parameters"]["learned"]) == ("workspace", True)
    assert head["data"]["leaks"]["of_contexts"] == 20
    with pytest.raises(DataError, match="60 of 60 scored conversations were learned from"):
        run(tmp_path / "talks.jsonl", workspace, "agent")
    _, plain = run(tmp_path / "talks.jsonl", workspace, "copy")  # what learns nothing leaks nothing
    assert len(plain) == 1


def test_a_split_that_leaks_stops_unless_allowed_and_is_told(write, workspace):
    old = write("old.jsonl", [talk(n) for n in range(60)])
    copied = [
        talk(n)
        | {"id": f"x{n}", "conversation": f"other {n}", "context": [{"speaker": "seeker", "text": said}]}
        for n in range(40, 60)
        for said in [talk(n)["context"][0]["text"].upper().replace("PLEASE", "PLS") + "!"]
    ]
    leaking = write("copied.jsonl", [*copied, talk(300), talk(301)])
    with pytest.raises(
        DataError, match=r"20 of 22 contexts are nearly the same as one that was, and 20 of these"
    ):
        run(leaking, workspace, "popularity", learn_from=old)
    report, _ = run(leaking, workspace, "popularity", learn_from=old, allow_leaks=True)
    assert "THE SPLIT LEAKS" in report.table()


def test_moments_of_one_conversation_on_both_sides_are_found_from_either_end():
    def moment(said, group="7", gold="3"):
        return DialogueCase(
            f"{group}-{len(said)}", group, 1, tuple(Utterance("seeker", s) for s in said), (), (gold,)
        )

    told = [f"part {n} of what was said of smugglers and fog in harbour {n * n}" for n in range(6)]
    early, late = moment(told[:2]), moment(told)
    assert find_leaks_of_cases([early], [late]).conversations == 1
    assert find_leaks_of_cases([late], [early]).conversations == 1
    other = moment([f"nothing {n} alike was told here but of {n} dogs" for n in range(6)])
    found = find_leaks_of_cases([other], [early, late])
    assert (found.conversations, found.contexts, bool(found)) == (0, 0, False)
    one_of_many = find_leaks_of_cases([moment(told, "x", "4"), *[other] * int(1 / BY_CHANCE)], [late])
    assert (one_of_many.contexts, one_of_many.answers) == (1, 0)


def test_the_future_is_scored_by_the_past(write, workspace):
    fashion = [talk(n, time=f"2026-01-{n // 10 + 1:02}T00:00:00Z") for n in range(100)]
    path = write("log.jsonl", [fashion[n * 37 % 100] for n in range(100)])
    report, said = run(path, workspace, "conversation", time_split=0.6)
    assert "40 cases of 40 conversations" in said[0]
    assert "learned from the earliest 60% of conversations (60 conversations, 60 moments)" in said[1]
    assert recall(report) == 1


def test_time_is_told_or_counted_or_refused():
    def at(group, time=None):
        return DialogueCase(group, group, 0, (), (), ("1",), time=time)

    past, future = split_by_time([at("b", 2.0), at("a", 1.0)], 0.5)
    assert (past[0].group, future[0].group) == ("a", "b")
    assert conversation_times([at("12"), at("9")]) == {"12": 12.0, "9": 9.0}
    with pytest.raises(DataError, match="give every row a `time`"):
        split_by_time([at("12"), at("b", 1.0)], 0.5)
    with pytest.raises(ConfigError, match="leaves none on one side"):
        split_by_time([at("1"), at("2")], 0.1)


def test_a_run_that_goes_on_learns_nothing_twice(write, workspace, tmp_path, monkeypatch):
    data = write("new.jsonl", [talk(n) for n in range(60)])
    first, _ = run(data, workspace, "conversation", out=tmp_path / "runs", folds=3)
    monkeypatch.setattr(ConversationRanker, "fit", lambda *_, **__: pytest.fail("learned again"))
    again, _ = run(data, workspace, "conversation", "agent", out=tmp_path / "runs", folds=3)
    assert recall(again) == recall(first) == 1
    monkeypatch.setattr(ConversationRanker, "load", lambda *_, **__: pytest.fail("opened for nothing"))
    third, _ = run(data, workspace, "conversation", out=tmp_path / "runs", folds=3)
    assert recall(third) == 1
