import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.sequences import pad
from tastemaker.recommenders.models.rpg import RPGConfig
from tastemaker.recommenders.semantic_ids.semantic_ids import SemanticIds
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError


@pytest.mark.parametrize("start", ["centres", "random"])
def test_an_items_score_is_the_log_probability_of_its_codes(start):
    random = np.random.default_rng(0)
    ids = SemanticIds.fit("product", random.standard_normal((50, 12)).astype(np.float32), levels=3, codes=8)
    config = RPGConfig(size=16, heads=2, start=start)
    model = config.compose(ItemTable(50, ids.frozen())).eval()
    torch.nn.init.normal_(model.turn)
    sequences = pad([np.array([3, 9, 40]), np.array([7])], [None, None], 50)
    state = model.last(sequences)
    scores = model.scores(sequences, model.items.matrix())
    of_codes = model.logits(state).log_softmax(2)
    for person in range(2):
        for item in range(50):
            wanted = sum(of_codes[level, person, ids.codes[item, level]] for level in range(3))
            torch.testing.assert_close(scores[person, item], wanted)


def test_items_with_one_id_share_their_score_and_both_are_returned(ring, walks, small, embedder, tmp_path):
    settings = {**small["rpg"], "levels": 1, "codes": 4, "source": "text"}
    model = train("rpg", ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    scores = model.scores(Query(history=("i1", "i2")))
    assert len(np.unique(scores.round(4))) <= 4
    assert len(model.top(Query(history=("i1", "i2")), 8, exclude_history=False)) == 8


def test_a_new_item_ranks_with_those_it_reads_like(ring, walks, small, embedder, tmp_path):
    settings = {**small["rpg"], "source": "text", "levels": 3, "codes": 8}
    train("rpg", ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    twin = Item("twin", ring["i4"].title, ring["i4"].attributes)
    grown = load_recommender(tmp_path / "m", Catalog([*ring, twin], ring.schema), embedder, grown=True)
    ranked = [s.id for s in grown.top(Query(history=("i1", "i2", "i3")), 9)]
    assert ranked.index("twin") < len(ranked) / 2


def test_ids_of_behaviour_alone_need_no_texts_and_leave_new_items_out(ring, walks, small, tmp_path):
    settings = {**small["rpg"], "source": "interactions", "levels": 2, "codes": 8}
    model = train("rpg", ring, walks, tmp_path / "m", settings=settings)
    assert model.top(Query(history=("i1", "i2", "i3")), 1)[0].id == "i4"
    larger = Catalog([*ring, Item("new", "New", {})], ring.schema)
    grown = load_recommender(tmp_path / "m", larger, grown=True)
    assert grown.unservable(larger) == ("new",)
    with pytest.raises(ConfigError, match="item texts"):
        train("rpg", ring, walks, tmp_path / "n", settings={**settings, "source": "both"})


@pytest.mark.parametrize("name", ["finite-scalar", "product"])
def test_before_training_an_item_is_followed_by_those_near_it(name):
    vectors = np.random.default_rng(0).standard_normal((50, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = SemanticIds.fit(name, vectors, levels=8, codes=64)
    config = RPGConfig(size=16, heads=2, levels=8, tokenizer=name, start="centres", temperature=0.15)
    model = config.compose(ItemTable(50, ids.frozen())).eval()
    sequences = pad([np.array([row]) for row in range(50)], [None] * 50, 50)
    chances = (model.scores(sequences, model.items.matrix()) / 8).softmax(1).detach().numpy()
    near = vectors @ vectors.T
    own = [np.corrcoef(np.delete(chances[row], row), np.delete(near[row], row))[0, 1] for row in range(50)]
    assert np.mean(own) > 0.5
    assert chances.max(1).mean() < 0.9  # not as sharp as if a step were as long as an item
