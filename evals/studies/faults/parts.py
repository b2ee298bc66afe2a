"""What is tried, in parts that take minutes each: a part that was tried need not be tried again."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tastemaker.evals.runs.git_state import git_commit
from tastemaker.evals.studies import injections
from tastemaker.evals.studies.faults import suite
from tastemaker.evals.studies.faults.suite import Share, Tried

KILLS, PAIRS, ATTACKS, DAMAGES = 25, 9, 210, 4
"""So many kills, pairs and attacks are a part of some minutes on two cores that others use too, and so many parts are
all damages."""
KINDS = ("kills", "pairs", "soak", "injections", "models", "files", "tests")


@dataclass(frozen=True)
class Part:
    """Something that is tried in one go, in a process of its own.

    Attributes:
        kind: one of :data:`KINDS`.
        name: what is tried, with its amounts: another amount is another part.
        run: tries it.
    """

    kind: str
    name: str
    run: Callable[[], list[Tried]]


def parts(chosen: argparse.Namespace) -> list[Part]:
    """All that there is to try, with these amounts."""
    every = chosen.every
    pairs, attacks = len(suite.pairs_of_acts()), len(injections.attacks(every))
    found = _shares("kills", f"{chosen.kills} kills", partial(suite.kill, chosen.kills), chosen.kills / KILLS)
    found += _shares("pairs", f"{pairs} pairs", suite.do_both, pairs / PAIRS)
    found += [Part("soak", f"{chosen.turns} turns", partial(suite.soak_turns, chosen.turns))]
    for llm in ("rules", "obey"):
        tried = partial(suite.inject, llm, every)
        found += _shares("injections", f"{attacks} attacks, {llm}", tried, attacks / ATTACKS)
    found += [Part("models", f"each {every}", partial(suite.break_model, every, Share()))]
    found += _shares("files", f"each {every}", partial(suite.damage, every), DAMAGES / every)
    kinds = suite.kinds_of_test()
    return found + [
        Part("tests", kind, partial(suite.run_tests, kind, tests)) for kind, tests in kinds.items()
    ]


def _shares(kind: str, name: str, tried: Callable[[Share], list[Tried]], parts: float) -> list[Part]:
    of = max(1, ceil(parts))
    return [Part(kind, f"{name}, {n + 1} of {of}", partial(tried, Share(n, of))) for n in range(of)]


class Record:
    """What came of the parts that were tried, a line of JSON each, beside the table."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, part: Part) -> list[Tried]:
        """What came of a part when it was tried last; none where it was not."""
        told = self._read().get((part.kind, part.name), {"rows": ()})
        return [Tried(**(row | {"faults": tuple(row["faults"])})) for row in told["rows"]]

    def commits(self, tried: Iterable[Part]) -> Counter[str]:
        """Of the code that parts were tried on, and how many of them."""
        kept = self._read()
        return Counter(kept[key]["commit"] for part in tried if (key := (part.kind, part.name)) in kept)

    def seconds(self, tried: Iterable[Part]) -> float:
        """That parts took together; of records that do not say it, none."""
        kept = self._read()
        told = (kept[key].get("seconds", 0) for part in tried if (key := (part.kind, part.name)) in kept)
        return float(sum(told))

    def _read(self) -> dict[tuple[str, str], dict[str, Any]]:
        lines = self._path.read_text("utf-8").split("\n")[:-1] if self._path.exists() else []
        return {(told["kind"], told["name"]): told for told in map(json.loads, lines)}

    def clear(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)

    def add(self, part: Part, rows: Iterable[Tried], seconds: float = 0.0) -> None:
        """Keep what came of a part, and how long it took."""
        told: dict[str, Any] = {"kind": part.kind, "name": part.name, "commit": git_commit() or "unknown"}
        told["seconds"] = round(seconds, 1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told | {"rows": [asdict(row) for row in rows]}) + "\n")


def run(part: Part) -> list[Tried]:
    """Try a part; one that dies is a row that was not survived."""
    # Forks of the kills would miss the threads that the others start.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        try:
            return alone.submit(part.run).result()
        except Exception as error:  # noqa: BLE001 - what is left must be tried all the same
            return [Tried(f"{part.kind}, {part.name}", 1, 0, faults=(f"{type(error).__name__}: {error}",))]


def were_survived(rows: Iterable[Tried]) -> bool:
    """Whether there are rows, and nothing in them needs mending."""
    told = list(rows)
    return bool(told) and all(row.survived == row.tried and not row.faults for row in told)
