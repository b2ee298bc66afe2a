"""Learn from judged requests which items fit a request nobody has judged.

Kernel ridge regression on both sides. Requests are alike by their sentence vectors (kernel exp(b (cos - 1))), items by
what they are like (a linear kernel over :func:`tastemaker.retrieval.judged.item_features.item_features`): with the
judged gains Y, the scores of a new request q are

    k(q) (K + a I)^-1 Y  X (X'X + c I)^-1 X'

(Stock et al., "A comparative study of pairwise learning methods based on kernel ridge regression", 2018,
arXiv 1803.01575: two-step kernel ridge regression). Both steps are closed forms, so a build needs seconds and no
training loop, and any catalogue with any encoder can have it. Figures: LOG.md, "judged requests", and
``python -m tastemaker.evals.studies.judged_requests``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.linalg

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.index.catalog_arrays import read_own_vectors, save_vectors
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.phrase_index import embed_phrases, read_cache
from tastemaker.retrieval.index.vector_cache import VectorCache, text_hashes
from tastemaker.retrieval.judged.item_features import Features
from tastemaker.retrieval.judged.judged_requests import JudgedRequest

FILE, WORDINGS = "judged.npz", "judged-wordings.npz"
"""What is searched by, and the wordings' vectors, which only the next build reads."""
SHARPNESS, RIDGE, ITEM_RIDGE = 3.0, 0.03, 3.0
"""b, a and c. On judged requests left out in folds and on the development requests 2 to 4, .03 to .3 and 3 to 6 differ
by less than .01 of precision@5 (LOG.md)."""
BEST, LAST, ARGUABLE, WRONG = 1.0, 0.6, 0.35, -0.4
"""Gains of the first and the last item that clearly fits, of one that does so arguably, and of a wrong one."""
MAX_CELLS = 100_000_000
"""Requests times items: 200 MB on disk."""


@dataclass(frozen=True)
class JudgedIndex:
    """What judged requests taught.

    Attributes:
        requests: unit vectors of the requests, the mean of their wordings, float32[n, d].
        gains: what each of them adds to every item's score, float32[n, n_items].
    """

    requests: Vectors
    gains: npt.NDArray[np.float32]

    @classmethod
    def build(
        cls,
        folder: Path,
        catalog: Catalog,
        judged: Sequence[JudgedRequest],
        features: Features,
        embedder: TextEmbedder,
        *,
        progress: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> JudgedIndex:
        """Learn, and write what was learned to ``folder``, atomically.

        Wordings that an earlier index in the folder has, made by the same model, are not embedded again.

        Args:
            folder: of the index.
            catalog: the items.
            judged: requests, of its items alone.
            features: of the items, float32[n_items, p].
            embedder: makes the vectors of the wordings.
            progress: show a bar on standard error.
            say: is told how many wordings were embedded and how many kept.

        Raises:
            DataError: there are more requests and items than can be kept.
        """
        refuse_too_many(judged, catalog)
        model = ModelMark.of(embedder)
        wordings = list(dict.fromkeys(wording for one in judged for wording in one.wordings))
        kept = read_cache([folder / WORDINGS], model)
        vectors, embedded = embed_phrases(wordings, embedder, kept, progress, "judged requests")
        say(f"wordings of judged requests: {embedded:,} embedded, {len(wordings) - embedded:,} kept")
        save_vectors(folder / WORDINGS, catalog, model, {"vectors": vectors, "hashes": text_hashes(wordings)})
        requests = mean_vectors(judged, wordings, vectors)
        gains = fit_gains(requests, gains_of(judged, catalog), features)
        learned = {"requests": requests.astype(np.float16), "gains": gains.astype(np.float16)}
        save_vectors(folder / FILE, catalog, model, learned)
        return cls.open(folder, catalog, embedder)

    @classmethod
    def open(cls, folder: Path, catalog: Catalog, embedder: TextEmbedder) -> JudgedIndex:
        """Read what :meth:`build` wrote.

        Raises:
            WorkspaceError: missing, broken, or of another catalogue or embedding model.
        """
        requests, gains = read_own_vectors(folder / FILE, catalog, embedder, "requests", "gains")
        return cls(requests.astype(np.float32), gains.astype(np.float32))

    def scores(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """How well each item likely fits texts with these unit vectors float32[t, d]: float32[t, n_items]."""
        near = np.exp(SHARPNESS * (vectors @ self.requests.T - 1))
        return np.asarray(near @ self.gains, dtype=np.float32)


def refuse_too_many(judged: Sequence[JudgedRequest], catalog: Catalog) -> None:
    """Raise DataError where there are more requests and items than can be kept."""
    if len(judged) * len(catalog) > MAX_CELLS:
        raise DataError(
            f"{len(judged):,} judged requests for {len(catalog):,} items are too many (at most {MAX_CELLS:,} pairs); "
            f"give at most {MAX_CELLS // len(catalog):,} requests"
        )


def request_vectors(judged: Sequence[JudgedRequest], embedder: TextEmbedder, progress: bool) -> Vectors:
    """Unit vectors of requests, float32[n, d], embedded anew."""
    wordings = list(dict.fromkeys(wording for one in judged for wording in one.wordings))
    vectors, _ = embed_phrases(wordings, embedder, VectorCache.none(), progress, "judged requests")
    return mean_vectors(judged, wordings, vectors)


def mean_vectors(judged: Sequence[JudgedRequest], wordings: Sequence[str], vectors: Vectors) -> Vectors:
    """Unit vectors of requests: the means of their wordings', float32[n, d].

    Args:
        judged: the requests.
        wordings: all of theirs, each once.
        vectors: of these, float32[len(wordings), d].
    """
    number = {text: n for n, text in enumerate(wordings)}
    said = vectors[[number[wording] for one in judged for wording in one.wordings]]
    starts = np.cumsum([0, *(len(one.wordings) for one in judged)])[:-1]
    sums = np.add.reduceat(said, starts, axis=0)
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)


def gains_of(judged: Sequence[JudgedRequest], catalog: Catalog) -> npt.NDArray[np.float64]:
    """What the judgements say of each item, float64[n, n_items]; 0 where nobody said anything."""
    gains = np.zeros((len(judged), len(catalog)))
    for own, one in zip(gains, judged, strict=True):
        own[catalog.rows(one.wrong)] = WRONG
        own[catalog.rows(one.arguable)] = ARGUABLE
        own[catalog.rows(one.fits)] = np.linspace(BEST, LAST, len(one.fits))
    return gains


def fit_gains(
    requests: Vectors, gains: npt.NDArray[np.float64], features: Features
) -> npt.NDArray[np.float32]:
    """What each request adds to every item's score, by both regressions, float32[n, n_items]."""
    kernel = np.exp(SHARPNESS * (requests.astype(np.float64) @ requests.T - 1))
    kernel[np.diag_indices_from(kernel)] += RIDGE
    own = scipy.linalg.solve(kernel, gains, assume_a="pos")
    square = (features.T @ features).astype(np.float64)
    square[np.diag_indices_from(square)] += ITEM_RIDGE
    shared = scipy.linalg.solve(square, (own @ features).T, assume_a="pos").T
    return np.asarray(shared @ features.T, dtype=np.float32)
