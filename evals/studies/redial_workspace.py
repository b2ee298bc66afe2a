"""A workspace of ReDial's films.

``python -m tastemaker.evals.studies.redial_workspace --redial F --ratings F --workspace W``

The log is MovieLens', mapped to these films by title and year: no dialogue is in it, so that a
workspace may be asked about any of them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tastemaker.retrieval.datasets.movielens import read_movielens
from tastemaker.retrieval.datasets.redial import map_ratings, redial_films
from tastemaker.tools.workspace.build import build_workspace


def main(arguments: Sequence[str] | None = None) -> None:
    """Build it."""
    parser = argparse.ArgumentParser(description="Build a workspace of ReDial's films.")
    parser.add_argument("--redial", type=Path, required=True, help="folder that holds id2info.json")
    parser.add_argument(
        "--ratings",
        type=Path,
        action="append",
        required=True,
        help="folder or zip of a MovieLens set; may be repeated",
    )
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--recommender", default="ease")
    chosen = parser.parse_args(arguments)
    films = redial_films(chosen.redial)
    log = map_ratings(films, [read_movielens(place) for place in chosen.ratings])
    rated = len(set(log.item.tolist()))
    say(f"{len(films):,} films, {rated:,} of them with {len(log):,} ratings by {len(log.users):,} people")
    build_workspace(chosen.workspace, films, log, recommender=chosen.recommender, say=say)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
