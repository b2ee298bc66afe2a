"""What somebody would say of their taste, written by a template from what they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Kind

VALUES = 3
"""Of each attribute, so many values are named."""
KEYWORDS = 5
"""At most so many values without a sentence."""
LEAST, MOST = 0.1, 0.8
"""Of a history, the smallest and the largest share that a drawn profile is written from."""


def profile_text(catalog: Catalog, history: Sequence[str]) -> str:
    """The commonest values of each attribute among the items, in words; none that only one of them has.

    Args:
        catalog: the items.
        history: ids.
    """
    parts = []
    for attribute in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        counts = Counter(
            value for id_ in history for value in as_tags(catalog[id_].attributes.get(attribute))
        )
        named = [value for value, count in counts.most_common(VALUES) if count > 1]
        if named:
            parts.append(f"{attribute}: {', '.join(named)}")
    return "; ".join(parts)


def keyword_text(catalog: Catalog, history: Sequence[str], random: np.random.Generator) -> str:
    """A few values of the items' attributes, drawn by how many items have them, as somebody would drop them.

    Args:
        catalog: the items.
        history: ids.
        random: for the draws.
    """
    names = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
    values = [
        value for id_ in history for name in names for value in as_tags(catalog[id_].attributes.get(name))
    ]
    drawn = [values[place] for place in random.permutation(len(values))]
    return " ".join([*dict.fromkeys(drawn)][: random.integers(1, KEYWORDS + 1)])


@dataclass(frozen=True)
class Profile:
    """Words from a part of what a person took.

    Attributes:
        text: the words; never empty.
        person: row of the person in the log.
        given: int64[g], rows of the items that they were written from.
        taken: int64[g + o], rows of all items that the person took.
    """

    text: str
    person: int
    given: npt.NDArray[np.int64]
    taken: npt.NDArray[np.int64]


def draw_profiles(catalog: Catalog, log: Interactions, each: int, most: int, seed: int) -> list[Profile]:
    """Profiles of people who took at least three items, each from a random part; by turns a summary and keywords.

    Args:
        catalog: the items.
        log: what they took.
        each: profiles per person.
        most: at most so many in all; then from people drawn at random.
        seed: of the draws.
    """
    random, found = np.random.default_rng(seed), list[Profile]()
    for person in random.permutation(len(log.users)):
        taken = np.unique(log.item[log.offsets[person] : log.offsets[person + 1]]).astype(np.int64)
        for number in range(each if len(taken) > 2 else 0):
            size = int(np.clip(len(taken) * random.uniform(LEAST, MOST), 2, len(taken) - 1))
            mixed = random.permutation(taken)
            given = [catalog.ids[row] for row in mixed[:size]]
            text = keyword_text(catalog, given, random) if number % 2 else profile_text(catalog, given)
            if len(found) == most:
                return found
            if text:
                found.append(Profile(text, int(person), mixed[:size], taken))
    return found
