"""How fast recommenders answer: ``python -m tastemaker.evals.benchmarks.recommenders``.

One unseen person's top 50 at the size of MovieLens-1M, or of ``--catalogue`` items (``--systems all``: of every
recommender, after one epoch; ``beam`` has those that search semantic ids); the top 100 of a million items beside the
time that reading the item matrix takes; a saved model of a million items, and what memory it takes
when loaded, beside the size of its files. All data is made up; times of a busy machine mean little, but for those
of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from tastemaker.evals.benchmarks.served_memory import random_model
from tastemaker.evals.metrics.latency import WARM_UP, query_seconds
from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.registry import RECOMMENDERS, recommender_class
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.index.int8_scan import Int8Scan, exact_top
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder

ITEMS, PEOPLE, LENGTH = 3416, 400, 50
SYSTEMS = ("popularity", "activation", "item-knn", "ease", "sasrec")
BEAMS = ("minionerec", "mmgrec", "onepiece", "synergen")
DAY, MINUTE, SITTING = 86_400.0, 60.0, 5
"""Everyone takes so many items in a row, a minute apart, and comes back the next day."""
MILLION, SIZE, K = 1_000_000, 64, 100
MIB = 1 << 20
GIVE_BACK = {"MALLOC_TRIM_THRESHOLD_": "131072"}
"""Lets glibc return freed memory as it does at first, so that only what is held is measured."""
REPEATS = 21

Row = tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all measurements and print their tables."""
    parser = argparse.ArgumentParser(description="Measure how fast recommenders answer.")
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="names, separated by commas, or all")
    parser.add_argument("--catalogue", type=int, default=ITEMS, help="items of the first table")
    parser.add_argument(
        "--items", type=int, default=MILLION, help="items of the large matrix; 0: leave it out"
    )
    parser.add_argument(
        "--threads", type=int, default=None, help="threads of PyTorch; its own choice if left out"
    )
    chosen = parser.parse_args(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    say(f"{torch.get_num_threads()} threads, PyTorch {torch.__version__}\n")
    systems = [name for name in RECOMMENDERS if name not in BEAMS]
    if chosen.systems != "all":
        systems = [name for name in chosen.systems.split(",") if name]
    say_table(top_50(systems, chosen.catalogue))
    if chosen.items:
        say_table(large_scan(chosen.items))
        say_table(time_large_models(chosen.items))


def top_50(systems: Sequence[str], n_items: int = ITEMS) -> list[Row]:
    """A table of the time that one person's top 50 takes, over 200 people the models never saw."""
    head = f"top 50 of {n_items:,} items, history of {LENGTH}"
    rows: list[Row] = [(head, "median ms", "p95 ms", "processor ms")]
    catalog, log = _random_data(n_items)
    random, now = np.random.default_rng(1), float(log.timestamp.max()) + DAY
    ids, when = np.array(catalog.ids), tuple(log.timestamp[:LENGTH].tolist())
    histories = [tuple(ids[random.integers(n_items, size=LENGTH)].tolist()) for _ in range(200)]
    queries = [Query(history, timestamps=when, now=now) for history in histories]
    # what reads whole vectors is served alike whichever model made them, and hashing takes no minutes
    embedder = open_embedder(DEFAULT_EMBEDDING if "recformer" in systems else "hashing")
    with tempfile.TemporaryDirectory() as folder:
        for name in systems:
            config = getattr(recommender_class(name), "config_class", None)
            trains = config is not None and "training" in config.model_fields
            settings = {"training": {"epochs": 1}} if trains else None
            model = train(name, catalog, log, Path(folder) / name, settings=settings, embedder=embedder)
            began = time.process_time()
            median, slow = np.quantile(query_seconds(model, queries, k=50), [0.5, 0.95]) * 1e3
            own = (time.process_time() - began) / (len(queries) + WARM_UP) * 1e3
            rows.append((name, f"{median:.3f}", f"{slow:.3f}", f"{own:.3f}"))
    return rows


def large_scan(n_items: int) -> list[Row]:
    """A table of the top 100 of ``n_items`` by 64 floats, each time beside one reading of them."""
    random = torch.Generator().manual_seed(0)
    items = torch.randn(n_items, SIZE, generator=random)
    vector = torch.randn(SIZE, generator=random)
    scan = Int8Scan(items)
    expected, found = exact_top(items, vector, K)[0], scan.top(vector, K)[0]
    reading = _seconds(items.sum)
    table: list[Row] = [
        (f"top {K} of {n_items:,} items x {SIZE}", "median ms", "min ms", "to reading", "recall")
    ]
    measured: list[tuple[str, npt.NDArray[np.float64], str]] = [
        ("reading the float32 matrix once", reading, ""),
        ("float32", _seconds(lambda: exact_top(items, vector, K)), "1"),
        ("int8, then float32 for the best", _seconds(lambda: scan.top(vector, K)), _recall(found, expected)),
    ]
    for name, seconds, recall in measured:
        ratio = np.median(seconds) / np.median(reading)
        milliseconds = f"{np.median(seconds) * 1e3:.2f}", f"{seconds.min() * 1e3:.2f}"
        table.append((name, *milliseconds, f"{ratio:.2f}", recall))
    return table


def time_large_models(n_items: int) -> list[Row]:
    """A table of one person's top 100 from a saved model of this many items, and of the memory it takes."""
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "m"
        random_model(n_items, SIZE).save(folder)
        command = [sys.executable, "-m", "tastemaker.evals.benchmarks.served_memory", str(folder)]
        done = subprocess.run(command, env=os.environ | GIVE_BACK, capture_output=True, text=True, check=True)  # noqa: S603
        memory = json.loads(done.stdout)
        model = load_recommender(folder)
        histories = random.integers(n_items, size=(REPEATS + WARM_UP, LENGTH))
        asked = [Query(tuple(model.vocabulary.id(row) for row in history)) for history in histories]
        median, slow = np.quantile(query_seconds(model, asked, k=K), [0.5, 0.95]) * 1e3
    saved = memory["arrays"] + memory["vocabulary"]
    return [
        (f"sasrec of {n_items:,} items x {SIZE}, saved and loaded", "", "to its files"),
        (f"top {K}, history of {LENGTH}: median ms", f"{median:.2f}", ""),
        ("  p95 ms", f"{slow:.2f}", ""),
        ("its files, MiB", f"{saved / MIB:.0f}", "1"),
        ("memory while it serves, MiB", f"{memory['serving'] / MIB:.0f}", f"{memory['serving'] / saved:.2f}"),
        ("  once all items were scored", f"{memory['scored'] / MIB:.0f}", f"{memory['scored'] / saved:.2f}"),
    ]


def _random_data(n_items: int) -> tuple[Catalog, Interactions]:
    random = np.random.default_rng(0)
    kinds = Schema(attributes=(Attribute(name="kinds", kind=Kind.TAGS),))
    items = [Item(f"i{row}", f"Item {row}", {"kinds": (f"kind {row % 20}",)}) for row in range(n_items)]
    users = [str(user) for user in range(PEOPLE) for _ in range(LENGTH)]
    taken = (n_items * random.random(len(users)) ** 3).astype(np.int32)  # few items are popular
    step = np.arange(LENGTH)
    times = DAY * 10_000 + DAY * (step // SITTING) + MINUTE * (step % SITTING)
    ratings = random.integers(1, 6, len(users))
    return Catalog(items, kinds), Interactions.from_columns(users, taken, np.tile(times, PEOPLE), ratings)


def _seconds(act: Callable[[], object]) -> npt.NDArray[np.float64]:
    act()
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return np.array(taken)


def _recall(found: npt.NDArray[np.int64], expected: npt.NDArray[np.int64]) -> str:
    return f"{len(np.intersect1d(found, expected)) / len(expected):.2f}"


def say_table(rows: Sequence[Row]) -> None:
    """Print rows in columns, the first being the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        say("  ".join([first.ljust(widths[0]), *cells]))
    say("")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
