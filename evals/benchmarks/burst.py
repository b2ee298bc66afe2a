"""A burst of requests at a server that runs: how many are answered, how fast, and when all is as before.

Start ``tastemaker serve`` first; then, in another process::

    python -m tastemaker.evals.benchmarks.burst --url http://127.0.0.1:8000 --requests 500
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from dataclasses import dataclass

import httpx
import numpy as np

from tastemaker.agent.turn.allowance import WITHOUT_MODEL_NOW

MESSAGES = (
    "a drama from the nineties",
    "something funny, no horror",
    "a thriller",
    "what should I see next?",
)
LONGEST = 120.0
"""Seconds that one request may take, and a caller goes on trying."""
ALONE = 5
"""Requests one after the other before the burst; the slowest is what "as before" means afterwards."""


@dataclass(frozen=True)
class Answer:
    """What became of one caller.

    Attributes:
        status: of its last request; 0 where the connection broke.
        first: seconds of its first request, whatever the answer.
        seconds: until its last answer, all waiting included.
        refusals: polite ones before it.
        by_rules: whether the answer says that it was given without the model.
    """

    status: int
    first: float
    seconds: float
    refusals: int
    by_rules: bool


async def call(http: httpx.AsyncClient, number: int, *, again: bool) -> Answer:
    """One caller; with ``again`` it comes back as often as it is told to."""
    started, refusals, first = time.perf_counter(), 0, 0.0
    body = {"message": MESSAGES[number % len(MESSAGES)], "k": 3}
    while True:
        try:
            told = await http.post("/v1/recommend", json=body)
            status, retry = told.status_code, told.headers.get("Retry-After")
        except httpx.HTTPError:
            status, retry = 0, None
        now = time.perf_counter() - started
        first = first or now
        if not again or status not in (429, 503) or retry is None or now > LONGEST:
            by_rules = status == 200 and WITHOUT_MODEL_NOW in told.json()["notes"]
            return Answer(status if status != 503 or retry else -503, first, now, refusals, by_rules)
        refusals += 1
        await asyncio.sleep(float(retry) * (1 + (number % 10) / 10))


async def burst(url: str, requests: int, *, again: bool) -> None:
    """Ask one after the other, all at once, and one after the other again; print what was seen."""
    limits = httpx.Limits(max_connections=requests)
    async with httpx.AsyncClient(base_url=url, timeout=LONGEST, limits=limits) as http:
        before = [(await call(http, n, again=False)).seconds for n in range(ALONE)]
        started = time.perf_counter()
        answers = await asyncio.gather(*(call(http, n, again=again) for n in range(requests)))
        took, normal = time.perf_counter() - started, time.perf_counter()
        while True:
            one = await call(http, 0, again=False)
            after = time.perf_counter() - normal
            if after > LONGEST or (
                one.status == 200 and not one.by_rules and one.seconds <= 1.5 * max(before)
            ):
                break
    answered = [one for one in answers if one.status == 200]
    rows = {
        "alone, slowest": f"{max(before):.3f} s",
        "requests": str(requests),
        "burst took": f"{took:.1f} s",
        "by status": str(dict(Counter(one.status for one in answers))),
        "answered by rules": str(sum(one.by_rules for one in answered)),
        "refused first": str(sum(one.refusals > 0 for one in answers)),
        "first answer, p50 and p99": _quantiles([one.first for one in answers]),
        "to a reply, p50 and p99": _quantiles([one.seconds for one in answered]),
        "as before after": f"{after:.2f} s",
    }
    for name, value in rows.items():
        print(f"{name:28} {value}")  # noqa: T201


def _quantiles(seconds: list[float]) -> str:
    return " and ".join(f"{np.quantile(seconds, q):.2f} s" for q in (0.5, 0.99)) if seconds else "none"


def main() -> None:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--again", action="store_true", help="whoever is refused comes back when told to")
    chosen = parser.parse_args()
    asyncio.run(burst(chosen.url.rstrip("/"), chosen.requests, again=chosen.again))


if __name__ == "__main__":
    main()
