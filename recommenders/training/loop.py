"""The one training loop: AdamW, early stopping on validation NDCG@10, resumable, deterministic."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from tastemaker.recommenders.data.batch import Batch, Batches
from tastemaker.recommenders.training.checkpoint import Checkpoint, Progress, Weights
from tastemaker.recommenders.training.distributed import Processes, target_share
from tastemaker.recommenders.training.interruption import Interruption, TrainingInterrupted
from tastemaker.recommenders.training.lr_schedule import rate_share
from tastemaker.recommenders.training.model_config import TrainingConfig
from tastemaker.recommenders.training.row_adamw import RowAdamW, clip_gradients
from tastemaker.recommenders.training.sparse_masks import SparseMasks


@dataclass(frozen=True)
class Task:
    """What is to be trained, on what, and how well it does.

    Attributes:
        model: trained in place.
        objective: model and batch -> loss, float32[].
        batches: the training data.
        validate: NDCG@10 of the model, put in evaluation mode, on what was held out; None: nothing was,
            so all epochs are run and the last is kept.
    """

    model: nn.Module
    objective: Callable[[Any, Any], Tensor]
    batches: Batches
    validate: Callable[[], float] | None


def fit(task: Task, config: TrainingConfig, seed: int, checkpoint: Checkpoint, progress: bool) -> Progress:
    """Train until validation stops improving, and leave the best weights in the model.

    Every step draws from a random state made from (seed, epoch, step), so a run that
    continues from a checkpoint ends with the numbers of one that was never stopped.

    Raises:
        TrainingInterrupted: SIGINT or SIGTERM came; the checkpoint is on disk.
    """
    optimizer = _adamw(task.model, config)
    processes = Processes.current()
    total = config.epochs * len(task.batches)
    masks = _masks(task.model, optimizer, config, total, seed)
    at, best = checkpoint.load(task.model, optimizer, masks) or (Progress(), {})
    processes.wait()  # before the first of them writes to the file again
    done = at.epoch * len(task.batches) + at.step
    with (
        Interruption() as stop,
        _own_random_state(),
        tqdm(
            total=total,
            initial=done,
            disable=not (progress and processes.first),
            unit="step",
            desc="training",
        ) as bar,
    ):
        run = _Run(task, config, seed, checkpoint, optimizer, at, best, stop, bar, processes, masks)
        while at.epoch < config.epochs and (
            task.validate is None or at.epoch - 1 - at.best_epoch < config.patience
        ):
            run.epoch()
    task.model.load_state_dict(run.best)
    if processes.first:
        checkpoint.remove()
    return at


@dataclass
class _Run:
    task: Task
    config: TrainingConfig
    seed: int
    checkpoint: Checkpoint
    optimizer: torch.optim.Optimizer
    at: Progress
    best: Weights
    stop: Interruption
    bar: tqdm[None]
    processes: Processes
    masks: SparseMasks | None
    clock: float = 0.0

    def epoch(self) -> None:
        saved = self.clock = time.monotonic()
        self.task.model.train()
        random = np.random.default_rng((self.seed, self.at.epoch))
        for batch in islice(self.task.batches.epoch(random), self.at.step, None):
            if self._step(batch):
                self._save()
                raise TrainingInterrupted(
                    f"stopped; run the same again to continue from {self.checkpoint.path}"
                )
            if time.monotonic() - saved > self.config.checkpoint_seconds:
                self._save()
                saved = time.monotonic()
        self.at.epoch, self.at.step = self.at.epoch + 1, 0
        if self.at.epoch % self.config.validate_every == 0 or self.at.epoch == self.config.epochs:
            self._validate()
        self._save()

    def _set_rate(self) -> None:
        steps = len(self.task.batches)
        step, total = self.at.epoch * steps + self.at.step, self.config.epochs * steps
        share = rate_share(step, total, self.config.warmup_steps, self.config.final_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = share * self.config.learning_rate

    def _step(self, batch: Batch) -> bool:
        """Train on a batch; whether a process was asked to stop after it."""
        self._seed()
        self._set_rate()
        self.optimizer.zero_grad()
        part = self.processes.part(batch)
        if part is not None:
            loss = self.task.objective(self.task.model, part)
            loss.backward()  # type: ignore[no-untyped-call]
            shown = f"{loss.item():.3f}"
            self.bar.set_postfix(loss=shown, ndcg=f"{max(self.at.best, 0):.4f}", refresh=False)
        share = target_share(part, batch.targets)
        stop = self.processes.add_up(self.task.model.parameters(), share, self.stop.asked)
        clip_gradients(self.task.model.parameters(), self.config.clip)
        if self.masks is not None:
            self.masks.before_step()
        self.optimizer.step()
        self.at.step += 1
        if self.masks is not None:
            self.masks.after_step(self.at.epoch * len(self.task.batches) + self.at.step)
        self.bar.update()
        return stop

    def _seed(self) -> None:
        key = (self.seed, self.at.epoch, self.at.step) + (
            (self.processes.rank,) if self.processes.rank else ()
        )
        torch.manual_seed(int(np.random.SeedSequence(key).generate_state(1)[0]))

    def _validate(self) -> None:
        if self.task.validate is None:
            if self.at.epoch == self.config.epochs:
                self._keep()
            return
        self.task.model.eval()
        with torch.inference_mode():
            ndcg = self.task.validate() if self.processes.first else 0.0
        ndcg = self.processes.broadcast(ndcg)
        self.at.history.append(ndcg)
        if ndcg > self.at.best:
            self.at.best = ndcg
            self._keep()

    def _keep(self) -> None:
        self.at.best_epoch = self.at.epoch - 1
        self.best = {name: tensor.clone() for name, tensor in self.task.model.state_dict().items()}

    def _save(self) -> None:
        self.at.seconds += time.monotonic() - self.clock
        self.clock = time.monotonic()
        if self.processes.first:
            self.checkpoint.save(self.at, self.task.model, self.optimizer, self.best, self.masks)


def _adamw(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return RowAdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))


def _masks(
    model: nn.Module, optimizer: torch.optim.Optimizer, config: TrainingConfig, steps: int, seed: int
) -> SparseMasks | None:
    if config.density == 1:
        return None
    return SparseMasks(model, optimizer, config.density, config.exchange_every, steps, seed)


@contextmanager
def _own_random_state() -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):
        yield
