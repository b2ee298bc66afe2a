"""A condition one step looser lets more items through; one that cannot be is told."""

from datetime import date

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import AllOf, Constraint, Not, Op
from tastemaker.retrieval.filters.constraints import mask
from tastemaker.retrieval.filters.widen import widen

SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="price", kind=Kind.NUMBER, currency="EUR"),
        Attribute(name="rating", kind=Kind.NUMBER),
        Attribute(name="violence", kind=Kind.NUMBER, levels=("none", "a little", "some", "much")),
        Attribute(name="added", kind=Kind.DATE),
        Attribute(name="colour", kind=Kind.CATEGORY),
    )
)
CATALOG = Catalog(
    [
        Item(
            str(n),
            f"T{n}",
            {
                "year": 1970 + n,
                "price": 4.0 + 6 * n,
                "rating": 5 + n % 10 / 2,
                "violence": n % 4,
                "added": date(2024, 1 + n % 12, 1),
                "colour": ("red", "blue")[n % 2],
            },
        )
        for n in range(50)
    ],
    SCHEMA,
)


def one(field, op, value):
    return Constraint(field=field, op=op, value=value)


@pytest.mark.parametrize(
    ("said", "wider"),
    [
        (one("year", Op.AT_LEAST, 1990), one("year", Op.AT_LEAST, 1985)),
        (one("year", Op.BETWEEN, (1990, 1999)), one("year", Op.BETWEEN, (1985, 2004))),
        (one("year", Op.IS, 1994), one("year", Op.BETWEEN, (1989, 1999))),
        (one("year", Op.BEFORE, 1972), one("year", Op.BEFORE, 1977)),
        (one("year", Op.AT_LEAST, 2040), one("year", Op.AT_LEAST, 2000)),
        (one("price", Op.AT_MOST, 40), one("price", Op.AT_MOST, 50)),
        (one("price", Op.AT_MOST, 3), one("price", Op.AT_MOST, 4)),
        (one("rating", Op.AT_LEAST, 8), one("rating", Op.AT_LEAST, 7)),
        (one("violence", Op.AT_MOST, 1), one("violence", Op.AT_MOST, 2)),
        (one("added", Op.AFTER, date(2024, 6, 15)), one("added", Op.AFTER, date(2024, 5, 16))),
        (one("added", Op.BEFORE, 2024), one("added", Op.BEFORE, 2029)),
    ],
)
def test_numbers_and_dates_by_a_step_in_the_form_that_was_given(said, wider):
    found = widen(said, CATALOG)
    assert found == wider
    assert mask(CATALOG, [found]).sum() > mask(CATALOG, [said]).sum()
    assert (mask(CATALOG, [found]) >= mask(CATALOG, [said])).all()


def test_only_what_has_a_number_and_lets_more_through():
    label = one("colour", Op.IS, "red")
    both = AllOf(all_of=(label, one("year", Op.AT_LEAST, 1990)))
    assert widen(both, CATALOG) == AllOf(all_of=(label, one("year", Op.AT_LEAST, 1985)))
    for never in (
        label,
        Not(none_of=one("year", Op.AT_LEAST, 1990)),
        one("year", Op.IS_NOT, 1990),
        one("violence", Op.AT_MOST, 3),
        one("price", Op.AT_LEAST, 0),
    ):
        assert widen(never, CATALOG) is None
