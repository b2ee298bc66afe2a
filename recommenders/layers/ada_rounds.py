"""Ada-Retrieval's rounds: each shows a page, and the next one knows what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import torch
from torch import Tensor

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.ada_adapters import Adapters
from tastemaker.recommenders.layers.sequence_model import SequenceModel

GAP = 1e-3
"""Between the scores of two items that a round showed, and more than rounding."""


class AdaModel(SequenceModel):
    """A trained sequence model, frozen, and the adapters over it.

    Args:
        base: the trained model.
        count: rounds of a list.
        page: items that each round but the last shows.
    """

    def __init__(self, base: SequenceModel, count: int, page: int) -> None:
        super().__init__(base.items, base.encoder)
        self.requires_grad_(False)
        self.count, self.page = count, page
        self.adapters = Adapters(base.items.matrix().shape[1])

    def train(self, mode: bool = True) -> Self:
        """Only the adapters have a training mode."""
        super().train(False)
        self.adapters.train(mode)
        return self

    def after(self, sequences: Sequences, shown: Tensor, states: list[Tensor]) -> Tensor:
        """The state once the rows ``shown`` int64[b, m] were, given the states before: float32[b, d]."""
        vectors = self.adapters.items(self.items(sequences.rows), self.items(shown))
        return self.adapters.user(self.encoder.last(vectors, sequences), torch.stack(states, dim=1))

    def rounds(
        self, sequences: Sequences, closed: Tensor, kept: Tensor | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Each round's scores float32[b, n_items], and the rows of its page int64[b, page].

        Args:
            sequences: the histories.
            closed: int64[b, c], rows that no round shows; like all that was shown, their score is -inf.
            kept: int64[b, 1], a row that is scored in all rounds and shown in none.
        """
        items, states = self.items.matrix(), [self.last(sequences)]
        shown = closed[:, :0]
        for number in range(self.count):
            if number:
                states.append(self.after(sequences, shown, states))
            whole = states[-1] @ items.T
            choice = scores = whole.scatter(1, torch.cat([closed, shown], 1), -torch.inf)
            if kept is not None:
                scores = scores.scatter(1, kept, whole.gather(1, kept))
                choice = scores.detach().scatter(1, kept, -torch.inf)
            found = choice.topk(min(self.page, choice.shape[1]), dim=1).indices
            yield scores, found
            shown = torch.cat([shown, found], 1)

    def scores(self, sequences: Sequences, items: Tensor) -> Tensor:  # noqa: ARG002 - its own matrix
        """All items after each sequence, page by page: float32[b, n_items]."""
        closed = torch.where(sequences.real, sequences.rows, sequences.rows[:, :1])
        return one_ranking(list(self.rounds(sequences, closed)), closed)


def one_ranking(rounds: list[tuple[Tensor, Tensor]], closed: Tensor) -> Tensor:
    """Pages of all rounds but the last, one after the other, then the others by the last round; closed rows go last.

    Args:
        rounds: what :meth:`AdaModel.rounds` gave.
        closed: int64[b, c], the rows that were not to be shown.
    """
    whole = rounds[-1][0]
    least = whole.masked_fill(whole == -torch.inf, torch.inf).amin(dim=1, keepdim=True)
    best = whole.amax(dim=1, keepdim=True)
    nothing_open = best == -torch.inf  # a small catalogue may run out of open rows
    least, best = least.masked_fill(nothing_open, 0.0), best.masked_fill(nothing_open, 0.0)
    whole = whole.scatter(1, closed, (least - 1).expand(-1, closed.shape[1]))
    for scores, found in reversed(rounds[:-1]):
        real = scores.gather(1, found) > -torch.inf
        steps = torch.arange(found.shape[1], 0, -1) * GAP
        whole = whole.scatter(1, found, torch.where(real, best + steps, whole.gather(1, found)))
        best = best + found.shape[1] * GAP
    return whole
