"""What was seen, what may be so, why something is refused, what stays the same: kinds of words that ask for nothing."""

import pytest

from tastemaker.agent.nlu.rules.acts.asides import find_asides
from tastemaker.agent.nlu.rules.acts.known_items import find_known, find_known_places, find_known_titles
from tastemaker.agent.nlu.rules.acts.permissions import find_permissions
from tastemaker.agent.nlu.rules.acts.same_but import find_same_but
from tastemaker.agent.nlu.rules.half_remembered import asks_which
from tastemaker.agent.nlu.rules.numeric_constraints import read_years
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.rules.slips import mend_slips
from tastemaker.agent.nlu.rules.styles import in_the_style
from tastemaker.agent.nlu.understanding import Sentiment
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.mark.parametrize(
    "message",
    [
        "been there, done that",
        "my brother owns all of those on dvd",
        "read both of those",
        "who hasn't seen those",
        "she has already watched these",
        "we know them inside out",
        "we did that one last month",
        "got them all on blu-ray already",
    ],
)
def test_what_was_shown_is_said_to_be_known(message):
    assert find_known(message)
    assert find_known_places(message, 3) == (1, 2, 3)


@pytest.mark.parametrize(
    "message",
    [
        "I have not seen any of these",
        "do you know it?",
        "I know that it is long",
        "I'd like to see it",
        "if I've seen it before I get bored",
        "saw that film with the parrot",
        "we had that with chips",
    ],
)
def test_and_what_is_no_such_thing(message):
    assert not find_known(message)


def test_some_places_are_left_out_of_what_is_known():
    assert find_known_places("we know these, except the second", 3) == (1, 3)
    assert find_known_places("seen all but the last", 4) == (1, 2, 3)


def test_titles_that_are_known_are_neither_liked_nor_refused():
    said = "not             or            , my dad knows those"
    spans = [(4, 16), (20, 31)]
    assert find_known_titles(said, spans) == spans
    assert find_known_titles("I adored                , and love it, seen it twice", [(9, 24)]) == []


@pytest.fixture(scope="module")
def reader(film_catalog):
    return RulesReader(film_catalog, TitleResolver(film_catalog))


@pytest.mark.parametrize(
    "message",
    [
        "we did harbour lights last week",
        "finished Harbour Lights yesterday",
        "Harbour Lights? seen it",
        "not Harbour Lights, we know that one by heart",
        "got Harbour Lights on dvd",
        "last night was Harbour Lights",
    ],
)
def test_a_title_that_was_had_is_seen(reader, message):
    assert [one.sentiment for one in reader.read(message).mentions] == [Sentiment.SEEN]


def test_what_is_known_of_the_list_is_never_shown_again(tm):
    session = tm.session()
    shown = {card.id for card in session.send("a thriller", k=3).items}
    session.send("she knows all of those")
    assert shown <= set(session.profile.history)
    assert shown <= set(session.profile.hidden_ids())


@pytest.mark.parametrize(
    ("message", "things"),
    [
        ("swearing is no problem", [("swearing", False)]),
        ("subtitles don't bother my dad, silent ones even better", [("silent ones", True)]),
        ("I wouldn't mind a sad ending", [("a sad ending", False)]),
        ("it needn't be recent", [("recent", False)]),
        ("blood is fine by us, and old ones would be a bonus", [("blood", False), ("old ones", True)]),
        ("something gentle is fine", []),
        ("this is fine", []),
        ("any genre is fine", []),
        ("are you ok?", []),
    ],
)
def test_what_may_be_so(message, things):
    assert [(message[slice(*one.thing)], one.better) for one in find_permissions(message)] == things


@pytest.mark.parametrize(
    ("message", "aside"),
    [
        ("no cricket, it puts me to sleep", "it puts me to sleep"),
        ("nothing with vampires because I find them silly", "because I find them silly"),
        ("without songs, dull", "dull"),
        ("saw         on Friday, rather slow that one. a farce please", "rather slow that one"),
        ("last night was          which felt endless", "which felt endless"),
    ],
)
def test_reasons_and_remarks_ask_for_nothing(message, aside):
    assert [message[a:b].strip(" ,") for a, b in find_asides(message)] == [aside]


@pytest.mark.parametrize(
    "message", ["no cricket, too slow", "a farce, it is my birthday", "not too slow, it is late"]
)
def test_what_limits_the_wish_is_no_aside(message):
    assert find_asides(message) == []


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("now the same again but Danish", "Danish"),
        ("just like that, only shorter", "shorter"),
        ("as before with Ada Stone", "with Ada Stone"),
        ("lo mismo pero en alemán", "en alemán"),
    ],
)
def test_the_same_but_one_thing(message, rest):
    span = find_same_but(message)
    assert span is not None
    assert message[span[1] :].strip() == rest


def test_the_same_is_no_change_by_itself():
    assert find_same_but("at the same time") is None
    assert find_same_but("by the same director") is None


def test_the_same_but_takes_back_what_it_replaces(reader):
    said = reader.read("same but from the eighties")
    assert said.forget == ("year",)
    assert [one.field for one in said.constraints] == ["year"]


@pytest.mark.parametrize(
    ("message", "span"),
    [
        ("années 50 ou 60", (1950, 1969)),
        ("aus den 70ern oder 80ern", (1970, 1989)),
        ("degli anni sessanta e settanta", (1960, 1979)),
        ("de los años 80 y 90", (1980, 1999)),
    ],
)
def test_two_decades_in_other_languages_are_one_span(film_catalog, message, span):
    found = [condition.value for condition, _, _ in read_years(message, film_catalog)]
    assert found == [span]


def test_a_length_beside_a_decade_is_no_decade(film_catalog):
    found = [condition.value for condition, _, _ in read_years("années 50 et 90 minutes", film_catalog)]
    assert found == [(1950, 1959)]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("by Ada Stone or someone like that", "Ada Stone"),
        ("de Ada Stone o algo parecido", "Ada Stone"),
        ("von Ada Stone oder so ähnlich", "Ada Stone"),
        ("d'Ada Stone ou quelque chose comme ça", "Ada Stone"),
        ("di Ada Stone o qualcosa del genere", "Ada Stone"),
    ],
)
def test_or_something_like_it_makes_a_name_a_manner(message, name):
    at = message.index(name)
    assert in_the_style(message, at, at + len(name))
    assert not in_the_style(f"by {name} or Ben Marsh", 3, 3 + len(name))


def test_comparatives_are_mended_and_other_languages_left_alone():
    assert (
        mend_slips("shoter and newwer ones, drama oder krimi") == "shorter and newer ones, drama oder krimi"
    )


def test_who_asks_which_film_it_was():
    assert asks_which("trying to think of a film, a butcher becomes pope")
    assert asks_which("what was that movie where the butcher becomes pope")
    assert not asks_which("a film in which a butcher becomes pope")


@pytest.mark.parametrize(
    ("message", "thing", "lifts"),
    [
        ("black and white doesn't matter after all", "black and white", True),
        ("the length isn't a problem any more", "the length", True),
        ("so long is fine", "long", False),
        ("colour's ok if it is good", "colour", False),
        ("new ones count too", "new ones", False),
    ],
)
def test_what_no_longer_matters_is_allowed(message, thing, lifts):
    (one,) = find_permissions(message)
    assert (message[slice(*one.thing)], one.lifts) == (thing, lifts)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("I think the animal one would finish me off", "the animal one"),
        ("I've seen the German one with the boys. On land then", "the German one with the boys"),
        ("the child prodigy one I've seen", "the child prodigy one"),
        ("a horror. don't laugh", "don't laugh"),
    ],
)
def test_an_item_that_is_pointed_at_is_no_wish(message, told):
    assert [message[a:b].strip() for a, b in find_asides(message)] == [told]


@pytest.mark.parametrize(
    "message", ["the scary one please", "the one where he lies", "the first one looks good", "the funny ones"]
)
def test_a_choice_is_no_aside(message):
    assert find_asides(message) == []
