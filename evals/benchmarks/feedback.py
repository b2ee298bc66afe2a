"""Time and memory of learning from a log of a million feedback events.

``python -m tastemaker.evals.benchmarks.feedback --workspace W [--events 1000000]``

The log is made up over the workspace's catalogue: sessions of four turns over a year, in which people name items, are
shown others, and take some. The workspace itself is copied and left as it is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tastemaker.evals.dialogues.teach import teach
from tastemaker.evals.metrics.process_memory import peak_bytes
from tastemaker.tools.workspace.workspace import Workspace

TURNS, SHOWN, DAYS = 4, 5, 365
EVENTS_OF_SESSION = 1 + TURNS * (1 + SHOWN + 1)
WISHES = (
    "something tense",
    "a film for the children",
    "not too long please",
    "older and slower",
    "more like the last one",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description="Learn from a made-up feedback log.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        workspace = Path(place) / "workspace"
        shutil.copytree(
            chosen.workspace, workspace, ignore=shutil.ignore_patterns("feedback", "sessions*", "traces")
        )
        titles = [item.title for item in Workspace.open(workspace).catalog]
        ids = list(Workspace.open(workspace).catalog.ids)
        write_log(workspace / "feedback", ids, titles, chosen.events, chosen.seed)
        started, busy = time.perf_counter(), time.process_time()
        taught = teach(workspace, feedback=workspace / "feedback", seed=chosen.seed)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
    events = taught.feedback.events if taught.feedback else 0
    sys.stdout.write(
        f"{events:,} events of {taught.conversations:,} sessions over {len(ids):,} items: {seconds:.0f} s "
        f"({busy:.0f} s of processor), "
        f"peak {peak_bytes() / 2**20:,.0f} MiB\n"
    )


def write_log(folder: Path, ids: Sequence[str], titles: Sequence[str], events: int, seed: int) -> None:
    """A file a session; items are named by a power law that drifts through the year."""
    random = np.random.default_rng(seed)
    sessions = -(-events // EVENTS_OF_SESSION)
    folder.mkdir()
    order = random.permutation(len(ids))
    chances = 1 / (np.arange(len(ids)) + 5)
    chances /= chances.sum()
    drawn = random.choice(len(ids), (sessions, 1 + TURNS * SHOWN), p=chances)
    for n in range(sessions):
        day = DAYS * n / sessions
        rows = order[(drawn[n] + int(day)) % len(ids)].tolist()
        lines = _session(
            f"s{n}", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), rows, ids, titles, n
        )
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"s{n}.jsonl").write_text(text, encoding="utf-8")


def _session(
    name: str, at: datetime, rows: Sequence[int], ids: Sequence[str], titles: Sequence[str], n: int
) -> Iterator[dict[str, Any]]:
    head = {"session": name, "at": at.isoformat()}
    named, said = [ids[rows[0]]], list[dict[str, str]]()
    yield head | {"kind": "liked", "item": named[0], "turn": None, "rank": None}
    for turn in range(TURNS):
        message = f"I loved {titles[rows[turn]]}, {WISHES[(n + turn) % len(WISHES)]}"
        state = {"profile": {"likes": [*named]}, "messages": [*said]}
        yield head | {"kind": "turn", "turn": turn + 1, "message": message, "k": SHOWN, "state": state}
        shown = [ids[row] for row in rows[1 + turn * SHOWN : 1 + (turn + 1) * SHOWN]]
        for rank, item in enumerate(shown, 1):
            yield head | {"kind": "shown", "turn": turn + 1, "item": item, "rank": rank}
        yield head | {"kind": "liked", "item": shown[n % SHOWN], "turn": turn + 1, "rank": 1 + n % SHOWN}
        named.append(shown[n % SHOWN])
        said += [
            {"role": "user", "text": message},
            {"role": "assistant", "text": f"What about {titles[rows[1]]}?"},
        ]


if __name__ == "__main__":
    main()
