import numpy as np
import pytest

from tastemaker.recommenders.data.latent_vectors import latent_vectors
from tastemaker.recommenders.semantic_ids.item_vectors import (
    KEPT,
    ROUNDS,
    Source,
    diffused_vectors,
    item_vectors,
    propagate,
)
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

N = 60


@pytest.fixture(scope="module")
def world():
    """Two tastes; texts tell which, behaviour follows it; the last two items nobody took yet."""
    random = np.random.default_rng(0)
    taste = np.arange(N) % 2
    texts = random.standard_normal((N, 40)).astype(np.float32)
    texts[:, 0] += 6 * (taste - 0.5)
    log = [
        (f"u{u}", i, s)
        for u in range(80)
        for s, i in enumerate(random.permutation(np.flatnonzero(taste[:-2] == u % 2))[:8])
    ]
    return Interactions.from_columns(*zip(*log, strict=True)), texts, taste


def test_a_new_item_is_placed_by_its_text_beside_those_of_its_taste(world):
    log, texts, taste = world
    vectors, of_texts = item_vectors(Source.BOTH, latent_vectors(log, N, 8), log, 8, 0.5, texts)
    np.testing.assert_allclose(of_texts.of(texts[-2:]), vectors[-2:], atol=1e-5)
    for item in (N - 2, N - 1):
        near = vectors[:-2] @ vectors[item]
        assert near[taste[:-2] == taste[item]].mean() > near[taste[:-2] != taste[item]].mean() + 0.3


def test_behaviour_alone_reads_no_texts_and_the_others_ask_for_them(world):
    log, _, _ = world
    vectors, of_texts = item_vectors(Source.INTERACTIONS, latent_vectors(log, N, 8), log, 8, 0.5, None)
    assert of_texts is None
    assert not vectors[-2:].any()
    with pytest.raises(ConfigError, match="source=interactions"):
        item_vectors(Source.GRAPH, latent_vectors(log, N, 8), log, 8, 0.5, None)


def test_a_propagation_draws_items_of_the_same_people_together_and_leaves_new_ones(world):
    log, texts, taste = world
    before = texts / np.linalg.norm(texts, axis=1, keepdims=True)
    after = propagate(before, log, ROUNDS, KEPT)
    same = (taste[:-2, None] == taste[None, :-2]) & ~np.eye(N - 2, dtype=bool)
    assert (after @ after.T)[:-2, :-2][same].mean() > (before @ before.T)[:-2, :-2][same].mean() + 0.1
    np.testing.assert_allclose(after[-2:], before[-2:], atol=1e-6)


def test_diffused_vectors_bring_items_of_the_same_people_together_and_leave_the_others_apart(world):
    log, _, taste = world
    vectors = diffused_vectors(log, N, 32, seed=0)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = (vectors @ vectors.T)[:-2, :-2]
    same = taste[:-2, None] == taste[None, :-2]
    assert near[same].mean() > near[~same].mean() + 0.5
    assert np.abs((vectors @ vectors.T)[-2:, :-2]).mean() < 0.3
