"""Judged requests: what is judged is found by another wording, and what is like it comes next."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.judged import judged_index
from tastemaker.retrieval.judged.item_features import item_features
from tastemaker.retrieval.judged.judged_index import FILE, JudgedIndex, gains_of
from tastemaker.retrieval.judged.judged_requests import JudgedRequest, keep_known

EMBEDDER = HashingEmbedder(64)
SCHEMA = Schema(
    attributes=(
        Attribute(name="tags", kind=Kind.TAGS),
        Attribute(name="minutes", kind=Kind.NUMBER),
    )
)
KINDS = (
    "dogs",
    "dogs",
    "dogs",
    "dogs",
    "ships",
    "ships",
    "ships",
    "ships",
    "trains",
    "trains",
    "trains",
    "trains",
)
JUDGED = (
    JudgedRequest(("a faithful dog", "something with a dog in it"), ("0", "1"), ("2",), ("8",)),
    JudgedRequest(("a ship in a storm", "sailors at sea"), ("4", "5")),
)


def catalog(n=12):
    items = [
        Item(str(row), f"Item {row}", {"tags": (KINDS[row],), "minutes": 80 + 2 * row}) for row in range(n)
    ]
    return Catalog(items, SCHEMA)


def build(folder, items=None, judged=JUDGED, embedder=EMBEDDER):
    items = items or catalog()
    return JudgedIndex.build(folder, items, judged, item_features(items), embedder, progress=False)


def test_another_wording_finds_what_was_judged_and_what_is_like_it_comes_next(tmp_path):
    index = build(tmp_path)
    dogs, ships = index.scores(EMBEDDER.encode(["a dog", "sailors in a storm"]))
    assert set(np.argsort(-dogs)[:2]) == {0, 1}
    assert set(np.argsort(-ships)[:2]) == {4, 5}
    assert dogs[3] > dogs[6]
    assert ships[7] > ships[3]
    assert dogs[8] < dogs[11]  # judged to be wrong, where the other train was not


def test_gains_fall_from_the_best_to_the_last_and_arguable_items_have_less():
    gains = gains_of(JUDGED, catalog())
    assert gains[0, [0, 1, 2, 8]].tolist() == [1.0, 0.6, 0.35, -0.4]
    assert np.count_nonzero(gains[1]) == 2
    alone = gains_of([JudgedRequest(("x",), ("7",))], catalog())
    assert alone[0, 7] == 1.0


def test_items_that_are_gone_are_left_out_and_requests_without_any():
    kept = keep_known([*JUDGED, JudgedRequest((), ("0",))], {"1", "2", "8"})
    assert kept == [JudgedRequest(JUDGED[0].wordings, ("1",), ("2",), ("8",))]


def test_alike_items_have_alike_features_also_by_numbers_alone():
    features = item_features(catalog())
    assert np.linalg.norm(features, axis=1) == pytest.approx(np.ones(12), abs=1e-5)
    near = features @ features.T
    assert near[0, 1] > near[0, 5]
    numbers = Catalog(
        [Item(str(n), f"n {n}", {"minutes": n if n else None}) for n in range(5)],
        Schema(attributes=(Attribute(name="minutes", kind=Kind.NUMBER),)),
    )
    assert np.isfinite(item_features(numbers)).all()
    bare = Catalog([Item("a", "A", {}), Item("b", "B", {})], Schema(attributes=()))
    assert not item_features(bare).any()


def test_another_catalogue_another_model_or_a_damaged_file_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        JudgedIndex.open(tmp_path, catalog(), EMBEDDER)
    build(tmp_path)
    with pytest.raises(WorkspaceError, match="another catalogue"):
        JudgedIndex.open(tmp_path, catalog(11), EMBEDDER)
    with pytest.raises(WorkspaceError, match="embedding model"):
        JudgedIndex.open(tmp_path, catalog(), HashingEmbedder(32))
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 half")
    with pytest.raises(WorkspaceError, match="cannot read"):
        JudgedIndex.open(tmp_path, catalog(), EMBEDDER)


def test_too_many_to_keep_is_an_error_that_says_how_many_may_be(tmp_path, monkeypatch):
    monkeypatch.setattr(judged_index, "MAX_CELLS", 12)
    with pytest.raises(DataError, match="at most 1 requests"):
        build(tmp_path)
    assert not (tmp_path / FILE).exists()
