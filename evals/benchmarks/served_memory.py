"""How much memory one served model takes: ``python -m tastemaker.evals.benchmarks.served_memory FOLDER``.

To be run in a fresh process, so that nothing else grows meanwhile. Prints one JSON object.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from tastemaker.evals.metrics.process_memory import memory_bytes
from tastemaker.recommenders import Query, Recommender, SASRec, SASRecConfig, Vocabulary, load_recommender
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.models.encoder_recommender import SCANNED

PEOPLE, LENGTH, K = 20, 50, 100


def main(folder: Path) -> None:
    """Load, answer some people, score everything once; how much memory each left in use is printed in bytes."""
    with tempfile.TemporaryDirectory() as other:
        random_model(SCANNED, size=8).save(Path(other) / "m")
        ask(load_recommender(Path(other) / "m"))  # libraries load their parts when first used
    gc.collect()
    before = memory_bytes()
    model = load_recommender(folder)
    ask(model)
    serving = memory_bytes() - before
    model.scores(Query((model.vocabulary.id(0),)))
    arrays = (folder / "model.safetensors").stat().st_size
    ids = (folder / "vocabulary.json").stat().st_size
    grown = {"serving": serving, "scored": memory_bytes() - before}
    sys.stdout.write(json.dumps({**grown, "arrays": arrays, "vocabulary": ids}) + "\n")


def ask(model: Recommender) -> None:
    """The top items of some people who took random ones."""
    random = np.random.default_rng(0)
    for rows in random.integers(len(model.vocabulary), size=(PEOPLE, LENGTH)):
        model.top(Query(tuple(map(model.vocabulary.id, rows))), K)


def random_model(n_items: int, size: int) -> Recommender:
    """A model of random vectors, as large as a trained one."""
    vocabulary, table = Vocabulary(f"item-{row}" for row in range(n_items)), ItemTable(n_items)
    settings = SASRecConfig(size=size)
    return SASRec(vocabulary, np.ones(n_items, np.float32), settings.compose(table), settings, table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
