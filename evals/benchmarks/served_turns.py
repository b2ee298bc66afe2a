"""People who talk at once with a server that runs: how long their turns take, and whether one is lost.

Start ``tastemaker serve`` first; then, in another process::

    python -m tastemaker.evals.benchmarks.served_turns --url http://127.0.0.1:8000 --sessions 20 --turns 3
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from dataclasses import dataclass

import httpx
import numpy as np

MESSAGES = (
    "something tense, no comedy",
    "rather from the nineties",
    "not the first one, something funnier please",
    "an old love story",
    "the one where somebody is wrongly accused",
    "show me others",
)
LONGEST = 120.0
"""Seconds that one request may take."""


@dataclass(frozen=True)
class Turn:
    """Seconds to the first event and to the last; ``kept`` where the last was the reply."""

    first: float
    whole: float
    kept: bool
    status: int


async def converse(http: httpx.AsyncClient, number: int, turns: int) -> list[Turn]:
    """One person: a session, then one message after the other, as server-sent events."""
    session = (await http.post("/v1/sessions", json={})).json()["session"]
    return [await turn(http, session, MESSAGES[(number + at) % len(MESSAGES)]) for at in range(turns)]


async def turn(http: httpx.AsyncClient, session: str, message: str) -> Turn:
    """One message and the events that come back."""
    began, first, last = time.perf_counter(), 0.0, ""
    address = f"/v1/sessions/{session}/messages"
    async with http.stream("POST", address, json={"message": message, "k": 5}) as answer:
        async for line in answer.aiter_lines():
            first = first or time.perf_counter() - began
            last = line.removeprefix("event:").strip() if line.startswith("event:") else last
    return Turn(first, time.perf_counter() - began, last == "done", answer.status_code)


async def main_async(url: str, sessions: int, turns: int) -> None:
    """Everybody begins at the same moment; prints quantiles over all turns."""
    limits = httpx.Limits(max_connections=sessions)
    async with httpx.AsyncClient(base_url=url, timeout=LONGEST, limits=limits) as http:
        await converse(http, 0, 1)  # the first turn of a process is not what is measured
        began = time.perf_counter()
        held = await asyncio.gather(*(converse(http, number, turns) for number in range(sessions)))
        took = time.perf_counter() - began
    seen = [one for talk in held for one in talk]
    print(  # noqa: T201
        f"{sessions} sessions of {turns} turns in {took:.2f} s: whole turn {_quantiles([t.whole for t in seen])}, "
        f"first event {_quantiles([t.first for t in seen])}, lost {sum(not t.kept for t in seen)}, "
        f"by status {dict(Counter(t.status for t in seen))}"
    )


def _quantiles(seconds: list[float]) -> str:
    median, p95 = np.quantile(seconds, [0.5, 0.95])
    return f"median {median:.3f} s, p95 {p95:.3f} s"


def main() -> None:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    asyncio.run(main_async(chosen.url.rstrip("/"), chosen.sessions, chosen.turns))


if __name__ == "__main__":
    main()
