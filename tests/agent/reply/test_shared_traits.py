"""What the items of a list share: by their titles, who made them, what they are."""

import pytest

from tastemaker.agent.nlu.rules.acts.shared_questions import CAST, DIRECTOR, SERIES
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.shared_traits import SAYS, find_series, tell_common_traits
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

SCHEMA = Schema(
    attributes=(
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="director", kind=Kind.TAGS),
        Attribute(name="cast", kind=Kind.TAGS),
    )
)
FILMS = [
    ("Three Rivers: North (1993)", "Ada Stone", ("Ben Marsh", "Cleo Hart"), ("Drama",)),
    ("Three Rivers: South (1994)", "Ada Stone", ("Dov Pike", "Eve Lund"), ("Drama",)),
    ("Harbour Lights (1995)", "Fay Moor", ("Ben Marsh", "Gus Hale"), ("Drama", "Crime")),
    ("The Cellar (1974)", "Hal Reed", ("Ida West", "Jon Frost"), ("Horror",)),
    ("The Cellar II (1976)", "Kay Bell", ("Lee Snow", "May Lark"), ("Horror",)),
]


@pytest.fixture(scope="module")
def tell():
    items = [
        Item(str(number), title, {"director": (maker,), "cast": cast, "genres": genres})
        for number, (title, maker, cast, genres) in enumerate(FILMS, 1)
    ]
    catalog = Catalog(items, SCHEMA)
    evidence = Evidence(catalog)

    def answer(about, *ids):
        return tell_common_traits(about, [catalog[item_id] for item_id in ids], catalog, evidence)

    return answer


def test_parts_of_a_series_are_told_by_their_titles(tell):
    said = tell(SERIES, "1", "2", "3")
    assert said.startswith(
        "Yes, by their titles: Three Rivers: North (1993) and Three Rivers: South (1994) belong together"
    )
    assert "by Ada Stone" in said
    assert "Harbour Lights" not in said


def test_what_is_no_series_is_not_called_one(tell):
    assert tell(SERIES, "3", "4").startswith("Not that this catalogue says")
    assert tell(SERIES, "4") == "By its title The Cellar (1974) belongs with The Cellar II (1976)."
    assert tell(SERIES, "3").startswith("Not that this catalogue says")


def test_whoever_made_several_of_them_is_named(tell):
    said = tell(DIRECTOR, "1", "2", "3")
    assert "Three Rivers: North (1993) and Three Rivers: South (1994)" in said
    assert "Ada Stone" in said
    assert tell(DIRECTOR, "3", "4") == f"No two of them have a director in common, {SAYS}."


def test_whoever_is_in_several_of_them_is_named(tell):
    assert "Ben Marsh" in tell(CAST, "1", "3", "4")
    assert tell(CAST, "2", "4") == f"No two of them have an actor in common, {SAYS}."


def test_anything_that_all_have_is_told(tell):
    assert "Drama" in tell("anything", "1", "2", "3")
    assert tell("anything", "2", "4") == f"Nothing that all of them have, {SAYS}."


def test_titles_of_one_stem_are_a_series_and_others_are_none():
    films = [
        Item(str(n), title, {}) for n, title in enumerate(("Heat (1995)", "Heathers (1989)", "Alien (1979)"))
    ]
    assert find_series(films) == []
