"""Kinds of requests of ordinary people of which a part was once lost or turned round, several of each."""

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Scope
from tastemaker.agent.nlu.rules.acts.asides import find_asides
from tastemaker.agent.nlu.rules.acts.dialogue_acts import relatives
from tastemaker.agent.nlu.rules.acts.intent import read_intent
from tastemaker.agent.nlu.rules.acts.item_questions import asks_of_item
from tastemaker.agent.nlu.rules.acts.request_scope import asks_for_others, read_scope
from tastemaker.agent.nlu.rules.facet_preferences import without_lesser, without_names
from tastemaker.agent.nlu.rules.free_text_query import read_avoided, read_query_text, tells_of_oneself
from tastemaker.agent.nlu.rules.numeric_constraints import read_years
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.rules.statement_or_request import is_fond_of
from tastemaker.agent.nlu.rules.styles import in_the_style
from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.agent.turn.profile_update import update_profile
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.facets.topics import Topics
from tastemaker.retrieval.facets.words import words_of
from tastemaker.retrieval.filters.constraints import Constraint, Op, describe
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.mark.parametrize(
    "story",
    [
        "somebody pretends to be someone they are not and gets away with it",
        "the government is up to no good and somebody finds out",
        "a love story where they don't end up together",
    ],
)
def test_a_denial_within_a_story_is_no_refusal(story):
    assert read_query_text(story, (), ()) == story
    assert read_avoided(story, ()) == ()


def test_the_parts_of_a_refused_list_are_avoided_one_by_one():
    said = "nothing with spiders, births that go wrong or dying parents"
    avoided = read_avoided(said, ())
    assert "spiders" in avoided
    assert "births that go wrong" in avoided
    assert "dying parents" in avoided
    assert read_query_text(said, (), ()) == ""


@pytest.mark.parametrize(
    ("clause", "of_oneself"),
    [
        ("my nan's over for tea", True),
        ("I'm seven months pregnant and cry at adverts", True),
        ("we just had a baby", True),
        ("I want to cry", False),
        ("my daughter wants to be a ballerina", False),
    ],
)
def test_how_things_are_with_people_is_no_wish(clause, of_oneself):
    assert tells_of_oneself(clause) is of_oneself


def test_what_is_explained_leaves_nothing_of_oneself_to_search_for():
    said = "I'm seven months pregnant and cry at adverts"
    assert read_query_text(said, (), ()) == said
    assert read_query_text(said, (), (), explained=True) == ""


@pytest.mark.parametrize(
    ("message", "aside"),
    [
        ("oh brilliant, yet more whispering in corridors about money. CARS.", True),
        ("great, another one please", False),
        ("more like the second one please", False),
    ],
)
def test_sarcasm_asks_for_nothing(message, aside):
    assert bool(find_asides(message)) is aside


@pytest.mark.parametrize(
    ("message", "name", "manner"),
    [
        ("something weird, like david lynch", "david lynch", True),
        ("like a Woody Allen film", "Woody Allen", True),
        ("I really like David Lynch", "David Lynch", False),
        ("would like Tom Hanks in it", "Tom Hanks", False),
    ],
)
def test_a_person_may_stand_for_a_manner(message, name, manner):
    start = message.index(name)
    assert in_the_style(message, start, start + len(name)) is manner


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("what's a good one about two people who can't stand each other", Intent.RECOMMEND),
        ("what is a nice book about chess", Intent.RECOMMEND),
        ("what's Heat about", Intent.QUESTION),
    ],
)
def test_what_is_a_good_one_about_asks_for_one(message, intent):
    assert read_intent(message, ()) is intent


@pytest.mark.parametrize(
    ("message", "scope"),
    [
        ("with a woman on the run instead", Scope.REFINE),
        ("from the eighties instead", Scope.REFINE),
        ("a western instead", Scope.REPLACE),
    ],
)
def test_instead_may_change_a_part(message, scope):
    assert read_scope(message, standing=True, new_subject=False) is scope


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("a bit older, 70s or before", "year at most 1979"),
        ("sixties and later", "year at least 1960"),
        ("from the 80s", "year between 1980 and 1989"),
    ],
)
def test_a_decade_and_all_beside_it(film_catalog, message, meant):
    assert [describe(one) for one, _, _ in read_years(message, film_catalog, ())] == [meant]


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("ok show me his other stuff", ["director"]),
        ("what else did they make?", ["director"]),
        ("something similar by other people", ["director"]),
        ("and something for us later, when they're in bed", []),
        ("something later please", ["year"]),
    ],
)
def test_what_is_compared_with_what_was_spoken_of(film_catalog, message, fields):
    held = set(film_catalog.schema.names())
    assert [one.field for one in relatives(message, film_catalog)] == [f for f in fields if f in held]


def _values(topics: Topics, message: str) -> set[str]:
    return {value for _, _, values in topics.named(words_of(message)) for value in values}


def test_topics_stand_where_they_are_named():
    counts = {
        "political intrigue": 3,
        "political satire": 3,
        "dog": 5,
        "boy and dog": 2,
        "mob boss": 4,
        "lynch mob": 3,
        "mafia": 9,
        "mine": 4,
        "mine disaster": 4,
    }
    topics = Topics(counts)
    assert _values(topics, "a political thriller") == {"political intrigue", "political satire"}
    assert _values(topics, "films about dogs") == {"dog", "boy and dog"}
    assert _values(topics, "I have two cats and a dog") == set()
    assert "lynch mob" not in _values(topics, "about the mob")
    assert "mafia" in _values(topics, "about the mob")
    assert _values(topics, "recommend me a movie") == set()


def test_more_of_one_thing_than_of_another():
    said = "a ghost story that's more sad than frightening"
    found = FacetMatcher(shipped_facets("films")).read(said)
    kept = without_lesser(found, said)
    assert "scares" in {one.field for one in found.matches}
    assert "scares" not in {one.field for one in kept.matches}
    assert "sadness" in {one.field for one in kept.matches}


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("a Pride and Prejudice sort of thing", set()),
        ("something about prejudice", {"plot"}),
        ("Something About Prejudice And Pride", {"plot"}),
    ],
)
def test_a_name_is_about_nothing(message, fields):
    start = message.casefold().index("prejudice")
    condition = Constraint(field="plot", op=Op.ANY_OF, value=("prejudice",))
    match = FacetMatch("plot", condition, 1.0, True, 1, (start, start + 9), message[start : start + 9])
    found = FacetReading((match,), (), (), (match,))
    kept = without_names(found, message, "plot")
    assert {one.field for one in (*kept.matches, *kept.hints)} == fields


def _asked(profile: TasteProfile, message: str, catalog: Catalog, *topics: str) -> TasteProfile:
    """The profile after a message that asks for topics among the genres."""
    prefer = tuple(
        Preference(condition=Constraint(field="genres", op=Op.ANY_OF, value=(topic,))) for topic in topics
    )
    said = Understanding(intent=Intent.RECOMMEND, wish=message, prefer=prefer)
    return update_profile(said, profile, (), catalog, TitleResolver(catalog), message=message).profile


def test_what_about_puts_one_thing_in_the_place_of_another(film_catalog):
    first = _asked(TasteProfile(), "something with drama", film_catalog, "Drama")
    instead = _asked(first, "what about comedy?", film_catalog, "Comedy")
    beside = _asked(first, "and some comedy too", film_catalog, "Comedy")
    assert [one.condition.value for one in instead.request.prefer] == [("Comedy",)]
    assert [one.condition.value for one in beside.request.prefer] == [("Drama",), ("Comedy",)]
    assert "something with drama" not in instead.wishes


@pytest.mark.parametrize(
    ("message", "others"),
    [
        ("what else have you got", True),
        ("anything else with pirates?", True),
        ("we know all of those", True),
        ("otra cosa con piratas", True),
        ("none of them, sorry", True),
        ("a couple more please", True),
        ("with more songs", False),
        ("other than that it was fine, just shorter", False),
        ("in French", False),
        ("the second one but for kids", False),
    ],
)
def test_who_asks_for_others_wants_nothing_twice(message, others):
    assert asks_for_others(message) is others


@pytest.mark.parametrize(
    ("clause", "fond"),
    [
        ("my uncle is really into ", True),
        ("we're big fans of ", True),
        ("he loves old black-and-white ", True),
        ("I loved that ", False),
        ("I watched a ", False),
        ("she likes it when ", False),
    ],
)
def test_a_taste_is_told_as_one_that_holds(clause, fond):
    assert is_fond_of(f"{clause}westerns", len(clause)) is fond


def test_a_taste_not_for_today_is_no_wish():
    assert not is_fond_of("we love westerns, just not tonight", 8)


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("what is the second one about?", Intent.QUESTION),
        ("what's the last film about", Intent.QUESTION),
        ("what was the movie about?", Intent.QUESTION),
        ("what's a good film about chess?", Intent.RECOMMEND),
        ("what's that film about a shark, where the mayor keeps the beach open", Intent.RECOMMEND),
    ],
)
def test_what_one_is_about_is_a_question_and_what_was_that_film_is_none(message, intent):
    assert read_intent(message, []) is intent


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("would my uncle enjoy the second one?", True),
        ("can we watch the third with our twins?", True),
        ("do you reckon the first one is worth it?", True),
        ("hang on, is the fifth a remake?", True),
        ("whats the last one, sounds odd", True),
        ("would you have something like the second one?", False),
        ("can you show me more like the first one", False),
        ("what about the second one but funnier", False),
        ("the first one, but for my nephew", False),
    ],
)
def test_a_question_of_one_that_was_shown_is_heard(message, asks):
    assert asks_of_item(message) is asks


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a heist film in which nobody falls in love", "a heist film"),
        ("a heist film, not too romantic", "a heist film"),
        (
            "a heist film in which two thieves love their dogs",
            "a heist film in which two thieves love their dogs",
        ),
    ],
)
def test_what_there_is_to_be_none_of_is_not_searched_for(text, wish):
    romance = Attribute(
        name="romance", kind=Kind.NUMBER, levels=("none", "a little", "much", "its very point")
    )
    films = [Item(str(n), f"Vexillum {n}", {"romance": n % 4}) for n in range(8)]
    catalog = Catalog(films, Schema(attributes=(romance,)))
    matcher = FacetMatcher(shipped_facets("films"), catalog)
    assert RulesReader(catalog, TitleResolver(catalog), matcher).read(text).wish == wish


@pytest.mark.parametrize("text", ["so tired of guns. can you do one without guns?", "no guns please"])
def test_what_a_facet_denies_is_no_word_to_leave_out_however_often_it_is_said(text):
    contains = Attribute(name="contains", kind=Kind.TAGS)
    films = [Item(str(n), f"Vexillum {n}", {"contains": ("guns",) if n % 2 else ("snow",)}) for n in range(8)]
    catalog = Catalog(films, Schema(attributes=(contains,)))
    matcher = FacetMatcher(shipped_facets("films"), catalog)
    assert RulesReader(catalog, TitleResolver(catalog), matcher).read(text).refused == ()


@pytest.mark.parametrize(
    "message",
    ["he is asleep. ok now one for me, gory and funny", "and now something for us, no cartoons"],
)
def test_now_one_for_me_begins_anew(message):
    assert read_scope(message, standing=True, new_subject=False) is Scope.REPLACE


def test_minus_twenty_degrees_turn_nothing_down():
    assert read_avoided("it is minus 20 outside, I want sand", ()) == ()
