"""Evidence on the small film workspace, and a ranker that learns from conversations."""

import numpy as np
import pytest

from tastemaker.recommenders.conversation.co_mention import CoMentions
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.filters.constraints import Constraint, Op
from tastemaker.tools.conversation_ranker.context_knn import LoggedMoment, named_by
from tastemaker.tools.conversation_ranker.dialogue_context import Moment
from tastemaker.tools.conversation_ranker.evidence import EvidenceReader, Own
from tastemaker.tools.conversation_ranker.ranker import LEAST_CASES, ConversationRanker, converse


@pytest.fixture(scope="module")
def shelf(film_workspace):
    return film_workspace.shelf()


@pytest.fixture(scope="module")
def reader(shelf):
    talks = [shelf.catalog.rows(ids).tolist() for ids in (("1", "3"), ("1", "3"), ("4", "6"))]
    return EvidenceReader(shelf, CoMentions.of(talks, len(shelf.catalog)))


def column(reader, moment, name, without=None):
    """Item id -> evidence."""
    table = reader.read(moment, without)
    return dict(zip(map(str, range(1, 13)), table[:, reader.names.index(name)].tolist(), strict=True))


def best(evidence, n=1):
    return set(sorted(evidence, key=lambda i: -evidence[i])[:n])


def test_every_column_is_standardised_or_says_nothing(reader, shelf):
    moment = Moment(("hello", "thrillers by Ada Stone, about a killer on a train"), ("1", "4"))
    table = reader.read(moment)
    assert (table.shape, table.dtype) == ((len(shelf.catalog), len(reader.names)), np.float32)
    for values in table.T:
        assert abs(values.mean()) < 1e-5
        assert values.std() == pytest.approx(1, abs=1e-4) or not values.any()


def test_what_was_said_speaks_for_items_that_hold_it(reader):
    moment = Moment(("thrillers by Ada Stone, about a killer on a train",))
    assert best(column(reader, moment, "said genres"), 4) == {"1", "3", "5", "12"}  # a plural is a value too
    assert best(column(reader, moment, "said director"), 3) == {"1", "3", "12"}
    for name in ("meaning", "words"):
        assert best(column(reader, moment, name)) == {"3"}


def test_what_was_mentioned_speaks_for_its_like(reader):
    moment = Moment((), ("6",))  # Second Harvest, drama and romance by Cleo Hart, 1999
    assert best(column(reader, moment, "shared director"), 2) == {"4", "6"}
    assert best(column(reader, moment, "shared genres"), 1) == {"6"}
    assert best(column(reader, moment, "near year"), 2) == {"6", "3"}
    assert best(column(reader, moment, "likeness")) == {"6"}
    beside, alone = column(reader, moment, "beside"), column(reader, Moment(), "beside")
    assert beside["4"] > alone["4"]
    assert best(column(reader, moment, "year")) == {"11"}


def test_nothing_said_and_nothing_mentioned_leaves_what_is_known_of_items_alone(reader):
    table = reader.read(Moment())
    telling = {name for name, values in zip(reader.names, table.T, strict=True) if values.any()}
    assert telling >= {"named", "beside", "year"}
    assert not telling & {
        "meaning",
        "tag",
        "words",
        "likeness",
        "nearest",
        "said genres",
        "shared genres",
        "near year",
        "taste",
    }


def test_what_was_counted_can_be_read_alone(reader):
    moment = Moment(("hello",), ("4",))
    for without in (None, Own("c3", ("4", "6"))):
        places = [reader.names.index(name) for name in reader.COUNTED]
        assert np.array_equal(reader.counted(moment, without), reader.read(moment, without)[:, places])


def test_a_conversation_does_not_tell_of_itself(reader):
    held = column(reader, Moment((), ("4",)), "beside", without=Own("c3", ("4", "6")))
    assert held["6"] < held["1"]
    assert (
        column(reader, Moment(), "named", without=Own("c3", ("4", "6")))["6"]
        == column(reader, Moment(), "named", without=Own("c3", ("4", "6")))["2"]
    )


def moments(n=90):
    """Who speaks of 1 is given 3, who speaks of 4 is given 6, and everyone is given 5 now and then."""
    for number in range(n):
        seen, named = (("1", "3"), ("4", "6"))[number % 2]
        told = ("5",) if number % 9 == 0 else (named,)
        yield LoggedMoment(f"c{number}", Moment(("hello", "what is there?"), (seen,)), told)


@pytest.fixture(scope="module")
def ranker(shelf):
    return ConversationRanker.fit(shelf, list(moments()))


def ranked(ranker, shelf, moment):
    ids = [shelf.catalog.ids[row] for row in np.argsort(-ranker.scores(moment), kind="stable")]
    return [item_id for item_id in ids if item_id not in moment.mentioned]


def test_it_learns_what_goes_with_what(ranker, shelf):
    assert ranked(ranker, shelf, Moment(("hello",), ("1",)))[0] == "3"
    assert ranked(ranker, shelf, Moment(("hello",), ("4",)))[0] == "6"
    assert ranker.record["moments"] == 90
    assert ranker.record["conversations"] == 90


def test_evidence_can_be_left_out(shelf):
    without = ConversationRanker.fit(shelf, list(moments(60)), leave_out=("beside", "named"))
    weights = without.choice.weights.detach().numpy()
    gone = [without.evidence.index(name) for name in ("beside", "named")]
    assert np.abs(weights[gone]).max() == 0
    assert np.abs(weights).max() > 0


def test_what_was_read_for_one_fit_serves_another_on_other_conversations(shelf):
    logged, seen = list(moments(80)), {}
    ConversationRanker.fit(shelf, logged[:60], seen=seen)
    again = ConversationRanker.fit(shelf, logged[20:], seen=seen)
    afresh = ConversationRanker.fit(shelf, logged[20:])
    moment = Moment(("something tense",), ("1",))
    assert again.scores(moment) == pytest.approx(afresh.scores(moment), abs=2e-3)
    assert len(seen) == 80


def test_too_few_conversations_teach_nothing(shelf):
    empty = [LoggedMoment("c", Moment(("hi",)), ())] * 100
    with pytest.raises(DataError, match=f"at least {LEAST_CASES} are needed"):
        ConversationRanker.fit(shelf, [*empty, *moments(LEAST_CASES - 1)])


def test_saved_and_read_again(ranker, shelf, tmp_path):
    ranker.save(tmp_path / "conversation")
    again = ConversationRanker.load(tmp_path / "conversation", shelf)
    moment = Moment(("something tense",), ("1",))
    assert again.scores(moment).tolist() == ranker.scores(moment).tolist()
    assert again.record == ranker.record
    with pytest.raises(WorkspaceError):
        ConversationRanker.load(tmp_path / "absent", shelf)


def test_as_a_tool_it_keeps_conditions_and_hides_what_is_excluded(ranker, shelf):
    from dataclasses import replace

    moment, taught = Moment(("hello",), ("1",)), replace(shelf, conversation=ranker)
    assert converse(taught, moment, exclude=["1"]).ranked[0][0] == "3"
    found = converse(taught, moment, [Constraint(field="genres", op=Op.IS, value="Thriller")], ["3"], k=2)
    ids = [item_id for item_id, _ in found.ranked]
    assert set(ids) < {"1", "5", "12"}
    assert len(ids) == 2
    untaught = converse(replace(shelf, conversation=None), moment)
    assert (untaught.ranked, "tastemaker learn" in untaught.note) == ((), True)


def test_items_of_a_conversation_count_once_and_in_order():
    logged = [
        LoggedMoment("a", Moment((), ("1", "2")), ("3",)),
        LoggedMoment("a", Moment((), ("1", "2", "3")), ("2", "4")),
    ]
    assert named_by(logged) == {"a": ("1", "2", "3", "4")}
