"""Filters and titles at 10,000 items, each beside the plain way: ``python -m tastemaker.evals.bench_retrieval``."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.constraints import Constraint, Op, check, mask, satisfies
from tastemaker.retrieval.schema import Attribute, Kind, Schema
from tastemaker.retrieval.titles import TitleResolver

N_ITEMS = 10_000
REPEATS = 9
MENTIONS = ("teh golden river", "Barbie 2023", "some completely unknown title", "the last harbor (1994)")


def main() -> None:
    """Print the table."""
    catalog = _catalog()
    titles = [item.title for item in catalog]
    resolver = TitleResolver(catalog)
    wanted = [
        check(Constraint(field="genres", op=Op.NONE_OF, value=("tag 1", "tag 2")), catalog.schema),
        check(Constraint(field="year", op=Op.BETWEEN, value=(1950, 1990)), catalog.schema),
    ]
    rows = [
        ("two constraints over all items", lambda: mask(catalog, wanted)),
        ("  peer: item by item", lambda: [all(satisfies(item, c) for c in wanted) for item in catalog]),
        ("four typed titles resolved", lambda: [resolver.resolve(mention) for mention in MENTIONS]),
        (
            "  peer: rapidfuzz.extractOne",
            lambda: [process.extractOne(m, titles, scorer=fuzz.WRatio) for m in MENTIONS],
        ),
    ]
    sys.stdout.write("| what | median ms | x peer |\n| --- | --- | --- |\n")
    times = [(name, _median_ms(call)) for name, call in rows]
    for (name, ours), (peer, theirs) in zip(times[::2], times[1::2], strict=True):
        sys.stdout.write(f"| {name} | {ours:.3f} | {ours / theirs:.3f} |\n| {peer} | {theirs:.3f} | 1 |\n")


def _catalog() -> Catalog:
    rng = random.Random(0)  # noqa: S311 - made-up data
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(3000)]
    schema = Schema(
        attributes=(Attribute(name="genres", kind=Kind.TAGS), Attribute(name="year", kind=Kind.NUMBER))
    )
    return Catalog((_item(n, rng, words) for n in range(N_ITEMS)), schema)


def _item(number: int, rng: random.Random, words: list[str]) -> Item:
    title = " ".join(rng.choices(words, k=rng.randint(1, 5)))
    tags = tuple(f"tag {rng.randrange(200)}" for _ in range(3))
    year = 1930 + number % 90
    return Item(str(number), f"{title} ({year})", {"genres": tags, "year": year})


def _median_ms(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
