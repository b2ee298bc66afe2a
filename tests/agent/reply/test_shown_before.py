"""A list says what of it was shown before."""

import pytest

from tastemaker.agent.reply.lead_in import ORDINALS
from tastemaker.agent.reply.shown_before import name_shown_before
from tastemaker.retrieval.catalog.catalog import Item

ITEMS = [Item(one, one.upper(), {}) for one in "abc"]


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("", ""),
        ("xyz", ""),
        ("bx", "The second was on a list before."),
        ("ca", "The first and third were on a list before."),
        ("abc", ""),  # nothing is new: which, needs no telling
    ],
)
def test_what_comes_again_is_named_by_its_place(shown, told):
    assert name_shown_before(ITEMS, set(shown), ORDINALS) == told
