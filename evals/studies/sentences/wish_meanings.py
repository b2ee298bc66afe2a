"""Fit the classifier of wishes and the gate on what patterns find, and score both on phrases that neither saw.

``python -m tastemaker.evals.studies.sentences.wish_meanings --workspace W``.

``evals/data/said-wishes.tsv`` holds how people would say each of some 280 wishes, by writers who saw no code and no
phrase of ``facet-phrases.jsonl``. The gate learns from those rows of the latter that nobody mended a pattern by
(``fresh``) and that are for fitting; those that are held out are only counted. ``--write`` puts the weights of the
workspace's encoder into a folder; they ship in ``retrieval/data``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import minimize
from torch.nn.functional import cross_entropy

from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.evals.studies.facet_phrases import (
    LabelledPhrase,
    is_right,
    labelled_phrases,
    report,
    tally,
)
from tastemaker.evals.studies.sentences.softmax_fit import Matrix
from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.learned_meanings import (
    NAME,
    LearnedMeanings,
    MeaningWeights,
    features,
)
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights, weights_file
from tastemaker.tools.workspace.workspace import Workspace

EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 60, 256, 0.02, 0.03, 0.05
"""Of the classifier; a hidden layer of 512 is level with none."""
RIDGE = 2.0
"""Of the squared weights of the gate beside its summed loss."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit both, count the phrases with patterns alone and with what was learned, and write weights where asked to."""
    parser = argparse.ArgumentParser(description="Fit what reads wishes by their vectors and score it.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--write", type=Path, help="folder for the weights")
    chosen = parser.parse_args(arguments)
    workspace = Workspace.open(chosen.workspace)
    index, facets = workspace.tool_context().index, shipped_facets("films")
    labels, texts = read_wishes()
    classifier = fit_classifier(workspace.embedder.encode(texts), labels)
    names = tuple(sorted(set(labels)))
    weights = MeaningWeights(names, classifier, {})
    fresh = [one for one in labelled_phrases() if one.fresh]
    patterns = FacetMatcher(facets, workspace.catalog)
    fitting = [one for one in fresh if one.half == "fit"]
    gate = fit_gate(fitting, patterns, LearnedMeanings(weights, index.embed))
    weights = MeaningWeights(names, classifier, gate)
    learned = FacetMatcher(facets, workspace.catalog, learned=LearnedMeanings(weights, index.embed))
    for name, matcher in (("patterns alone", patterns), ("with what was learned", learned)):
        say(name)
        say_table(list(report(tally(fresh, matcher))))
    if chosen.write:
        place = chosen.write / weights_file(NAME, index.encoder)
        arrays: dict[str, npt.NDArray[Any]] = {
            "labels": np.array(names),
            "slope": classifier.slope.astype(np.float16),
            "shift": classifier.shift.astype(np.float16),
            "gate_names": np.array(list(gate)),
            "gate": np.array(list(gate.values()), np.float32),
        }
        np.savez_compressed(place, allow_pickle=False, **arrays)
        say(f"{place}: {place.stat().st_size} bytes")


def read_wishes() -> tuple[list[str], list[str]]:
    """Labels and texts of the package's file."""
    text = (files("tastemaker.evals") / "data" / "said-wishes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return [label for label, _ in rows], [said for _, said in rows]


def fit_classifier(vectors: npt.NDArray[np.float32], labels: Sequence[str]) -> SoftmaxWeights:
    """A softmax regression, the labels in alphabetical order."""
    torch.manual_seed(0)
    names = sorted(set(labels))
    x, y = torch.from_numpy(vectors), torch.tensor([names.index(label) for label in labels])
    layer = torch.nn.Linear(x.shape[1], len(names))
    optimiser = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):  # type: ignore[no-untyped-call]
            loss = cross_entropy(layer(x[rows]), y[rows], label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return SoftmaxWeights(layer.weight.detach().numpy(), layer.bias.detach().numpy())


def fit_gate(
    phrases: Sequence[LabelledPhrase], matcher: FacetMatcher, learned: LearnedMeanings
) -> dict[str, float]:
    """Weights of the features by which what patterns find is meant."""
    rows, right = list[dict[str, float]](), list[bool]()
    for phrase in phrases:
        reading, parts = matcher.read(phrase.text), learned.parts(phrase.text)
        for match in reading.matches:
            verdict = is_right(match, phrase, matcher.facets)
            if verdict is not None:
                rows.append(features(match, phrase.text, parts, learned.weights))
                right.append(verdict)
    names = sorted({name for row in rows for name in row})
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    y = np.array(right, dtype=float)

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        odds = x @ flat
        value = float((np.logaddexp(0, odds) - y * odds).sum() + RIDGE * (flat**2).sum())
        return value, x.T @ (1 / (1 + np.exp(-odds)) - y) + 2 * RIDGE * flat

    solved = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return dict(zip(names, map(float, solved.x), strict=True))


if __name__ == "__main__":
    main(sys.argv[1:])
