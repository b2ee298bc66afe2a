"""What people say of the list shown: places, taking one, what they have seen, going on with a question, other languages."""

import pytest

from tastemaker.agent.nlu.rules.acts.accepting import accepts, split_acceptance
from tastemaker.agent.nlu.rules.acts.follow_ups import (
    name_item,
    read_next,
    read_next_extreme,
    replace_item,
    without_opening,
)
from tastemaker.agent.nlu.rules.acts.foreign_list_talk import put_in_english
from tastemaker.agent.nlu.rules.acts.list_names import name_places, name_titles
from tastemaker.agent.nlu.rules.acts.list_parts import asks_of_rest, put_they, read_few, split_exception
from tastemaker.agent.nlu.rules.acts.list_questions import NEWEST, OLDEST, ListAsk, read_list_question
from tastemaker.agent.nlu.rules.acts.people_asked import read_person_question
from tastemaker.agent.nlu.rules.acts.request_scope import asks_for_others, asks_for_step
from tastemaker.agent.nlu.rules.acts.shared_questions import CAST, DIRECTOR, SERIES, read_common
from tastemaker.agent.nlu.rules.acts.short_forms import write_out
from tastemaker.agent.nlu.rules.ordinals import read_places
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Act
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.fixture(scope="module")
def reader(film_catalog):
    return RulesReader(film_catalog, TitleResolver(film_catalog))


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("seen 2, 3 and 5", [(2, 3, 5)]),
        ("1 & 4 I know already", [(1, 4)]),
        ("numbers 1 and 4 we've had", [(1, 4)]),
        ("the second, third and last are known to me", [(2, 3, -1)]),
        ("number one and number three", [(1, 3)]),
        ("how about 3?", [(3,)]),
        ("does the fourth have subtitles", [(4,)]),
        ("the last two I know", [(-2, -1)]),
        ("at most 3 hours", []),
        ("for my 2 kids, 4 and 6", []),
        ("I've seen 3 of those", []),
    ],
)
def test_places_are_read_in_a_row_and_as_bare_numbers(message, places):
    assert [found for _, found in read_places(message)] == places


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("seen 2 and 3", [(2, "seen"), (3, "seen")]),
        ("been there, done that with the second", [(2, "seen")]),
        ("we've had numbers 1 and 4", [(1, "seen"), (4, "seen")]),
        ("not interested in 1 and 3", [(1, "disliked"), (3, "disliked")]),
        ("we've got 1 and 2 on dvd", [(1, "seen"), (2, "seen")]),
        ("seen the first one. the third too", [(1, "seen"), (3, "seen")]),
        ("the second is a classic, seen it", [(2, "seen")]),
        ("more like number two", [(2, "liked")]),
        ("my wife knows the last one already", [(-1, "seen")]),
    ],
)
def test_what_was_seen_of_the_list_is_read(reader, message, mentions):
    assert [(m.place, m.sentiment) for m in reader.read(message).mentions] == mentions


@pytest.mark.parametrize(
    "message",
    [
        "ok the third. thx",
        "going with 4 then",
        "right, number two it is. Cheers!",
        "that one sounds perfect, thank you",
        "we've settled on the last one",
        "go on, number 3",
        "I'm sold",
        "that'll do nicely",
        "I'll give the second a go tonight",
        "hm ok, let's watch it",
        "done! number three",
        "haha, that one please",
        "the first of those, thanks!",
        "then the second",
        "sounds like a plan, the second one",
        "yep, that's our film",
    ],
)
def test_an_item_is_taken_in_everyday_words(message):
    assert accepts(message, names=False)


@pytest.mark.parametrize(
    "message",
    [
        "more like the third",
        "the third is too long",
        "not the third then",
        "seen 1 and 2",
        "we watched the first last night",
        "a thriller then",
        "either the first or the second",
        "the second sounds good, how long is it?",
        "is it the third?",
        "ok the third, who's in there?",
        "let me think about it",
        "the first",
    ],
)
def test_nothing_is_taken_where_more_is_said(message):
    assert not accepts(message, names=False)


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("I'll go with that. And for tomorrow one in the same vein", "one in the same vein"),
        ("ok number 2. any more by the same director?", "any more by the same director?"),
        ("we'll take the first, and next week something funnier", "something funnier"),
        ("sold! who's in it?", "who's in it?"),
        ("the third please. thanks a lot", ""),
    ],
)
def test_what_is_asked_beside_taking_is_left_to_read(message, rest):
    assert split_acceptance(message, names=False)[1] == rest


def test_an_afterthought_to_a_wish_takes_nothing():
    assert split_acceptance("show me something sad. ok the second", names=False) is None


@pytest.mark.parametrize(
    ("message", "english"),
    [
        ("Den ersten kenne ich schon", "the first one I have seen"),
        (
            "ich hab den zweiten und den vierten schon gesehen",
            "I have seen the second one and the fourth one",
        ),
        ("le deuxième, je l'ai déjà vu", "the second one, I have seen"),
        ("ya he visto la tercera", "I have seen the third one"),
        ("il primo lo conosco", "the first one lo I have seen"),
        ("wer spielt im ersten mit?", "who else is in the first one?"),
        ("wie lang ist der letzte?", "how long is the last one?"),
        ("de quoi parle le premier ?", "what is the first one about?"),
        ("und der dritte?", "and the third one?"),
        ("Wer hat beim zweiten Regie geführt?", "who directed the second one?"),
        ("lequel est le plus court ?", "which of these is the shortest?"),
        ("¿cuál es la más antigua?", "which of these is the oldest?"),
        ("j'ai vu le 1 et le 3", "I have seen number 1 and number 3"),
        ("elle a fait d'autres films ?", "what else has she made?"),
        ("was hat er sonst noch gemacht?", "what else has he made?"),
        ("vale, esa", "I'll take that one"),
        ("ich nehme Nummer zwei", "I'll take number two"),
        ("den nehmen wir", "I'll take that one"),
        ("der dritte Mann", "der dritte Mann"),
        ("quiero ver una comedia", "quiero ver una comedia"),
    ],
)
def test_talk_of_the_list_in_other_languages_is_put_in_english(message, english):
    assert put_in_english(message) == english


FILMS = [
    Item("1", "Emma (1996)", {"cast": ("Gwyneth Paltrow", "Ewan McGregor"), "language": "English"}),
    Item("2", "Three Colors: Blue (1993)", {"director": ("Krzysztof Kieslowski",), "language": "French"}),
    Item("3", "The Trial (1962)", {"director": ("Orson Welles",), "cast": ("Anthony Perkins",)}),
]


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("she saw the emma one already", "she saw the first one already"),
        ("start with the blue one", "start with the second one"),
        ("the one with McGregor sounds nice", "the first one sounds nice"),
        ("the french one please", "the second one please"),
        ("the one by Orson Welles, is it long?", "the third one, is it long?"),
        ("the top one", "the first one"),
        ("the other one", "the other one"),
        ("a funny one", "a funny one"),
        ("the one with a dog", "the one with a dog"),
    ],
)
def test_items_are_called_by_a_word_of_their_own(message, named):
    assert name_places(message, FILMS) == named


def test_what_stands_on_no_list_any_more_is_named_by_its_title():
    assert name_titles("the welles one I've seen", FILMS) == "The Trial (1962) I've seen"


def test_a_question_goes_on_to_another_item():
    assert read_next("and number 3?") == "number 3"
    assert read_next("what about the second one then?") == "the second one"
    assert read_next("and something funny?") == read_next("ok the second then") == ""
    assert read_next_extreme("and the least violent?") == "the least violent"
    assert replace_item("is it long?", "4") == "is number 4 long?"
    assert replace_item("who is in the first one?", "the second") == "who is in the second one?"
    assert name_item("number 2 sounds good, who is in it?") == "who is in number 2?"
    assert name_item("the first or the second, is it long?") == "the first or the second, is it long?"
    assert without_opening("hm ok, how long is it?") == "how long is it?"
    assert without_opening("ok, something sad") == "ok, something sad"


@pytest.mark.parametrize(
    ("message", "ask", "about"),
    [
        ("anything under two hours among those?", ListAsk.WHICH, "under two hours"),
        ("have you got one by Kubrick in there?", ListAsk.WHICH, "by Kubrick"),
        ("is there a dog in any of these?", ListAsk.WHICH, "dog"),
        ("which ones are in colour", ListAsk.WHICH, "are in colour"),
        ("does Ada Stone turn up in any of them?", ListAsk.WHICH, "Ada Stone"),
        ("how many of those are in French?", ListAsk.WHICH, "are in French"),
        ("which of the rest is the saddest?", ListAsk.MOST, "saddest"),
        ("of these, which is the least violent?", ListAsk.LEAST, "violent"),
        ("of those which got the best reviews", ListAsk.BEST, ""),
        ("which is rated highest?", ListAsk.BEST, ""),
        ("which one came out first?", ListAsk.MOST, OLDEST),
        ("which of these two is newer?", ListAsk.MOST, NEWEST),
        ("which would my mother like?", ListAsk.FOR, "for my mother"),
        ("any in there that won't scare my mum?", ListAsk.WHICH, "that won't scare my mum"),
        ("is there one by Ada Stone among them or not?", ListAsk.WHICH, "by Ada Stone"),
        ("which has the worst reviews?", ListAsk.WORST, ""),
        ("which is the one with Ada Stone?", ListAsk.WHICH, "with Ada Stone"),
        ("are there any here from the forties", ListAsk.WHICH, "from the forties"),
        ("did Ada Stone direct any of these?", ListAsk.WHICH, "by Ada Stone"),
        ("apart from the first, which one's best?", ListAsk.BEST, ""),
        ("which of the first and the third is shorter?", ListAsk.MOST, "shorter"),
        ("what's the connection between the first and the second?", ListAsk.SHARED, "anything"),
        ("We love trains. Are those three connected?", ListAsk.SHARED, SERIES),
        ("I have seen one of them. which is the shortest?", ListAsk.MOST, "shortest"),
    ],
)
def test_more_questions_on_the_list_are_read(message, ask, about):
    question = read_list_question(message)
    assert (question.ask, question.about) == (ask, about)


@pytest.mark.parametrize(
    "message",
    [
        "anything with songs in them",
        "something set in space",
        "any westerns?",
        "which is a good western?",
        "how many are there?",
        "is there anything with dogs?",
        "I want a comedy. which is the best?",
        "what was made first, films or radio plays?",
    ],
)
def test_wishes_are_no_questions_on_the_list(message):
    assert read_list_question(message) is None


@pytest.mark.parametrize(
    ("message", "sort"),
    [
        ("do they share a director?", DIRECTOR),
        ("is it the same actor in all of them?", CAST),
        ("are these a trilogy?", SERIES),
        ("do I have to watch them in order?", SERIES),
        ("what do they have in common?", "anything"),
        ("are they sad?", None),
    ],
)
def test_what_a_list_is_asked_to_share(message, sort):
    assert read_common(message) == sort


def test_the_part_of_a_list_that_is_asked_of():
    assert read_few("which of the first two is older?") == (1, 2)
    assert read_few("is any of 1, 3 and 4 sad?") == (1, 3, 4)
    assert not read_few("which of these is sad?")
    assert read_few("what do the first and the last have in common?") == (1, -1)
    assert put_they("are numbers 2 and 3 related?") == "are these related?"
    assert split_exception("which is the saddest, apart from number 2?") == ((2,), "which is the saddest?")
    assert asks_of_rest("and the ones I haven't seen, are any of those in colour?")


@pytest.mark.parametrize(
    ("message", "who", "makes", "rest"),
    [
        ("what else was he in?", "he", False, ""),
        ("has she directed anything funny?", "she", True, "funny"),
        ("oh that guy! what else has he been in that's light?", "he", False, "that's light"),
        ("any more with that actress?", "she", False, ""),
        ("her other films", "she", False, ""),
    ],
)
def test_other_works_of_somebody_spoken_of_are_asked_for(message, who, makes, rest):
    asked = read_person_question(message)
    assert (asked.who, asked.makes, asked.rest) == (who, makes, rest)


def test_somebody_named_is_asked_for_and_a_list_question_is_none():
    assert read_person_question("and Ada Stone, has she anything?", [(4, 13)]).who == ""
    assert read_person_question("is Ada Stone in any of them?", [(3, 12)]) is None
    assert read_person_question("who else is in it?") is None


def test_what_the_list_has_too_little_of_asks_for_another():
    assert all(map(asks_for_step, ("weirder!!", "a bit funnier please", "less talky")))
    assert not any(map(asks_for_step, ("another", "set under water", "a thriller on a river")))
    assert all(map(asks_for_others, ("no to all of those", "not any of these", "more like the second")))


def test_a_message_that_takes_an_item_is_an_act(reader):
    said = reader.read("ok the third. thx")
    assert said.act is Act.ACCEPT
    assert [mention.place for mention in said.mentions] == [3]


@pytest.mark.parametrize(
    ("message", "full"),
    [
        ("wots the 3rd one about", "what's the 3rd one about"),
        ("k, seen em all", "ok, seen them all"),
        ("how long's that pls", "how long is that please"),
        ("ive seen the first 2", "I've seen the first 2"),
        ("something with a bit of k-pop", "something with a bit of k-pop"),
    ],
)
def test_careless_forms_are_written_out(message, full):
    assert write_out(message) == full


def test_what_is_left_out_of_what_is_known_is_nothing_to_search_for(reader):
    said = reader.read("seen them all, bar the last")
    assert not said.wish
    assert not said.prefer


@pytest.mark.parametrize(
    "message", ["a second film please", "a second, please", "the second half of a last film"]
)
def test_english_is_no_place_in_another_language(message):
    assert put_in_english(message) == message
