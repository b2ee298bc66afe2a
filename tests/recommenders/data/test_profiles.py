import numpy as np

from tastemaker.recommenders.data.profiles import draw_profiles, keyword_text, profile_text
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema


def test_a_profile_names_what_items_have_in_common_and_nothing_of_one_alone():
    schema = Schema(
        attributes=(
            Attribute(name="genres", kind=Kind.TAGS),
            Attribute(name="director", kind=Kind.CATEGORY),
            Attribute(name="year", kind=Kind.NUMBER),
        )
    )
    items = [
        Item("1", "One", {"genres": ("Drama", "War"), "director": "A", "year": 1990}),
        Item("2", "Two", {"genres": ("War", "Drama"), "director": "B"}),
        Item("3", "Three", {"genres": ("War", "Comedy"), "director": "B"}),
        Item("4", "Four", {}),
    ]
    catalog = Catalog(items, schema)
    assert profile_text(catalog, ["1", "2", "3", "4"]) == "genres: War, Drama; director: B"
    assert profile_text(catalog, ["1", "4"]) == ""


def test_drawn_profiles_are_written_from_a_part_and_of_what_a_person_took():
    schema = Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),))
    catalog = Catalog([Item(f"{n}", f"{n}", {"genres": ("War", f"g{n}")}) for n in range(6)], schema)
    log = Interactions.from_columns(["u"] * 5 + ["v"] * 2, [0, 1, 2, 3, 4, 5, 0])
    drawn = draw_profiles(catalog, log, 4, 100, seed=0)
    assert len(drawn) == 4  # two items are too few to write from one and find another
    for profile in drawn:
        assert profile.taken.tolist() == [0, 1, 2, 3, 4]
        assert 2 <= len(set(profile.given.tolist()) & {0, 1, 2, 3, 4}) < 5
    assert drawn[0].text == "genres: War"
    said = {f"g{row}" for row in drawn[1].given} | {"War"}
    assert set(drawn[1].text.split()) <= said
    assert len(draw_profiles(catalog, log, 4, 3, seed=0)) == 3
    assert keyword_text(catalog, [], np.random.default_rng(0)) == ""
