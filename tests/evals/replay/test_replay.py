"""Logged sessions read back and held again."""

import json

import pytest

from tastemaker import prompts
from tastemaker.agent import Tastemaker
from tastemaker.agent.shortlist.exploration_slots import ExplorationPolicy
from tastemaker.evals.metrics.agreement import changes, overlap, rank_correlation
from tastemaker.evals.replay.log import read_log
from tastemaker.evals.replay.run import hold_again, policy_of, row_of, run_turns
from tastemaker.evals.run_reports import read_report
from tastemaker.evals.runs.run_folder import read_run, run_head
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.ui.cli.evals.replay import replay


@pytest.fixture
def log(film_workspace, tmp_path):
    """Two sessions, in which items were opened, liked and chosen."""
    with Tastemaker(film_workspace, home=tmp_path / "lived") as tm:
        one = tm.session("one", liked=["Harbour Lights (1994)"])
        first = one.send("no horror", k=3).items
        one.open_item(first[1].id)
        second = one.send("show me others", k=3).items
        one.choose(second[0].id)
        one.choose(first[2].id)
        two = tm.session("two")
        two.send("a drama", k=2)
        two.send("who directed Star Ferry?", k=2)
        two.send("undo", k=2)
    return tmp_path / "lived" / "feedback"


@pytest.fixture
def other(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path / "replayed") as tm:
        yield tm


def test_turns_know_what_became_of_their_items(log):
    turns = {turn.id: turn for turn in read_log(log)}
    assert list(turns) == ["one/0001", "one/0002", "two/0001", "two/0002", "two/0003"]
    one, two = turns["one/0001"], turns["one/0002"]
    assert one.met_with["opened"] == {one.items[1]}
    assert one.met_with["chosen"] == {one.items[2]}
    assert two.met_with["chosen"] == {two.items[0]}
    assert one.later["chosen"] == {one.items[2], two.items[0]} == two.later["chosen"]
    assert two.later["opened"] == one.later["liked"] == set()
    assert one.inclusion(one.items[0]) == 1
    assert one.inclusion("8") == 0


def test_held_again_as_it_was_every_turn_says_the_same(log, other, film_catalog):
    for turn in read_log(log):
        answer = hold_again(other, turn)
        assert answer.items == turn.items
        row = row_of(turn, answer, film_catalog)
        assert not any(row["changes"].values())
        assert row["metrics"]["overlap"] in (1, None)
    first = row_of(read_log(log)[0], hold_again(other, read_log(log)[0]), film_catalog)
    assert first["metrics"]["chosen_hit"] == 1
    assert first["metrics"]["chosen_rr"] == pytest.approx(1 / 3)
    assert first["metrics"]["liked_hit"] is None


def test_a_run_is_resumed_reported_and_estimated(log, other, tmp_path):
    parameters = {"reward": "chosen", "supported_only": False}
    head = run_head("replay", "rules", data={"name": "films"}, parameters=parameters)
    turns = read_log(log)
    run_turns(turns[:2], other, tmp_path / "run", head, progress=False)
    run_turns(turns, other, tmp_path / "run", head, progress=False, workers=2)
    rows = read_run(tmp_path / "run")[1]
    assert [row["case"] for row in rows] == [turn.id for turn in turns]
    told = {section.title: section for section in read_report([tmp_path / "run"]).sections()}
    assert told["Off-policy estimates"].table[1][0][:3] == ("run", "4", "2")
    assert "run: 0 of 5" in told["What changed"].text


def test_a_list_that_could_not_have_been_shown_is_refused(log, film_catalog):
    turn = read_log(log)[2]
    policy = policy_of(turn, ("8", turn.items[0]))
    assert [one["inclusion"] for one in policy["listed"]] == [0, 1]
    assert [one["listed"] for one in policy["shown"]] == [True, False]
    assert policy_of(read_log(log)[3], ()) is None


def test_exploration_gives_support(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path, policy=ExplorationPolicy(share=0.2, pool=20)) as tm:
        tm.session("s").send("recommend me something", k=2)
    (turn,) = read_log(tmp_path / "feedback")
    assert all(turn.inclusion(str(item)) > 0 for item in range(1, 13))


def test_the_command_with_other_prompts(film_workspace, log, tmp_path, capsys):
    given = {
        "workspace": film_workspace.path,
        "log": log,
        "llm": ["rules"],
        "effort": "fast",
        "recommender": None,
        "prompts": None,
        "reward": "chosen",
        "supported_only": False,
        "limit": 4,
        "workers": 1,
        "out": tmp_path / "out",
        "json_file": tmp_path / "f.json",
        "seed": 0,
        "quiet": True,
    }
    replay(**given)
    assert "logged" in capsys.readouterr().out
    (run,) = json.loads((tmp_path / "f.json").read_text())["runs"].values()
    assert run["cases"] == 4
    assert run["off_policy"]["estimates"]["IPS"]["mean"] == run["off_policy"]["estimates"]["logged"]["mean"]
    assert "Off-policy estimates" in (tmp_path / "out" / "report.md").read_text()
    with pytest.raises(ConfigError, match="no reward 'taken'"):
        replay(**given | {"reward": "taken"})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "replie.md").write_text("x")
    with pytest.raises(ConfigError, match=r"holds replie\.md; prompts are"):
        replay(**given | {"prompts": tmp_path / "mine"})
    with pytest.raises(DataError, match="no logged turns there"):
        replay(**given | {"log": tmp_path / "nowhere"})


def test_other_prompts_take_the_place_of_ours(tmp_path):
    (tmp_path / "reply.md").write_text("Say it in $tongue.")
    before = prompts.file_hashes()
    with prompts.instead(tmp_path):
        assert prompts.load("reply", tongue="verse").text == "Say it in verse."
        assert prompts.file_hashes()["reply.md"] != before["reply.md"]
        assert prompts.file_hashes()["understand.md"] == before["understand.md"]
    assert prompts.file_hashes() == before


def test_agreement_by_hand():
    assert overlap("abc", "cde", 3) == pytest.approx(1 / 3)
    assert rank_correlation("abcd", "dcba") == -1
    assert rank_correlation("ab", "bc") is None
    assert changes("ab", "ab") == changes("", "")
