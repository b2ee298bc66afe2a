"""Try all kinds of fault in turn, and write a table of what was tried and survived. Run it by::

    python -m tastemaker.evals.studies.faults [--kills 200] [--turns 2000] [--every 1] [--out build/faults.md]

Each kind is tried in a process of its own. ``--only`` names those to try; the tests are those of this repository.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tastemaker.evals.studies.faults.suite import (
    Tried,
    break_model,
    damage,
    inject,
    kill,
    run_tests,
    soak_turns,
    table,
)


def main() -> None:
    """Try, print as it goes, write the table; ends with 1 where something was not survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument(
        "--every", type=int, default=1, help="of the attacks, faults and damages, each so many-th"
    )
    parser.add_argument("--out", type=Path, default=Path("build/faults.md"))
    parser.add_argument(
        "--only", action="append", choices=["kills", "soak", "injections", "models", "files", "tests"]
    )
    chosen = parser.parse_args()
    rows = list[Tried]()
    for row in _all(chosen):
        rows.append(row)
        told = f"{row.kind}: {row.survived:,} of {row.tried:,} survived"
        print(told, *row.faults, sep="\n  ! ", flush=True)  # noqa: T201
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(table(rows), encoding="utf-8")
    sys.exit(any(row.survived < row.tried or row.faults for row in rows))


def _all(chosen: argparse.Namespace) -> Iterator[Tried]:
    steps: Mapping[str, list[Callable[[], list[Tried]]]] = {
        "kills": [partial(kill, chosen.kills)],
        "soak": [partial(soak_turns, chosen.turns)],
        "injections": [partial(inject, llm, chosen.every) for llm in ("rules", "obey")],
        "models": [partial(break_model, chosen.every)],
        "files": [partial(damage, chosen.every)],
        "tests": [run_tests],
    }
    for name, tries in steps.items():
        if chosen.only and name not in chosen.only:
            continue
        for one in tries:
            # Forks of the kills would miss the threads that the others start.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                yield from alone.submit(one).result()


if __name__ == "__main__":
    main()
