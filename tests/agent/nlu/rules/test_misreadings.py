"""Kinds of messages that were once read wrongly, several of each."""

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Intent, Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.retrieval.titles.resolver import TitleResolver

STARS = ("Tom Hanks", "Julia Roberts", "Will Smith", "Tommy Lee Jones", "Angelina Jolie", "Bruce Willis")
GENRES = ("Horror", "Romance", "Comedy", "Thriller", "Drama", "War", "Science Fiction", "Action")
FIRST = "Ada Ben Cleo Dov Eve Fay Gus Hal Ida Jon".split()
LAST = "Stonefield Marshall Hartley Pikeman Lundgren Moorfield Nordby".split()


@pytest.fixture(scope="module")
def reader():
    others = [f"{first} {last}" for first in FIRST for last in LAST]
    films = [
        ("Jumanji (1995)", 1995),
        ("Jumanji (2017)", 2017),
        ("Carrie (1976)", 1976),
        ("Carrie (2013)", 2013),
    ]
    films += [(f"Vexillum {n} ({1960 + n})", 1960 + n) for n in range(60)]
    items = [
        Item(
            str(n),
            title,
            {
                "year": year,
                "genres": (GENRES[n % 8], GENRES[(n + 3) % 8]),
                "director": ("Sidney Lumet" if n % 9 == 0 else others[-1 - n],),
                "actors": (STARS[n % 6], others[n]),
            },
        )
        for n, (title, year) in enumerate(films)
    ]
    kinds = {"year": Kind.NUMBER, "genres": Kind.TAGS, "director": Kind.TAGS, "actors": Kind.TAGS}
    catalog = Catalog(items, Schema(attributes=tuple(Attribute(name=n, kind=k) for n, k in kinds.items())))
    return RulesReader(catalog, TitleResolver(catalog))


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("nothing sad, he only died in March", set()),
        ("They met at a dance in 1947. A horror film", {"genres is Horror"}),
        ("we emigrated in 1981, a comedy please", {"genres is Comedy"}),
        ("we're three women in our fifties. A comedy", {"genres is Comedy"}),
        ("something from the fifties", {"year between 1950 and 1959"}),
        ("from when I was a girl, so before 1960", {"year at most 1959"}),
        ("no actually a comedy is safer", {"genres is Comedy"}),
        ("or scratch the thriller, a comedy", {"genres not Thriller", "genres is Comedy"}),
        ("forget the eighties, a comedy", {"genres is Comedy"}),
        ("tom hanks ones seen", {"actors not Tom Hanks"}),
        ("watched everything by Bruce Willis. A comedy", {"actors not Bruce Willis", "genres is Comedy"}),
        ("a great 80's horror film", {"genres is Horror", "year between 1980 and 1989"}),
        ("a 1995 movie with tom hanks", {"actors is Tom Hanks", "year between 1995 and 1995"}),
        ("some 1995 horror", {"genres is Horror", "year between 1995 and 1995"}),
        ("no 1995 movies please", {"year none of 1995"}),
        ("something that came out in 2010", {"year between 2010 and 2010"}),
        ("a film that came out in 2010", {"year between 2010 and 2010"}),
        ("It came out in 2010 and I loved it", set()),
        ("the film is based on a 1983 novel", set()),
        ("from 2016 or 2017", {"year between 2016 and 2017"}),
        ("something from 1994, 1996 or 1998", {"year any of 1994, 1996, 1998"}),
        ("nothing from 1994 or 1998", {"year none of 1994, 1998"}),
        ("fine, any country, but made before 1985", {"year at most 1984"}),
        ("he made it in 1985", set()),
        ("grandpa vetoes anything made after 1990", {"year at most 1990"}),
    ],
)
def test_years_of_works(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("starring julia roberts", {"actors is Julia Roberts"}),
        ("with julia roberts", {"actors is Julia Roberts"}),
        ("stars Will Smith and Tommy Lee Jones", {"actors all of Will Smith, Tommy Lee Jones"}),
        ("a thriller that stars will smith", {"genres is Thriller", "actors is Will Smith"}),
        ("find me a movie that has tom hanks in it", {"actors is Tom Hanks"}),
        ("I want a thriller. With Bruce Willis.", {"genres is Thriller", "actors is Bruce Willis"}),
        ("It stars Will Smith and Tommy Lee Jones", set()),
        ("I loved the movie that stars Will Smith", set()),
        ("Oh nice! With Bruce Willis. Yes, I've seen that.", set()),
        ("I enjoyed that movie. Bruce Willis in both.", set()),
        ("A spy (Will Smith) hides in the mountains", set()),
    ],
)
def test_people_asked_for_and_told_of(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("I like horror, Rom. Coms, and thrillers", set()),
        ("I enjoy action, horror and monster movies!", set()),
        ("horror, Rom. Coms, and thrillers", {"genres any of Horror, Romance, Comedy, Thriller"}),
        ("a rom-com", {"genres all of Romance, Comedy"}),
    ],
)
def test_lists_are_read_whole(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


@pytest.mark.parametrize(
    ("message", "more"),
    [
        ("I did see the older Jumanji (1995)", None),
        ("Carrie (2013) is the more recent version", None),
        ("I don't tend to watch newer movies", None),
        ("older ones like Carrie (1976)", None),
        ("I watched it earlier this morning", None),
        ("older comedies please", None),
        ("something older please", False),
        ("show me newer ones", True),
        ("anything more recent?", True),
    ],
)
def test_comparatives_that_compare_with_nothing_shown(reader, message, more):
    assert [one.more for one in reader.read(message).relative] == ([] if more is None else [more])


@pytest.mark.parametrize(
    "message",
    [
        "Isn't Angelina Jolie in that?",
        "Isn't Tom Hanks in it?",
        "Doesn't it star Tom Hanks?",
        "What kind of movie was it?",
        "Is that animated or a comedy?",
    ],
)
def test_questions_about_an_item_state_no_condition(reader, message):
    said = reader.read(message)
    assert (said.intent, said.constraints) == (Intent.QUESTION, ())


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        (
            "what 1995 thriller stars tom hanks and angelina jolie as two cops who hunt a killer in the war",
            {"genres is Thriller", "actors all of Tom Hanks, Angelina Jolie", "year between 1995 and 1995"},
        ),
        (
            "bruce willis is a tired cop in this 1988 sidney lumet action movie about a tower",
            {
                "actors is Bruce Willis",
                "director is Sidney Lumet",
                "genres is Action",
                "year between 1988 and 1988",
            },
        ),
        (
            "i am thinking of the sci fi film directed by sidney lumet where people fight a war in 2055",
            {"genres is Science Fiction", "director is Sidney Lumet"},
        ),
        ("this movie is great, it is about a war in the 1940s", set()),
    ],
)
def test_what_describes_a_work_is_asked_of_it(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("less war and more romance", {"genres is Romance", "genres not War"}),
        ("no horror, more comedy", {"genres is Comedy", "genres not Horror"}),
        ("no more comedy", {"genres not Comedy"}),
        ("horror from the 70s 80s", {"genres is Horror", "year between 1970 and 1989"}),
        ("thrillers, seventies eighties", {"genres is Thriller", "year between 1970 and 1989"}),
        ("My husband wants action, I want romance", {"genres any of Action, Romance"}),
        ("my dad likes war films", {"genres is War"}),
    ],
)
def test_what_is_wanted_beside_what_is_not(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


@pytest.mark.parametrize(
    ("message", "left_out"),
    [
        ("horror that isn't Jumanji", ["Jumanji"]),
        ("horror, not counting Carrie or Jumanji", ["Carrie", "Jumanji"]),
        ("horror besides Carrie", ["Carrie"]),
    ],
)
def test_titles_that_are_left_out(reader, message, left_out):
    read = reader.read(message)
    told = [one.title for one in read.mentions if one.sentiment is Sentiment.DISLIKED]
    assert sorted({*told, *read.refused}) == left_out


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("my wife vetoes horror", {"genres not Horror"}),
        ("horror is rubbish. A thriller please", {"genres not Horror", "genres is Thriller"}),
    ],
)
def test_vetoes_and_what_is_rubbish_are_refusals(reader, message, meant):
    assert {describe(one) for one in reader.read(message).constraints} == meant


def test_children_of_a_story_and_dark_humour_are_no_categories():
    genres = ("Children's", "Film-Noir", "Drama")
    items = [Item(str(n), f"Vexillum {n}", {"genres": (genres[n % 3],)}) for n in range(9)]
    catalog = Catalog(items, Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),)))
    reader = RulesReader(catalog, TitleResolver(catalog))

    def read(message):
        return {describe(one) for one in reader.read(message).constraints}

    assert read("immigrant families, the children wanting another life") == set()
    assert read("a children's film") == {"genres is Children's"}
    assert read("Je cherche un film avec de l'humour noir") == set()
    assert read("a film noir") == {"genres is Film-Noir"}


def test_a_word_for_two_labels_is_turned_down_where_both_meet(reader):
    read = reader.read("no romcoms, a thriller")
    assert [describe(one) for one in read.constraints] == ["genres is Thriller"]
    assert [describe(one) for one in read.required] == ["not genres all of Romance, Comedy"]
    assert not reader.read("no silly romcoms").required
