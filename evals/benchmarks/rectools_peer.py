"""RecTools' SASRec on a log of ours; runs in an environment of its own and imports nothing of ours.

``python rectools_peer.py FOLDER`` reads ``plan.json`` and ``log.npz`` and writes ``result.json``;
:mod:`tastemaker.evals.benchmarks.rectools_speed` makes the former and reads the latter.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

WARM_UP = 3


def main(folder: Path) -> None:
    """Train, ask, and write what it took."""
    import numpy as np
    import torch

    plan = json.loads((folder / "plan.json").read_text())
    log = dict(np.load(folder / "log.npz"))
    torch.set_num_threads(plan["threads"])
    torch.manual_seed(plan["seed"])
    model, seconds = _train(plan, _dataset(log, log["learnt"]))
    asked = _dataset(log, np.ones_like(log["learnt"]))
    users, targets = log["asked"], log["target"]
    started = time.perf_counter()
    top = model.recommend(users=users, dataset=asked, k=10, filter_viewed=True)
    result = {
        "versions": {name: metadata.version(name) for name in ("rectools", "torch", "pytorch-lightning")},
        "epoch_seconds": seconds,
        "batch_seconds": time.perf_counter() - started,
        "hit_rate": _hit_rate(top, users, targets),
        "latency": _latency(model, asked, users[: plan["latency_users"]], plan["k"]),
    }
    (folder / "result.json").write_text(json.dumps(result))


def _dataset(log: dict[str, Any], chosen: Any) -> Any:
    import pandas as pd
    from rectools import Columns  # type: ignore[import-not-found]
    from rectools.dataset import Dataset  # type: ignore[import-not-found]

    place = pd.to_datetime("2000-01-01") + pd.to_timedelta(log["place"], unit="s")
    columns = {Columns.User: log["user"], Columns.Item: log["item"], Columns.Datetime: place}
    frame = pd.DataFrame({**columns, Columns.Weight: 1.0})[chosen.astype(bool)]
    return Dataset.construct(frame)


def _train(plan: dict[str, Any], data: Any) -> tuple[Any, list[float]]:
    """The model, all else at its defaults, and each epoch's seconds."""
    from pytorch_lightning import Callback, Trainer  # type: ignore[import-not-found]
    from rectools.models import SASRecModel  # type: ignore[import-not-found]

    seconds: list[float] = []

    class Clock(Callback):  # type: ignore[misc]
        def on_train_epoch_start(self, *_: Any) -> None:
            self.started = time.perf_counter()

        def on_train_epoch_end(self, *_: Any) -> None:
            seconds.append(time.perf_counter() - self.started)

    def trainer() -> Trainer:
        return Trainer(
            max_epochs=plan["epochs"],
            min_epochs=plan["epochs"],
            enable_progress_bar=False,
            enable_model_summary=False,
            logger=False,
            enable_checkpointing=False,
            devices=1,
            callbacks=[Clock()],
        )

    model = SASRecModel(**plan["model"], get_trainer_func=trainer)
    model.fit(data)
    return model, seconds


def _hit_rate(top: Any, users: Any, targets: Any) -> float:
    wanted = dict(zip(users.tolist(), targets.tolist(), strict=True))
    hits = [bool(wanted[user] == item) for user, item in zip(top["user_id"], top["item_id"], strict=True)]
    return sum(hits) / len(users)


def _latency(model: Any, data: Any, users: Any, k: int) -> list[float]:
    seconds = []
    for user in users:
        started = time.perf_counter()
        model.recommend(users=[user], dataset=data, k=k, filter_viewed=True)
        seconds.append(time.perf_counter() - started)
    return seconds[WARM_UP:]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
