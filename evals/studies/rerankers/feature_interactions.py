"""Hiformer, plain attention and a factorisation machine over the same features: who foretells likes best?

``python -m tastemaker.evals.studies.rerankers.feature_interactions --workspace W --users ml-100k.user --out FILE``

MovieLens-100K with what its people said of themselves (``ml-100k.user`` as RecBole writes it: number, age, gender,
occupation, zip code). Each person's last fifth is the test, the fifth of the rest before it chooses nothing but the
epoch; a rating of 4 or 5 is a like. All three take the same tokens: person, age band, gender, occupation, time of
day, day, film, its attributes, the mean of the films before, and numbers.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.runs.git_state import git_commit
from tastemaker.recommenders.registry import train
from tastemaker.recommenders.rerankers.hiformer import Hiformer
from tastemaker.recommenders.rerankers.log_requests import before, recent_events
from tastemaker.recommenders.rerankers.reranker import area_under_curve
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.tools.workspace.workspace import Workspace

INTERACTIONS = ("factorisation", "attention", "hiformer")
AGES = (18, 25, 35, 45, 50, 56)
RESAMPLES = 400
COMMAND = (
    "python -m tastemaker.evals.studies.rerankers.feature_interactions --workspace W --users ml-100k.user"
)
Floats = npt.NDArray[np.float32]


def with_people(log: Interactions, users: Path) -> Interactions:
    """The log with person, age band, gender and occupation as context.

    Args:
        log: MovieLens-100K with its own user numbers.
        users: ``ml-100k.user``.
    """
    lines = users.read_text(encoding="latin-1").splitlines()[1:]
    said = {number: rest for number, *rest in (line.split("\t") for line in lines)}
    bands = {user: str(int(np.searchsorted(AGES, int(said[user][0]), side="right"))) for user in log.users}
    columns = {
        "person": log.users,
        "age": [bands[user] for user in log.users],
        "gender": [said[user][1] for user in log.users],
        "occupation": [said[user][2] for user in log.users],
    }
    context = {name: np.array(values)[log.user] for name, values in columns.items()}
    return Interactions(log.users, log.user, log.item, log.timestamp, log.rating, context=context)


def foretell(
    catalog: Catalog,
    log: Interactions,
    test: npt.NDArray[np.bool_],
    settings: Mapping[str, object],
    seed: int,
) -> tuple[Floats, Mapping[str, object]]:
    """Chances of a like for the test events, by a model that learned from the others; and how its training went."""
    with tempfile.TemporaryDirectory() as folder:
        model = train(
            "hiformer", catalog, before(log, ~test), Path(folder) / "m", seed=seed, settings=settings
        )
    if not isinstance(model, Hiformer):
        raise TypeError(f"expected a hiformer, got {model.name}")
    return model.chances_of_events(log, np.flatnonzero(test)), model.record


def difference(
    ours: Sequence[Floats],
    theirs: Sequence[Floats],
    labels: Floats,
    people: npt.NDArray[np.int32],
    resamples: int = RESAMPLES,
) -> tuple[float, float, float]:
    """Mean over seeds of our area under the curve less theirs, and its 95 % interval over drawn people."""
    places = [np.flatnonzero(people == person) for person in np.unique(people)]
    random = np.random.default_rng(0)

    def gap(rows: npt.NDArray[np.int64]) -> float:
        areas = [[area_under_curve(one[rows], labels[rows]) for one in side] for side in (ours, theirs)]
        return float(np.mean(areas[0]) - np.mean(areas[1]))

    drawn = [
        gap(np.concatenate([places[one] for one in random.integers(len(places), size=len(places))]))
        for _ in range(resamples)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return gap(np.arange(len(labels))), float(low), float(high)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, and write them where ``--out`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--users", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", type=json.loads, default={}, help="settings of all, as JSON")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    opened = Workspace.open(given.workspace)
    log = with_people(opened.log, given.users)
    test = recent_events(log, share=0.2)
    settings = {"heads": ["liked"], "base": "popularity", **given.set}
    rating = np.full(len(log), np.nan) if log.rating is None else log.rating
    labels = (rating[test] >= 4).astype(np.float32)
    chances: dict[str, list[Floats]] = {kind: [] for kind in INTERACTIONS}
    records: dict[str, list[Mapping[str, object]]] = {kind: [] for kind in INTERACTIONS}
    for seed in range(given.seeds):
        for kind in INTERACTIONS:
            found, record = foretell(opened.catalog, log, test, {**settings, "interaction": kind}, seed)
            chances[kind].append(found)
            records[kind].append(record)
            sys.stderr.write(f"{kind} {seed}: {area_under_curve(found, labels):.4f} {record}\n")
        told = _report(chances, labels, log.user[test])
        if given.out:  # after each seed, since a training is long
            head = {"command": COMMAND, "commit": git_commit(), "settings": settings}
            report = {**head, **told, "training": records}
            given.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


def _report(
    chances: Mapping[str, Sequence[Floats]], labels: Floats, people: npt.NDArray[np.int32]
) -> Mapping[str, object]:
    areas = {kind: [area_under_curve(one, labels) for one in own] for kind, own in chances.items()}
    gaps = {
        other: difference(chances["hiformer"], chances[other], labels, people)
        for other in ("factorisation", "attention")
    }
    return {
        "test_events": len(labels),
        "auc": areas,
        "hiformer_less": {
            other: dict(zip(("mean", "low", "high"), gap, strict=True)) for other, gap in gaps.items()
        },
    }


if __name__ == "__main__":
    main()
