import pytest

from tastemaker.agent.forms import Intent, Sentiment
from tastemaker.agent.read_rules import RulesReader
from tastemaker.retrieval.constraints import describe
from tastemaker.retrieval.titles import TitleResolver


@pytest.fixture(scope="module")
def reader(film_catalog):
    return RulesReader(film_catalog, TitleResolver(film_catalog))


@pytest.mark.parametrize(
    ("message", "constraints", "wish"),
    [
        ("something tense from the nineties, no horror", {"genres not Horror", "year between 1990 and 1999"}, "something tense"),
        ("a comedy or a drama please", {"genres any of Comedy, Drama"}, ""),
        ("a romance comedy", {"genres all of Romance, Comedy"}, ""),
        ("comedies from the early 80s", {"genres is Comedy", "year between 1980 and 1984"}, ""),
        ("thrillers by Stone before 1995", {"genres is Thriller", "year at most 1994"}, ""),
        ("films since 1990 without drama or romance", {"year at least 1990", "genres not Drama", "genres not Romance"}, ""),
        ("from 1994", {"year between 1994 and 1994"}, ""),
        ("between 1980 and 1990", {"year between 1980 and 1990"}, ""),
        ("the one where a jury argues all night", set(), "the one where a jury argues all night"),
        ("I'm not in the mood for horror, but a western would be nice", {"genres not Horror", "genres is Western"}, ""),
    ],
)  # fmt: skip
def test_conditions_and_wishes(reader, message, constraints, wish):
    said = reader.read(message)
    found = {describe(constraint) for constraint in said.constraints}
    assert constraints <= found
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
        ("the second one was boring", [("#2", "disliked")]),
        ("more like the first one", [("#1", "liked")]),
        ("I loved Glass Horizon", [("Glass Horizon", "liked")]),
    ],
)
def test_titles_and_how_they_are_spoken_of(reader, message, mentions):
    said = reader.read(message)
    assert [(m.title, m.sentiment) for m in said.mentions] == mentions


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
