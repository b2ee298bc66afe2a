"""What was shown and what became of it is written down, with the probabilities of its being there."""

import json
import random
from collections import Counter

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback import FeedbackLog, read_feedback
from tastemaker.agent.shortlist.exploration_slots import Draw, ExplorationPolicy
from tastemaker.retrieval.errors import ConfigError, DataError, QueryError


def lines(session, *kinds):
    return [one for one in read_feedback(session.feedback.path) if not kinds or one["kind"] in kinds]


def test_a_turn_and_what_it_showed_are_written_down(tm, film_workspace):
    session = tm.session(liked=["Harbour Lights (1994)"])
    session.send("no horror", k=2)
    reply = session.send("a thriller", k=3)
    liked, one, *_ = lines(session)
    assert (liked["kind"], liked["item"], liked["rank"]) == ("liked", "1", None)
    assert (one["kind"], one["message"], one["k"], one["llm"]) == ("turn", "no horror", 2, "rules")
    assert one["state"]["profile"]["likes"] == ["1"]
    second = lines(session, "turn")[1]
    assert second["turn"] == 2
    assert second["state"]["profile"]["constraints"]
    assert len(second["state"]["past"]) == 1
    shown = [one for one in lines(session, "shown") if one["turn"] == 2]
    assert [one["item"] for one in shown] == [card.id for card in reply.items]
    assert [one["rank"] for one in shown] == [1, 2, 3][: len(shown)]
    assert {one["propensity"] for one in shown} == {1.0}
    assert session.feedback.path.parent == film_workspace.path / "feedback"


def test_what_a_person_does_has_the_turn_and_rank_of_the_item(tm):
    session = tm.session()
    first = session.send("a drama", k=3).items
    session.open_item(first[1].id)
    session.dislike(first[0].id)
    second = [card.id for card in session.send("I loved the second one", k=2).items]
    session.choose(first[2].id)
    shown_last = (2, second.index(first[2].id) + 1) if first[2].id in second else (1, 3)
    did = [
        (one["kind"], one["item"], one["turn"], one["rank"])
        for one in lines(session, "opened", "liked", "disliked", "chosen")
    ]
    assert did == [
        ("opened", first[1].id, 1, 2),
        ("disliked", first[0].id, 1, 1),
        ("liked", first[1].id, 1, 2),
        ("chosen", first[2].id, *shown_last),
    ]
    assert session.profile.history == (first[2].id,)
    with pytest.raises(QueryError, match="no item"):
        session.choose("99")
    assert len(lines(session, "chosen")) == 1


def test_a_restored_session_holds_the_same_turn(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    session.send("no horror", k=2)
    reply = session.send("show me others", k=2)
    logged = json.loads(json.dumps(lines(session, "turn")[1]))
    again = tm.session()
    again.restore(logged["state"])
    assert again.send(logged["message"], logged["k"]).items == reply.items
    again.restore(logged["state"])
    again.undo()
    assert again.profile.constraints == ()
    with pytest.raises(QueryError, match="no item"):
        again.restore({"profile": {"likes": ["99"]}})


def test_one_slot_is_drawn_and_the_log_says_how_likely(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path, policy=ExplorationPolicy(share=0.999, pool=2)) as tm:
        session = tm.session()
        session.send("recommend me something", k=3)
        turn, *shown = lines(session)
    assert len(turn["ranked"]) == 5
    places = [turn["ranked"].index(one["item"]) for one in shown]
    policy = ExplorationPolicy(share=0.999, pool=2)
    for slot, (place, one) in enumerate(zip(places, shown, strict=True)):
        assert one["propensity"] == pytest.approx(policy.propensity(12, 3, place, slot))
        assert one["inclusion"] == pytest.approx(policy.inclusion(12, 3, place))
    assert sum(place >= 3 for place in places) <= 1


def test_propensities_are_those_of_the_draw():
    policy, dice, times = ExplorationPolicy(share=0.5, pool=3), random.Random(1), 40_000
    seen = Counter()
    for _ in range(times):
        places = policy.fill(10, 2, dice)
        assert len(set(places)) == 2
        seen.update(enumerate(places))
    for slot in range(2):
        assert sum(policy.propensity(10, 2, place, slot) for place in range(10)) == pytest.approx(1)
        for place in range(10):
            assert seen[slot, place] / times == pytest.approx(policy.propensity(10, 2, place, slot), abs=0.01)
    for place in range(10):
        each = sum(policy.propensity(10, 2, place, slot) for slot in range(2))
        assert policy.inclusion(10, 2, place) == pytest.approx(each)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_without_anything_left_to_draw_nothing_is_drawn(n):
    policy = ExplorationPolicy(share=0.9)
    assert policy.fill(n, 2, random.Random(0)) == tuple(range(n))
    assert [policy.inclusion(n, 2, place) for place in range(n)] == [1.0] * n


def test_a_torn_last_line_is_left_out_and_a_broken_one_is_named(tmp_path):
    log = FeedbackLog(tmp_path, "s")
    log.turn(1, "hi", 1, {}, {}, ExplorationPolicy(), Draw(ranked=("a",), places=(0,), of=1), ["a"])
    whole = log.path.read_text()
    log.path.write_text(whole + '{"kind": "sho')
    assert [one["kind"] for one in read_feedback(log.path)] == ["turn", "shown"]
    log.path.write_text("nonsense\n" + whole)
    with pytest.raises(DataError, match=r"s\.jsonl:1"):
        list(read_feedback(log.path))


def test_a_share_outside_of_its_range_is_refused(film_workspace):
    for share in (-0.1, 1.0):
        with pytest.raises(ConfigError, match=r"such as 0\.05"):
            Tastemaker.open(film_workspace.path, explore_share=share)


def test_the_log_may_lie_elsewhere(film_workspace, tmp_path):
    with Tastemaker.open(film_workspace.path, log=tmp_path / "log", explore_share=0.05) as tm:
        session = tm.session()
        session.send("a drama")
    assert lines(session, "turn")[0]["share"] == 0.05
    assert session.feedback.path.parent == tmp_path / "log"
