"""Learn the direction of an open word ("darker") from people's judgements; score it on left-out words.

``python -m tastemaker.evals.studies.attribute_words --workspace W --films F --judgements J --ids msrd [--write]``

Judgements order films by an attribute (SoftAttributes, Balog et al., SIGIR 2021). Each attribute's own
direction is fitted on its pairs; two axes span most of them (light or dark, loud or quiet). A ridge
regression leads from a word's vector to its direction; ``evals/data/attribute-poles.tsv``, written by
hand, places further everyday words at the ends of the axes, since embeddings do not tell opposites apart.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.search.attribute_direction import (
    AttributeMap,
    attribute_direction,
    attribute_vector,
)
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.tools.workspace.workspace import Workspace

POLES = Path(__file__).parents[1] / "data" / "attribute-poles.tsv"
DATA = Path(__file__).parents[2] / "retrieval" / "data"
RIDGE = 1.0
POLE_LENGTH = 0.5
"""How far out a word of the poles lies, beside a judged attribute."""
SHRINK = 3e-3
RANK = 16
ENDS = {
    "light-dark": (("light-hearted", "playful", "cheesy"), ("serious", "scary", "violent")),
    "loud-quiet": (
        ("over the top", "big budget", "exaggerated", "far-fetched"),
        ("realistic", "believable", "slow-paced", "romantic"),
    ),
}
"""Judged attributes at the ends of each axis, by the two strongest components of all directions."""

Pairs = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the accuracy on left-out words; with ``--write`` fit on all of them."""
    parser = argparse.ArgumentParser(description="Learn the direction of open words.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--films", type=Path, required=True)
    parser.add_argument("--judgements", type=Path, required=True)
    parser.add_argument("--ids", required=True, help="column of the films' table with the workspace's ids")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    retriever = Workspace.open(chosen.workspace).retriever()
    rows = film_rows(chosen.films, chosen.ids, retriever)
    pairs = pairs_in_order(chosen.judgements, {film: n for n, film in enumerate(rows)})
    at = np.array(list(rows.values()))
    vectors = np.asarray(retriever.ways.index.vectors)
    films = np.asarray(vectors[at] - vectors.mean(axis=0), dtype=np.float64)
    own = {name: _direction(films, pair) for name, pair in pairs.items()}
    poles = _poles()
    words = {word: attribute_vector(word, retriever.ways) for word in (*own, *(word for word, _, _ in poles))}
    right = {}
    for name in own:
        rest = {other: direction for other, direction in own.items() if other != name}
        learned = _fitted(rest, poles, words)
        scores = attribute_direction(name, retriever.ways, learned)[at]
        right[name] = accuracy(scores, pairs[name])
    plain = {name: accuracy(attribute_direction(name, retriever.ways, None)[at], pairs[name]) for name in own}
    worst, best = min(right, key=lambda n: right[n]), max(right, key=lambda n: right[n])
    sys.stdout.write(
        f"{chosen.ids}: pair accuracy on left-out words {np.mean(list(right.values())):.3f} (by the catalogue's tags "
        f"alone {np.mean(list(plain.values())):.3f}), worst {worst} {right[worst]:.2f}, best {best} {right[best]:.2f}\n"
    )
    if chosen.write:
        learned = _fitted(own, poles, words)
        encoder = retriever.ways.index.encoder.replace("/", "--")
        with replace_file(DATA / f"attribute-map-{encoder}.npz") as file:
            np.savez(file, up=learned.up.astype(np.float16), down=learned.down.astype(np.float16))


def _fitted(
    own: Mapping[str, Matrix], poles: Sequence[tuple[str, str, float]], words: Mapping[str, Vectors]
) -> AttributeMap:
    axes = {}
    for axis, (low, high) in ENDS.items():
        sides = [np.sum([own[name] for name in side if name in own], axis=0) for side in (low, high)]
        axes[axis] = (sides[1] - sides[0]) / np.linalg.norm(sides[1] - sides[0])
    given = np.stack([words[name] for name in own] + [words[word] for word, _, _ in poles]).astype(np.float64)
    wanted = np.stack([*own.values(), *(POLE_LENGTH * end * axes[axis] for _, axis, end in poles)])
    whole = wanted.T @ np.linalg.solve(given @ given.T + RIDGE * np.eye(len(given)), given)
    left, strength, right = np.linalg.svd(whole)
    up = left[:, :RANK] * strength[:RANK]
    return AttributeMap(up.astype(np.float32), right[:RANK].T.astype(np.float32))


def _direction(films: Matrix, pairs: Pairs) -> Matrix:
    """The unit direction along which most pairs stand in order: logistic regression on differences."""
    apart = films[pairs[:, 0]] - films[pairs[:, 1]]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        margin = apart @ weights
        slope = -(apart / (1 + np.exp(margin))[:, None]).mean(axis=0) + 2 * SHRINK * weights
        return float(np.logaddexp(0, -margin).mean() + SHRINK * weights @ weights), slope

    found = minimize(loss, np.zeros(films.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 40}).x
    return np.asarray(found / np.linalg.norm(found))


def accuracy(scores: npt.NDArray[np.float32], pairs: Pairs) -> float:
    """The share of pairs, int64[n, 2], whose first has more; half a point for a tie."""
    more, less = scores[pairs[:, 0]], scores[pairs[:, 1]]
    return float((0.5 * (more > less) + 0.5 * (more >= less)).mean())


def film_rows(path: Path, ids: str, retriever: Retriever) -> dict[str, int]:
    """Judged films that the catalogue holds, and their rows."""
    with path.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    return {row["film"]: retriever.catalog.row(row[ids]) for row in table if row[ids] in retriever.catalog}


def pairs_in_order(path: Path, place: Mapping[str, int]) -> dict[str, Pairs]:
    """For each attribute the pairs that people put in order, more of it first: int64[n, 2] of ``place``."""
    found: dict[str, list[tuple[int, int]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        about = [*row["about"], row["reference"]]
        ordered = [(m, o) for m in row["more"] for o in (*about, *row["less"])]
        ordered += [(a, o) for a in about for o in row["less"]]
        kept = [(place[a], place[b]) for a, b in ordered if a in place and b in place]
        found.setdefault(row["attribute"], []).extend(kept)
    return {name: np.array(pairs, dtype=np.int64) for name, pairs in sorted(found.items())}


def _poles() -> list[tuple[str, str, float]]:
    with POLES.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    return [
        (word.strip(), row["axis"], float(row["end"])) for row in table for word in row["words"].split(";")
    ]


if __name__ == "__main__":
    main()
