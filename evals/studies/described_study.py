"""Can a film be found that is described and not named?

``python -m tastemaker.evals.studies.described_study --workspace W``

Ranks of the one item meant, in the whole catalogue, for each way of searching alone, for their
fusions, and for ``Retriever.search`` itself. Fusion weights are fitted on the validation half of
``data/described-requests.jsonl`` and reported on the test half; ``--fit`` prints them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tastemaker.evals.metrics.bootstrap import bootstrap, paired_difference
from tastemaker.evals.metrics.rank_metrics import MISS, Ranks, hit_rate, reciprocal_rank
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.item_text import full_text
from tastemaker.retrieval.search.fusion import Column, Weights, fuse
from tastemaker.retrieval.search.request import Search
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.tools.workspace.workspace import Workspace

REQUESTS = Path(__file__).parents[1] / "data" / "described-requests.jsonl"
WAYS = ("meaning", "phrase", "words")
FOLDS = 5
SHIPPED = "Retriever.search"
DEEPEST = 100
"""Ranks below this count as misses for ``Retriever.search``."""
SHRINK = 0.0001
"""Weight of the squared length of the weights in the fit, so that they stay finite."""
OFFSETS = (5, 20, 60)
RRF_SHARES = (0.0, 0.25, 0.5, 1.0)

Columns = Mapping[str, Column]
System = Callable[[Columns], Column]
Part = Literal["validation", "test"]


@dataclass(frozen=True, slots=True)
class DescribedRequest:
    """One sentence, and the film it means.

    Attributes:
        request: what a person says.
        item_ids: the film's ids in MovieLens-100K; several where the list has it twice, and any will do.
        title: the film's title with its year.
        kind: "plot", "scene", "mood" or "mixed" (with an actor, a decade or the like).
        split: fit on "validation", report on "test".
    """

    request: str
    item_ids: tuple[str, ...]
    title: str
    kind: str
    split: Part


def read_requests(split: Part | None = None, path: Path = REQUESTS) -> list[DescribedRequest]:
    """The requests of one half, or all of them, in the file's order."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        DescribedRequest(r["request"], (r["item_id"], *r.get("also", ())), r["title"], r["kind"], r["split"])
        for r in records
        if split in (None, r["split"])
    ]


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        text: as a person says it.
        rows: of the item meant, and of the same item listed again.
        split: ``validation`` or ``test``.
        columns: of all items, for each way of searching: float32[n_items].
    """

    text: str
    rows: tuple[int, ...]
    split: str
    columns: Columns

    def rank(self, scores: Column) -> int:
        """The 1-based rank of the item meant; of equal scores it comes last."""
        return min(int((scores >= scores[row]).sum()) for row in self.rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; with ``--json`` write the figures to a file too."""
    parser = argparse.ArgumentParser(description="Find what is described and not named.")
    parser.add_argument("--workspace", type=Path, default=Path("workspaces/ml-100k"))
    parser.add_argument("--requests", type=Path, default=REQUESTS)
    parser.add_argument("--fit", action="store_true", help="print the weights fitted on the validation half")
    parser.add_argument("--plain", action="store_true", help="also embed title and all fields as one text")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args(arguments)
    workspace = Workspace.open(chosen.workspace)
    retriever = workspace.retriever()
    asked = list(_requests(chosen.requests, retriever, _plain(workspace) if chosen.plain else None))
    tried, confirmed = ([one for one in asked if one.split == split] for split in ("validation", "test"))
    weights, reciprocal = fit(tried), fit_reciprocal(tried)
    if chosen.fit:
        sys.stdout.write(f"weights: {weights}\n")
    systems: dict[str, System] = {
        **({"plain text, MiniLM": lambda c: c["plain"]} if chosen.plain else {}),
        **{f"{way} alone": lambda c, way=way: c[way] for way in WAYS},  # type: ignore[misc]
        f"reciprocal ranks, {reciprocal}": reciprocal.scores,
        "weighted mean, fitted now": lambda c: fuse(_own(c), weights),
    }
    ranks = {
        name: np.array([one.rank(scored(one.columns)) for one in confirmed])
        for name, scored in systems.items()
    }
    ranks[SHIPPED] = np.array([_rank_in_search(one, retriever) for one in confirmed])
    folds, everything = f"{FOLDS}-fold, all {len(asked)}", cross_validate(asked)
    report = [*(_figures(name, found) for name, found in ranks.items()), _figures(folds, everything)]
    for way in WAYS:
        alone = np.array([one.rank(one.columns[way]) for one in asked])
        report.append(_difference(f"{SHIPPED} - {way} alone", ranks[SHIPPED], ranks[f"{way} alone"]))
        report.append(_difference(f"{folds} - {way} alone", everything, alone))
    sys.stdout.write("\n".join(map(_line, report)) + "\n")
    if chosen.json:
        content = {
            "format": "tastemaker-described",
            "requests": len(confirmed),
            "weights": asdict(weights),
            "rows": report,
        }
        write_atomically(chosen.json, (json.dumps(content, indent=1) + "\n").encode())


def fit(asked: Sequence[Asked]) -> Weights:
    """Weights under which the items meant are likeliest: a softmax over the catalogue, weights not negative."""
    features = np.stack([np.stack([one.columns[way] for way in WAYS], axis=-1) for one in asked])
    meant = np.array([one.rows[0] for one in asked])
    each = np.arange(len(asked))

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = features @ weights
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        odds /= odds.sum(axis=1, keepdims=True)
        slope = np.einsum("qi,qiw->w", odds, features) - features[each, meant].sum(axis=0)
        cost = -np.log(odds[each, meant]).mean() + SHRINK * float(weights @ weights)
        return float(cost), slope / len(asked) + 2 * SHRINK * weights

    found = minimize(
        loss, np.full(len(WAYS), 10.0), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(WAYS)
    ).x
    return Weights(
        **{way: round(float(share), 2) for way, share in zip(WAYS, found / found.sum(), strict=True)}
    )


def cross_validate(asked: Sequence[Asked]) -> Ranks:
    """Ranks of each request under weights fitted on the other folds."""
    ranks = np.zeros(len(asked), dtype=np.int64)
    for fold in range(FOLDS):
        weights = fit([one for n, one in enumerate(asked) if n % FOLDS != fold])
        for n in range(fold, len(asked), FOLDS):
            ranks[n] = asked[n].rank(fuse(_own(asked[n].columns), weights))
    return ranks


@dataclass(frozen=True)
class Reciprocal:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) with weights."""

    offset: int
    weights: Weights

    def __str__(self) -> str:
        shares = asdict(self.weights)
        return f"offset {self.offset}, weights {'/'.join(str(shares[way]) for way in WAYS)}"

    def scores(self, columns: Columns) -> Column:
        """The weighted sum of 1 / (offset + rank), float32[n_items]."""
        ranked = {way: (1 / (self.offset + _ranks(columns[way]))).astype(np.float32) for way in WAYS}
        return fuse(ranked, self.weights)


def fit_reciprocal(asked: Sequence[Asked]) -> Reciprocal:
    """The offset and weights with the highest mean reciprocal rank."""
    grid = [
        Reciprocal(offset, Weights(1.0, phrase, words))
        for offset, phrase, words in itertools.product(OFFSETS, RRF_SHARES, RRF_SHARES)
    ]
    return max(grid, key=lambda one: sum(1 / a.rank(one.scores(a.columns)) for a in asked))


def _requests(path: Path, retriever: Retriever, plain: npt.NDArray[np.float32] | None) -> Iterator[Asked]:
    ways, catalog = retriever.ways, retriever.catalog
    for asked in read_requests(path=path):
        wish, vector = ways.embed_query(asked.request), ways.index.embed(asked.request)
        columns = {"meaning": np.asarray(ways.index.vectors @ vector), **wish.columns}
        if plain is not None:
            columns["plain"] = plain @ vector
        yield Asked(asked.request, tuple(catalog.row(i) for i in asked.item_ids), asked.split, columns)


def _plain(workspace: Workspace) -> npt.NDArray[np.float32]:
    return workspace.embedder.encode([full_text(item) for item in workspace.catalog])


def _own(columns: Columns) -> dict[str, Column]:
    return {way: columns[way] for way in WAYS}


def _ranks(column: Column) -> Column:
    ranks = np.empty(len(column), dtype=np.float32)
    ranks[np.argsort(-column, kind="stable")] = np.arange(1, len(column) + 1)
    return ranks


def _rank_in_search(asked: Asked, retriever: Retriever) -> int:
    meant = {retriever.catalog.at(row).id for row in asked.rows}
    hits = retriever.search(Search(asked.text, k=DEEPEST)).hits
    return next((n for n, hit in enumerate(hits, start=1) if meant & {hit.id, *hit.also}), MISS)


def _figures(name: str, ranks: Ranks) -> dict[str, object]:
    values = {
        "hit@1": hit_rate(ranks, 1),
        "hit@5": hit_rate(ranks, 5),
        "MRR": reciprocal_rank(ranks, DEEPEST),
    }
    return {"system": name, **{metric: asdict(bootstrap(value)) for metric, value in values.items()}}


def _difference(name: str, ours: Ranks, theirs: Ranks) -> dict[str, object]:
    values = {
        "hit@1": paired_difference(hit_rate(ours, 1), hit_rate(theirs, 1)),
        "hit@5": paired_difference(hit_rate(ours, 5), hit_rate(theirs, 5)),
        "MRR": paired_difference(reciprocal_rank(ours, DEEPEST), reciprocal_rank(theirs, DEEPEST)),
    }
    return {
        "system": name,
        **{metric: asdict(value) for metric, value in values.items()},
    }


def _line(row: Mapping[str, object]) -> str:
    cells = [
        f"{f['mean']:.3f} [{f['low']:.3f}, {f['high']:.3f}]" for f in row.values() if isinstance(f, dict)
    ]
    return f"{row['system']:60} " + "  ".join(cells)


if __name__ == "__main__":
    main()
