import numpy as np
import pytest

from tastemaker.recommenders import Query
from tastemaker.retrieval.errors import QueryError


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"history": (1,)}, r"history\[0\] must be an item id"),
        ({"history": "abc"}, "history must be a collection"),
        ({"history": None}, "history must be a collection"),
        ({"history": ("a",), "timestamps": (1.0, 2.0)}, "2 timestamps for a history of 1"),
        ({"history": ("a", "b"), "timestamps": (2.0, 1.0)}, "sort the history by time"),
        ({"history": ("a",), "timestamps": (float("nan"),)}, r"timestamps\[0\] must be a finite"),
        ({"history": ("a",), "timestamps": ("1",)}, r"timestamps\[0\] must be a number"),
        ({"now": float("inf")}, "now must be a finite"),
        ({"now": True}, "now must be a number"),
        ({"aim": 1.5}, "aim must be between 0 and 1, got 1.5"),
        ({"aim": "high"}, "aim must be a number"),
        ({"text": 3}, "text must be a string"),
        ({"include": "i1"}, "include must be a collection"),
        ({"include": [None]}, r"include\[0\]"),
        ({"exclude": 5}, "exclude must be a collection"),
        ({"weights": [("year", 1)]}, "weights must map"),
        ({"weights": {"year": float("nan")}}, r"weights\['year'\] must be a finite"),
        ({"weights": {3: 1.0}}, "keyed by attribute names"),
    ],
)
def test_a_malformed_query_names_the_field(fields, said):
    with pytest.raises(QueryError, match=said):
        Query(**fields)


def test_a_query_is_frozen_and_keeps_no_handle_on_what_it_was_given():
    history, excluded = ["a", "b"], {"c"}
    query = Query(history=history, timestamps=[1, np.float32(1)], exclude=excluded)
    history.append("z")
    excluded.add("z")
    assert query.history == ("a", "b")
    assert query.timestamps == (1.0, 1.0)
    assert query.exclude == {"c"}
    assert hash(query) == hash(Query(history=("a", "b"), timestamps=(1.0, 1.0), exclude=["c"]))
    with pytest.raises(AttributeError):
        query.history = ()


def test_context_must_be_words():
    assert Query(context={"day": "sunday"}).context == {"day": "sunday"}
    with pytest.raises(QueryError, match="strings to strings"):
        Query(context={"day": 7})
