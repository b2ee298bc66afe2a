"""Phrases: an item scores as its best one does; rebuilt, only new phrases are embedded."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.phrase_index import FILE, PhraseIndex

SCHEMA = Schema(attributes=(Attribute(name="themes", kind=Kind.TAGS),))
EMBEDDER = HashingEmbedder(64)


def catalog(*themes):
    return Catalog(
        [Item(str(n), f"Item {n}", {"themes": t} if t else {}) for n, t in enumerate(themes)], SCHEMA
    )


FILMS = catalog(("heist gone wrong", "friendship"), (), ("Friendship",), ("space travel",))


def build(folder, films=FILMS, embedder=EMBEDDER):
    said = []
    return PhraseIndex.build(folder, films, embedder, progress=False, say=said.append), said[0]


def test_an_item_scores_as_its_best_phrase(tmp_path):
    build(tmp_path)
    index = PhraseIndex.open(tmp_path, FILMS, EMBEDDER)
    scores = index.scores(EMBEDDER.encode_query("friendship"))
    assert scores.argmax() == 0
    assert scores[[0, 2]] == pytest.approx(1, abs=1e-6)
    assert scores[1] == 0
    assert len(index.vectors) == 3


def test_a_rebuild_embeds_only_new_phrases(tmp_path):
    assert build(tmp_path)[1] == "phrases: 3 embedded, 0 kept"
    more = catalog(("robbery", "space travel"), ("friendship",))
    index, said = build(tmp_path, more)
    assert said == "phrases: 1 embedded, 2 kept"
    np.testing.assert_allclose(
        index.vectors, EMBEDDER.encode(["robbery", "space travel", "friendship"]), atol=1e-6
    )
    assert build(tmp_path, more, HashingEmbedder(32))[1] == "phrases: 3 embedded, 0 kept"


def test_a_catalogue_without_phrases_has_scores_of_zero(tmp_path):
    index, _ = build(tmp_path, catalog((), ()))
    assert index.scores(EMBEDDER.encode_query("x")).tolist() == [0, 0]


def test_another_catalogue_another_model_or_a_damaged_file_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        PhraseIndex.open(tmp_path, FILMS, EMBEDDER)
    build(tmp_path)
    same_size = catalog(("x",), (), (), ())
    with pytest.raises(WorkspaceError, match="another catalogue"):
        PhraseIndex.open(tmp_path, same_size, EMBEDDER)
    with pytest.raises(WorkspaceError, match="'hashing-64', not 'hashing-32'"):
        PhraseIndex.open(tmp_path, FILMS, HashingEmbedder(32))
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:500])
    with pytest.raises(WorkspaceError, match="cannot read"):
        PhraseIndex.open(tmp_path, FILMS, EMBEDDER)
