"""A world small enough to solve by hand: eight items in a ring, and everyone walks it clockwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import torch

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder

RING = 8
SEQUENCE = {
    "size": 16,
    "layers": 1,
    "heads": 2,
    "max_length": 6,
    "dropout": 0.1,
    "training": {"epochs": 30, "patience": 30, "batch_size": 8, "learning_rate": 0.01},
}
SHORT = {"epochs": 8, "patience": 8, "batch_size": 8, "learning_rate": 0.01}
SMALL: Mapping[str, Mapping[str, object]] = {
    "sasrec": SEQUENCE,
    "bert4rec": SEQUENCE | {"layers": 2, "training": SHORT},
    "hstu": SEQUENCE | {"training": SHORT},
    "rlmrec": {"base_settings": SEQUENCE, "training": SHORT},
    "rpg": SEQUENCE | {"directions": 8, "levels": 2, "codes": 4, "training": SHORT},
    "minionerec": SEQUENCE | {"directions": 8, "levels": 2, "codes": 4, "training": SHORT},
    "mmgrec": SEQUENCE | {"directions": 8, "levels": 2, "codes": 4, "training": SHORT},
    "onepiece": SEQUENCE
    | {"directions": 8, "levels": 2, "codes": 4, "anchors": 2, "horizons": [2, 1], "training": SHORT},
    "synergen": SEQUENCE | {"directions": 8, "levels": 2, "codes": 4, "training": SHORT},
    "m2trec": SEQUENCE | {"training": SHORT},
    "tim4rec": SEQUENCE | {"state": 8, "training": SHORT},
    "decision-transformer": SEQUENCE | {"training": SHORT},
    "pisa": {"size": 16, "layers": 1, "training": SHORT},
    "recformer": {"items": 4, "tokens": 8, "second_stage": 2, "training": SHORT},
    "hiformer": {"base": "item-knn", "size": 16, "list_size": 4, "rank": 16, "training": SHORT},
    "fintrec": {"base": "item-knn", "size": 16, "list_size": 4, "rank": 16, "training": SHORT},
    "ada": {"base_settings": SEQUENCE, "rounds": 2, "page": 2, "training": SHORT},
    "cml": {"size": 16, "hidden": 32, "max_length": 6, "training": SEQUENCE["training"]},
    "alpharec": {"size": 16, "hidden": 32, "max_length": 6, "training": SEQUENCE["training"]},
    "text-sasrec": SEQUENCE | {"ids": True, "training": SHORT},
}


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads only wait for each other at this size, and for long when the machine is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def ring() -> Catalog:
    """Half of the items are east, and each has an angle and a word of its own."""
    words = "amber brass coral denim ebony flint green hazel".split()
    attributes = (
        Attribute(name="side", kind=Kind.CATEGORY),
        Attribute(name="angle", kind=Kind.NUMBER),
        Attribute(name="words", kind=Kind.TAGS),
    )
    items = [
        Item(
            f"i{row}",
            f"Item {row}",
            {"side": "east" if row < 4 else "west", "angle": row * 45, "words": (word,)},
        )
        for row, word in enumerate(words)
    ]
    return Catalog(items, Schema(attributes=attributes))


@pytest.fixture(scope="session")
def embedder() -> HashingEmbedder:
    return HashingEmbedder(64)


@pytest.fixture(scope="session")
def walks() -> Interactions:
    """Users 0..31 start at item u mod 8 and take 4 to 7 steps; two more like item 0, the most visited."""
    log = [(f"u{u}", (u + step) % RING, step) for u in range(32) for step in range(4 + u // 8)]
    log += [("fan", 0, 0), ("other fan", 0, 0)]
    users, items, times = zip(*log, strict=True)
    return Interactions.from_columns(users, items, times)


@pytest.fixture(scope="session")
def small() -> Mapping[str, Mapping[str, object]]:
    """Settings under which a model learns the ring in a second or two."""
    return SMALL
