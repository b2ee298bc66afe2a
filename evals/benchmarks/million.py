"""A made-up shop of a million items and ten million interactions, trained for one epoch.

``python -m tastemaker.evals.benchmarks.million --items 1000000 --interactions 10000000`` goes the way that
``tastemaker train`` goes, from catalogue to saved model, and prints the seconds and the most
memory that the process ever held.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.benchmarks.recommenders import say
from tastemaker.evals.metrics.process_memory import peak_bytes
from tastemaker.recommenders import train
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema

LENGTH = 20
"""Interactions per user, on average."""
EXPONENT = 1.0
"""Zipf's: the item of rank r is taken r ** -EXPONENT times as often as the first."""
GIB = 1 << 30


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the log, train on it, and print what it took."""
    parser = argparse.ArgumentParser(description="Train one epoch on a large made-up log.")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--model", default="sasrec", help="any model with a training loop over item ids")
    parser.add_argument("--batch", type=int, default=256, help="sequences per step")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    catalog = random_catalog(chosen.items)
    log = random_log(chosen.items, chosen.interactions)
    say(
        f"made {len(catalog):,} items, {len(log):,} interactions of {len(log.users):,} users in "
        f"{time.perf_counter() - started:.0f} s; {peak_bytes() / GIB:.2f} GiB so far"
    )
    settings = {"training": {"epochs": 1, "batch_size": chosen.batch}}
    with tempfile.TemporaryDirectory() as folder:
        model = train(chosen.model, catalog, log, Path(folder) / "m", progress=True, settings=settings)
    say(f"{chosen.model}: one epoch, validated and saved, in {model.record['seconds']} s")
    say(
        f"validation NDCG@10 {model.record['validation_ndcg@10']:.4f}, peak memory {peak_bytes() / GIB:.2f} GiB"
    )


def random_catalog(n_items: int) -> Catalog:
    """Items that are no more than an id and a title."""
    return Catalog([Item(f"item-{row}", f"Item {row}", {}) for row in range(n_items)], Schema(attributes=()))


def random_log(n_items: int, n_interactions: int, seed: int = 0) -> Interactions:
    """Users with about :data:`LENGTH` interactions each; item popularity is Zipf's, in random order of rows.

    >>> log = random_log(50, 2000)
    >>> len(log), len(log.users), bool(np.bincount(log.item).max() > 200)
    (2000, 100, True)
    """
    random = np.random.default_rng(seed)
    n_users = max(n_interactions // LENGTH, 1)
    user = random.integers(n_users, size=n_interactions, dtype=np.int32)
    user.sort()
    item = random.permutation(n_items).astype(np.int32)[_zipf(n_items, n_interactions, random)]
    time_ = np.arange(n_interactions, dtype=np.float64)
    return Interactions(tuple(map(str, range(n_users))), user, item, time_)


def _zipf(n: int, size: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    """Ranks below n, int32[size]."""
    cumulative = np.cumsum(np.arange(1, n + 1, dtype=np.float64) ** -EXPONENT)
    drawn = np.empty(size, np.int32)
    for start in range(0, size, 1 << 20):
        part = drawn[start : start + (1 << 20)]
        part[:] = np.searchsorted(cumulative, random.random(len(part)) * cumulative[-1])
    return drawn


if __name__ == "__main__":
    main()
