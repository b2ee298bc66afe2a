"""Repeat or explore, from the sessions of a short term and the favourites of a long one (PISA, RecSys 2024)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid, normalize

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.data.session_batches import FEATURES, SessionBatch
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.sessions.session_attention import SessionAttention


class PISANetwork(nn.Module):
    """Log-probabilities of all items for the next session.

    What was taken before is drawn by memory, the rest by a softmax over the catalogue; how much of each, the
    person's state says. That mixture stands in place of the paper's sum of two products, which ranks but gives
    no chances.

    Args:
        n_items: rows.
        size: width d.
        layers, heads, sessions, dropout: of the transformer over sessions.
        used: which components of memory count, see :class:`SessionAttention`.
        counts: float32[n_items], interactions per item: where the softmax starts.
    """

    def __init__(
        self,
        n_items: int,
        size: int,
        layers: int,
        heads: int,
        sessions: int,
        dropout: float,
        used: tuple[bool, bool, bool],
        counts: Tensor,
    ) -> None:
        super().__init__()
        self.items = nn.Embedding(n_items, size)
        nn.init.normal_(self.items.weight, std=size**-0.5)
        self.attention = SessionAttention(used)
        self.short = CausalEncoder(size, layers, heads, sessions, dropout)
        self.gate = nn.Linear(2 * size, 2)
        self.start = nn.Parameter(torch.log1p(counts))  # of the softmax
        self.sharpness = nn.Parameter(torch.tensor(5.0))
        self.memory = nn.Linear(FEATURES, 1, bias=False)  # how a known item comes to mind
        with torch.no_grad():
            self.memory.weight.zero_()
            self.memory.weight[0, 0] = 1.0
        self.choice = nn.Sequential(nn.Linear(2 * size + 3, 32), nn.ReLU(), nn.Linear(32, 1))
        kept = torch.ones(FEATURES)
        kept[:4] = float(used[0])
        kept[4] = float(used[1])
        self.register_buffer("kept", kept, persistent=False)
        self.kept: Tensor

    def forward(self, batch: SessionBatch) -> Tensor:
        """float32[b, n_items]."""
        state, short, long = self.states(batch)
        explore = self.explore(state)
        repeat = self.repeat(batch)
        told = torch.cat([short, long, self._habit(batch)], dim=1)
        chance = self.choice(told)  # of a repeat, as a logit
        known = torch.where(batch.is_known, repeat + logsigmoid(chance), -torch.inf)
        mixed: Tensor = explore + logsigmoid(-chance)
        gathered = mixed.gather(1, batch.known)
        both = torch.where(batch.is_known, torch.logaddexp(gathered, known), gathered)
        place = torch.where(
            batch.is_known, batch.known, mixed.shape[1]
        )  # padding goes to a column that is cut off
        wide = torch.cat([mixed, mixed.new_zeros(len(mixed), 1)], dim=1)
        return wide.scatter(1, place, both)[:, :-1]

    def states(self, batch: SessionBatch) -> tuple[Tensor, Tensor, Tensor]:
        """The mixture of both terms, the short one and the long one: unit float32[b, d] each."""
        vectors = self.items(batch.rows)
        sessions = self.attention(vectors, batch.real, batch.activation, batch.spread)
        sessions = sessions * vectors.shape[-1] ** 0.5
        lengths = batch.lengths.clamp(min=1)
        unknown = torch.zeros(sessions.shape[:2], dtype=torch.float64)
        shown = Sequences(batch.rows[..., 0], lengths, unknown, unknown)
        last = torch.arange(len(sessions)), lengths - 1
        short = normalize(self.short.last(sessions, shown) + sessions[last], dim=-1)
        share = (batch.features[..., 0] * self.kept[0]).exp() * batch.is_known
        share = share / share.sum(1, keepdim=True).clamp(min=1e-9)
        long = normalize((share[:, None] @ self.items(batch.known))[:, 0], dim=-1)
        weight = self.gate(torch.cat([long, short], dim=1)).softmax(-1)
        return normalize(weight[:, :1] * long + weight[:, 1:] * short, dim=-1), short, long

    def explore(self, state: Tensor) -> Tensor:
        """Log-probabilities over the catalogue: float32[b, d] -> float32[b, n_items]."""
        chances: Tensor = (self.sharpness * state @ self.items.weight.T + self.start).log_softmax(-1)
        return chances

    def repeat(self, batch: SessionBatch) -> Tensor:
        """Log-probabilities over each person's known items: float32[b, k]."""
        active: Tensor = self.memory(batch.features * self.kept)[..., 0]
        return active.masked_fill(~batch.is_known, -torch.inf).log_softmax(-1)

    def _habit(self, batch: SessionBatch) -> Tensor:
        """How many items are known, how many sessions, and the share of uses that were repeats: float32[b, 3]."""
        known = batch.is_known.sum(1)
        uses = (batch.features[..., 1].exp() * batch.is_known).sum(1)
        again = 1 - known / uses.clamp(min=1)
        return torch.stack([known.float().log1p() / 5, batch.lengths.float().log1p() / 3, again], dim=1)
