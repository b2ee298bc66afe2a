"""A request and a candidate as tokens: one per context value, item, attribute, history and the numbers together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag

from tastemaker.recommenders.data.list_batches import ListBatch
from tastemaker.recommenders.layers.attribute_items import COLUMNS, ENDS, STARTS, WEIGHTS
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.features.event_channels import Channel


class FeatureTokens(nn.Module):
    """Vectors of all features, in an order that belongs to the model.

    Args:
        n_items: rows of the catalogue.
        table: see :func:`attribute_table`; empty for items without attributes.
        context: codes of each context name.
        numbers: how many numbers go with a candidate.
        channel: from events to tokens.
        size: width d.
        dropout: share of values dropped in training.
    """

    def __init__(
        self,
        n_items: int,
        table: Mapping[str, Tensor],
        context: Sequence[int],
        numbers: int,
        channel: Channel,
        size: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.items = nn.Embedding(n_items, size)
        self.attributes = AttributeTokens(table, size) if table else None
        self.context = nn.ModuleList(nn.Embedding(codes, size) for codes in context)
        self.numbers = nn.Linear(numbers, size)
        self.channel = channel
        self.drop = ByteDropout(dropout)
        for each in (self.items, *self.context):
            nn.init.normal_(each.weight, std=0.1)
        own = 1 + (len(self.attributes.ends) if self.attributes else 0)
        self.count = own + len(context) + 1 + channel.tokens

    def of_items(self, rows: Tensor) -> Tensor:
        """Tokens of the items alone, int64[n] -> float32[n, 1 + attributes, d]."""
        tokens = self.items(rows)[:, None]
        return tokens if self.attributes is None else torch.cat([tokens, self.attributes(rows)], dim=1)

    def forward(self, batch: ListBatch, items: Tensor | None = None) -> Tensor:
        """float32[b, c, count, d].

        Args:
            batch: requests and candidates.
            items: :meth:`of_items` of the whole catalogue, where it is at hand.
        """
        b, c = batch.candidates.shape
        if items is None:
            distinct, place = batch.candidates.unique(return_inverse=True)  # type: ignore[no-untyped-call]
            own = self.of_items(distinct)[place]
        else:
            own = items[batch.candidates]
        said = [table(batch.context[:, column]) for column, table in enumerate(self.context)]
        events = self.channel(self.items(batch.events.rows), batch.events)
        shared = torch.cat([torch.stack(said, dim=1), events], dim=1)[:, None].expand(b, c, -1, -1)
        tokens: Tensor = self.drop(torch.cat([own, shared, self.numbers(batch.dense)[:, :, None]], dim=2))
        return tokens


class AttributeTokens(nn.Module):
    """A token per attribute: the weighted sum of its values' vectors.

    Args:
        table: see :func:`attribute_table`.
        size: width d.
    """

    def __init__(self, table: Mapping[str, Tensor], size: int) -> None:
        super().__init__()
        self.ends: list[int] = table[ENDS].tolist()
        kinds = len(self.ends)
        self.columns, self.weights = table[COLUMNS], table[WEIGHTS]
        n_items = len(table[STARTS]) - 1
        row = torch.arange(n_items).repeat_interleave(table[STARTS].diff())
        kind = torch.bucketize(self.columns, table[ENDS], right=True)
        order = (row * kinds + kind).argsort(stable=True)
        self.columns, self.weights = self.columns[order], self.weights[order]
        counts = torch.bincount(row * kinds + kind, minlength=n_items * kinds)
        self.starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])  # of the bags [row, kind]
        self.values = nn.Parameter(torch.randn(self.ends[-1], size) * 0.1)

    def forward(self, rows: Tensor) -> Tensor:
        """int64[n] -> float32[n, attributes, d]; zeros where an item lacks one."""
        kinds = len(self.ends)
        bags = (rows[:, None] * kinds + torch.arange(kinds)).flatten()
        counts = self.starts[bags + 1] - self.starts[bags]
        offsets = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
        at = torch.arange(int(offsets[-1])) + (self.starts[bags] - offsets[:-1]).repeat_interleave(counts)
        sums = embedding_bag(
            self.columns[at],
            self.values,
            offsets,
            mode="sum",
            per_sample_weights=self.weights[at],
            include_last_offset=True,
        )
        return sums.view(len(rows), kinds, -1)
