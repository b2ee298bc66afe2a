"""How fast items are found, each figure beside a plain way: ``python -m tastemaker.evals.benchmarks.retrieval``.

Filters, typed titles, the search by vectors with and without filters at several sizes (``--million``
for a large one), and how much longer a whole index takes than encoding its texts.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from rapidfuzz import fuzz, process

from tastemaker.evals.benchmarks.index import HEAD, Row, build_ratio, searches
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.filters.constraints import Constraint, Op, check, mask, satisfies
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.tools.workspace.workspace import Workspace

N_ITEMS = 10_000
REPEATS = 9
BUILD_ITEMS = 512
MENTIONS = ("teh golden river", "Barbie 2023", "some completely unknown title", "the last harbor (1994)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Measure how fast items are found.")
    parser.add_argument("--sizes", default="1000,10000", help="catalogue sizes with Chroma beside, by commas")
    parser.add_argument("--dimensions", type=int, default=384, help="of the made-up vectors")
    parser.add_argument("--million", action="store_true", help="also a million items, without Chroma beside")
    parser.add_argument(
        "--workspace", type=Path, default=Path("workspaces/ml-100k"), help="for the texts of the build"
    )
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)  # as when serving
    sizes = [int(size) for size in chosen.sizes.split(",") if size]
    _say_filters_and_titles()
    for size in sizes:
        _say_searches(size, chosen.dimensions, with_chroma=True)
    if chosen.million:
        _say_searches(1_000_000, chosen.dimensions, with_chroma=False)
    _say_build(chosen.workspace)


def _say_searches(n_items: int, dimensions: int, with_chroma: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured = searches(Path(folder), n_items, dimensions, with_chroma)
        _say_table([HEAD, *measured.rows])
        ratio = measured.resident_bytes / measured.vector_bytes
        _say(
            f"memory of the process: {ratio:.2f} times the vectors' {measured.vector_bytes / 2**20:,.0f} MiB\n"
        )


def _say_build(workspace: Path) -> None:
    try:
        opened = Workspace.open(workspace)
    except WorkspaceError as error:
        _say(f"build speed not measured: {error}")
        return
    catalog = Catalog(list(opened.catalog)[:BUILD_ITEMS], opened.catalog.schema)
    with tempfile.TemporaryDirectory() as folder:
        alone, whole = build_ratio(Path(folder), catalog, item_texts(catalog), opened.embedder)
    _say_table(
        [
            (f"{len(catalog):,} texts", "seconds", "x encoding"),
            ("encoding alone", f"{alone:.2f}", "1"),
            ("whole index", f"{whole:.2f}", f"{whole / alone:.3f}"),
        ]
    )


def _say_filters_and_titles() -> None:
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
    table: list[Row] = [(f"at {N_ITEMS:,} items", "median ms", "x peer")]
    times = [(name, _median_ms(call)) for name, call in rows]
    for (name, ours), (peer, theirs) in zip(times[::2], times[1::2], strict=True):
        table += [(name, f"{ours:.3f}", f"{ours / theirs:.3f}"), (peer, f"{theirs:.3f}", "1")]
    _say_table(table)


def _say_table(rows: Sequence[Row]) -> None:
    """Print rows as a Markdown table, the first being the head."""
    head, *others = rows
    for row in (head, ("---",) * len(head), *others):
        _say(f"| {' | '.join(row)} |")
    _say("")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


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
