"""The state of an unfinished training run, in one safetensors file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from tastemaker.recommenders.training.sparse_masks import SparseMasks
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import WorkspaceError

Weights = dict[str, Tensor]


@dataclass
class Progress:
    """Where a run stands: ``step`` batches of epoch ``epoch`` are done.

    Attributes:
        best: best validation NDCG@10 so far; -1 before the first validation.
        best_epoch: the epoch it was reached in.
        history: validation NDCG@10 of each validation.
        seconds: time spent in training and validation, over all the calls that it took.
    """

    epoch: int = 0
    step: int = 0
    best: float = -1.0
    best_epoch: int = -1
    history: list[float] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """A file that a run can continue from.

    Attributes:
        path: the file.
        run: a hash over all that decides the run's result; a file of another run is not used.
    """

    path: Path
    run: str

    def save(
        self,
        progress: Progress,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        best: Weights,
        masks: SparseMasks | None = None,
    ) -> None:
        """Write the state atomically; a kill in the middle leaves the older file."""
        tensors = {f"model/{name}": tensor for name, tensor in model.state_dict().items()}
        tensors |= {f"best/{name}": tensor for name, tensor in best.items()}
        for number, state in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{number}/{name}": tensor for name, tensor in state.items()}
        tensors |= {f"masks/{name}": tensor for name, tensor in (masks.state() if masks else {}).items()}
        head = {"run": self.run, "progress": json.dumps(asdict(progress))}
        write_atomically(self.path, save({n: t.detach().contiguous() for n, t in tensors.items()}, head))

    def load(
        self, model: nn.Module, optimizer: torch.optim.Optimizer, masks: SparseMasks | None = None
    ) -> tuple[Progress, Weights] | None:
        """Put the saved state into model, optimizer and masks; None where there is nothing to continue.

        Raises:
            WorkspaceError: the file is broken.
        """
        if not self.path.exists():
            return None
        try:
            with safe_open(self.path, "pt") as file:
                head = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        except SafetensorError as error:
            raise WorkspaceError(
                f"checkpoint {self.path} is broken ({error}); delete it to start over"
            ) from error
        if head.get("run") != self.run:
            return None
        model.load_state_dict(_under("model/", tensors))
        _restore(optimizer, _under("optimizer/", tensors))
        if masks is not None:
            masks.load(_under("masks/", tensors))
        return Progress(**json.loads(head["progress"])), _under("best/", tensors)

    def remove(self) -> None:
        """Delete the file; the run is over."""
        self.path.unlink(missing_ok=True)


def _under(prefix: str, tensors: Weights) -> Weights:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _restore(optimizer: torch.optim.Optimizer, tensors: Weights) -> None:
    state: dict[int, Weights] = {}
    for name, tensor in tensors.items():
        number, key = name.split("/", 1)
        state.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
