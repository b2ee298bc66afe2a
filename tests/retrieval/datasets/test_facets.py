import json
from importlib import resources

from tastemaker.retrieval.catalog.schema import Kind, Provenance
from tastemaker.retrieval.datasets.facets import FACET_ATTRIBUTES, LEVELS, shipped_facets
from tastemaker.retrieval.facets.definition import shipped_facets as defined_facets


def test_shipped_facets_are_typed_inferred_and_known_only():
    facets = shipped_facets("ml-100k")
    assert set(facets) == {str(number) for number in range(1, 1683)}
    toy_story = facets["1"]
    assert (toy_story["age_from"], toy_story["romance"], toy_story["runtime"]) == (4, 0, 81)
    assert toy_story["period"] == ("present",)
    assert toy_story["language"] == "English"
    assert "confidence" not in toy_story
    kinds = {one.name: one.kind for one in FACET_ATTRIBUTES}
    forms = {Kind.NUMBER: int, Kind.TAGS: tuple, Kind.CATEGORY: str}
    for known in facets.values():
        assert all(isinstance(value, forms[kinds[name]]) for name, value in known.items())
    assert all(one.provenance is Provenance.INFERRED for one in FACET_ATTRIBUTES)


def test_what_films_contain_is_out_of_the_closed_list_of_the_facet():
    held = {value for known in shipped_facets("ml-100k").values() for value in known.get("contains", ())}
    assert held == set(defined_facets("films").facets["contains"].values)


def test_every_field_of_the_file_is_an_attribute_or_about_the_row():
    file = resources.files("tastemaker.retrieval") / "data" / "ml-100k-facets.jsonl"
    fields = {name for line in file.read_text(encoding="utf-8").splitlines() for name in json.loads(line)}
    assert fields - {one.name for one in FACET_ATTRIBUTES} == {"item_id", "confidence"}
    levels = [one.name for one in FACET_ATTRIBUTES if one.levels == LEVELS]
    values = {known[name] for known in shipped_facets("ml-100k").values() for name in levels if name in known}
    assert values == set(range(len(LEVELS)))
