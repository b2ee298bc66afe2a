"""Embedders: unit vectors, remembered queries, and a missing model named."""

import os
from pathlib import Path

import numpy as np
import pytest

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.index.embedder import Embedder
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder


def test_hashed_vectors_are_units_and_the_same_everywhere() -> None:
    vectors = HashingEmbedder(64).encode(["a bank robbery", "", "😀 \ud800", "a bank robbery"])
    assert (vectors.shape, vectors.dtype) == ((4, 64), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(vectors[0], vectors[3])
    assert HashingEmbedder(8).encode(["abc"])[0].round(3).tolist() == pytest.approx(
        [0.0, -0.243, -0.97, 0.0, 0.0, 0.0, 0.0, 0.0]
    )


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"tastemaker doctor"):
        Embedder(tmp_path / "none").encode(["x"])


def test_importing_and_making_an_embedder_loads_nothing() -> None:
    embedder = Embedder("some/model")
    assert embedder.name == "some/model"
    assert Embedder("some/folder", name="mini").name == "mini"


def hub_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(("HF_", "TRANSFORMERS_"))}


@pytest.mark.wire
def test_a_real_model_embeds_by_meaning() -> None:
    from tastemaker.retrieval.fetch.model_files import embedding_model

    embedder = Embedder(embedding_model("all-MiniLM-L6-v2"), "all-MiniLM-L6-v2")
    before = hub_settings()
    shark, beach, court = embedder.encode(["a shark attacks", "danger in the sea", "a jury argues"])
    assert shark @ beach > shark @ court
    query = embedder.encode_query("a shark attacks")
    np.testing.assert_allclose(query, shark, atol=1e-3)
    assert embedder.encode_query("a shark attacks") is query
    assert not query.flags.writeable
    assert hub_settings() == before
