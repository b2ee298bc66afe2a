"""The next session's items under the chances that a network gives."""

from __future__ import annotations

from torch import Tensor

from tastemaker.recommenders.data.session_batches import SessionBatch
from tastemaker.recommenders.layers.sessions.pisa_network import PISANetwork


def session_loss(model: PISANetwork, batch: SessionBatch) -> Tensor:
    """Mean of -log p over the items of all sessions, float32[]."""
    chances = model(batch).gather(1, batch.target_rows)
    loss: Tensor = -chances[batch.is_target].mean()
    return loss
