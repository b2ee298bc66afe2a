import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, SASRec, train
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.layers.ada_rounds import AdaModel, one_ranking
from tastemaker.recommenders.losses.ada_loss import cut_anywhere
from tastemaker.retrieval.errors import ConfigError, QueryError

HISTORY = ("i1", "i2", "i3")


@pytest.fixture(scope="module")
def model(ring, walks, small, tmp_path_factory):
    return train("ada", ring, walks, tmp_path_factory.mktemp("m") / "ada", settings=small["ada"])


def _base(model):
    settings = model.settings.base_config()
    base = settings.compose(model.table)
    base.items, base.encoder = model.model.items, model.model.encoder
    return SASRec(model.vocabulary, model.popularity, base, settings, model.table)


def test_training_leaves_the_encoder_as_it_was(model, ring, walks, small, tmp_path):
    alone = train("sasrec", ring, walks, tmp_path / "sasrec", settings=small["ada"]["base_settings"])
    for name, array in alone.arrays().items():
        np.testing.assert_array_equal(model.arrays()[name], array)
    assert model.record["base"]["epochs"] == alone.record["epochs"]


def test_the_first_page_is_the_encoders(model):
    first = [s.id for s in _base(model).top(Query(HISTORY), 2)]
    assert [s.id for s in model.top(Query(HISTORY), 2)] == first


def test_what_was_shown_changes_the_scores_and_comes_last(model):
    shown = Query(HISTORY, shown=("i4", "nosuch"))
    assert model.top(shown, 8)[-1].id == "i4"
    assert "i4" not in [s.id for s in model.top(Query(HISTORY, shown=("i4",), exclude=["i4"]), 8)]
    others = [row for row in range(8) if row != 4]
    assert not np.allclose(model.scores(shown)[others], model.scores(Query(HISTORY))[others])
    assert "shown" in " ".join(_base(model).read(shown).notes)


def test_with_untrained_adapters_the_ranking_is_the_encoders(model):
    base = _base(model)
    torch.manual_seed(0)
    rounds = AdaModel(base.model, 3, 2)
    closed = torch.tensor([[1, 2, 3]])
    ranking = one_ranking(list(rounds.rounds(model._sequences([model.read(Query(HISTORY))]), closed)), closed)
    found = ranking[0].argsort(descending=True).tolist()[:5]
    assert [f"i{row}" for row in found] == [s.id for s in base.top(Query(HISTORY), 5)]


def test_pages_come_before_the_rest_and_closed_rows_last():
    hidden = -torch.inf
    first = (torch.tensor([[5.0, 4, 3, 2, hidden]]), torch.tensor([[0, 1]]))
    last = (torch.tensor([[hidden, hidden, 1.0, 9, hidden]]), torch.tensor([[3, 2]]))
    assert one_ranking([first, last], torch.tensor([[4]])).argsort(descending=True).tolist() == [
        [0, 1, 3, 2, 4]
    ]


def test_a_cut_ends_before_its_target(walks):
    batch = next(SequenceBatches(walks, 6, 64).epoch(np.random.default_rng(0)))
    torch.manual_seed(0)
    sequences, target = cut_anywhere(batch)
    last = sequences.rows.gather(1, sequences.lengths[:, None] - 1)[:, 0]
    assert torch.equal((last + 1) % 8, target)  # everyone walks the ring
    assert sequences.lengths.unique().tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"base": "ease"}, "base"), ({"base_settings": {"heads": 3}}, "must divide"), ({"rounds": 1}, "rounds")],
)
def test_wrong_settings_are_named(ring, walks, tmp_path, settings, said):
    with pytest.raises(ConfigError, match=said):
        train("ada", ring, walks, tmp_path / "m", settings=settings)


def test_shown_takes_ids():
    with pytest.raises(QueryError, match="shown must be a collection"):
        Query(shown="i1")
