import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.facets.satisfaction import Satisfaction
from tastemaker.retrieval.filters.conditions import AllOf, Constraint, Not, Op, any_of
from tastemaker.retrieval.filters.constraints import mask


def test_a_number_falls_off_beyond_its_limit_and_the_unknown_gets_the_mean(catalog: Catalog) -> None:
    degrees = Satisfaction(catalog).of(Constraint(field="violence", op=Op.AT_MOST, value=0))
    assert degrees.dtype == np.float32
    assert degrees[0] == 1.0
    assert degrees[0] > degrees[2] > degrees[1] > 0
    assert degrees[3] == pytest.approx(degrees[:3].mean())


def test_what_meets_a_condition_has_degree_one(catalog: Catalog) -> None:
    for condition in (
        Constraint(field="runtime", op=Op.BETWEEN, value=(80, 110)),
        Constraint(field="moods", op=Op.IS, value="Funny"),
        Constraint(field="moods", op=Op.NONE_OF, value=("dark",)),
        Constraint(field="plot", op=Op.CONTAINS, value="heist"),
    ):
        degrees, met = Satisfaction(catalog).of(condition), mask(catalog, [condition])
        assert (degrees[:3][met[:3]] == 1).all()
        assert (degrees[:3][~met[:3]] < 1).all()
        assert (degrees >= 0).all()
        assert (degrees <= 1).all()


def test_more_of_the_wanted_tags_are_better(catalog: Catalog) -> None:
    degrees = Satisfaction(catalog).of(Constraint(field="moods", op=Op.ANY_OF, value=("funny", "sad")))
    assert list(degrees[:3]) == [0.75, 0.0, 1.0]


def test_and_or_not(catalog: Catalog) -> None:
    satisfaction = Satisfaction(catalog)
    one, two = (
        Constraint(field=name, op=Op.IS, value=value)
        for name, value in (("language", "French"), ("violence", 3))
    )
    a, b = satisfaction.of(one), satisfaction.of(two)
    np.testing.assert_allclose(satisfaction.of(AllOf(all_of=(one, two))), a * b, rtol=1e-6)
    np.testing.assert_allclose(satisfaction.of(any_of([one, two])), np.maximum(a, b))
    np.testing.assert_allclose(satisfaction.of(Not(none_of=one)), 1 - a, rtol=1e-6)


def test_degrees_are_kept_and_cannot_be_written(catalog: Catalog) -> None:
    satisfaction, wish = Satisfaction(catalog), Constraint(field="runtime", op=Op.AT_MOST, value=100)
    assert satisfaction.of(wish) is satisfaction.of(wish)
    with pytest.raises(ValueError, match="read-only"):
        satisfaction.of(wish)[0] = 0


def test_a_condition_must_make_sense(catalog: Catalog) -> None:
    with pytest.raises(QueryError, match="no attribute 'taste'"):
        Satisfaction(catalog).of(Constraint(field="taste", op=Op.IS, value="salt"))


LEVELS = [0, 1, 2, 3, None]


def _with_levels() -> Catalog:
    attribute = Attribute(
        name="sadness", kind=Kind.NUMBER, levels=("none", "a little", "much", "its very point")
    )
    items = [
        Item(id=str(place), title=f"Film {place}", attributes={} if level is None else {"sadness": level})
        for place, level in enumerate(LEVELS)
    ]
    return Catalog(items, Schema(attributes=(attribute,)))


def test_deep_within_a_limit_is_better_than_at_its_edge() -> None:
    satisfaction = Satisfaction(_with_levels())
    sad = satisfaction.of(Constraint(field="sadness", op=Op.AT_LEAST, value=2))
    assert sad[3] == 1.0
    assert 0.5 < sad[2] < 1.0
    assert sad[2] > sad[1] > sad[0]
    glad = satisfaction.of(Constraint(field="sadness", op=Op.AT_MOST, value=1))
    assert glad[0] == 1.0
    assert 0.5 < glad[1] < 1.0
    refused = satisfaction.of(Not(none_of=Constraint(field="sadness", op=Op.AT_LEAST, value=2)))
    assert refused[2] == refused[3] == 0.0
