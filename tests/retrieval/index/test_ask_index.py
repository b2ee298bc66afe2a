"""Asks: an item is as near as its nearest ask, and holds the words of all; rebuilt, only new ones are embedded."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.ask_index import FILE, MIN_WEIGHT, AskIndex
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder

EMBEDDER = HashingEmbedder(64)
CONTAINS = Attribute(name="contains", kind=Kind.TAGS, provenance=Provenance.INFERRED)


def catalog(n=6, contains=()):
    known = dict(contains)
    items = [
        Item(str(row), f"Item {row}", {"contains": known[row]} if row in known else {}) for row in range(n)
    ]
    return Catalog(items, Schema(attributes=(CONTAINS,)))


ASKS = {"0": ("a robbery goes wrong", "two friends on the road"), "2": ("dogs in space",), "gone": ("x y z",)}


def build(folder, items=None, asks=ASKS, embedder=EMBEDDER, **more):
    said = []
    index = AskIndex.build(
        folder, items or catalog(), asks, embedder, progress=False, say=said.append, **more
    )
    return index, said[0]


def test_an_item_is_as_near_as_its_nearest_ask_and_one_without_is_of_no_opinion(tmp_path):
    index, said = build(tmp_path)
    assert said == "asks: 3 embedded, 0 kept"
    near = index.nearness(EMBEDDER.encode(["dogs in space", "two friends on the road"]))
    assert near.shape == (2, 6)
    assert near.argmax(axis=1).tolist() == [2, 0]
    assert near[[0, 1], [2, 0]] == pytest.approx(1, abs=0.002)  # float16
    assert near[0, 1] == pytest.approx(float((index.vectors @ EMBEDDER.encode_query("dogs in space")).mean()))


def test_a_text_is_held_by_the_weight_of_its_words(tmp_path):
    index, _ = build(tmp_path, catalog(contains=[(2, ("guns",)), (3, ("dogs", "trains"))]))
    # "robbery" and "guns" are held by one of six items each; "the" and "film" say nothing, nor does an unheld word.
    assert index.word_share("the film of a robbery with guns").tolist() == pytest.approx(
        [0.5, 0, 0.5, 0, 0, 0]
    )
    assert np.log(6 / 2) < MIN_WEIGHT  # what two of six items hold tells nothing
    assert not index.word_share("a dog").any()
    assert not index.word_share("quantum").any()
    assert index.word_share("train").tolist() == [0, 0, 0, 1, 0, 0]


def test_a_rebuild_embeds_only_new_asks_also_out_of_another_folder(tmp_path):
    build(tmp_path)
    more = {**ASKS, "1": ("a robbery goes wrong", "a whale")}
    index, said = build(tmp_path, asks=more)
    assert said == "asks: 1 embedded, 3 kept"
    assert (
        np.abs(
            index.vectors
            - EMBEDDER.encode([t for i in ("0",) for t in more[i]] + ["a whale"] + ["dogs in space"])
        ).max()
        < 0.001
    )
    assert build(tmp_path / "new", kept=[tmp_path / "none", tmp_path])[1] == "asks: 0 embedded, 3 kept"
    assert build(tmp_path, embedder=HashingEmbedder(32))[1] == "asks: 3 embedded, 0 kept"


def test_another_catalogue_another_model_or_a_damaged_file_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        AskIndex.open(tmp_path, catalog(), EMBEDDER)
    build(tmp_path)
    # What was inferred of the items may change; what the catalogue states may not.
    AskIndex.open(tmp_path, catalog(contains=[(0, ("dogs",))]), EMBEDDER)
    with pytest.raises(WorkspaceError, match="another catalogue"):
        AskIndex.open(tmp_path, catalog(5), EMBEDDER)
    with pytest.raises(WorkspaceError, match="choose that embedding model"):
        AskIndex.open(tmp_path, catalog(), HashingEmbedder(32))
    (tmp_path / FILE).write_bytes(b"damaged")
    with pytest.raises(WorkspaceError, match="cannot read"):
        AskIndex.open(tmp_path, catalog(), EMBEDDER)
    assert build(tmp_path)[1] == "asks: 3 embedded, 0 kept"
