"""Several processes as one training: each takes a part of every batch, and gradients are added up.

Started by ``torchrun``, on one machine or on several that share the folder of the model.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

from tastemaker.recommenders.data.batch import Batch


@dataclass(frozen=True)
class Processes:
    """This process among those that train one model; alone, everything here does nothing.

    Attributes:
        rank: this process's number; 0 writes the files, shows the bar and validates.
        count: how many there are.
    """

    rank: int = 0
    count: int = 1

    @classmethod
    def current(cls) -> Processes:
        """As :func:`join` left it."""
        if not (dist.is_available() and dist.is_initialized()):
            return cls()
        return cls(dist.get_rank(), dist.get_world_size())

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and shows."""
        return self.rank == 0

    def part(self, batch: Batch) -> Batch | None:
        """This process's part of a batch; None where there are fewer than processes."""
        if self.count == 1:
            return batch
        if self.rank >= len(batch):
            return None
        return batch.only(torch.arange(len(batch)) % self.count == self.rank)

    def add_up(self, parameters: Iterable[nn.Parameter], share: float, stop: bool) -> bool:
        """Make every process's gradients the sum of all, each times its share of the batch.

        Returns:
            Whether any process was asked to stop, so that all stop at the same step.
        """
        if self.count == 1:
            return stop
        own = [p for p in parameters if p.requires_grad]
        grads = [torch.zeros_like(p) if p.grad is None else p.grad.to_dense() * share for p in own]
        flat = torch.cat([*(grad.flatten() for grad in grads), torch.tensor([float(stop)])])
        dist.all_reduce(flat)
        parts = flat[:-1].split([p.numel() for p in own])  # type: ignore[no-untyped-call]
        for parameter, part in zip(own, parts, strict=True):
            parameter.grad = part.view_as(parameter)
        return bool(flat[-1] > 0)

    def broadcast(self, value: float) -> float:
        """The first process's value, in every process."""
        if self.count == 1:
            return value
        told = torch.tensor([value], dtype=torch.float64)
        dist.broadcast(told, 0)
        return float(told)

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            dist.barrier()


@contextmanager
def join() -> Iterator[Processes]:
    """Within the block, the processes that ``torchrun`` started know of each other; without it, one is alone."""
    if dist.is_available() and not dist.is_initialized() and int(os.environ.get("WORLD_SIZE", "1")) > 1:
        dist.init_process_group("gloo")
        try:
            yield Processes.current()
        finally:
            dist.destroy_process_group()
    else:
        yield Processes.current()


def target_share(part: Batch | None, whole: Tensor) -> float:
    """Which share of a batch's targets a part has."""
    return 0.0 if part is None else len(part.targets) / len(whole)
