"""What every tokenizer must do, on vectors of forty kinds of item, ten of each."""

from __future__ import annotations

import numpy as np
import pytest

from tastemaker.recommenders.semantic_ids.kmeans import assign, kmeans
from tastemaker.recommenders.semantic_ids.semantic_ids import TOKENIZERS, SemanticIds

KINDS, EACH, SIZE = 40, 10, 32


@pytest.fixture(scope="module")
def vectors():
    random = np.random.default_rng(0)
    kinds = random.standard_normal((KINDS, SIZE))
    spread = 0.9 * random.standard_normal((KINDS, EACH, SIZE))
    return (kinds[:, None] + spread).reshape(-1, SIZE).astype(np.float32)


@pytest.fixture(scope="module", params=list(TOKENIZERS))
def ids(request, vectors):
    return request.param, SemanticIds.fit(request.param, vectors, levels=4, codes=32, seed=1)


def test_ids_tell_items_apart_and_use_their_codes(ids):
    _, fitted = ids
    assert fitted.codes.shape == (KINDS * EACH, 4)
    assert 0 <= fitted.codes.min() <= fitted.codes.max() < fitted.tokenizer.codes <= 32
    assert len(np.unique(fitted.codes, axis=0)) >= 0.95 * len(fitted.codes)
    assert len(np.unique(fitted.codes[:, 0])) >= 0.9 * fitted.tokenizer.codes


def test_items_of_a_kind_share_their_first_code(ids):
    first = ids[1].codes[:, 0].reshape(KINDS, EACH)
    own = np.mean([np.mean(row[:, None] == row) for row in first])
    others = np.mean(first.ravel()[:, None] == first.ravel())
    assert own >= 3 * others


def test_what_is_saved_gives_the_same_ids_and_new_vectors_those_of_their_kind(ids, vectors):
    name, fitted = ids
    again = SemanticIds.read(name, fitted.frozen())
    np.testing.assert_array_equal(again.codes, fitted.codes)
    np.testing.assert_array_equal(again.tokenizer.encode(vectors), fitted.codes)
    near = again.tokenizer.encode(vectors + np.float32(1e-4))
    assert np.mean(near == fitted.codes) > 0.97


def test_what_the_codes_stand_for_adds_up_to_what_they_were_cut_from(ids, vectors):
    name, fitted = ids
    codes = fitted.tokenizer.code_vectors()
    summed = codes[np.arange(4), fitted.codes].sum(1)  # [n, w]
    own = np.corrcoef(((vectors @ vectors.T).ravel(), (summed @ summed.T).ravel()))[0, 1]
    assert own > (0.2 if name == "rq-vae" else 0.5)  # a network bends the space


def test_directions_of_two_steps_part_at_the_mean(vectors):
    fitted = SemanticIds.fit("finite-scalar", vectors, levels=4, codes=8)
    assert fitted.tokenizer.codes == 8
    shares = np.bincount(fitted.codes[:, 0] // 4, minlength=2) / len(vectors)
    assert shares.min() > 0.35


def test_equal_seeds_give_equal_ids(ids, vectors):
    name, fitted = ids
    again = SemanticIds.fit(name, vectors, levels=4, codes=32, seed=1)
    np.testing.assert_array_equal(again.codes, fitted.codes)


@pytest.mark.parametrize("name", list(TOKENIZERS))
def test_few_and_equal_vectors_are_no_error(name):
    ids = SemanticIds.fit(name, np.ones((3, 8), np.float32), levels=2, codes=16)
    assert ids.codes.shape == (3, 2)
    assert len(np.unique(ids.codes, axis=0)) == 1


def test_kmeans_leaves_no_cluster_empty_and_finds_the_nearest():
    random = np.random.default_rng(3)
    points = np.concatenate([np.zeros((50, 2)), random.standard_normal((50, 2))]).astype(np.float32)
    centres = kmeans(points, 20, np.random.default_rng(0))
    nearest, distance = assign(points, centres)
    assert len(np.unique(nearest)) == 20
    every = np.square(points[:, None] - centres).sum(2)
    np.testing.assert_allclose(distance, every.min(1), atol=1e-5)
