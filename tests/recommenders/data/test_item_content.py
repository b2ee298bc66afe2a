"""Models that know items by texts or attributes: wishes in words, new items, attribute heads."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.attribute_values import attribute_values
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.data.sequences import pad
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.attribute_items import AttributeItems, attribute_table, table_labels
from tastemaker.recommenders.layers.mean_encoder import MeanEncoder
from tastemaker.recommenders.layers.metric_items import MetricItems, PointMean
from tastemaker.recommenders.layers.text_id_items import TextIdItems
from tastemaker.recommenders.layers.text_items import TextItems, whitening
from tastemaker.recommenders.layers.unit_encoder import UnitCausalEncoder
from tastemaker.recommenders.losses.metric_loss import metric_loss
from tastemaker.recommenders.models.m2trec import M2TRec, M2TRecConfig
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder

TEXT_MODELS = ["alpharec", "cml", "text-sasrec"]


@pytest.fixture(scope="module", params=TEXT_MODELS)
def texts(request, ring, walks, small, embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("m") / "model"
    return train(request.param, ring, walks, folder, settings=small[request.param], embedder=embedder), folder


def test_a_wish_in_words_brings_up_what_is_written_so(texts, ring):
    model, _ = texts
    assert model.read(Query(text="hazel")).notes == ()
    alone = model.scores(Query(text="west hazel"))
    assert ring.ids[int(alone.argmax())] == "i7"
    without, mixed = model.scores(Query(("i1",))), model.scores(Query(("i1",), text="west hazel"))
    place = [int((scores > scores[7]).sum()) for scores in (without, mixed)]
    assert place[1] <= place[0]
    assert not np.allclose(mixed, alone)


def test_wishes_in_a_batch_are_each_ones_own(texts):
    model, _ = texts
    queries = [Query(("i1",), text="hazel"), Query(("i1",)), Query(text="coral"), Query()]
    together = model.scores_batch(queries)
    for query, scores in zip(queries, together, strict=True):
        np.testing.assert_allclose(scores, model.scores(query), rtol=1e-4, atol=1e-5)


def test_without_an_embedder_the_wish_is_left_aside_and_said_so(texts, ring):
    model = load_recommender(texts[1], ring)
    assert any("embedder" in note for note in model.read(Query(("i1",), text="hazel")).notes)
    np.testing.assert_array_equal(model.scores(Query(("i1",), text="hazel")), model.scores(Query(("i1",))))
    assert model.read(Query(text="hazel")).fallback == "popularity"


def test_another_embedder_is_refused(texts, ring):
    with pytest.raises(ConfigError, match="hashing-64"):
        load_recommender(texts[1], ring, HashingEmbedder(32))
    assert load_recommender(texts[1], ring, HashingEmbedder(64)).embedder is not None


def test_new_items_are_served_without_training(texts, ring, embedder):
    model, _ = texts
    new = Item("new", "Item 9", {"side": "west", "angle": 10, "words": ("hazel",)})
    grown = model.with_items(ItemContent(Catalog([new, *ring], ring.schema), embedder))
    query = Query(("i1", "i2"))
    np.testing.assert_allclose(grown.scores(query)[1:], model.scores(query), rtol=1e-5, atol=1e-5)
    assert grown.scores(Query(("new", "i2"))).shape == (9,)
    assert {s.id for s in grown.top(Query(text="west hazel"), 2)} == {"new", "i7"}
    assert grown.popularity.tolist() == [0.0, *model.popularity.tolist()]


@pytest.mark.parametrize("name", TEXT_MODELS)
def test_a_model_of_texts_asks_for_an_embedder(name, ring, walks, tmp_path):
    with pytest.raises(ConfigError, match="embedder"):
        train(name, ring, walks, tmp_path / "m")


def test_the_mean_of_unit_vectors_scores_cosines():
    vectors = torch.nn.functional.normalize(torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]), dim=-1)
    states = MeanEncoder(5, temperature=0.5)(vectors, pad([np.arange(2)], [None], 5))
    torch.testing.assert_close(states, torch.tensor([[[2.0, 0.0], [2**0.5, 2**0.5]]]))


def test_later_items_weigh_more_by_their_half_life():
    vectors = torch.eye(3)[None]
    states = MeanEncoder(5, temperature=1.0, half_life=1.0)(vectors, pad([np.arange(3)], [None], 5))
    torch.testing.assert_close(states[0, 2], torch.tensor([0.25, 0.5, 1.0]) / 1.3125**0.5)


def test_training_starts_from_the_nearness_of_texts():
    torch.manual_seed(0)
    texts = torch.randn(200, 6) * torch.tensor([9.0, 3.0, 1.0, 1.0, 0.5, 0.0]) + 4
    white = (texts - texts.mean(0)) @ whitening(texts, 4).T  # [200, 4]
    torch.testing.assert_close(white.T @ white / 200, torch.eye(4) / 4, atol=1e-3, rtol=0.0)
    assert len(whitening(texts, 6)) == 5  # the sixth direction is empty
    items = TextItems(texts, hidden=8, size=6)
    torch.testing.assert_close(items.matrix()[:, 5], torch.zeros(200), atol=1e-5, rtol=0.0)


def test_points_are_ranked_by_their_distance():
    torch.manual_seed(0)
    items = MetricItems(torch.randn(6, 4), hidden=8, size=3)
    torch.nn.init.normal_(items.down.weight, std=3.0)
    sequences = pad([np.array([0, 2])], [None], 5)
    person = PointMean(5).last(items(sequences.rows), sequences)
    points = items.project(items.vectors)
    assert (points.norm(dim=1) <= 1 + 1e-6).all()
    distance = (points - (points[0] + points[2]) / 2).square().sum(1)
    torch.testing.assert_close(person @ items.matrix().T, (person[:, :3].square().sum() - distance)[None])


def test_the_metric_loss_is_its_formula():
    wanted, others = torch.tensor([-1.0, -0.1]), torch.tensor([[-2.0, -1.2], [-5.0, -torch.inf]])
    first = np.log(1 + 10 * 0.5) * (0.5 + 1.0 - 1.2)  # one of its two negatives is within the margin
    assert metric_loss(wanted, others, margin=0.5, n_items=10).item() == pytest.approx(first / 2)


def test_an_item_is_the_weighted_sum_of_its_values(ring):
    torch.manual_seed(0)
    items = AttributeItems(attribute_table(ring).frozen, size=4)
    torch.nn.init.zeros_(items.down.weight)
    torch.nn.init.zeros_(items.down.bias)
    dense = np.hstack([attribute_values(ring, name).of_item.toarray() for name in ("side", "angle", "words")])
    torch.testing.assert_close(items.matrix(), torch.from_numpy(dense) @ items.values)
    rows = torch.tensor([[3, 0, 3], [7, 1, 0]])
    torch.testing.assert_close(items(rows), items.matrix()[rows])


@pytest.fixture(scope="module")
def attributes(ring, walks, small, tmp_path_factory):
    return train("m2trec", ring, walks, tmp_path_factory.mktemp("m") / "m2trec", settings=small["m2trec"])


@pytest.mark.parametrize("start", range(8))
def test_the_ring_is_learned_from_attributes(start, attributes):
    query = Query(history=tuple(f"i{(start + step) % 8}" for step in range(3)))
    assert attributes.top(query, 1)[0].id == f"i{(start + 3) % 8}"


def test_the_heads_learn_the_next_items_values(ring, walks, small, tmp_path):
    settings = M2TRecConfig.model_validate({**small["m2trec"], "head_share": 1.0})
    table = attribute_table(ring)
    torch.manual_seed(0)
    model, loss = settings.compose(table), settings.objective(torch.ones(8))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    random = np.random.default_rng(0)
    for batch in [b for _ in range(25) for b in SequenceBatches(walks, 6, 8).epoch(random)]:
        optimizer.zero_grad()
        loss(model, batch).backward()
        optimizer.step()
    trained = M2TRec(Vocabulary(ring.ids), np.ones(8), model, settings, table)
    for start in range(8):
        query = Query(history=tuple(f"i{(start + step) % 8}" for step in range(3)))
        after = ring[f"i{(start + 3) % 8}"]
        for name in ("words", "side", "angle"):
            likely = next_values(trained, query, name)
            assert sum(likely.values()) == pytest.approx(1.0, abs=1e-5)
        assert next_values(trained, query, "words")[after.attributes["words"][0]] > 0.5
        assert next_values(trained, query, "side")[after.attributes["side"]] > 0.5


def next_values(trained, query, name):
    """How likely the heads hold each value of one attribute for the next item."""
    labels = table_labels(trained.table)
    with torch.inference_mode():
        likely = trained.model.log_values(trained.states([trained.read(query)]))[0].exp()
    start, end = list(pairwise([0, *trained.model.items.ends]))[list(labels).index(name)]
    return dict(zip(labels[name], likely[start:end].tolist(), strict=True))


def test_equal_attributes_are_equal_items(ring, walks, small, tmp_path):
    twins = [Item(item.id, item.title, {**item.attributes, "words": ("same",), "angle": 1}) for item in ring]
    settings = {**small["m2trec"], "training": {"epochs": 1}}
    model = train("m2trec", Catalog(twins, ring.schema), walks, tmp_path / "m", settings=settings)
    assert len(set(model.scores(Query(("i1",))).round(4)[:4])) == 1


def test_attributes_and_texts_together(ring, walks, small, embedder, tmp_path):
    settings = {**small["m2trec"], "texts": True}
    with pytest.raises(ConfigError, match="embedder"):
        train("m2trec", ring, walks, tmp_path / "m", settings=settings)
    model = train("m2trec", ring, walks, tmp_path / "m", settings=settings, embedder=embedder)
    twin = Item("new", ring["i7"].title, ring["i7"].attributes)
    grown = load_recommender(tmp_path / "m", Catalog([twin, *ring], ring.schema), embedder, grown=True)
    scores = grown.scores(Query(("i1", "i2")))
    np.testing.assert_allclose(scores[1:], model.scores(Query(("i1", "i2"))), rtol=1e-4, atol=1e-5)
    assert scores[0] == pytest.approx(scores[8], rel=1e-4)
    with pytest.raises(ConfigError, match="hashing-64"):
        load_recommender(tmp_path / "m", ring, HashingEmbedder(32))


def test_values_that_the_model_never_saw_count_as_missing(attributes, ring):
    told = {"side": "north", "angle": 45, "words": ("unheard",)}
    plain = Item("plain", "Plain", {"angle": 45})
    odd = Catalog([*ring, Item("odd", "Odd", told), plain], ring.schema)
    scores = attributes.with_items(ItemContent(odd)).scores(Query(("i1", "i2")))
    assert scores[8] == pytest.approx(scores[9], rel=1e-5)


def test_an_item_without_an_id_is_its_text_alone():
    torch.manual_seed(0)
    items = TextIdItems(torch.randn(3, 4), hidden=8, size=2, id_dropout=0.5)
    alone = items.project(items.vectors)
    torch.testing.assert_close(items.matrix(), alone)  # ids start at nothing
    torch.nn.init.constant_(items.ids, 5.0)
    known = torch.nn.functional.normalize(alone + 5, dim=1)
    torch.testing.assert_close(items.eval().matrix(), known)
    torch.testing.assert_close(items(torch.tensor([[2, 0]])), known[[2, 0]][None])
    drawn = torch.stack([items.train().matrix() for _ in range(40)])  # [40, 3, 2]
    as_text = torch.isclose(drawn, alone).all(2)
    assert (as_text | torch.isclose(drawn, known).all(2)).all()
    assert 0.3 < as_text.float().mean() < 0.7


def test_states_of_a_unit_encoder_have_one_length():
    encoder = UnitCausalEncoder(8, layers=1, heads=2, max_length=5, dropout=0.0, temperature=0.25)
    sequences = pad([np.arange(3)], [None], 5)
    vectors = torch.randn(1, 3, 8)
    torch.testing.assert_close(encoder(vectors, sequences).norm(dim=2), torch.full((1, 3), 4.0))
    torch.testing.assert_close(encoder.last(vectors, sequences), encoder(vectors, sequences)[:, -1])


def test_a_catalogue_without_attributes_is_refused(walks, tmp_path):
    bare = Catalog([Item(f"i{row}", f"Item {row}", {}) for row in range(8)], Schema(attributes=()))
    with pytest.raises(ConfigError, match="add a column"):
        train("m2trec", bare, walks, tmp_path / "m")
