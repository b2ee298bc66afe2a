"""A question is asked when its answer would change the list, and never twice."""

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request
from tastemaker.agent.reply.clarifying_question import question_worth_asking
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import Constraint, Op

SCHEMA = Schema(
    attributes=(Attribute(name="kind", kind=Kind.CATEGORY), Attribute(name="colour", kind=Kind.CATEGORY))
)


def shop(kinds, colours):
    return Catalog(
        [
            Item(str(n), f"item {n}", {"kind": k, "colour": c})
            for n, (k, c) in enumerate(zip(kinds, colours, strict=True))
        ],
        SCHEMA,
    )


def ranked(n):
    return [Fused(str(place), 1.0, ()) for place in range(n)]


def test_it_asks_about_what_differs():
    catalog = shop(["hat", "shoe", "coat", "belt"] * 3, ["red", "blue"] + ["red"] * 10)
    ask = question_worth_asking(ranked(12), TasteProfile(), catalog, (), k=4)
    assert ask.field == "kind"
    assert ask.text == "Would you rather have belt, coat, hat or shoe?"
    assert ask.gain == pytest.approx(2 * 0.75)


def test_nothing_is_asked_where_all_are_alike():
    catalog = shop(["hat"] * 12, ["red"] * 11 + ["blue"])
    assert question_worth_asking(ranked(12), TasteProfile(), catalog, (), k=4) is None


def test_what_was_said_or_asked_is_not_asked():
    catalog = shop(["hat", "shoe", "coat", "belt"] * 3, ["red"] * 11 + ["blue"])
    said = TasteProfile(constraints=(Constraint(field="kind", op=Op.IS_NOT, value="belt"),))
    assert question_worth_asking(ranked(12), said, catalog, (), k=4) is None
    assert question_worth_asking(ranked(12), TasteProfile(), catalog, ("kind",), k=4) is None
    assert question_worth_asking(ranked(12), TasteProfile(), catalog, ("a", "b"), k=4) is None


def wanting(*values, **request):
    prefer = [
        Preference(condition=Constraint(field="colour", op=Op.ANY_OF, value=(one,)), words=one)
        for one in values
    ]
    return TasteProfile(request=Request(prefer=tuple(prefer), **request))


def test_who_asked_for_several_things_is_not_asked():
    catalog = shop(["hat", "shoe", "coat", "belt"] * 3, ["red"] * 11 + ["blue"])
    assert question_worth_asking(ranked(12), wanting("red"), catalog, (), k=4)
    assert question_worth_asking(ranked(12), wanting("red", "blue"), catalog, (), k=4) is None
    about = wanting("red").model_copy(update={"wishes": ("something for a garden party",)})
    assert question_worth_asking(ranked(12), about, catalog, (), k=4) is None
    same = wanting("red").model_copy(update={"wishes": ("something red",)})
    assert question_worth_asking(ranked(12), same, catalog, (), k=4)


def test_what_was_refused_or_named_is_not_offered():
    catalog = shop(["hat", "shoe", "coat", "belt"] * 3, ["red"] * 11 + ["blue"])
    ask = question_worth_asking(ranked(12), wanting(avoid=("hats",)), catalog, (), k=4)
    assert ask.text == "Would you rather have belt, coat or shoe?"
    ask = question_worth_asking(ranked(12), TasteProfile(), catalog, (), k=4, said="forget the coat")
    assert "coat" not in ask.text


def test_a_list_that_shows_everything_needs_no_question():
    catalog = shop(["hat", "shoe", "coat", "belt"], ["red"] * 3 + ["blue"])
    assert question_worth_asking(ranked(4), TasteProfile(), catalog, (), k=4) is None


def test_in_a_session_a_question_comes_once_and_its_answer_is_taken(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    asked = session.send("recommend me something", k=3).question
    assert asked.startswith("Would you rather have ")
    answered = session.send("comedy", k=3)
    assert all("Comedy" in card.attributes["genres"] for card in answered.items)
    assert session.send("show me others", k=3).question != asked
