"""What a later message does to what was asked for before."""

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request, Scope
from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.agent.turn.references import end_recall
from tastemaker.agent.turn.request_edit import begin_request, settle_scope, with_added_labels
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.agent.turn.standing_conditions import note_for, relax_standing
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.conditions import any_of
from tastemaker.retrieval.filters.constraints import Constraint, Op

SCHEMA = Schema(
    attributes=(
        Attribute(name="genre", kind=Kind.CATEGORY),
        Attribute(name="director", kind=Kind.CATEGORY),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="topics", kind=Kind.TAGS),
    )
)
CATALOG = Catalog(
    [
        *(
            Item(f"a{n}", "", {"genre": "drama", "director": "Ada Moss", "year": 1990 + n % 9})
            for n in range(60)
        ),
        *(
            Item(
                f"b{n}",
                "",
                {"genre": "western", "director": "Bo Hill", "year": 1950, "topics": ("trains",)},
            )
            for n in range(60)
        ),
        *(Item(f"c{n}", "", {"genre": "drama", "director": "Cy Orr", "year": 1991}) for n in range(3)),
    ],
    SCHEMA,
)
BY_MOSS = Constraint(field="director", op=Op.IS, value="Ada Moss")
DRAMA = Constraint(field="genre", op=Op.IS, value="drama")
OLD = Constraint(field="year", op=Op.BEFORE, value=1970)
NO_WESTERN = Constraint(field="genre", op=Op.IS_NOT, value="western")


def relaxed(standing, message, **said):
    before = TasteProfile(constraints=standing)
    said = Understanding(intent=Intent.RECOMMEND, **said)
    after = before.model_copy(update={"constraints": (*standing, *said.constraints)})
    profile, gone = relax_standing(said, before, after, message, CATALOG)
    return profile.constraints, gone


@pytest.mark.parametrize(
    ("standing", "message", "said", "gone"),
    [
        ((BY_MOSS,), "but from before 1970", {"constraints": (OLD,)}, (BY_MOSS,)),
        ((DRAMA, BY_MOSS), "older ones", {"constraints": (OLD,)}, (DRAMA, BY_MOSS)),
        ((BY_MOSS,), "from 1995", {"constraints": (Constraint(field="year", op=Op.IS, value=1995),)}, ()),
        ((NO_WESTERN,), "but from before 1970", {"constraints": (OLD,)}, ()),  # a refusal holds
    ],
)
def test_conditions_of_before_that_leave_nothing_go(standing, message, said, gone):
    kept, let_go = relaxed(standing, message, **said)
    assert let_go == gone
    assert kept == (*(one for one in standing if one not in gone), *said["constraints"])


def test_a_whole_new_wish_is_not_trapped():
    trains = Preference(condition=Constraint(field="topics", op=Op.ANY_OF, value=("trains",)), weight=0.8)
    assert relaxed((BY_MOSS,), "something about trains", prefer=(trains,))[1] == (BY_MOSS,)
    assert relaxed((BY_MOSS,), "but also with trains", prefer=(trains,))[1] == ()


def test_a_small_body_of_works_is_left_as_large_as_it_was():
    few = Constraint(field="director", op=Op.IS, value="Cy Orr")
    assert relaxed((few,), "start with the blue one, my friend says", wish="the blue one")[1] == ()


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ((), "I let go of “by Ada Moss”: with it nothing here is what you ask for now."),
        (
            tuple(one.id for one in CATALOG if one.attributes["director"] == "Ada Moss"),
            "I let go of “by Ada Moss”: what there is with it you have had.",
        ),
    ],
)
def test_the_note_on_what_is_let_go_says_what_was_left(known, said):
    phrases = ValuePhrases(CATALOG.schema)
    assert note_for((BY_MOSS,), TasteProfile(history=known), phrases, CATALOG) == (said,)
    assert note_for((), TasteProfile(), phrases, CATALOG) == ()


LONG = (
    "we have sat in front of it a hundred times in this house so please find us a film of the fifties today"
)


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        ({"constraints": (OLD,)}, Scope.REFINE),
        ({"constraints": (Constraint(field="genre", op=Op.IS, value="western"),)}, Scope.NEW),
        ({"wish": "a train robbery"}, Scope.NEW),
    ],
)
def test_a_long_message_of_limits_alone_goes_on(said, scope):
    profile = TasteProfile(wishes=("an old musical",))
    assert settle_scope(Understanding(intent=Intent.RECOMMEND, **said), profile, LONG, CATALOG) is scope


STORY = "what's that film where a clerk finds a map in a library and follows it across the desert"


def state(**profile):
    card = {"id": "a1", "title": "", "attributes": {}, "reason": "", "score": 0.0, "sources": ()}
    return SessionState.model_validate({"profile": profile, "last": [card]})


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Yes, that's the one! More like it?", True),
        ("bingo, anything else with deserts?", True),
        ("that was it, thanks. others with maps?", True),
        ("it's the one with the camel I mean", False),
        ("no, it had a camel", False),
    ],
)
def test_the_thing_half_remembered_is_found(message, found):
    told = Understanding(intent=Intent.MORE)
    said, profile = end_recall(told, state(wishes=(STORY,)), message)
    assert bool(said.mentions) is found
    assert (profile.wishes == ()) is found


def test_nothing_is_found_where_nothing_was_told():
    told = Understanding(intent=Intent.MORE)
    assert end_recall(told, state(wishes=("a western",)), "that's the one!")[0] == told


TAGGED = Catalog(
    [
        *(Item(f"m{n}", "", {"genres": ("comedy", "musical")}) for n in range(3)),
        *(Item(f"w{n}", "", {"genres": ("western",)}) for n in range(3)),
    ],
    Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),)),
)


@pytest.mark.parametrize(("label", "op"), [("musical", Op.ALL_OF), ("western", Op.IS)])
def test_a_label_is_added_where_anything_has_both(label, op):
    profile = TasteProfile(constraints=(Constraint(field="genres", op=Op.IS, value="comedy"),))
    said = Understanding(constraints=(Constraint(field="genres", op=Op.IS, value=label),))
    assert with_added_labels(said, profile, TAGGED).constraints[0].op is op


def test_what_was_turned_down_outlives_a_change_of_subject():
    before = TasteProfile(constraints=(DRAMA, NO_WESTERN), wishes=("an old drama",))
    kept = begin_request(Understanding(intent=Intent.RECOMMEND), before, Scope.REPLACE)
    assert kept.constraints == (NO_WESTERN,)
    assert kept.wishes == ()


def test_what_a_message_replaces_is_neither_kept_nor_missed():
    western, drama = (Constraint(field="genre", op=Op.ANY_OF, value=(name,)) for name in ("western", "drama"))
    before = TasteProfile(constraints=(western,))
    wish = Preference(condition=western)
    after = before.model_copy(update={"constraints": (western, drama)}).with_request(Request(prefer=(wish,)))
    said = Understanding(intent=Intent.RECOMMEND, constraints=(drama,))
    profile, gone = relax_standing(said, before, after, "no, a drama", CATALOG)
    assert (profile.constraints, profile.request.prefer, gone) == ((drama,), (), ())


def test_alternatives_are_replaced_by_others_on_the_same_attributes():
    italian, japanese = (
        any_of(
            [
                Constraint(field="country", op=Op.ANY_OF, value=(country,)),
                Constraint(field="language", op=Op.ANY_OF, value=(language,)),
            ]
        )
        for country, language in (("Italy", "Italian"), ("Japan", "Japanese"))
    )
    assert TasteProfile(constraints=(italian,)).with_constraint(japanese).constraints == (japanese,)
