"""A linear recurrence computed as attention within chunks and a recurrence between them.

Dao and Gu, "Transformers are SSMs: Generalized Models and Efficient Algorithms Through
Structured State Space Duality" (ICML 2024). Time and memory grow linearly with length.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad


def scan(inputs: Tensor, decay: Tensor, write: Tensor, read: Tensor, chunk: int) -> Tensor:
    """``state = exp(decay) * state + write (x) input`` at each step, and ``output = read . state``.

    Args:
        inputs: float32[b, l, h, p], per head.
        decay: float32[b, l, h], logarithm of what is kept of the state before this step, at most 0.
        write: float32[b, l, n], where in the state a step's input goes.
        read: float32[b, l, n], where in the state a step's output comes from.
        chunk: steps that are computed together; any number gives the same values.

    Returns:
        float32[b, l, h, p].
    """
    length = inputs.shape[1]
    x, a, w, r = (_split_chunks(part, chunk) for part in (inputs, decay, write, read))  # [b, c, q, ...]
    kept = a.cumsum(2)  # [b, c, q, h], log of what remains of the chunk's start
    within = torch.einsum("bcin,bcjn,bchij,bcjhp->bcihp", r, w, _mask(kept), x)
    until_end = (kept[:, :, -1:] - kept).exp()  # [b, c, q, h]
    written = torch.einsum("bcjn,bcjh,bcjhp->bchnp", w, until_end, x)
    before = _between(written, kept[:, :, -1].exp())  # [b, c, h, n, p]
    carried = torch.einsum("bcin,bcih,bchnp->bcihp", r, kept.exp(), before)
    return (within + carried).flatten(1, 2)[:, :length]


def _split_chunks(x: Tensor, chunk: int) -> Tensor:
    """[b, l, ...] -> [b, c, q, ...], zeros added at the end, which nothing before it sees."""
    missing = -x.shape[1] % chunk
    x = pad(x, (0, 0) * (x.ndim - 2) + (0, missing))
    return x.view(len(x), -1, chunk, *x.shape[2:])


def _mask(kept: Tensor) -> Tensor:
    """What remains at step i of what step j wrote, 0 for j after i: [b, c, q, h] -> [b, c, h, q, q]."""
    kept = kept.transpose(2, 3)
    later = torch.ones(kept.shape[-1], kept.shape[-1], dtype=torch.bool).triu(1)
    return (kept[..., :, None] - kept[..., None, :]).masked_fill(later, -torch.inf).exp()


def _between(written: Tensor, kept: Tensor) -> Tensor:
    """The state before each chunk, from what each adds, [b, c, h, n, p], and what it keeps, [b, c, h]."""
    state, before = torch.zeros_like(written[:, 0]), []
    for number in range(written.shape[1]):
        before.append(state)
        state = state * kept[:, number, :, None, None] + written[:, number]
    return torch.stack(before, dim=1)
