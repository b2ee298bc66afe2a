"""Where a person lies of whom only words are known: the least-squares map from profile texts to item scores.

The popularity that all people share stays outside of the map, so words that tell nothing leave a ranking by
popularity; a cosine to an aligned text loses it. This is the form of RLMRec's alignment (Ren et al., WWW 2024) that
serves people without a history.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Floats = npt.NDArray[np.float64]
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 1e6)
"""Of the map's squares; the last leaves popularity alone."""
FOLDS = 5


class WordDoor(nn.Module):
    """score(item | words) = share of people who take it + (words - mean words) W . item vector; fitted, not trained.

    Args:
        texts: width t of text vectors.
        size: width d of item vectors.
        n_items: items.
    """

    def __init__(self, texts: int, size: int, n_items: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(texts))
        self.register_buffer("weight", torch.zeros(texts, size))
        self.register_buffer("shares", torch.zeros(n_items))
        self.mean: Tensor
        self.weight: Tensor
        self.shares: Tensor

    def forward(self, texts: Tensor) -> Tensor:
        """Unit text vectors to states: float32[n, t] -> float32[n, d]."""
        return (texts - self.mean) @ self.weight

    @torch.no_grad()
    def fit(self, texts: Tensor, taken: Tensor, person: Tensor, items: Tensor) -> float:
        """Solve for the map; the penalty is the one that foretells other people's items best.

        Args:
            texts: float32[p, t], unit vectors of profiles.
            taken: bool[p, n_items], what the person took, with what the profile was written from: who asks for
                something is also served by what is exactly that.
            person: int64[p], whose profiles they are.
            items: float32[n_items, d].

        Returns:
            The penalty.
        """
        x, y = texts.numpy().astype(np.float64), taken.numpy().astype(np.float64)
        basis, fold = items.numpy().astype(np.float64), person.numpy() % FOLDS
        losses = np.zeros(len(PENALTIES))
        for number in range(FOLDS):
            rest, own = fold != number, fold == number
            if own.any() and rest.any():
                mean, shares, maps = _solve(x[rest], y[rest], basis)
                for place, weight in enumerate(maps):
                    losses[place] += np.square(y[own] - shares - (x[own] - mean) @ weight @ basis.T).sum()
        best = len(PENALTIES) - 1 - int(np.argmin(losses[::-1]))  # of equals the smoothest
        mean, shares, maps = _solve(x, y, basis)
        for name, found in (("mean", mean), ("shares", shares), ("weight", maps[best])):
            getattr(self, name).copy_(torch.from_numpy(found))
        return PENALTIES[best]


def _solve(x: Floats, y: Floats, basis: Floats) -> tuple[Floats, Floats, list[Floats]]:
    """Mean of the texts, share of each item, and a map per penalty, float64[t, d]."""
    mean, shares = x.mean(0), y.mean(0)
    within = np.linalg.pinv(basis)  # [d, n_items], onto what item vectors can say
    values, vectors = np.linalg.eigh((x - mean).T @ (x - mean))
    turned = vectors.T @ ((x - mean).T @ ((y - shares) @ within.T))
    return mean, shares, [vectors @ (turned / (values + penalty)[:, None]) for penalty in PENALTIES]
