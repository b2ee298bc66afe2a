"""What was shown earlier in a talk and is on the list again: a person is told so, and not left to wonder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.text.joined import join_and


def name_shown_before(items: Sequence[Item], shown: Collection[str], places: Sequence[str]) -> str:
    """A sentence that says which items of a list were shown before, by their places; "" for none and for all.

    Args:
        items: of the list, in order.
        shown: ids that were shown before it.
        places: names of places, the first first.
    """
    again = [place for place, item in zip(places, items, strict=False) if item.id in shown]
    if not again or len(again) == len(items):
        return ""
    return f"The {join_and(again)} {'was' if len(again) == 1 else 'were'} on a list before."
