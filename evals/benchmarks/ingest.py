"""Time and memory of reading a large catalogue and log from CSV.

    python -m tastemaker.evals.benchmarks.ingest --items 1000000 --events 20000000 --limit-gib 4

The files are generated. ``--limit-gib`` ends the process where it wants more address space than that beyond
what its libraries map, so a run that prints its figures kept within it; the peak is of resident memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import read_items

WORDS = (
    "amber brass cedar dusk ember fern granite harbour iris jade kettle linen maple north olive pine".split()
)
KINDS = ("kitchen", "garden", "office", "travel", "music", "sport")
CHUNK = 200_000


def write_items(path: Path, n_items: int, rng: np.random.Generator) -> None:
    """A catalogue with a price, a date, tags, a category and a sentence."""
    with path.open("w", encoding="utf-8") as file:
        file.write("sku,title,price,added,tags,kind,description\n")
        for start in range(0, n_items, CHUNK):
            size = min(CHUNK, n_items - start)
            words = rng.integers(0, len(WORDS), (size, 10))
            cents, days = rng.integers(99, 99_999, size), rng.integers(1, 28, size)
            for at in range(size):
                one = [WORDS[word] for word in words[at]]
                file.write(
                    f"S{start + at},{one[0]} {one[1]} {start + at},"
                    f"${cents[at] / 100:.2f},2021-03-{days[at]:02},"
                    f"{one[2]}|{one[3]},{KINDS[words[at][4] % len(KINDS)]},"
                    f'"A {one[5]} thing of {one[6]}, with {one[7]} '
                    f'and {one[8]}, for whoever likes {one[9]}."\n'
                )


def write_events(path: Path, n_events: int, n_items: int, rng: np.random.Generator) -> None:
    """A log with times and what happened; a twentieth as many people as events."""
    kinds = np.array(["view", "purchase", "add_to_cart", "remove_from_cart"])
    with path.open("w", encoding="utf-8") as file:
        file.write("user_id,sku,event,timestamp\n")
        for start in range(0, n_events, CHUNK):
            size = min(CHUNK, n_events - start)
            users, items = rng.integers(0, n_events // 20 + 1, size), rng.integers(0, n_items, size)
            said, times = kinds[rng.integers(0, len(kinds), size)], 1_600_000_000 + start + np.arange(size)
            rows = zip(users.tolist(), items.tolist(), said.tolist(), times.tolist(), strict=True)
            file.writelines(f"u{user},S{item},{what},{when}\n" for user, item, what, when in rows)


def main() -> None:
    """Generate, read, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--events", type=int, default=4_000_000)
    parser.add_argument("--limit-gib", type=float, default=0.0)
    parser.add_argument(
        "--folder", type=Path, help="where the generated files are kept; a temporary one if left out"
    )
    told = parser.parse_args()
    if told.limit_gib:
        resource.setrlimit(resource.RLIMIT_DATA, (int(told.limit_gib * 2**30),) * 2)
    with tempfile.TemporaryDirectory() as made:
        folder = told.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        items, events = folder / f"items-{told.items}.csv", folder / f"events-{told.events}.csv"
        rng = np.random.default_rng(0)
        if not items.exists():
            write_items(items, told.items, rng)
        if not events.exists():
            write_events(events, told.events, told.items, rng)
        began, worked = time.monotonic(), time.process_time()
        loaded = read_items(items, log=events)
        read = time.monotonic()
        log = read_interactions(events, loaded.catalog, progress=sys.stderr.isatty())
        likes = log.interactions.likes()
        done = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    figures = {
        "items": len(loaded.catalog),
        "events": len(log.interactions),
        "likes": len(likes),
        "items_seconds": round(read - began, 1),
        "events_seconds": round(done - read, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
        "peak_gib": round(peak, 2),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
