"""Title look-up in catalogues of 10,000 and 1,000,000 items: ``python -m tastemaker.evals.benchmarks.titles``.

The peer, in the same run, is rapidfuzz's ``extractOne`` over all titles, which is what people
use for this. Titles are made up of two to six words from a vocabulary with a long tail, as real
ones are. Memory is what the process gained while the resolver was built, catalogue aside.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.titles.resolver import TitleResolver

SIZES = "10000,1000000"
ASKED = 200
PEER_ASKED = 3
VOCABULARY = 60_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time title look-up.")
    parser.add_argument("--sizes", default=SIZES, help="numbers of titles, separated by commas")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(
        "| titles | build s | MiB | mention | p50 ms | p95 ms | x peer |\n| --- |" + " --- |" * 6 + "\n"
    )
    for size in chosen.sizes.split(","):
        for line in measure(int(size)):
            sys.stdout.write(line + "\n")


def measure(size: int) -> list[str]:
    """One line per kind of mention."""
    rng = random.Random(0)  # noqa: S311 - made-up data
    titles = random_titles(size, rng)
    catalog = Catalog((Item(str(row), title, {}) for row, title in enumerate(titles)), Schema(attributes=()))
    before, started = _mebibytes(), time.perf_counter()
    resolver = TitleResolver(catalog)
    built, grown = time.perf_counter() - started, _mebibytes() - before
    asked = {
        "spelled right": rng.choices(titles, k=ASKED),
        "misspelt": [_misspelt(title, rng) for title in rng.choices(titles, k=ASKED)],
        "not there": [f"{title} unheard" for title in rng.choices(titles, k=ASKED)],
    }
    resolver.resolve(asked["misspelt"][0])
    peer = np.median(
        _milliseconds(
            lambda text: process.extractOne(text, titles, scorer=fuzz.WRatio), asked["misspelt"][:PEER_ASKED]
        )
    )
    lines = []
    for name, mentions in asked.items():
        times = _milliseconds(resolver.resolve, mentions)
        lines.append(
            f"| {size:,} | {built:.1f} | {grown:,.0f} | {name} | {np.median(times):.2f} "
            f"| {np.quantile(times, 0.95):.2f} | {np.median(times) / peer:.4f} |"
        )
    return lines


def random_titles(count: int, rng: random.Random) -> list[str]:
    """Titles with a year, of words as rare as words are."""
    letters = "eeeeaaaiiooutttnnnssshhrrrdlcmwfgypbvk"
    words = ["".join(rng.choices(letters, k=rng.randint(3, 10))) for _ in range(VOCABULARY)]
    weights = np.cumsum(1 / np.arange(10, VOCABULARY + 10)).tolist()
    return [
        f"{' '.join(rng.choices(words, cum_weights=weights, k=rng.randint(2, 6))).title()} ({rng.randint(1930, 2025)})"
        for _ in range(count)
    ]


def _misspelt(title: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(title) - 8)
    return title[:at] + rng.choice("aeirst") + title[at + 1 :]


def _milliseconds(ask: Callable[[str], object], mentions: Sequence[str]) -> list[float]:
    times = []
    for mention in mentions:
        started = time.perf_counter()
        ask(mention)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
