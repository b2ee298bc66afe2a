"""Which item is named next, from a text and the items mentioned before: a two-tower model with a popularity prior.

One tower maps a moment to a vector, the other is a table of item vectors that is given and stays as it is;
after Covington et al., "Deep Neural Networks for YouTube Recommendations" (RecSys 2016). The text's part of
the moment's tower begins as the identity onto the items' text vectors: before the first step the model is
dense retrieval plus popularity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Column = npt.NDArray[np.float32]
Table = npt.NDArray[np.float32]

EPOCHS = 3
BATCH = 32
DRAWN = 2048
"""Items that a batch of moments is learned against, drawn evenly for each batch; all of a smaller catalogue."""
RATE = 1e-3
DECAY = 0.05
DROPOUT = 0.3
SCALE = 8.0
"""What a cosine is worth at first, in units of log chance."""
WARM_UP = 0.1
"""Share of the steps in which the learning rate rises; it falls evenly thereafter."""


@dataclass(frozen=True)
class Spoken:
    """Moments to learn from.

    Attributes:
        texts: vectors of what was said, float32[n, d].
        mentioned: rows of the items mentioned before, moment by moment.
        named: rows of the items named next; at least one each.
    """

    texts: Table
    mentioned: Sequence[Sequence[int]]
    named: Sequence[Sequence[int]]


class TwoTower(nn.Module):
    """utility = scale * (A text + B mean(mentioned)) . item + weight * prior.

    Args:
        d: length of a text's vector; the first ``d`` numbers of an item's vector are of its text.
        f: length of an item's vector.
    """

    def __init__(self, d: int, f: int) -> None:
        super().__init__()
        self.of_text = nn.Parameter(torch.eye(f, d))
        self.of_items = nn.Parameter(torch.zeros(f, f))
        self.scale = nn.Parameter(torch.tensor(SCALE))
        self.weight = nn.Parameter(torch.tensor(1.0))

    def forward(self, texts: Tensor, mentioned: Tensor, items: Tensor, prior: Tensor) -> Tensor:
        """float32[b, d], float32[b, f], float32[n, f], float32[n] -> float32[b, n]."""
        moments = texts @ self.of_text.T + mentioned @ self.of_items.T
        utilities: Tensor = self.scale * moments @ items.T + self.weight * prior
        return utilities


@dataclass(frozen=True)
class Utilities:
    """A :class:`TwoTower` over its items, ready to be asked; the scale is multiplied in.

    Attributes:
        of_text: float32[f, d].
        of_items: float32[f, f].
        prior: what an item is worth whatever was said, float32[n].
    """

    of_text: Table
    of_items: Table
    prior: Column

    @classmethod
    def mean_of(cls, models: Sequence[Utilities]) -> Utilities:
        """The model whose utilities are the mean of theirs: they are linear, so its weights are, too."""
        return cls(
            np.mean([one.of_text for one in models], axis=0, dtype=np.float32),
            np.mean([one.of_items for one in models], axis=0, dtype=np.float32),
            np.mean([one.prior for one in models], axis=0, dtype=np.float32),
        )

    def of(self, text: Column, mentioned: Column, items: Table) -> Column:
        """Of each item for one moment, float32[n].

        Args:
            text: vector of what was said, float32[d]; zeros where nothing was.
            mentioned: mean vector of the items mentioned before, float32[f]; zeros where none was.
            items: float32[n, f].
        """
        utilities: Column = items @ (self.of_text @ text + self.of_items @ mentioned) + self.prior
        return utilities

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {"tower/text": self.of_text, "tower/items": self.of_items, "tower/prior": self.prior}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Utilities:
        """What :meth:`arrays` gave; other arrays are left alone."""
        return cls(*(np.asarray(arrays[f"tower/{name}"], np.float32) for name in ("text", "items", "prior")))


def fit_two_tower(
    spoken: Spoken, items: Table, prior: Column, *, seed: int = 0, epochs: int = EPOCHS
) -> Utilities:
    """The model under which what was named was most likely, each moment weighing the same.

    The softmax is over :data:`DRAWN` items and those that the batch names, without what was mentioned before.
    AdamW, dropout on both inputs, a learning rate that rises and falls evenly. Several fits may run in
    several threads: each has random numbers of its own.

    Args:
        spoken: at least one moment.
        items: vectors, float32[n, f]; the first numbers of each are its text's vector.
        prior: logarithm of each item's share of what is named, float32[n].
        seed: of the order of moments and of dropout.
        epochs: passes over the moments.
    """
    n_moments = len(spoken.named)
    model = TwoTower(spoken.texts.shape[1], items.shape[1])
    table, share = torch.from_numpy(items), torch.from_numpy(prior)
    texts = torch.from_numpy(spoken.texts)
    before = torch.from_numpy(mean_rows(items, spoken.mentioned))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    random, drawn = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    steps, step = epochs * -(-n_moments // BATCH), 0
    for _ in range(epochs):
        order = random.permutation(n_moments)
        for at in range(0, n_moments, BATCH):
            rows, step = order[at : at + BATCH], step + 1
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, step / (WARM_UP * steps)) * (1 - (step - 1) / steps)
            mentioned, named = ([told[i] for i in rows] for told in (spoken.mentioned, spoken.named))
            against = _draw(named, len(items), random)
            utilities = model(
                _drop_out(texts[rows], drawn), _drop_out(before[rows], drawn), table[against], share[against]
            )
            optimizer.zero_grad()
            _loss(utilities, _membership(mentioned, against), _membership(named, against)).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    scale, weight = float(model.scale.detach()), float(model.weight.detach())
    return Utilities(
        (scale * model.of_text).detach().numpy(), (scale * model.of_items).detach().numpy(), weight * prior
    )


def mean_rows(table: Table, rows: Sequence[Sequence[int]]) -> Table:
    """The mean of some rows of a table, case by case, float32[len(rows), f]; zeros for none.

    >>> mean_rows(np.array([[2.0], [4.0]], np.float32), [[0, 1], []]).tolist()
    [[3.0], [0.0]]
    """
    nothing = np.zeros(table.shape[1], np.float32)
    return np.stack([table[list(own)].mean(axis=0) if len(own) else nothing for own in rows])


def _drop_out(inputs: Tensor, random: torch.Generator) -> Tensor:
    kept = torch.empty_like(inputs).bernoulli_(1 - DROPOUT, generator=random)
    return inputs * kept / (1 - DROPOUT)


def _draw(named: Sequence[Sequence[int]], n_items: int, random: np.random.Generator) -> Tensor:
    """Rows of the items that a batch is learned against, in order, int64[at least DRAWN or n_items]."""
    if n_items <= DRAWN:
        return torch.arange(n_items)
    own = [row for rows in named for row in rows]
    return torch.from_numpy(np.unique(np.concatenate([random.choice(n_items, DRAWN, replace=False), own])))


def _membership(rows: Sequence[Sequence[int]], against: Tensor) -> Tensor:
    """Which of some items each case holds, bool[len(rows), len(against)]."""
    held = torch.zeros(len(rows), len(against), dtype=torch.bool)
    for case, own in enumerate(rows):
        held[case] = torch.isin(against, torch.as_tensor(own, dtype=torch.long))
    return held


def _loss(utilities: Tensor, mentioned: Tensor, named: Tensor) -> Tensor:
    """Mean over moments of the mean negative log-likelihood of what was named."""
    logs = torch.log_softmax(utilities.masked_fill(mentioned, -torch.inf), dim=1)
    of_each = torch.where(named, logs, 0.0).sum(dim=1) / named.sum(dim=1)
    loss: Tensor = -of_each.mean()
    return loss
