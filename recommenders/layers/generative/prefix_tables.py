"""Which codes may follow which: the ids of a catalogue as a tree, level by level in dense tables."""

from __future__ import annotations

import torch
from torch import Tensor

NONE = -1
"""In a table: no id goes on with that code."""


class PrefixTables:
    """The tree of a catalogue's ids; a node is the first codes that some ids share, a leaf a whole id.

    Probabilities are those of the items that a model was trained on: the codes that go on to one of these
    share all of it, and an item that came later is measured beside them without changing their numbers.

    Args:
        codes: int64[n_items, levels].
        count: values per level.
        trained: bool[n_items], the items of the training; None: all.

    Attributes:
        children: per level int32[nodes, count], the node that a code leads to, or :data:`NONE`.
        nodes: int64[levels, n_items], the node of each item's first one, two, ... codes.
        known: per level bool[nodes of the next], those that lead to an item of the training.
    """

    def __init__(self, codes: Tensor, count: int, trained: Tensor | None = None) -> None:
        self.levels, self.count = codes.shape[1], count
        at = torch.zeros(len(codes), dtype=torch.int64)
        trained = torch.ones(len(codes), dtype=torch.bool) if trained is None else trained
        self.children: list[Tensor] = []
        self.parents: list[Tensor] = []
        self.known: list[Tensor] = []
        nodes = []
        before = 1
        for own in codes.T:
            distinct, at = torch.unique(at * count + own, return_inverse=True)
            table = torch.full((before * count,), NONE, dtype=torch.int32)
            table[distinct] = torch.arange(len(distinct), dtype=torch.int32)
            self.children.append(table.view(before, count))
            self.parents.append(distinct // count)
            known = torch.zeros(len(distinct), dtype=torch.bool)
            known[at[trained]] = True
            self.known.append(known)
            nodes.append(at)
            before = len(distinct)
        self.nodes = torch.stack(nodes)
        self._grown = not bool(trained.all())

    @property
    def leaf_of_item(self) -> Tensor:
        """int64[n_items]."""
        return self.nodes[-1]

    @property
    def leaves(self) -> int:
        """How many different ids there are."""
        return len(self.parents[-1])

    def legal(self, level: int, nodes: Tensor) -> Tensor:
        """Codes that go on from nodes of a level to an item of the training: int64[...] -> bool[..., count].

        Where none does, those that go on to any item.
        """
        return self._rivals(level, self.children[level][nodes])

    def step(self, level: int, nodes: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
        """What comes next after nodes of a level.

        Args:
            level: codes that the nodes have.
            nodes: int64[...].
            logits: float32[..., count] of the next code.

        Returns:
            float32[..., count], log-probabilities over the codes that are possible, -inf for the others, and
            int32[..., count], the nodes that they lead to.
        """
        children = self.children[level][nodes]
        rivals = self._rivals(level, children)
        total = logits.masked_fill(~rivals, -torch.inf).logsumexp(-1, keepdim=True)
        return (logits - total).masked_fill(children == NONE, -torch.inf), children

    def alive(self, items: Tensor) -> list[Tensor]:
        """Nodes under which an item is allowed: bool[b, n_items] -> per level bool[b, nodes of the next]."""
        found = [torch.zeros(len(items), self.leaves, dtype=torch.bool)]
        person, item = items.nonzero(as_tuple=True)
        found[0][person, self.leaf_of_item[item]] = True
        for level in range(self.levels - 1, 0, -1):
            above = torch.zeros(len(items), len(self.parents[level - 1]), dtype=torch.bool)
            person, node = found[0].nonzero(as_tuple=True)
            above[person, self.parents[level][node]] = True
            found.insert(0, above)
        return found

    def _rivals(self, level: int, children: Tensor) -> Tensor:
        """Of the nodes that codes lead to, those that share the probability: int32[..., count] -> bool."""
        any_item = children != NONE
        if not self._grown:
            return any_item
        trained = any_item & self.known[level][children.clamp(min=0)]
        return torch.where(trained.any(-1, keepdim=True), trained, any_item)


def leaf_shares(leaf_of_item: Tensor, counts: Tensor, trained: Tensor) -> Tensor:
    """Log-probability of each item among those with its id, by how often it was taken: float32[n_items].

    Items that came after the training share nothing with those of it, whose numbers stay. One of them is as
    likely as the trained items of its id are on average.

    Args:
        leaf_of_item: int64[n_items].
        counts: int64[n_items], interactions per item.
        trained: bool[n_items].
    """
    leaves = int(leaf_of_item.max()) + 1
    weights = torch.where(trained, counts.float() + 1, 0)
    totals = torch.zeros(leaves).index_add_(0, leaf_of_item, weights)[leaf_of_item]
    owners = torch.zeros(leaves).index_add_(0, leaf_of_item, trained.float())[leaf_of_item]
    shares = torch.where(trained, weights / totals, 1 / owners)
    return torch.where(owners > 0, shares, 1.0).log()
