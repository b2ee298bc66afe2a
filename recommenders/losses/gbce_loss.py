"""Next-item objective gBCE: binary cross-entropy that undoes the overconfidence of sampling.

Petrov and Macdonald, "gSASRec: Reducing Overconfidence in Sequential Recommendation
Trained with Negative Sampling" (RecSys 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss


def target_power(n_items: int, negatives: int, calibration: float) -> float:
    """The power on the target's probability: from 1 (no calibration) down to the sampled share.

    >>> target_power(n_items=101, negatives=10, calibration=0.0)
    1.0
    >>> round(target_power(n_items=101, negatives=10, calibration=1.0), 6)
    0.1
    """
    share = min(negatives / max(n_items - 1, 1), 1.0)
    return share * (calibration * (1 - 1 / share) + 1 / share)


@dataclass(frozen=True)
class CalibratedLoss(NextItemLoss):
    """gBCE with negatives drawn evenly, once per step for all of its targets.

    Attributes:
        negatives: items drawn per step.
        calibration: the paper's t, 0 to 1.
        encoder: type of the encoder's matrix products.
    """

    negatives: int
    calibration: float
    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        n_items = len(model.items.matrix())
        drawn = torch.randint(n_items, (self.negatives,))
        wanted = (states * model.items(targets)).sum(1)  # [p]
        others = states @ model.items(drawn).T  # [p, k]
        others = others.masked_fill(targets[:, None] == drawn, -torch.inf)  # a hit is no negative
        return calibrated_loss(wanted, others, target_power(n_items, self.negatives, self.calibration))


def calibrated_loss(wanted: Tensor, others: Tensor, power: float) -> Tensor:
    """Mean of ``-log(sigmoid(wanted)^power) - sum of log(1 - sigmoid(others))``.

    Args:
        wanted: float32[p], scores of the targets.
        others: float32[p, k], scores of the negatives.
        power: see :func:`target_power`.
    """
    return (power * softplus(-wanted) + softplus(others).sum(1)).mean()
