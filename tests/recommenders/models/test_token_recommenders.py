import numpy as np
import pytest
from torch.nn.functional import cosine_similarity

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError

NAMES = ("minionerec", "mmgrec", "onepiece", "synergen")


@pytest.mark.parametrize("name", NAMES)
def test_a_beam_of_one_still_fills_a_list_with_what_is_allowed(name, ring, walks, small, embedder, tmp_path):
    settings = {**small[name], "levels": 3, "codes": 4, "beams": 1}
    model = train(name, ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    history = ("i1", "i2", "i3")
    for include in (None, {"i0", "i6"}, {"i7"}):
        found = [s.id for s in model.top(Query(history=history, include=include), 8)]
        assert set(found) == (set(ring.ids) if include is None else include) - set(history)
    alone = model.top(Query(history=history, include={"i7"}), 1)[0].score
    model.model.beams = 64
    exact = {s.id: s.score for s in model.top(Query(history=history), 8)}
    assert alone == pytest.approx(exact["i7"], rel=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_a_new_item_ranks_with_those_it_reads_like(name, ring, walks, small, embedder, tmp_path):
    settings = {**small[name], "source": "text", "tokenizer": "residual-kmeans", "levels": 3, "codes": 8}
    train(name, ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    twin = Item("twin", ring["i4"].title, ring["i4"].attributes)
    grown = load_recommender(tmp_path / "m", Catalog([*ring, twin], ring.schema), embedder, grown=True)
    ranked = [s.id for s in grown.top(Query(history=("i1", "i2", "i3")), 9)]
    assert ranked.index("i4") < ranked.index("twin") < len(ranked) / 2


def test_the_order_of_a_history_counts_where_it_should(ring, walks, small, embedder, tmp_path):
    settings = {
        **small["minionerec"],
        "source": "interactions",
        "levels": 2,
        "codes": 8,
        "training": {"epochs": 30, "batch_size": 8, "learning_rate": 0.01},
    }
    model = train("minionerec", ring, walks, tmp_path / "m", settings=settings)
    assert model.top(Query(history=("i1", "i2", "i3")), 1)[0].id == "i4"
    together = train("mmgrec", ring, walks, tmp_path / "s", settings=small["mmgrec"], embedder=embedder)
    np.testing.assert_allclose(
        together.scores(Query(history=("i3", "i1", "i2"))),
        together.scores(Query(history=("i1", "i2", "i3"))),
        rtol=1e-4,
    )


def test_codes_without_an_order_are_not_written_one_by_one(ring, walks, embedder, tmp_path):
    with pytest.raises(ConfigError, match="take rpg for them"):
        train("minionerec", ring, walks, tmp_path / "m", settings={"tokenizer": "product"}, embedder=embedder)


def test_reinforcement_by_its_own_beams_is_a_second_training(ring, walks, small, embedder, tmp_path):
    settings = {**small["minionerec"], "reinforced": 1, "group": 4}
    model = train("minionerec", ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    assert model.record["reinforced"]["epochs"] == 1
    plain = train("minionerec", ring, walks, tmp_path / "p", settings=small["minionerec"], embedder=embedder)
    asked = Query(history=("i1", "i2", "i3"))
    better = model.record["reinforced"]["validation_ndcg@10"] > model.record["validation_ndcg@10"]
    assert np.allclose(model.scores(asked), plain.scores(asked)) != better


def test_a_search_in_words_needs_no_history(ring, walks, small, embedder, tmp_path):
    settings = {
        **small["synergen"],
        "levels": 3,
        "codes": 8,
        "searched": 0.8,
        "training": {
            "epochs": 20,
            "patience": 20,
            "validate_every": 10,
            "batch_size": 8,
            "learning_rate": 0.01,
        },
    }
    model = train("synergen", ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    for row in (2, 6):
        wish = Query(text=f"Item {row}")  # such words stood for it in the training
        assert model.read(wish).fallback is None
        assert f"i{row}" in [scored.id for scored in model.top(wish, 2)]
    deaf = load_recommender(tmp_path / "m", ring)
    assert "text (no embedder was given)" in " ".join(deaf.read(Query(("i1",), text="Item 2")).notes)


def test_codes_may_begin_as_what_they_stand_for(ring, walks, small, tmp_path):
    settings = {**small["minionerec"], "source": "interactions", "levels": 3, "codes": 8, "start": "centres"}
    once = {"epochs": 1, "patience": 1, "learning_rate": 1e-9}
    model = train("minionerec", ring, walks, tmp_path / "m", settings={**settings, "training": once})
    tokens, vectors = model.model.decoder.tokens, model.table.frozen["vectors"]
    read = tokens(tokens.codes).sum(1)[:, : vectors.shape[1]]  # the sum of an item's codes
    assert cosine_similarity(read, vectors).mean() > 0.9
    wide = {**settings, "behaviour": "diffused", "directions": 32}
    with pytest.raises(ConfigError, match="which size=16 cannot hold"):
        train("minionerec", ring, walks, tmp_path / "n", settings=wide)
