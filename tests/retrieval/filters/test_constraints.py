"""Constraints: the fast columns and the plain row-wise check agree, and nonsense is refused."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import (
    ALLOWED,
    SEVERAL,
    Constraint,
    Op,
    blocking,
    canonicalise,
    check,
    describe,
    mask,
    satisfies,
)

SCHEMA = Schema(
    attributes=(
        Attribute(name="colour", kind=Kind.CATEGORY),
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="released", kind=Kind.DATE),
        Attribute(name="premise", kind=Kind.TEXT),
    )
)
FILMS = Catalog(
    [
        Item("1", "Heat", {"genres": ("Crime", "Thriller"), "year": 1995, "released": date(1995, 12, 15)}),
        Item(
            "2",
            "Scream",
            {"genres": ("Horror",), "year": 1996, "premise": "A caller asks about HORROR films."},
        ),
        Item("3", "Unknown", {}),
        Item("4", "Alien", {"genres": ("Horror", "Sci-Fi"), "year": 1979, "colour": "Dark"}),
    ],
    SCHEMA,
)


def ids(*constraints: Constraint) -> list[str]:
    return [FILMS.at(row).id for row in np.flatnonzero(mask(FILMS, constraints))]


def c(field: str, op: str, value: object) -> Constraint:
    return Constraint(field=field, op=Op(op), value=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (c("genres", "is", "horror"), ["2", "4"]),
        (c("genres", "is_not", "Horror"), ["1", "3"]),
        (c("genres", "any_of", ["crime", "SCI-FI"]), ["1", "4"]),
        (c("genres", "none_of", ["crime", "sci-fi"]), ["2", "3"]),
        (c("genres", "all_of", ["horror", "sci-fi"]), ["4"]),
        (c("genres", "contains", "ri"), ["1"]),
        (c("genres", "any_of", "Crime"), ["1"]),
        (c("genres", "is", "no such genre"), []),
        (c("colour", "is", "dark"), ["4"]),
        (c("year", "at_least", 1995), ["1", "2"]),
        (c("year", "at_most", "1995"), ["1", "4"]),
        (c("year", "between", [1979, 1995]), ["1", "4"]),
        (c("year", "before", 1995), ["4"]),
        (c("year", "after", 1995), ["2"]),
        (c("year", "is_not", 1995), ["2", "3", "4"]),
        (c("year", "any_of", [1995, 1996]), ["1", "2"]),
        (c("released", "is", 1995), ["1"]),
        (c("released", "is", "1995"), ["1"]),
        (c("released", "before", 1995), []),
        (c("released", "after", "1995-12-14"), ["1"]),
        (c("released", "at_most", 1995), ["1"]),
        (c("released", "between", ["1995-06-01", 1995]), ["1"]),
        (c("released", "is_not", 1995), ["2", "3", "4"]),
        (c("premise", "contains", "Horror"), ["2"]),
    ],
)
def test_each_operator_on_each_kind(constraint: Constraint, expected: list[str]) -> None:
    assert ids(constraint) == expected


def test_several_constraints_are_joined_by_and() -> None:
    assert ids(c("genres", "is", "horror"), c("year", "at_least", 1990)) == ["2"]
    assert ids() == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("constraint", "says"),
    [
        (c("yaer", "is", 1995), "did you mean 'year'"),
        (c("genres", "between", ["a", "b"]), "allowed: is, is_not, any_of"),
        (c("year", "contains", "9"), "no operator contains"),
        (c("year", "is", "soon"), "write a number"),
        (c("year", "is", float("nan")), "write a number"),
        (c("year", "is", float("inf")), "write a number"),
        (c("year", "is", 10**400), "write a number"),
        (c("year", "is", date(1995, 1, 1)), "write a number"),
        (c("year", "between", [1999, 1990]), "lo at most hi"),
        (c("year", "between", 1990), "lo at most hi"),
        (c("year", "is", [1990, 1991]), "takes one value, not 2; use any_of"),
        (c("released", "before", "last week"), "YYYY-MM-DD or a year"),
        (c("released", "before", 99999), "YYYY-MM-DD or a year"),
        (c("released", "before", 1995.5), "YYYY-MM-DD or a year"),
        (c("genres", "any_of", []), "the list is empty"),
        (c("genres", "is", []), "takes one value, not 0"),
        (c("genres", "is", "  "), "the value is empty"),
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(constraint: Constraint, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        check(constraint, SCHEMA)


def test_values_take_the_attributes_type() -> None:
    assert check(c("year", "is", "1995"), SCHEMA).value == 1995
    assert check(c("year", "at_least", 7.5), SCHEMA).value == 7.5
    assert check(c("released", "is", "1995-12-15"), SCHEMA).value == date(1995, 12, 15)
    assert check(c("genres", "any_of", "Crime"), SCHEMA).value == ("Crime",)
    assert check(c("genres", "is", ["Crime"]), SCHEMA).value == "Crime"
    assert check(c("colour", "is", True), SCHEMA).value == "true"


def test_a_checked_constraint_survives_json() -> None:
    for constraint in (c("released", "between", ["1995-06-01", 1996]), c("year", "is", 1995.5)):
        checked = check(constraint, SCHEMA)
        again = Constraint.model_validate_json(checked.model_dump_json())
        assert check(again, SCHEMA) == checked


def test_spelled_uses_the_catalogues_spelling_and_names_the_nearest() -> None:
    assert canonicalise(c("genres", "any_of", ["horror", "SCI-FI"]), FILMS).value == ("Horror", "Sci-Fi")
    assert canonicalise(c("year", "is", "1995"), FILMS).value == 1995
    with pytest.raises(QueryError, match="did you mean 'Horror'"):
        canonicalise(c("genres", "is", "Horor"), FILMS)


def test_blocking_counts_what_each_dropped_constraint_frees() -> None:
    horror, nineties, dark = (
        c("genres", "is", "horror"),
        c("year", "at_least", 1990),
        c("colour", "is", "dark"),
    )
    assert blocking(FILMS, [horror, nineties, dark]) == [(nineties, 1), (dark, 1)]
    assert blocking(FILMS, [nineties]) == [(nineties, 2)]
    assert blocking(FILMS, []) == []


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (c("year", "between", [1990, 1999]), "year between 1990 and 1999"),
        (c("genres", "is_not", "Horror"), "genres not Horror"),
        (c("genres", "none_of", ["Horror", "War"]), "genres none of Horror, War"),
        (c("released", "before", date(1995, 1, 2)), "released before 1995-01-02"),
        (c("year", "at_least", 1990), "year at least 1990"),
    ],
)
def test_describe_in_plain_english(constraint: Constraint, words: str) -> None:
    assert describe(constraint) == words


WORDS = st.sampled_from(["a", "A", "ab", "b", "B ", "ß", "SS", "ss", "İ", "x\0y", "\0", "sa"])
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, -1.5, 2**53 + 1, 1e300])
DATES = st.dates(date(1994, 11, 1), date(1996, 2, 1))
VALUES = {
    "colour": WORDS,
    "genres": st.lists(WORDS, max_size=3).map(tuple),
    "year": NUMBERS | st.just(float("nan")),
    "released": DATES,
    "premise": st.lists(WORDS, max_size=3).map("".join),
}
ATTRIBUTES = st.fixed_dictionaries({}, optional=VALUES)
CATALOGS = st.lists(ATTRIBUTES, max_size=8).map(
    lambda rows: Catalog([Item(str(n), str(n), row) for n, row in enumerate(rows)], SCHEMA)
)


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    attribute = draw(st.sampled_from(SCHEMA.attributes))
    op = draw(st.sampled_from(ALLOWED[attribute.kind]))
    one = {Kind.NUMBER: NUMBERS, Kind.DATE: DATES | st.integers(1994, 1996)}.get(attribute.kind, WORDS)
    if op is Op.BETWEEN:
        return c(attribute.name, op, draw(st.tuples(one, one)))
    return c(attribute.name, op, draw(st.lists(one, min_size=1, max_size=3) if op in SEVERAL else one))


@settings(max_examples=600, deadline=None)
@given(CATALOGS, st.lists(constraints(), max_size=3))
def test_columns_and_row_wise_check_agree(catalog: Catalog, wanted: list[Constraint]) -> None:
    try:
        checked = [check(constraint, SCHEMA) for constraint in wanted]
    except QueryError:  # a reversed `between` or a blank word
        return
    rows = mask(catalog, wanted)
    assert rows.tolist() == [all(satisfies(item, one) for one in checked) for item in catalog]
    freed = dict(blocking(catalog, checked))
    for constraint in checked:
        others = [other for other in checked if other is not constraint]
        assert freed.get(constraint, 0) <= mask(catalog, others).sum() - rows.sum()
