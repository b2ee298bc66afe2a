"""Flat postings: the same as a dictionary of lists, and small however many values there are."""

import tracemalloc

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.postings import Postings
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import Constraint, Op, canonicalise, mask


def test_rows_by_value_and_values_by_part():
    postings = Postings([("b", "a", "B"), (), ("a",), ("abc",)])
    assert {value: rows.tolist() for value, rows in postings.items()} == {"b": [0], "a": [0, 2], "abc": [3]}
    assert "B" not in postings
    chosen = postings.containing("a")
    assert postings.holding(chosen, 4).tolist() == [True, False, True, True]
    counts = dict(zip(postings, postings.counts(np.array([True, True, False, True])), strict=True))
    assert counts == {"b": 1, "a": 1, "abc": 1}


def test_nothing_held_is_no_trouble():
    postings = Postings([(), ()])
    assert len(postings) == 0
    assert postings.holding(postings.containing("a"), 2).tolist() == [False, False]
    assert postings.counts(np.ones(2, np.bool_)).tolist() == []


def test_many_distinct_values_stay_small_and_errors_short():
    schema = Schema(attributes=(Attribute(name="code", kind=Kind.CATEGORY),))
    catalog = Catalog([Item(str(n), "t", {"code": f"Value {n}"}) for n in range(50_000)], schema)
    tracemalloc.start()
    catalog.postings("code")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / 50_000 < 250
    assert mask(catalog, [Constraint(field="code", op=Op.CONTAINS, value="VALUE 4999")]).sum() == 11
    with pytest.raises(QueryError, match=r"did you mean 'Value 49999'.*49,988 more") as error:
        canonicalise(Constraint(field="code", op=Op.IS, value="Valeu 49999"), catalog)
    assert len(str(error.value)) < 500
