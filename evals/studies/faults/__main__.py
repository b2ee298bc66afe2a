"""Try all kinds of fault in turn, and write a table of what was tried and survived. Run it by::

    python -m tastemaker.evals.studies.faults [--kills 200] [--turns 2000] [--every 1] [--out build/faults.md]

Each part is tried in a process of its own and kept beside the table as it ends. ``--only`` names kinds to try, and
``--resume`` tries only what was not tried yet or not survived, so that a long run may be stopped, or mended, and go on.
The tests are those of this repository.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tastemaker.evals.studies.faults.parts import KINDS, Record, parts, run, were_survived
from tastemaker.evals.studies.faults.suite import table


def main() -> None:
    """Try, print as it goes, write the table; ends with 1 where something was not survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument(
        "--every", type=int, default=1, help="of the attacks, faults and damages, each so many-th"
    )
    parser.add_argument("--out", type=Path, default=Path("build/faults.md"))
    parser.add_argument("--only", action="append", choices=KINDS, help="may be repeated")
    parser.add_argument("--resume", action="store_true", help="keep what an earlier run survived")
    chosen = parser.parse_args()
    record = Record(chosen.out.with_suffix(".jsonl"))
    if not chosen.resume:
        record.clear()
    everything = parts(chosen)
    for part in everything:
        if (chosen.only and part.kind not in chosen.only) or were_survived(record.rows(part)):
            continue
        started = time.monotonic()
        rows = run(part)
        seconds = time.monotonic() - started
        record.add(part, rows, seconds)
        for row in rows:
            told = f"{part.name}: {row.kind}: {row.survived:,} of {row.tried:,} survived, {seconds:.0f} s"
            print(told, *row.faults, sep="\n  ! ", flush=True)  # noqa: T201
        every_row = [row for part in everything for row in record.rows(part)]
        told = table(every_row, record.commits(everything), record.seconds(everything))
        chosen.out.write_text(told, encoding="utf-8")
    sys.exit(not all(were_survived(rows) for part in everything if (rows := record.rows(part))))


if __name__ == "__main__":
    main()
