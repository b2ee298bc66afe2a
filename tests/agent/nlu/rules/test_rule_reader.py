import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Intent, Sentiment
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.fixture(scope="module")
def reader(film_catalog):
    return RulesReader(film_catalog, TitleResolver(film_catalog))


@pytest.mark.parametrize(
    ("message", "constraints", "wish"),
    [
        (
            "something tense from the nineties, no horror",
            {"genres not Horror", "year between 1990 and 1999"},
            "something tense",
        ),
        ("a comedy or a drama please", {"genres any of Comedy, Drama"}, ""),
        ("a romance comedy", {"genres all of Romance, Comedy"}, ""),
        ("comedies from the early 80s", {"genres is Comedy", "year between 1980 and 1984"}, ""),
        ("thrillers by Stone before 1995", {"genres is Thriller", "year at most 1994"}, ""),
        (
            "films since 1990 without drama or romance",
            {"year at least 1990", "genres not Drama", "genres not Romance"},
            "",
        ),
        ("from 1994", {"year between 1994 and 1994"}, ""),
        ("between 1980 and 1990", {"year between 1980 and 1990"}, ""),
        ("the one where a jury argues all night", set(), "the one where a jury argues all night"),
        (
            "I'm not in the mood for horror, but a western would be nice",
            {"genres not Horror", "genres is Western"},
            "",
        ),
        ("no silly comedies, a drama", {"genres is Drama"}, ""),
        ("a western, but I normally hate westerns", {"genres is Western"}, ""),
    ],
)
def test_conditions_and_wishes(reader, message, constraints, wish):
    said = reader.read(message)
    found = {describe(constraint) for constraint in said.constraints}
    assert constraints <= found
    genres = {one for one in found if one.startswith("genres")}
    assert genres <= constraints
    assert said.wish == wish or not wish


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("I loved Harbour Lights and Paper Moons", [("Harbour Lights", "liked"), ("Paper Moons", "liked")]),
        (
            "I hated Paper Moons, but I liked Harbour Lights",
            [("Paper Moons", "disliked"), ("Harbour Lights", "liked")],
        ),
        ("I've already seen Night Train North", [("Night Train North", "seen")]),
        ("the second one was boring", [(2, "disliked")]),
        ("more like the first one", [(1, "liked")]),
        ("I loved Glass Horizon", [("Glass Horizon", "liked")]),
    ],
)
def test_titles_and_how_they_are_spoken_of(reader, message, mentions):
    said = reader.read(message)
    assert [(m.place or m.title, m.sentiment) for m in said.mentions] == mentions


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("undo", Intent.UNDO),
        ("hello!", Intent.CHAT),
        ("show me others", Intent.MORE),
        ("what is Paper Moons about?", Intent.QUESTION),
        ("why did you recommend the first one?", Intent.QUESTION),
        ("something funny", Intent.RECOMMEND),
    ],
)
def test_intents(reader, message, intent):
    assert reader.read(message).intent is intent


def test_a_question_about_a_title_is_no_like(reader):
    (mention,) = reader.read("who directed Star Ferry?").mentions
    assert mention.sentiment is Sentiment.ASKED


def test_forgetting_names_the_attribute(reader):
    assert reader.read("forget the nineties").forget == ("year",)
    assert reader.read("forget about the horror thing").forget == ("genres",)
    assert reader.read("a comedy, horror is fine").forget == ("genres",)


@pytest.mark.parametrize(
    "message", ["", " ", "?", "🤷", "x" * 5000, "\x00\x1b[0m", "no no no", "the the the"]
)
def test_odd_messages_do_no_harm(reader, message):
    assert reader.read(message).constraints == ()


def test_forgetting_ends_with_its_clause(reader):
    said = reader.read("forget the nineties, rather an old romance")
    assert said.forget == ("year",)
    assert [describe(constraint) for constraint in said.constraints] == ["genres is Romance"]


@pytest.mark.parametrize(
    ("message", "constraints", "wish"),
    [
        ("I love comedies", set(), "I love comedies"),
        ("I'm a big fan of Ben Marsh", set(), "I'm a big fan of Ben Marsh"),
        ("a dark comedy", {"genres is Comedy"}, "a dark comedy"),
        ("comedies and dramas", {"genres any of Comedy, Drama"}, ""),
        ("number 3 comes close: romance and horror", {"genres all of Romance, Horror"}, ""),
        ("I cannot do drama, so no drama please", {"genres not Drama"}, ""),
        ("a film set in the 1970s", set(), "a film set in the 1970s"),
        ("a drama set in the seventies", {"genres is Drama"}, "a drama set in the seventies"),
        (
            "no horror, sci-fi or westerns",
            {"genres not Horror", "genres not Sci-Fi", "genres not Western"},
            "",
        ),
        ("1990 or newer", {"year at least 1990"}, ""),
        ("nothing from before 1980", {"year at least 1980"}, ""),
        ("not newer than 1975", {"year at most 1975"}, ""),
        ("films from the 40s or 50s", {"year between 1940 and 1959"}, ""),
        ("a drama from '93", {"genres is Drama", "year between 1993 and 1993"}, ""),
        ("before the war, I mean the thirties", {"year between 1930 and 1939"}, ""),
        ("a film about a family, based on horror", set(), "a film about a family, based on horror"),
        (
            "horor from the 80s, or a comdey",
            {"genres any of Horror, Comedy", "year between 1980 and 1989"},
            "",
        ),
        ("eine Komödie, aber kein Horror", {"genres is Comedy", "genres not Horror"}, ""),
        ("un film d'horreur des années 80", {"genres is Horror", "year between 1980 and 1989"}, ""),
        ("quiero una comedia sin romance", {"genres is Comedy", "genres not Romance"}, ""),
        ("hello, how are you? I'm doing great", set(), ""),
    ],
)
def test_what_people_mean(reader, message, constraints, wish):
    said = reader.read(message)
    assert {describe(constraint) for constraint in said.constraints} == constraints
    assert said.wish == wish


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("the first", [(1, "liked")]),
        ("the second one", [(2, "liked")]),
        ("I mean the first", [(1, "liked")]),
        ("hated the 2nd", [(2, "disliked")]),
        ("I've already watched the first two", [(1, "seen"), (2, "seen")]),
        ("we watched Paper Moons yesterday", [("Paper Moons", "seen")]),
        ("I saw Paper Moons and loved it", [("Paper Moons", "liked")]),
        ("like Paper Moons but less violent", [("Paper Moons", "liked")]),
        ("not as long as Paper Moons", [("Paper Moons", "asked")]),
        ("anything except Paper Moons", [("Paper Moons", "disliked")]),
        ("have you seen Paper Moons?", [("Paper Moons", "asked")]),
        ("Paper Moons? no thanks", [("Paper Moons", "disliked")]),
    ],
)
def test_items_are_spoken_of_in_many_ways(reader, message, mentions):
    assert [(m.place or m.title, m.sentiment) for m in reader.read(message).mentions] == mentions


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("without the year limit", ("year",)),
        ("ok older is fine too", ("year",)),
        ("any genre is fine", ("genres",)),
        ("I don't care about the year", ("year",)),
        ("never mind the director", ("director",)),
        ("it doesn't have to be a comedy", ("genres",)),
    ],
)
def test_conditions_are_taken_back_in_many_ways(reader, message, fields):
    said = reader.read(message)
    assert said.forget == fields
    assert not said.constraints
    assert not said.relative


def test_a_question_may_stand_behind_a_request(reader):
    said = reader.read("give me a drama and tell me what Paper Moons is about")
    assert said.intent is Intent.QUESTION
    assert [m.sentiment for m in said.mentions] == [Sentiment.ASKED]


@pytest.mark.parametrize(
    "message",
    [
        "no horror, " * 4000,
        "<b>film</b>" * 5000,
        "🤷" * 20_000,
        "1990 or newer, 80s " * 2500,
        " " * 50_000,
        "the first and " * 4000,
    ],
)
def test_endless_messages_are_read_at_both_ends(reader, message):
    said = reader.read(message)
    assert len(said.constraints) <= 3
    assert len(said.wish) < 2500


def test_a_person_named_with_a_title_describes_it(reader):
    said = reader.read("something like Paper Moons with Ben Marsh")
    assert not said.constraints


@pytest.mark.parametrize(
    "message",
    [
        "that was good, so was Paper Moons",
        "what about Paper Moons?",
        "another good one I like also is Paper Moons",
    ],
)
def test_what_only_looks_like_a_question(reader, message):
    assert reader.read(message).intent is Intent.RECOMMEND


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("dramas, seen all the Twin Rivers ones", {"Twin Rivers (1990)", "Twin Rivers (2005)"}),
        ("I've read all the harvests already, what else?", set()),
        ("I've seen all of these", set()),
        ("have you seen every comedy?", set()),
    ],
)
def test_a_series_that_the_person_knows_is_not_offered(reader, message, mentions):
    said = reader.read(message)
    assert {m.title for m in said.mentions if m.sentiment is Sentiment.SEEN} == mentions


@pytest.mark.parametrize(
    ("message", "hard"),
    [
        ("weird stuff, Ada Stone style", False),
        ("a thriller in the style of Ada Stone", False),
        ("a thriller by Ada Stone", True),
        ("is there anything that's new with Ada Stone", True),
        ("I saw one that's new with Ada Stone", False),
    ],
)
def test_a_name_is_a_condition_where_its_own_works_are_asked_for(reader, message, hard):
    said = reader.read(message)
    assert ("director is Ada Stone" in {describe(c) for c in said.constraints}) is hard
