import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.facets.likely_values import LikelyValues
from tastemaker.retrieval.facets.satisfaction import Satisfaction
from tastemaker.retrieval.filters.conditions import Constraint, Op

N = 400
TENSE = Constraint(field="moods", op=Op.IS, value="tense")


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(N, 16)).astype(np.float32)
    drawn[:, 0] *= 3
    return drawn


@pytest.fixture(scope="module")
def catalog(vectors: np.ndarray) -> Catalog:
    """Items whose texts tell whether they are tense, a tenth of which are not labelled so; fates by chance."""
    by_chance = np.random.default_rng(1)
    items = []
    for row, vector in enumerate(vectors):
        moods = ("tense",) if vector[0] > 0 and row % 10 else ("mild",)
        fate = "red" if by_chance.random() < 0.5 else "blue"
        items.append(Item(id=str(row), title=f"Item {row}", attributes={"moods": moods, "fate": (fate,)}))
    kinds = [Attribute(name="moods", kind=Kind.TAGS), Attribute(name="fate", kind=Kind.TAGS)]
    return Catalog(items, Schema(attributes=tuple(kinds)))


def test_a_label_that_is_missing_is_likely_where_the_text_speaks_for_it(
    catalog: Catalog, vectors: np.ndarray
) -> None:
    degrees = Satisfaction(catalog, LikelyValues(catalog, vectors, ["moods", "fate"])).of(TENSE)
    unlabelled = np.arange(N) % 10 == 0
    tense = vectors[:, 0] > 0
    assert degrees[unlabelled & tense].mean() > degrees[unlabelled & ~tense].mean() + 0.2
    assert degrees[~unlabelled & tense].min() > degrees[unlabelled].mean()


def test_an_items_own_label_says_nothing_of_itself(catalog: Catalog, vectors: np.ndarray) -> None:
    likely = LikelyValues(catalog, vectors, ["moods"])
    labels = (vectors[:, 0] > 0).astype(np.float64)
    changed = labels.copy()
    changed[0] = 1 - changed[0]
    first, second = likely.of("moods", labels), likely.of("moods", changed)
    assert first is not None
    assert second is not None
    assert first[0] == pytest.approx(second[0], abs=1e-4)


def test_what_nothing_foretells_stays_as_it_is(catalog: Catalog, vectors: np.ndarray) -> None:
    fate = Constraint(field="fate", op=Op.IS, value="red")
    plain = Satisfaction(catalog).of(fate)
    completed = Satisfaction(catalog, LikelyValues(catalog, vectors, ["fate"])).of(fate)
    assert completed[plain == 1].min() > completed[plain == 0].max()


def test_facts_and_small_catalogues_are_left_alone(catalog: Catalog, vectors: np.ndarray) -> None:
    labels = np.ones(N)
    assert LikelyValues(catalog, vectors, ["fate"]).of("moods", labels) is None
    few = Catalog([catalog.at(row) for row in range(20)], catalog.schema)
    assert LikelyValues(few, vectors[:20], ["moods"]).of("moods", labels[:20]) is None
