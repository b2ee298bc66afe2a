"""Next-item objective: cross-entropy over the whole catalogue, on real targets only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss

CHUNK = 512
"""Targets whose logits exist at one time: at 3,000 items 6 MB, which stays in the cache."""


@dataclass(frozen=True)
class SoftmaxLoss(NextItemLoss):
    """Mean negative log-likelihood of the next items ("Turning Dross Into Gold Loss", RecSys 2023).

    Attributes:
        label_smoothing: share of the probability that is spread evenly over the catalogue.
        precision: type of the matrix products; their sums, and the softmax, are float32.
        encoder: type of the encoder's matrix products; what is added up along it is float32.
    """

    label_smoothing: float = 0.0
    precision: torch.dtype = torch.float32
    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        return softmax_loss(states, model.items.matrix(), targets, self.label_smoothing, self.precision)


def softmax_loss(
    states: Tensor,
    items: Tensor,
    targets: Tensor,
    smoothing: float = 0.0,
    precision: torch.dtype = torch.float32,
) -> Tensor:
    """Cross-entropy of ``states @ items.T`` against ``targets``, without keeping the logits.

    Args:
        states: float32[p, d].
        items: float32[n_items, d].
        targets: int64[p], rows of ``items``.
        smoothing: label smoothing.
        precision: type of the matrix products.
    """
    loss: Tensor = _SoftmaxLoss.apply(states, items, targets, smoothing, precision)  # type: ignore[no-untyped-call]
    return loss


class _SoftmaxLoss(torch.autograd.Function):
    """The gradients follow from the softmax at hand, so they are taken on the way forward."""

    @staticmethod
    def forward(
        context: Any, states: Tensor, items: Tensor, targets: Tensor, smoothing: float, precision: torch.dtype
    ) -> Tensor:
        """Loss and, kept aside, its gradients by states and items; a chunk of logits at a time."""
        p, n_items = len(states), len(items)
        low_states, low_items = states.to(precision), items.to(precision)
        grad_states = torch.empty_like(states)
        grad_items = torch.zeros_like(items)
        total = torch.zeros(())
        for start in range(0, p, CHUNK):
            part = slice(start, min(start + CHUNK, p))
            rows = torch.arange(part.stop - start)
            logits = (low_states[part] @ low_items.T).float()  # [chunk, n_items]
            norm = logits.logsumexp(1, keepdim=True)
            wanted = (1 - smoothing) * logits[rows, targets[part]].sum() + smoothing * logits.mean(1).sum()
            total += norm.sum() - wanted
            error = logits.sub_(norm).exp_().sub_(smoothing / n_items)  # softmax minus the smoothed target
            error[rows, targets[part]] -= 1 - smoothing
            low_error = error.to(precision)
            grad_states[part] = low_error @ low_items
            grad_items += low_error.T @ low_states[part]
        context.save_for_backward(grad_states / p, grad_items / p)
        return total / p

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        """The gradients taken before, times what comes from above."""
        grad_states, grad_items = context.saved_tensors
        return gradient * grad_states, gradient * grad_items, None, None, None
