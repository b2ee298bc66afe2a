"""Lists for many made-up people: ``python -m tastemaker.evals.benchmarks.everybody --workspace shop --people 1000000``.

People's histories are drawn from the workspace's log: a random person's, a random part of it. Prints people a second
and the largest resident memory of the process, reading and writing included.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tastemaker.tools.workspace.batch_ranking import rank_people
from tastemaker.tools.workspace.workspace import Workspace

ROWS = 50_000
SCHEMA = pa.schema([("user", pa.string()), ("items", pa.list_(pa.string()))])


def made_up_people(workspace: Workspace, n: int, seed: int = 0) -> Iterator[tuple[str, list[str]]]:
    """So many ids with histories of the items that somebody of the log had, in their order."""
    draw, ids = np.random.default_rng(seed), workspace.catalog.ids
    histories = [[ids[row] for row in rows] for rows in workspace.interactions.histories()]
    for number, at in enumerate(draw.integers(len(histories), size=n)):
        whole = histories[at]
        yield f"p{number}", whole[: int(draw.integers(1, len(whole) + 1))]


def main() -> None:
    """Write the people, rank them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("-k", type=int, default=10)
    given = parser.parse_args()
    workspace = Workspace.open(given.workspace)
    with tempfile.TemporaryDirectory() as folder:
        people, out = Path(folder, "people.parquet"), Path(folder, "recs.parquet")
        with pq.ParquetWriter(people, SCHEMA) as writer:
            waiting = made_up_people(workspace, given.people)
            while rows := list(islice(waiting, ROWS)):
                users, items = zip(*rows, strict=True)
                writer.write_table(pa.table([list(users), list(items)], schema=SCHEMA))
        began, busy = time.perf_counter(), time.process_time()
        report = rank_people(workspace, out, given.k, people)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        size = out.stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(
        f"{workspace.manifest.recommender}, {len(workspace.catalog):,} items: {report.people:,} people in "
        f"{seconds:.0f} s, {report.people / seconds:,.0f} people/s ({report.people / busy:,.0f} per second of one "
        f"core), {memory:.2f} GiB at most, {size:.0f} MB written\n"
    )


if __name__ == "__main__":
    main()
