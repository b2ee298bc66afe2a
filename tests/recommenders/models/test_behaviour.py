import numpy as np
import pytest

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.data.hold_out import hold_out_last
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.models.generative.behaviour import Behaviour
from tastemaker.recommenders.models.rpg import RPG, RPGConfig
from tastemaker.recommenders.semantic_ids.semantic_ids import CODES
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions


@pytest.mark.parametrize("kind", Behaviour)
def test_vectors_are_of_length_one_and_equal_seeds_give_equal_ones(kind, walks, ring, tmp_path):
    vocabulary = Vocabulary([*ring.ids, "nobody's"])
    found, again = (
        kind.vectors(walks, vocabulary, 4, 0, tmp_path / f"{run}.safetensors", progress=False)
        for run in range(2)
    )
    np.testing.assert_allclose(np.linalg.norm(found[:-1], axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(found, again)
    assert not [*tmp_path.iterdir()]  # no checkpoint is left behind
    if kind is not Behaviour.DIFFUSED:
        assert not found[-1].any()


@pytest.mark.parametrize("kind", Behaviour)
def test_ids_see_nothing_of_what_chooses_the_epoch(kind, walks, ring, tmp_path):
    held = hold_out_last(walks, keep=2)
    users = [walks.users[user] for user in (*held.rest.user, *held.user)]
    items = [*held.rest.item, *((held.item + 3) % len(ring))]  # other last items than those that were taken
    changed = Interactions.from_columns(users, items, [*held.rest.timestamp, *held.timestamp])
    settings = RPGConfig(source="interactions", behaviour=kind, directions=4, levels=2, codes=4)
    one, other = (
        RPG.item_table(ItemContent(ring), own, settings, 0, tmp_path / "c.safetensors", progress=False)
        for own in (walks, changed)
    )
    np.testing.assert_array_equal(one.frozen[CODES], other.frozen[CODES])


def test_ids_of_an_order_can_be_learned_as_a_whole(ring, walks, small, tmp_path):
    settings = small["rpg"] | {
        "source": "interactions",
        "behaviour": "ordered",
        "tokenizer": "product",
        "levels": 4,
        "codes": 8,
        "loss": "items",
        "negatives": 32,
    }
    for start in ("centres", "random"):
        model = train("rpg", ring, walks, tmp_path / start, settings=settings | {"start": start})
        assert model.top(Query(history=("i1", "i2", "i3")), 1)[0].id == "i4"
    larger = Catalog([*ring, Item("new", "New", {})], ring.schema)
    assert model.with_items(ItemContent(larger)) is model
