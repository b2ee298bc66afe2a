import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.losses.aligned_loss import contrast
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


@pytest.fixture(scope="module", params=[0.0, 0.2])
def model(request, ring, small, embedder, tmp_path_factory):
    """People of the east take items 0 to 3 in any order, people of the west 4 to 7."""
    random = np.random.default_rng(0)
    log = [
        (f"u{u}", 4 * (u % 2) + i, s) for u in range(160) for s, i in enumerate(random.integers(4, size=6))
    ]
    settings = {
        **small["rlmrec"],
        "share": 1.0,
        "masked": request.param,
        "training": small["sasrec"]["training"],
    }
    columns = Interactions.from_columns(*zip(*log, strict=True))
    folder = tmp_path_factory.mktemp("m") / "m"
    return train("rlmrec", ring, columns, folder, settings=settings, embedder=embedder)


@pytest.mark.parametrize(("first", "others"), [(0, (1, 2, 3)), (4, (5, 6, 7))])
def test_what_is_said_of_a_person_stands_for_a_history(model, ring, first, others):
    said = Query(text=" ".join(" ".join(ring[f"i{row}"].attributes["words"]) for row in (first, first + 1)))
    assert model.read(said).fallback is None
    ranked = [scored.id for scored in model.top(said, 8)]
    assert {f"i{row}" for row in (first, *others)} == set(ranked[:4])
    with_history = Query(history=(f"i{first}",), text=said.text)
    assert model.top(with_history, 1)[0].id in {f"i{row}" for row in others}


def test_a_new_item_lies_where_its_text_does(model, ring, embedder, tmp_path):
    model.save(tmp_path / "m")
    twin = Item("twin", ring["i4"].title, ring["i4"].attributes)
    grown = load_recommender(tmp_path / "m", Catalog([*ring, twin], ring.schema), embedder, grown=True)
    ranked = [scored.id for scored in grown.top(Query(history=("i5", "i7", "i6")), 9)]
    assert ranked.index("twin") < 4


def test_contrast_is_least_where_each_has_its_own():
    vectors = torch.eye(4)
    assert contrast(vectors, 3 * vectors, 0.1) < 0.01
    assert contrast(vectors, vectors.roll(1, 0), 0.1) > 5


def test_settings_of_the_encoder_are_checked(ring, walks, embedder, tmp_path):
    with pytest.raises(ConfigError, match=r"settings of sasrec.*heads"):
        train(
            "rlmrec", ring, walks, tmp_path / "m", settings={"base_settings": {"heads": 3}}, embedder=embedder
        )
