"""The kinds of fault, each as a function that tries them and gives rows of the table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TypeVar

from tastemaker.evals.studies import injections, kills, soak
from tastemaker.evals.studies.faults import damaged_files, model_faults

Case = TypeVar("Case")
KINDS_OF_ATTACK = len({payload.kind for payload in injections.payloads()})
SMALL = 97
"""So many attacks apart are those in the catalogue of a small shop."""
FLAT = 0.05
"""Share by which memory may grow after the warm-up."""


@dataclass(frozen=True)
class Tried:
    """A row of the table, or the part of one that was tried in one go.

    Attributes:
        kind: of fault.
        tried, survived: how often.
        said: figures beside it.
        faults: what was not survived, a line each.
        counts: figures that parts of a row add up.
    """

    kind: str
    tried: int
    survived: int
    said: str = ""
    faults: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tried) -> Tried:
        """Both parts of a row as one; what both say stands there once."""
        said = self.said if other.said in self.said.split("; ") else f"{self.said}; {other.said}"
        return Tried(
            self.kind,
            self.tried + other.tried,
            self.survived + other.survived,
            said,
            self.faults + other.faults,
            Counter(self.counts) + Counter(other.counts),
        )


@dataclass(frozen=True)
class Share:
    """Which of the cases one part tries: every ``of``-th, from the ``number``-th on."""

    number: int = 0
    of: int = 1

    def __call__(self, cases: Iterable[Case]) -> list[Case]:
        """The cases of this share; all shares together have each case once."""
        return list(cases)[self.number :: self.of]


def kill(most: int, share: Share) -> list[Tried]:
    """Kills by act, in a workspace of this share's own."""
    with tempfile.TemporaryDirectory() as folder:
        many = len(share(range(most)))
        told = kills.run(Path(folder), many, share.number, pairs=(), say=partial(print, flush=True))
    return [_killed(told, name) for name in told.tried]


def _killed(told: kills.Outcome, name: str) -> Tried:
    wrong = tuple(fault for fault in told.faults if f"({name})" in fault or fault.startswith("at first"))
    whole = max(0, told.tried[name] - len(wrong))
    return Tried(
        f"a kill during {name}",
        told.tried[name],
        whole,
        faults=wrong,
        counts={"before it was done": told.hit[name]},
    )


def pairs_of_acts() -> list[tuple[str, str]]:
    """Each act with itself and with every other."""
    return list(combinations_with_replacement(kills.ACTS, 2))


def do_both(share: Share) -> list[Tried]:
    """Two processes at once, neither killed."""
    pairs = share(pairs_of_acts())
    with tempfile.TemporaryDirectory() as folder:
        told = kills.run(Path(folder), 0, share.number, pairs=pairs, say=partial(print, flush=True))
    wrong = {fault.partition(":")[0] for fault in told.faults}
    return [
        Tried(
            "two processes at once",
            told.pairs,
            told.pairs - len(wrong),
            f"all pairs of {', '.join(kills.ACTS)}",
            tuple(told.faults),
            {"acts said that another is at work": sum(told.refused.values())},
        )
    ]


def soak_turns(turns: int) -> list[Tried]:
    """Turns with a model that misbehaves at random."""
    with tempfile.TemporaryDirectory() as folder:
        found = soak.soak(Path(folder), turns, 50)
    grown = found.memory[1] / found.memory[0] - 1
    leaks = [f"memory grew by {grown:.1%}"] * (grown > FLAT)
    leaks += [f"{found.handles} handles"] * (found.handles[1] > found.handles[0])
    said = (
        f"memory {found.memory[0]:.0f} to {found.memory[1]:.0f} MB ({grown:+.1%}), handles {found.handles[0]} to"
        f" {found.handles[1]}, {found.logged} turns in the log, {found.twice} twice"
    )
    once = min(found.turns, found.kept, found.logged) - found.twice
    return [Tried("a turn with a model that misbehaves", turns, once, said, (*found.errors, *leaks))]


def inject(llm: str, every: int, share: Share) -> list[Tried]:
    """Attacks by text."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = injections.hostile_workspace(Path(folder) / "hostile", every)
        results = injections.run(workspace, Path(folder) / "home", llm, share(injections.attacks(every)))
    faults = tuple(f"{one.place}, {one.kind}: {fault}" for one, found in results.items() for fault in found)
    against = "rules" if llm == "rules" else "a model that obeys it"
    said = f"{len(set(injections.payloads()))} texts of {KINDS_OF_ATTACK} kinds in {len(injections.PLACES)} places"
    survived = sum(not found for found in results.values())
    return [Tried(f"an attack by text, against {against}", len(results), survived, said, faults)]


def break_model(every: int, share: Share) -> list[Tried]:
    """Turns whose model's server goes wrong."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = injections.hostile_workspace(Path(folder) / "shop", SMALL)
        names = share(list(model_faults.FAULTS)[::every])
        found = model_faults.run(workspace, Path(folder) / "home", names)
    return [_count("a fault of the model's server", found, "a turn each, answered by rules within its limit")]


def damage(every: int, share: Share) -> list[Tried]:
    """Workspaces with one file damaged."""
    with tempfile.TemporaryDirectory() as folder:
        path = injections.hostile_workspace(Path(folder) / "shop", SMALL).path
        damaged_files.use(path)
        cases = share(list(damaged_files.cases(path))[::every])
        found = damaged_files.run(path, Path(folder), cases)
    said = f"{', '.join(damaged_files.HARMS)}: answered, or one line that says what to do"
    return [_count("a damaged file of a workspace", found, said)]


def _count(kind: str, found: Mapping[str, str], said: str) -> Tried:
    wrong = tuple(f"{name}: {what}" for name, what in found.items() if what)
    return Tried(kind, len(found), len(found) - len(wrong), said, wrong)


def kinds_of_test() -> dict[str, list[str]]:
    """Kinds of fault that tests hold against, and these tests: ``evals/data/fault-kinds.toml``."""
    return tomllib.loads((files("tastemaker.evals") / "data" / "fault-kinds.toml").read_text("utf-8"))


def run_tests(kind: str, files: list[str]) -> list[Tried]:
    """The tests of one kind."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junitxml={report}", *files]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own tests
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314 - our own file
    bad = [
        case.get("name", "")
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    skipped = sum(case.find("skipped") is not None for case in cases)
    ran = len(cases) - skipped
    said = ", ".join(files) + (f"; {skipped} NOT tried here" if skipped else "")
    return [Tried(kind, ran, ran - len(bad), said, tuple(bad) if ran else ("no test ran",))]


def table(parts: Iterable[Tried], commits: Mapping[str, int], seconds: float = 0.0) -> str:
    """All rows as Markdown, parts of a row added up, and below it what was not survived, on which code, how long."""
    rows = dict[str, Tried]()
    for part in parts:
        rows[part.kind] = rows[part.kind] + part if part.kind in rows else part
    lines = ["| tried | times | survived | figures |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.kind} | {row.tried:,} | {row.survived:,} | {_figures(row)} |" for row in rows.values()]
    lines += ["", *(f"- {row.kind}: {fault}" for row in rows.values() for fault in row.faults)]
    lines += ["", *(f"{n} parts were tried on {commit}." for commit, n in commits.items())]
    lines += [f"They took {seconds / 60:.0f} minutes."] * (seconds > 0)
    return "\n".join(lines).rstrip() + "\n"


def _figures(row: Tried) -> str:
    return "; ".join(
        part for part in (row.said, *(f"{n:,} {what}" for what, n in row.counts.items())) if part
    )
