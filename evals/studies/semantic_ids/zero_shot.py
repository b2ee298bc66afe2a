"""Does a model of text ids rank a shop that it never saw?

``python -m tastemaker.evals.studies.semantic_ids.zero_shot``. RecGPT's claim: ids by finite scalar quantisation of
texts, learned in one shop, serve another without training. Trained on ``--log`` and ``--items`` (Amazon Scientific
as Recformer's authors filed it), asked on ``--rows`` and ``--row-items`` (Amazon Office as MiniOneRec's authors
filed it: test rows only), full catalogue, items of the history left out. Beside it what costs no training:
popularity in all histories of the rows, which knows the targets of a person's earlier rows, and nearness of
whitened texts to the last item.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from tastemaker.evals.metrics.bootstrap import bootstrap
from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.evals.next_item.questions import Question, questions
from tastemaker.evals.next_item.recformer_files import read_recformer
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.runs.embedding_cache import RememberingEmbedder
from tastemaker.recommenders import Query, train
from tastemaker.recommenders.data.hold_out import hold_out_last
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.layers.text_items import whitening
from tastemaker.recommenders.training.target_rank import target_rank
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder

SETTINGS: Mapping[str, object] = {
    "source": "text",
    "tokenizer": "finite-scalar",
    "levels": 32,
    "codes": 64,
    "directions": 64,
    "start": "centres",
    "vector_input": True,
    "max_length": 20,
    "training": {
        "epochs": 1,
        "patience": 1,
        "validation_users": 300,
        "batch_size": 64,
        "learning_rate": 1e-4,
        "warmup_steps": 50,
        "final_rate": 0.0,
    },
}
K = 10
AWAY = "away-"
DIRECTIONS = 64
"""Of the whitened texts beside which the model is measured."""
Floats = npt.NDArray[np.float64]
Score = Callable[[Sequence[Query]], npt.NDArray[np.float32]]


def read_rows(path: Path, items: Path, embedder: TextEmbedder) -> EvalData:
    """Rows of MiniOneRec's test files, each a person whose last item is asked for.

    Items are numbered in every shop, so these get a prefix: a model must not take them for those it knows.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            [f"{AWAY}{item}" for item in (*ast.literal_eval(row["history_item_id"]), row["item_id"])]
            for row in csv.DictReader(file)
        ]
    with tempfile.TemporaryDirectory() as folder:
        log, renamed = Path(folder) / path.name, Path(folder) / items.name
        log.write_text(json.dumps({str(number): row for number, row in enumerate(rows)}))
        content = json.loads(items.read_text(encoding="utf-8"))
        renamed.write_text(json.dumps({f"{AWAY}{id_}": item for id_, item in content.items()}))
        return read_recformer(log, renamed, lambda: embedder)


def nearness(data: EvalData, embedder: TextEmbedder) -> Score:
    """Cosines of whitened texts to the last item, fitted on the shop's own texts."""
    texts = torch.from_numpy(np.array(ItemContent(data.catalog, embedder).text_vectors()))
    white = ((texts - texts.mean(0)) @ whitening(texts, DIRECTIONS).T).numpy()
    white /= np.linalg.norm(white, axis=1, keepdims=True)

    def score(queries: Sequence[Query]) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = white[data.catalog.rows(q.history[-1] for q in queries)] @ white.T
        return found

    return score


def ranks(score: Score, asked: Sequence[Question], data: EvalData) -> npt.NDArray[np.int64]:
    """Of each target among all items but those of its history, int64[rows]."""
    found = []
    for start in range(0, len(asked), 128):
        part = asked[start : start + 128]
        for question, own in zip(part, score([question.query for question in part]), strict=True):
            seen = np.array([data.catalog.row(id_) for id_ in question.query.history])
            found.append(target_rank(own, data.catalog.row(question.target), seen))
    return np.array(found, np.int64)


def gains(found: npt.NDArray[np.int64]) -> Floats:
    """NDCG@10 of each row."""
    own: Floats = np.where(found <= K, 1 / np.log2(found + 1.0), 0.0)
    return own


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, ask, and print a table and the paired differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--log", "--items", "--rows", "--row-items"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    embedder = RememberingEmbedder(open_embedder(given.embedding))
    home = read_recformer(given.log, given.items, lambda: embedder)
    with tempfile.TemporaryDirectory() as folder:
        model = train(
            "rpg", home.catalog, home.interactions, Path(folder) / "m", settings=SETTINGS, embedder=embedder
        )
    away = read_rows(given.rows, given.row_items, embedder)
    held = hold_out_last(away.interactions, keep=1)
    asked = questions(held, away.catalog, timed=False)
    popularity = held.rest.counts(len(away.catalog)).astype(np.float32)
    found = {
        "popularity": ranks(lambda queries: np.tile(popularity, (len(queries), 1)), asked, away),
        "nearness to the last item": ranks(nearness(away, embedder), asked, away),
        "rpg, trained elsewhere": ranks(
            model.with_items(ItemContent(away.catalog, embedder)).scores_batch, asked, away
        ),
    }
    repeats = float(np.mean([question.target in question.query.history for question in asked]))
    ours = gains(found["rpg, trained elsewhere"])
    figures = {
        name: {
            "hr@10": float(np.mean(own <= K)),
            "ndcg@10": float(gains(own).mean()),
            "ours_minus_this": vars(bootstrap(ours - gains(own))),
        }
        for name, own in found.items()
    }
    table = [
        (name, f"{own['hr@10']:.4f}", f"{own['ndcg@10']:.4f}", _interval(own["ours_minus_this"]))
        for name, own in figures.items()
    ]
    sys.stdout.write(markdown_table(("system", "HR@10", "NDCG@10", "paired NDCG@10, ours minus it"), table))
    sys.stdout.write(
        f"\n{len(asked):,} rows, {len(away.catalog):,} items; target in the history: {repeats:.3f}\n"
    )
    if given.json:
        report = {
            "format": "tastemaker-zero-shot",
            "rows": len(asked),
            "items": len(away.catalog),
            "settings": dict(SETTINGS),
            "training": dict(model.record),
            "repeats": repeats,
            "systems": figures,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _interval(interval: object) -> str:
    mean, low, high = interval.values() if isinstance(interval, dict) else ("", "", "")
    return f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"


if __name__ == "__main__":
    main()
