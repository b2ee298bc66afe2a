"""What context gains: ``python -m tastemaker.evals.studies.rerankers.context_gain --file ratings.txt --out FILE``.

DePaulMovie (97 people rated 79 films with time, place and companion, or with none): five folds over the rows; a
rating of 4 or 5 is a like. The same Hiformer learns with and without the three context columns; both know the
person. Figures are over all folds' test rows, intervals over drawn people.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.cluster_bootstrap import ratio
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.runs.git_state import git_commit
from tastemaker.evals.studies.rerankers.feature_interactions import difference
from tastemaker.recommenders.registry import train
from tastemaker.recommenders.rerankers.hiformer import Hiformer
from tastemaker.recommenders.rerankers.log_requests import before
from tastemaker.recommenders.rerankers.reranker import area_under_curve
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema

SAID = ("Time", "Location", "Companion")
PERSON = "person"
FOLDS = 5
SMALL: Mapping[str, object] = {
    "heads": ["liked"],
    "base": "popularity",
    "size": 16,
    "rank": 32,
    "dropout": 0.3,
    "training": {"epochs": 20, "patience": 4, "batch_size": 256, "learning_rate": 0.004, "weight_decay": 0.1},
}
Floats = npt.NDArray[np.float32]


def read_ratings(file: Path, seed: int) -> tuple[Catalog, Interactions]:
    """Films by their numbers, and the ratings in an order drawn by the seed, since the file has no times."""
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    rows = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    films = sorted({row["itemid"] for row in rows})
    catalog = Catalog([Item(film, film, {}) for film in films], Schema(attributes=()))
    context = {name: ["" if row[name] == "NA" else row[name] for row in rows] for name in SAID}
    log = Interactions.from_columns(
        [row["userid"] for row in rows],
        [catalog.row(row["itemid"]) for row in rows],
        None,
        [float(row["rating"]) for row in rows],
        context={**context, PERSON: [row["userid"] for row in rows]},
    )
    return catalog, log


def without_context(log: Interactions) -> Interactions:
    """The same with the person alone as context."""
    context = None if log.context is None else {PERSON: log.context[PERSON]}
    return Interactions(log.users, log.user, log.item, log.timestamp, log.rating, context=context)


def foretell(
    catalog: Catalog,
    log: Interactions,
    folds: npt.NDArray[np.int64],
    settings: Mapping[str, object],
    seed: int,
) -> Floats:
    """Chance of a like of every row, each by a model that did not see its fold: float32[n]."""
    chances = np.zeros(len(log), np.float32)
    for fold in range(FOLDS):
        learned = before(log, folds != fold)
        with tempfile.TemporaryDirectory() as folder:
            model = train("hiformer", catalog, learned, Path(folder) / "m", seed=seed, settings=settings)
        if not isinstance(model, Hiformer):
            raise TypeError(f"expected a hiformer, got {model.name}")
        chances[folds == fold] = model.chances_of_events(log, np.flatnonzero(folds == fold))
    return chances


def log_loss(chances: Floats, labels: Floats) -> npt.NDArray[np.float64]:
    """Of each row, float64[n]."""
    sure = np.clip(chances.astype(np.float64), 1e-6, 1 - 1e-6)
    loss: npt.NDArray[np.float64] = -np.where(labels > 0, np.log(sure), np.log(1 - sure))
    return loss


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write the report where ``--out`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", type=json.loads, default={}, help="settings, as JSON")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    settings = {**SMALL, **given.set}
    told: list[dict[str, object]] = []
    with_, without, losses = list[Floats](), list[Floats](), list[npt.NDArray[np.float64]]()
    catalog, log = read_ratings(given.file, 0)
    rating = np.empty(0) if log.rating is None else log.rating
    labels = (rating >= 4).astype(np.float32)
    for seed in range(given.seeds):
        folds = np.random.default_rng(seed).integers(FOLDS, size=len(log))
        with_.append(foretell(catalog, log, folds, settings, seed))
        without.append(foretell(catalog, without_context(log), folds, settings, seed))
        losses.append(log_loss(without[-1], labels) - log_loss(with_[-1], labels))
        sides = {"with": with_[-1], "without": without[-1]}
        told.append(
            {
                name: {"auc": area_under_curve(own, labels), "log_loss": float(log_loss(own, labels).mean())}
                for name, own in sides.items()
            }
        )
        sys.stderr.write(f"seed {seed}: {told[-1]}\n")
    gap = difference(with_, without, labels, log.user)
    people = [log.users[user] for user in log.user]
    saved = ratio(people, np.mean(losses, axis=0), np.ones(len(people)))
    report = {
        "command": "python -m tastemaker.evals.studies.rerankers.context_gain --file ratings.txt",
        "commit": git_commit(),
        "rows": len(log),
        "settings": settings,
        "seeds": told,
        "auc_gain": dict(zip(("mean", "low", "high"), gap, strict=True)),
        "log_loss_saved": saved.__dict__,
    }
    rows = [
        ("AUC with context less without", f"{gap[0]:+.4f} [{gap[1]:+.4f}, {gap[2]:+.4f}]"),
        ("log-loss saved", f"{saved.mean:+.4f} [{saved.low:+.4f}, {saved.high:+.4f}]"),
    ]
    sys.stdout.write(markdown_table(("figure", "gain"), rows) + "\n")
    if given.out:
        given.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
