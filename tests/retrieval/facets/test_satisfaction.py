import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog
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
