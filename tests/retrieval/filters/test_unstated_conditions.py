"""Conditions, superlatives and relaxations on inferred and computed attributes, and how they are said."""

import pytest

from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.catalog.schema import STATED
from tastemaker.retrieval.filters.aggregate_words import in_words
from tastemaker.retrieval.filters.aggregates import Aggregate, What, aggregate
from tastemaker.retrieval.filters.condition_words import condition_in_words, quoted_with_mark
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.filters.constraints import mask, satisfies
from tastemaker.retrieval.filters.relaxations import relaxations
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.index.chroma_filters import to_chroma_where, to_metadata


@pytest.fixture
def catalog(faceted_catalog, film_log):
    return with_computed(faceted_catalog, film_log)


def ids(catalog, where):
    condition = parse_where(where, catalog.schema)
    rows = mask(catalog, [condition])
    found = [item.id for item, fits in zip(catalog, rows, strict=True) if fits]
    assert found == [item.id for item in catalog if satisfies(item, condition)]
    return found


def test_conditions_are_exact_and_an_unknown_value_meets_none(catalog):
    assert ids(catalog, "runtime at most 100 and violence at most 1") == ["1", "2", "5"]
    assert ids(catalog, "moods is Funny and age from at most 7") == ["4", "10"]
    assert ids(catalog, "popularity at least 1000") == []
    assert "12" not in ids(catalog, "runtime at least 0")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("age_from at most 7", "probably fine from age 7"),
        ("runtime between 90 and 100", "runtime between 90 and 100 min (inferred)"),
        ("violence is 0", "violence is none (inferred)"),
        ("moods any of dark, funny", "moods any of dark, funny (inferred)"),
        ("popularity_percentile at least 90", "popularity percentile at least 90% (computed)"),
        ("year after 1990", "year after 1990"),
        (
            "year after 1990 and not (violence at least 1 or genres is Drama)",
            "year after 1990 and not (violence at least a little (inferred) or genres is Drama)",
        ),
    ],
)
def test_people_read_where_a_value_is_known_from_and_the_description_is_parsed_again(catalog, where, said):
    condition = parse_where(where, catalog.schema)
    assert condition_in_words(condition, catalog.schema) == said
    assert parse_where(describe(condition), catalog.schema) == condition
    assert condition_in_words(condition, catalog.schema.model_copy(update={"attributes": ()})) == describe(
        condition
    )


def test_a_mark_stands_outside_the_quotation(catalog):
    one = parse_where("runtime at most 100 and popularity at least 3 and year after 1990", catalog.schema)
    assert quoted_with_mark(one, catalog.schema) == f"“{describe(one)}” (inferred, computed)"
    assert quoted_with_mark(one, None) == f"“{describe(one)}”"


def test_superlatives_and_averages_say_what_they_rest_on(catalog):
    comedies = (parse_where("genres is Comedy", catalog.schema),)
    shortest = aggregate(catalog, Aggregate(what=What.LOWEST, field="runtime", where=comedies))
    assert (shortest.ids, shortest.value) == (("4",), 95)
    assert "The shortest (95 min, inferred)" in in_words(shortest, catalog)
    mean = aggregate(catalog, Aggregate(what=What.AVERAGE, field="runtime", where=comedies))
    assert "is 107.5 min, inferred" in in_words(mean, catalog)
    common = aggregate(catalog, Aggregate(what=What.COMMONEST, field="moods"))
    assert common.values == (("family", 6),)


def test_a_relaxation_of_an_inferred_bound_is_marked(catalog):
    wanted = [parse_where(part, catalog.schema) for part in ("genres is Comedy", "runtime at most 90")]
    found = [one.describe(catalog.schema) for one in relaxations(catalog, wanted)]
    assert any("in place of “runtime at most 90” (inferred)" in one for one in found)
    assert any(one.startswith("without “genres is Comedy” there") for one in found)


def test_the_store_leaves_out_what_changes_without_the_catalogue(catalog):
    held = to_metadata(catalog["1"], catalog.schema)
    assert "a.year" in held
    assert not any(name in key for key in held for name in ("popularity", "runtime"))
    words = "year at most 1990 and runtime at most 100 and popularity at least 3"
    assert to_chroma_where([parse_where(words, catalog.schema)], catalog.schema) == {
        "a.year": {"$lte": 1990.0}
    }
    for other in ("not popularity is 3", "runtime at most 100"):
        either = parse_where(f"year at most 1990 or {other}", catalog.schema)
        assert to_chroma_where([either], catalog.schema) is None


def test_what_walks_the_schema_sees_stated_attributes_unless_it_asks(catalog, film_catalog):
    assert catalog.schema.names(STATED) == film_catalog.schema.names()
