"""Five items and four people; x took too few items to be asked."""

import pytest

from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema

CATALOG = Catalog([Item(i, i, {}) for i in "abcde"], Schema(attributes=()))
LOG = Interactions.from_columns(
    ["u"] * 3 + ["v"] * 3 + ["w"] * 3 + ["x"] * 2, [0, 1, 2, 0, 1, 3, 1, 0, 4, 0, 1], range(11)
)


@pytest.fixture
def data():
    return EvalData("five", CATALOG, LOG, timed=True)
