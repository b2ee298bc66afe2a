"""The README's accuracy tables, out of the result files: ``python -m tastemaker.evals.studies.readme_tables``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tastemaker.evals.next_item.report import Report
from tastemaker.evals.next_item.run import FORMAT
from tastemaker.retrieval.errors import DataError

HEAD = ("system", "HR@10", "NDCG@10", "NDCG@10 less the baseline's")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a Markdown table for each result file."""
    parser = argparse.ArgumentParser(description="Print the tables of next-item evaluations.")
    parser.add_argument(
        "results",
        nargs="*",
        type=Path,
        default=[Path("evals/results")],
        help="files that `tastemaker eval next-item --json` wrote, or folders of them",
    )
    tables = [markdown(report) for report in _reports(parser.parse_args(arguments).results)]
    sys.stdout.write("\n\n".join(tables) + "\n")


def markdown(report: Report) -> str:
    """One evaluation: a line on what was asked, a row per system, 95 % intervals in brackets."""
    data, asked = report["data"], report["people"]["asked"]
    lines = [
        f"{data['name']}: {asked:,} people, {data['items']:,} items; `{report['command']}`",
        "",
        _line(HEAD),
        _line(["---"] * len(HEAD)),
    ]
    for name, own in report["systems"].items():
        change = report["differences"].get(name)
        figures = [_figure(own["filtered"][metric]) for metric in ("HR@10", "NDCG@10")]
        lines.append(_line([name, *figures, _figure(change["NDCG@10"], "+") if change else "baseline"]))
    return "\n".join(lines)


def _reports(places: Sequence[Path]) -> Iterator[Report]:
    for place in places:
        if not place.exists():
            raise DataError(
                "no such file or folder; give what `tastemaker eval next-item --json` wrote", place
            )
        for path in sorted(place.glob("*.json")) if place.is_dir() else [place]:
            report: Report = json.loads(path.read_text(encoding="utf-8"))
            if report.get("format") == FORMAT:
                yield report


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(value: Mapping[str, float], sign: str = "") -> str:
    """``.322 [.311, .334]``."""
    mean, low, high = (f"{value[key]:{sign}.3f}".replace("0.", ".", 1) for key in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


if __name__ == "__main__":
    main()
