"""Dynamic sparse learning: train with a share of the weights, and move that share to where it is needed.

Wang et al., "Dynamic Sparse Learning: A Novel Paradigm for Efficient Recommendation" (WSDM 2024), after RigL
(Evci et al., ICML 2020). From time to time the smallest weights are given up for those of the largest gradient,
fewer each time. Gradients are added up in between: one batch tells of its own items' rows only.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

FIRST, LAST = 0.5, 0.005
"""Share of the weights in use that is moved at the start of a training, and at its end."""


class SparseMasks:
    """Which weights of a model's matrices are in use; the others are 0 and stay so.

    Biases and norms are always in use.

    Args:
        model: trained under the masks.
        optimizer: its moments of a weight that comes or goes are forgotten.
        density: share of each matrix that is in use.
        every: steps from one exchange to the next.
        steps: of the whole training.
        seed: draws the weights in use at the start.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        density: float,
        every: int,
        steps: int,
        seed: int,
    ) -> None:
        self._optimizer, self._every, self._steps = optimizer, every, steps
        self._matrices = {name: p for name, p in model.named_parameters() if p.ndim > 1}
        random = torch.Generator().manual_seed(seed)
        self._used: dict[str, Tensor] = {}
        for name, matrix in self._matrices.items():
            used = torch.zeros(matrix.numel(), dtype=torch.bool)
            used[torch.randperm(matrix.numel(), generator=random)[: _kept(matrix, density)]] = True
            self._used[name] = used.view_as(matrix)
        self._gradients = {name: torch.zeros_like(p) for name, p in self._matrices.items()}
        self._clear_unused()

    def state(self) -> dict[str, Tensor]:
        """The masks and the gradients added up so far, for a checkpoint."""
        used = {f"used/{name}": mask for name, mask in self._used.items()}
        return used | {f"gradients/{name}": total for name, total in self._gradients.items()}

    def load(self, state: dict[str, Tensor]) -> None:
        """Continue from :meth:`state`."""
        self._used = {name: state[f"used/{name}"].view_as(p) for name, p in self._matrices.items()}
        self._gradients = {name: state[f"gradients/{name}"].view_as(p) for name, p in self._matrices.items()}

    @torch.no_grad()
    def before_step(self) -> None:
        """Add up the gradients at hand."""
        for name, matrix in self._matrices.items():
            if matrix.grad is None:
                continue
            gradient = matrix.grad.coalesce() if matrix.grad.is_sparse else matrix.grad
            if gradient.is_sparse:
                self._gradients[name].index_add_(0, gradient.indices()[0], gradient.values().abs())
            else:
                self._gradients[name] += gradient.abs()

    @torch.no_grad()
    def after_step(self, done: int) -> None:
        """Set unused weights to 0 again and, when it is time, exchange some.

        Args:
            done: steps of the whole training so far.
        """
        if done % self._every == 0 and done < self._steps:
            share = LAST + (FIRST - LAST) * (1 + math.cos(math.pi * done / self._steps)) / 2
            for name in self._matrices:
                self._exchange(name, share)
        self._clear_unused()

    def _exchange(self, name: str, share: float) -> None:
        matrix, used, gradients = self._matrices[name], self._used[name].view(-1), self._gradients[name]
        active = int(used.sum())
        moved = min(round(share * active), used.numel() - active)
        size = matrix.detach().abs().view(-1).masked_fill(~used, torch.inf)
        wanted = gradients.view(-1).masked_fill(used, -1.0)
        gone, come = size.argsort(stable=True)[:moved], (-wanted).argsort(stable=True)[:moved]
        used[gone], used[come] = False, True
        matrix.view(-1)[come] = 0.0
        for moment in self._optimizer.state[matrix].values():
            if isinstance(moment, Tensor) and moment.shape == matrix.shape:
                moment.view(-1)[torch.cat([gone, come])] = 0.0
        gradients.zero_()

    @torch.no_grad()
    def _clear_unused(self) -> None:
        for name, matrix in self._matrices.items():
            matrix.mul_(self._used[name])


def _kept(matrix: Tensor, density: float) -> int:
    return max(1, round(density * matrix.numel()))
