"""What is bought again and what is new.

``python -m tastemaker.evals.studies.sessions.repeat_consumption --file F --out FILE``

Ta-Feng's baskets (``tafeng_merged.json``: person -> baskets -> products, in order, without times). Everyone's last
basket is the test, the one before it chooses a trained model's epoch, the rest is learned from; steps between baskets
count as days. Recall@10 and NDCG@10 over the whole catalogue, of all of a basket, of what the person had bought
before, and of what was new. Personal frequency is TIFU-kNN without neighbours and without decay.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import bootstrap, paired_difference
from tastemaker.evals.metrics.latency import query_seconds
from tastemaker.evals.next_item.questions import sample
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.runs.git_state import git_commit
from tastemaker.recommenders import Query, train
from tastemaker.recommenders.models.pisa import session_ndcg
from tastemaker.recommenders.training.frozen_config import read_frozen_config
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.top_k import top_k

DAY, FIRST = 86_400.0, 1e9
K = 10
CONFIG = "pisa_tafeng"
BATCH = 128
GAP = {"gap": DAY / 2}
Values = npt.NDArray[np.float64]

SYSTEMS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "popularity": ("popularity", {}),
    "personal frequency": ("tifu-knn", {**GAP, "own": 1.0, "within": 1.0, "between": 1.0}),
    "tifu-knn": ("tifu-knn", GAP),
    "pisa": ("pisa", {}),
    "pisa without base level": ("pisa", {"base_level": False}),
    "pisa without spreading": ("pisa", {"spreading": False}),
}
"""Name -> recommender and settings; those of pisa beside its config's."""


@dataclass(frozen=True)
class Baskets:
    """The log but for everyone's last basket, and what is asked.

    Attributes:
        catalog: products by number.
        log: all but the last basket; without times in the file, a basket is a day.
        asked: a query per person, and the rows of the basket that came.
    """

    catalog: Catalog
    log: Interactions
    asked: Sequence[tuple[Query, npt.NDArray[np.int64]]]

    def without_last(self) -> Interactions:
        """The log without each person's last basket in it: what a model learns from that has no epochs to choose."""
        last = self.log.timestamp[self.log.offsets[1:] - 1][self.log.user]
        kept = self.log.timestamp < last
        return Interactions(
            self.log.users, self.log.user[kept], self.log.item[kept], self.log.timestamp[kept]
        )


def read_baskets(file: Path) -> Baskets:
    """Ta-Feng's baskets."""
    people: Mapping[str, list[list[int]]] = json.loads(file.read_text(encoding="utf-8"))
    count = 1 + max(product for baskets in people.values() for basket in baskets for product in basket)
    catalog = Catalog([Item(str(row), f"Product {row}", {}) for row in range(count)], Schema(attributes=()))
    events = [
        (person, product, FIRST + place * DAY)
        for person, baskets in people.items()
        for place, basket in enumerate(baskets[:-1])
        for product in dict.fromkeys(basket)
    ]
    users, items, times = zip(*events, strict=True)
    asked = [
        (
            Query(
                history=tuple(str(p) for basket in baskets[:-1] for p in dict.fromkeys(basket)),
                timestamps=tuple(
                    FIRST + place * DAY
                    for place, basket in enumerate(baskets[:-1])
                    for _ in dict.fromkeys(basket)
                ),
                now=FIRST + (len(baskets) - 1) * DAY,
            ),
            np.unique(np.array(baskets[-1], np.int64)),
        )
        for baskets in people.values()
    ]
    return Baskets(catalog, Interactions.from_columns(users, items, times), asked)


def figures(
    first: npt.NDArray[np.int64], target: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]
) -> list[float]:
    """Recall and NDCG of all of a basket, recall of its repeated part and of its new one, share of repeats offered.

    NaN where a basket has no such part.
    """
    hit = np.isin(target, first)
    old = known[target]
    parts = [float(hit[part].mean()) if part.any() else np.nan for part in (old, ~old)]
    return [float(hit.mean()), session_ndcg(first, target), *parts, float(known[first].mean())]


FIGURES = (f"recall@{K}", f"ndcg@{K}", "recall of repeats", "recall of new", "repeats offered")


def measure(
    name: str, baskets: Baskets, more: Mapping[str, object], seed: int
) -> tuple[Values, dict[str, object]]:
    """Figures of each person, float64[people, 5], and how the training went."""
    kind, settings = SYSTEMS[name]
    log = baskets.log if kind == "pisa" else baskets.without_last()
    frozen = read_frozen_config(CONFIG).settings if kind == "pisa" else {}
    own = {**frozen, **settings, **(more if kind == "pisa" else {})}
    with tempfile.TemporaryDirectory() as folder:
        model = train(kind, baskets.catalog, log, Path(folder) / "m", settings=own, seed=seed)
    rows = []
    began = time.perf_counter()
    for start in range(0, len(baskets.asked), BATCH):
        part = baskets.asked[start : start + BATCH]
        for (query, target), scores in zip(part, model.scores_batch([q for q, _ in part]), strict=True):
            known = np.zeros(len(baskets.catalog), np.bool_)
            known[[int(product) for product in query.history]] = True
            rows.append(figures(top_k(scores, K), target, known))
    told = {
        "settings": dict(own),
        "training": dict(model.record),
        "scoring_seconds": round(time.perf_counter() - began, 1),
        "one_query_ms": round(
            1000 * float(np.median(query_seconds(model, [q for q, _ in baskets.asked[:300]]))), 2
        ),
    }
    return np.array(rows), told


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write the report where ``--out`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--set", type=json.loads, default={}, help="settings of pisa, as JSON")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="ask so many people, drawn at random")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    baskets = read_baskets(given.file)
    baskets = replace(baskets, asked=sample([*baskets.asked], given.limit, given.seed))
    names = given.systems.split(",")
    found: dict[str, Values] = {}
    systems: dict[str, object] = {}
    for name in names:
        found[name], told = measure(name, baskets, given.set, given.seed)
        means = dict(zip(FIGURES, means_of(found[name]), strict=True))
        interval = {
            figure: bootstrap(found[name][:, place]).__dict__ for place, figure in enumerate(FIGURES[:2])
        }
        systems[name] = {"mean": means, "interval": interval, **told}
        sys.stderr.write(f"{name}: {json.dumps(systems[name])}\n")
    differences = {
        f"pisa less {other}": {
            figure: _paired(found["pisa"], found[other], place) for place, figure in enumerate(FIGURES[:4])
        }
        for other in names
        if "pisa" in found and other != "pisa"
    }
    report = {
        "command": shlex.join(
            ["python", "-m", "tastemaker.evals.studies.sessions.repeat_consumption", *_told(arguments)]
        ),
        "commit": git_commit(),
        "people": len(baskets.asked),
        "products": len(baskets.catalog),
        "repeated_share": float(
            np.mean([np.isin(t, np.array(q.history, np.int64)).mean() for q, t in baskets.asked])
        ),
        "systems": systems,
        "differences": differences,
    }
    rows = [
        (name, *("" if value is None else f"{value:.4f}" for value in means_of(own)))
        for name, own in found.items()
    ]
    sys.stdout.write(markdown_table(("system", *FIGURES), rows) + "\n")
    if given.out:
        given.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def means_of(values: Values) -> list[float | None]:
    """Of each figure, over the people who have it; None where nobody does."""
    columns = [column[~np.isnan(column)] for column in values.T]
    return [round(float(column.mean()), 5) if len(column) else None for column in columns]


def _told(arguments: Sequence[str] | None) -> Sequence[str]:
    """The arguments, files by their names alone."""
    given = sys.argv[1:] if arguments is None else arguments
    return [Path(part).name if "/" in part and "{" not in part else part for part in given]


def _paired(ours: Values, theirs: Values, place: int) -> Mapping[str, float]:
    """Over the people who have the figure."""
    has = ~np.isnan(ours[:, place])
    return paired_difference(ours[has, place], theirs[has, place]).__dict__


if __name__ == "__main__":
    main()
