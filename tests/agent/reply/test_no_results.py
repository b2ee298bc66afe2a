"""What is offered where nothing fits."""

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.no_results import WHICH_MATTERS_LEAST, nothing_fits
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import Constraint, Op


@pytest.mark.parametrize(("field", "offered"), [("ingredients", False), ("toppings", True)])
def test_what_somebody_must_not_eat_is_never_offered(field, offered):
    schema = Schema(attributes=(Attribute(name=field, kind=Kind.TAGS),))
    catalog = Catalog([Item(str(n), f"Cake {n}", {field: ("almonds", "flour")}) for n in range(5)], schema)
    profile = TasteProfile().with_constraint(Constraint(field=field, op=Op.IS_NOT, value="almonds"))
    reply = nothing_fits(Evidence(catalog), profile, (), (), "cake")
    assert ("almonds" in reply.offer.text) is offered
    assert (reply.offer.text == WHICH_MATTERS_LEAST) is not offered
