"""The one training loop: AdamW, early stopping on validation NDCG@10, resumable, deterministic."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from tastemaker.recommenders.checkpoint import Checkpoint, Progress, Weights
from tastemaker.recommenders.interruption import Interruption, TrainingInterrupted
from tastemaker.recommenders.model_config import Objective, TrainingConfig
from tastemaker.recommenders.sequence_batches import SequenceBatches, TrainingBatch
from tastemaker.recommenders.sequence_model import SequenceModel


@dataclass(frozen=True)
class Task:
    """What is to be trained, on what, and how well it does.

    Attributes:
        model: trained in place.
        objective: model and batch -> loss, float32[].
        batches: the training data.
        validate: NDCG@10 of the model, put in evaluation mode, on what was held out.
    """

    model: SequenceModel
    objective: Objective
    batches: SequenceBatches
    validate: Callable[[], float]


def fit(task: Task, config: TrainingConfig, seed: int, checkpoint: Checkpoint, progress: bool) -> Progress:
    """Train until validation stops improving, and leave the best weights in the model.

    Every step draws from a random state made from (seed, epoch, step), so a run that
    continues from a checkpoint ends with the numbers of one that was never stopped.

    Raises:
        TrainingInterrupted: SIGINT or SIGTERM came; the checkpoint is on disk.
    """
    optimizer = _adamw(task.model, config)
    at, best = checkpoint.load(task.model, optimizer) or (Progress(), {})
    total = config.epochs * len(task.batches)
    done = at.epoch * len(task.batches) + at.step
    with (
        Interruption() as stop,
        _own_random_state(),
        tqdm(total=total, initial=done, disable=not progress, unit="step", desc="training") as bar,
    ):
        run = _Run(task, config, seed, checkpoint, optimizer, at, best, stop, bar)
        while at.epoch < config.epochs and at.epoch - 1 - at.best_epoch < config.patience:
            run.epoch()
    task.model.load_state_dict(run.best)
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

    def epoch(self) -> None:
        saved = time.monotonic()
        self.task.model.train()
        random = np.random.default_rng((self.seed, self.at.epoch))
        for batch in islice(self.task.batches.epoch(random), self.at.step, None):
            self._step(batch)
            if self.stop.asked:
                self._save()
                raise TrainingInterrupted(
                    f"stopped; run the same again to continue from {self.checkpoint.path}"
                )
            if time.monotonic() - saved > self.config.checkpoint_seconds:
                self._save()
                saved = time.monotonic()
        self._validate()
        self._save()

    def _step(self, batch: TrainingBatch) -> None:
        torch.manual_seed(
            int(np.random.SeedSequence((self.seed, self.at.epoch, self.at.step)).generate_state(1)[0])
        )
        self.optimizer.zero_grad()
        loss = self.task.objective(self.task.model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.task.model.parameters(), self.config.clip)
        self.optimizer.step()
        self.at.step += 1
        self.bar.update()
        self.bar.set_postfix(loss=f"{loss.item():.3f}", ndcg=f"{max(self.at.best, 0):.4f}", refresh=False)

    def _validate(self) -> None:
        self.task.model.eval()
        with torch.inference_mode():
            ndcg = self.task.validate()
        self.at.history.append(ndcg)
        if ndcg > self.at.best:
            self.at.best, self.at.best_epoch = ndcg, self.at.epoch
            self.best = {name: tensor.clone() for name, tensor in self.task.model.state_dict().items()}
        self.at.epoch, self.at.step = self.at.epoch + 1, 0

    def _save(self) -> None:
        self.checkpoint.save(self.at, self.task.model, self.optimizer, self.best)


def _adamw(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))


@contextmanager
def _own_random_state() -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):
        yield
