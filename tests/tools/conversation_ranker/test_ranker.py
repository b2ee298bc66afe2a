"""Evidence on the small film workspace, and a ranker that learns from conversations."""

import numpy as np
import pytest

from tastemaker.recommenders.conversation.co_mention import CoMentions
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.filters.constraints import Constraint, Op
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext, group_mentions
from tastemaker.tools.conversation_ranker.evidence import EvidenceReader, Own
from tastemaker.tools.conversation_ranker.ranker import MIN_CASES, ConversationRanker
from tastemaker.tools.converse import converse
from tastemaker.tools.dialogue_context import DialogueContext


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


@pytest.fixture(scope="module")
def reader(tool_context):
    talks = [tool_context.catalog.rows(ids).tolist() for ids in (("1", "3"), ("1", "3"), ("4", "6"))]
    return EvidenceReader(tool_context, CoMentions.of(talks, len(tool_context.catalog)))


def column(reader, dialogue, name, without=None):
    """Item id -> evidence."""
    table = reader.read(dialogue, without)
    return dict(zip(map(str, range(1, 13)), table[:, reader.names.index(name)].tolist(), strict=True))


def best(evidence, n=1):
    return set(sorted(evidence, key=lambda i: -evidence[i])[:n])


def test_every_column_is_standardised_or_says_nothing(reader, tool_context):
    dialogue = DialogueContext(("hello", "thrillers by Ada Stone, about a killer on a train"), ("1", "4"))
    table = reader.read(dialogue)
    assert (table.shape, table.dtype) == ((len(tool_context.catalog), len(reader.names)), np.float32)
    for values in table.T:
        assert abs(values.mean()) < 1e-5
        assert values.std() == pytest.approx(1, abs=1e-4) or not values.any()


def test_what_was_said_speaks_for_items_that_hold_it(reader):
    dialogue = DialogueContext(("thrillers by Ada Stone, about a killer on a train",))
    assert best(column(reader, dialogue, "said genres"), 4) == {
        "1",
        "3",
        "5",
        "12",
    }  # a plural is a value too
    assert best(column(reader, dialogue, "said director"), 3) == {"1", "3", "12"}
    for name in ("meaning", "words"):
        assert best(column(reader, dialogue, name)) == {"3"}


def test_what_was_mentioned_speaks_for_its_like(reader):
    dialogue = DialogueContext((), ("6",))  # Second Harvest, drama and romance by Cleo Hart, 1999
    assert best(column(reader, dialogue, "shared director"), 2) == {"4", "6"}
    assert best(column(reader, dialogue, "shared genres"), 1) == {"6"}
    assert best(column(reader, dialogue, "near year"), 2) == {"6", "3"}
    assert best(column(reader, dialogue, "likeness")) == {"6"}
    beside, alone = column(reader, dialogue, "beside"), column(reader, DialogueContext(), "beside")
    assert beside["4"] > alone["4"]
    assert best(column(reader, dialogue, "year")) == {"11"}


def test_nothing_said_and_nothing_mentioned_leaves_what_is_known_of_items_alone(reader):
    table = reader.read(DialogueContext())
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
    dialogue = DialogueContext(("hello",), ("4",))
    for without in (None, Own("c3", ("4", "6"))):
        places = [reader.names.index(name) for name in reader.COUNTED]
        assert np.array_equal(
            reader.count_columns(dialogue, without), reader.read(dialogue, without)[:, places]
        )


def test_a_conversation_does_not_tell_of_itself(reader):
    held = column(reader, DialogueContext((), ("4",)), "beside", without=Own("c3", ("4", "6")))
    assert held["6"] < held["1"]
    assert (
        column(reader, DialogueContext(), "named", without=Own("c3", ("4", "6")))["6"]
        == column(reader, DialogueContext(), "named", without=Own("c3", ("4", "6")))["2"]
    )


def moments(n=90):
    """Who speaks of 1 is given 3, who speaks of 4 is given 6, and everyone is given 5 now and then."""
    for number in range(n):
        seen, named = (("1", "3"), ("4", "6"))[number % 2]
        told = ("5",) if number % 9 == 0 else (named,)
        yield LoggedContext(f"c{number}", DialogueContext(("hello", "what is there?"), (seen,)), told)


@pytest.fixture(scope="module")
def ranker(tool_context):
    return ConversationRanker.fit(tool_context, list(moments()))


def ranked(ranker, tool_context, dialogue):
    ids = [tool_context.catalog.ids[row] for row in np.argsort(-ranker.scores(dialogue), kind="stable")]
    return [item_id for item_id in ids if item_id not in dialogue.mentioned]


def test_it_learns_what_goes_with_what(ranker, tool_context):
    assert ranked(ranker, tool_context, DialogueContext(("hello",), ("1",)))[0] == "3"
    assert ranked(ranker, tool_context, DialogueContext(("hello",), ("4",)))[0] == "6"
    assert ranker.record["moments"] == 90
    assert ranker.record["conversations"] == 90


def test_evidence_can_be_left_out(tool_context):
    without = ConversationRanker.fit(tool_context, list(moments(60)), leave_out=("beside", "named"))
    weights = without.choice.weights.detach().numpy()
    gone = [without.evidence.index(name) for name in ("beside", "named")]
    assert np.abs(weights[gone]).max() == 0
    assert np.abs(weights).max() > 0


def test_what_was_read_for_one_fit_serves_another_on_other_conversations(tool_context):
    logged, seen = list(moments(80)), {}
    ConversationRanker.fit(tool_context, logged[:60], seen=seen)
    again = ConversationRanker.fit(tool_context, logged[20:], seen=seen)
    afresh = ConversationRanker.fit(tool_context, logged[20:])
    dialogue = DialogueContext(("something tense",), ("1",))
    assert again.scores(dialogue) == pytest.approx(afresh.scores(dialogue), abs=2e-3)
    assert len(seen) == 80


def test_too_few_conversations_teach_nothing(tool_context):
    empty = [LoggedContext("c", DialogueContext(("hi",)), ())] * 100
    with pytest.raises(DataError, match=f"at least {MIN_CASES} are needed"):
        ConversationRanker.fit(tool_context, [*empty, *moments(MIN_CASES - 1)])


def test_saved_and_read_again(ranker, tool_context, tmp_path):
    ranker.save(tmp_path / "conversation")
    again = ConversationRanker.load(tmp_path / "conversation", tool_context)
    dialogue = DialogueContext(("something tense",), ("1",))
    assert again.scores(dialogue).tolist() == ranker.scores(dialogue).tolist()
    assert again.record == ranker.record
    with pytest.raises(WorkspaceError):
        ConversationRanker.load(tmp_path / "absent", tool_context)


def test_as_a_tool_it_keeps_conditions_and_hides_what_is_excluded(ranker, tool_context):
    from dataclasses import replace

    dialogue, taught = DialogueContext(("hello",), ("1",)), replace(tool_context, conversation=ranker)
    assert converse(taught, dialogue, exclude=["1"]).ranked[0][0] == "3"
    found = converse(taught, dialogue, [Constraint(field="genres", op=Op.IS, value="Thriller")], ["3"], k=2)
    ids = [item_id for item_id, _ in found.ranked]
    assert set(ids) < {"1", "5", "12"}
    assert len(ids) == 2
    untaught = converse(replace(tool_context, conversation=None), dialogue)
    assert (untaught.ranked, "tastemaker learn" in untaught.note) == ((), True)


def test_items_of_a_conversation_count_once_and_in_order():
    logged = [
        LoggedContext("a", DialogueContext((), ("1", "2")), ("3",)),
        LoggedContext("a", DialogueContext((), ("1", "2", "3")), ("2", "4")),
    ]
    assert group_mentions(logged) == {"a": ("1", "2", "3", "4")}
