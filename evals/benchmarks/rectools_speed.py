"""SASRec here and in RecTools, side by side.

``python -m tastemaker.evals.benchmarks.rectools_speed --python P --data F``

Both get the same log, no more of each person than fits the longest sequence, so that an epoch
has equally many targets; one shape, one batch size, softmax over the catalogue, and as many
threads. All else stays as either ships it. RecTools' pins clash with ours, so it lives in an
environment of its own (``make rectools-env``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tastemaker.evals.benchmarks import rectools_peer
from tastemaker.evals.benchmarks.recommenders import Row, say, say_table
from tastemaker.evals.metrics.latency import query_seconds
from tastemaker.evals.metrics.rank_metrics import hit_rate
from tastemaker.evals.next_item.evaluate import evaluate_next_item
from tastemaker.evals.next_item.interaction_files import EvalData, LogFormat, read_log_file
from tastemaker.evals.next_item.questions import questions
from tastemaker.recommenders import train
from tastemaker.recommenders.data.hold_out import HeldOut, hold_out_last
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

LATENCY_USERS, K = 30, 50


@dataclass(frozen=True)
class Shape:
    """What both systems have in common; the defaults are those of RecTools.

    Attributes:
        size: width of vectors and states.
        layers, heads, length: of the encoder.
        dropout: share of activations dropped in training.
        batch: sequences per step.
        epochs: passes over the data.
        threads: of PyTorch.
    """

    size: int = 256
    layers: int = 2
    heads: int = 4
    length: int = 100
    dropout: float = 0.2
    batch: int = 128
    epochs: int = 3
    threads: int = 2

    @property
    def ours(self) -> dict[str, Any]:
        """As settings of ``sasrec``, validated once on few people, since RecTools does not validate."""
        training = {
            "epochs": self.epochs,
            "patience": self.epochs,
            "validate_every": self.epochs,
            "validation_users": 100,
            "batch_size": self.batch,
        }
        parts = {"size": self.size, "layers": self.layers, "heads": self.heads}
        rest = {"max_length": self.length, "dropout": self.dropout, "loss": "softmax"}
        return {**parts, **rest, "training": training}

    @property
    def theirs(self) -> dict[str, Any]:
        """As arguments of ``rectools.models.SASRecModel``."""
        parts = {"n_factors": self.size, "n_blocks": self.layers, "n_heads": self.heads}
        rest = {"session_max_len": self.length, "dropout_rate": self.dropout, "batch_size": self.batch}
        return {**parts, **rest, "loss": "softmax"}


@dataclass(frozen=True)
class Measured:
    """One system's figures.

    Attributes:
        name: the system.
        epoch: seconds per training epoch.
        latency: seconds of one person's top 50, median.
        hit_rate: HR@10 on everyone's last item, those seen before left out.
    """

    name: str
    epoch: float
    latency: float
    hit_rate: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description="Train SASRec here and in RecTools, and compare.")
    parser.add_argument("--python", type=Path, required=True, help="Python of an environment with RecTools")
    parser.add_argument("--data", type=Path, required=True, help="ml-1m.txt.gz, or another `user item` log")
    for name, default in asdict(Shape()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    chosen = parser.parse_args(arguments)
    shape = Shape(**{name: getattr(chosen, name) for name in asdict(Shape())})
    data = read_log_file(chosen.data, LogFormat.SASREC)
    test = hold_out_last(latest(data.interactions, shape.length + 3), keep=2)
    peer, versions = theirs(shape, test, chosen.python)
    own = ours(shape, data, test)
    say(f"{shape}\n{versions}\n")
    head: Row = (f"sasrec, {data.name}", "s/epoch", "top 50, ms", "HR@10", "epoch / RecTools")
    rows = [
        (
            m.name,
            f"{m.epoch:.1f}",
            f"{m.latency * 1e3:.2f}",
            f"{m.hit_rate:.4f}",
            f"{m.epoch / peer.epoch:.2f}",
        )
        for m in (own, peer)
    ]
    say_table([head, *rows])


def latest(log: Interactions, most: int) -> Interactions:
    """The last ``most`` interactions of each user.

    >>> log = Interactions.from_columns(["a", "a", "a", "b"], [1, 2, 3, 4])
    >>> latest(log, 2).item.tolist()
    [2, 3, 4]
    """
    kept = np.arange(len(log)) >= (log.offsets[1:] - most)[log.user]
    return Interactions(log.users, log.user[kept], log.item[kept], log.timestamp[kept])


def ours(shape: Shape, data: EvalData, test: HeldOut) -> Measured:
    """Train and ask this project's model; the seconds include its one validation and checkpoint."""
    before = torch.get_num_threads()
    torch.set_num_threads(shape.threads)
    asked = questions(test, data.catalog, timed=False)
    with tempfile.TemporaryDirectory() as folder:
        model = train("sasrec", data.catalog, test.rest, Path(folder) / "m", settings=shape.ours)
    result = evaluate_next_item(model, asked)
    latency = query_seconds(model, [question.query for question in asked], K)
    torch.set_num_threads(before)
    seconds = float(str(model.record["seconds"])) / shape.epochs
    return Measured(
        "tastemaker", seconds, float(np.median(latency)), float(hit_rate(result.filtered, 10).mean())
    )


def theirs(shape: Shape, test: HeldOut, python: Path) -> tuple[Measured, dict[str, str]]:
    """Train and ask RecTools' model in a process of its own; also the versions it has.

    Raises:
        ConfigError: there is no such Python, or it failed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = {
            "model": shape.theirs,
            "epochs": shape.epochs,
            "threads": shape.threads,
            "seed": 0,
            "latency_users": LATENCY_USERS,
            "k": K,
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        np.savez(folder / "log.npz", **_columns(test))  # type: ignore[arg-type]
        _run(python, folder)
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    epoch, latency = (float(np.median(result[part])) for part in ("epoch_seconds", "latency"))
    return Measured("RecTools", epoch, latency, result["hit_rate"]), result["versions"]


def _columns(test: HeldOut) -> dict[str, np.ndarray[Any, Any]]:
    """The log as RecTools gets it: what our training learns from, and what both are asked."""
    log = test.rest
    learnt = np.ones(len(log), np.bool_)
    held = hold_out_last(log, keep=2)  # which our training sets aside for its validation
    learnt[log.offsets[1:][held.user] - 1] = False
    place = np.arange(len(log)) - log.offsets[log.user]
    columns = {"user": log.user, "item": log.item, "place": place, "learnt": learnt}
    return {**columns, "asked": test.user, "target": test.item}


def _run(python: Path, folder: Path) -> None:
    command = [str(python), str(rectools_peer.__file__), str(folder)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise ConfigError(
            f"cannot start {python} ({error.strerror}); `make rectools-env` makes one"
        ) from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise ConfigError(f"RecTools failed under {python}: {last[0]}; `make rectools-env` makes a fresh one")


if __name__ == "__main__":
    main()
