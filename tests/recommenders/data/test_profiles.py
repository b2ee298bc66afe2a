from tastemaker.evals.studies.talk_only import profile_text
from tastemaker.retrieval.catalog.catalog import Catalog, Item
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
