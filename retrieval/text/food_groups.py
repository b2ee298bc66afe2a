"""Groups of food, by which people turn down ingredients that are called otherwise: "no nuts" and "walnuts".

Whoever is allergic must not be shown what only a name hides. The groups are in ``data/food-groups.toml``, written by
hand for this project; they are everyday knowledge and no medical list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tastemaker.retrieval.text.tokens import singular, tokens

SOURCE = "data/food-groups.toml"


@dataclass(frozen=True, slots=True)
class FoodGroup:
    """A group: words that its members have, and words beside which they are none ("coconut milk")."""

    members: frozenset[str]
    others: frozenset[str]

    def holds(self, value: str) -> bool:
        """Whether an ingredient is of the group.

        >>> dairy, nuts = food_groups()["dairy"], food_groups()["nut"]
        >>> [dairy.holds(one) for one in ("Cheddar cheese", "coconut milk", "rice")], nuts.holds("walnuts")
        ([True, False, False], True)
        """
        words = tokens(value)
        return bool(self.members & set(words)) and not self.others & set(words)


@cache
def food_groups() -> Mapping[str, FoodGroup]:
    """The groups by each of their names, in the singular."""
    text = (files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8")
    groups: dict[str, FoodGroup] = {}
    for table in tomllib.loads(text).values():
        group = FoodGroup(
            frozenset(singular(word) for word in table["members"].split()),
            frozenset(singular(word) for word in table["not"].split()),
        )
        groups |= {singular(name): group for name in table["names"].split()}
    return groups
