"""The kinds of fault, each as a function that tries them and gives rows of the table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path

from tastemaker.evals.studies import injections, kills, soak
from tastemaker.evals.studies.faults import damaged_files, model_faults

SMALL = 97
"""So many attacks apart are those in the catalogue of a small shop."""
FLAT = 0.05
"""Share by which memory may grow after the warm-up."""


@dataclass(frozen=True)
class Tried:
    """A row of the table.

    Attributes:
        kind: of fault.
        tried, survived: how often.
        said: figures beside it.
        faults: what was not survived, a line each.
    """

    kind: str
    tried: int
    survived: int
    said: str = ""
    faults: tuple[str, ...] = ()


def kill(most: int) -> list[Tried]:
    """Kills by act, and acts two at once."""
    with tempfile.TemporaryDirectory() as folder:
        told = kills.run(Path(folder), most, all_pairs=True, say=partial(print, flush=True))
    rows = [
        Tried(
            f"a kill during {name}",
            told.tried[name],
            told.tried[name] - sum(f"({name})" in fault for fault in told.faults),
            f"{told.hit[name]} before it was done; {told.seconds[name]:.1f} s undisturbed",
        )
        for name in told.tried
    ]
    both = sum(fault.startswith("two at once") for fault in told.faults)
    said = f"all pairs of {', '.join(kills.ACTS)}; {sum(told.refused.values())} acts said that another is at work"
    return [*rows, Tried("two processes at once", told.pairs, told.pairs - both, said, tuple(told.faults))]


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


def inject(llm: str, every: int) -> list[Tried]:
    """Attacks by text."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = injections.hostile_workspace(Path(folder) / "hostile", every)
        results = injections.run(workspace, Path(folder) / "home", llm, every)
    faults = tuple(f"{one.place}, {one.kind}: {fault}" for one, found in results.items() for fault in found)
    against = "rules" if llm == "rules" else "a model that obeys it"
    kinds = len({one.kind for one in results})
    said = f"{kinds} kinds in {len({one.place for one in results})} places"
    survived = sum(not found for found in results.values())
    return [Tried(f"an attack by text, against {against}", len(results), survived, said, faults)]


def break_model(every: int) -> list[Tried]:
    """Turns whose model's server goes wrong."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = injections.hostile_workspace(Path(folder) / "shop", SMALL)
        found = model_faults.run(workspace, Path(folder) / "home", every)
    return [_count("a fault of the model's server", found, "a turn each, answered by rules within its limit")]


def damage(every: int) -> list[Tried]:
    """Workspaces with one file damaged."""
    with tempfile.TemporaryDirectory() as folder:
        path = injections.hostile_workspace(Path(folder) / "shop", SMALL).path
        damaged_files.use(path)
        found = damaged_files.run(path, Path(folder), every)
    said = f"{', '.join(damaged_files.HARMS)}: answered, or one line that says what to do"
    return [_count("a damaged file of a workspace", found, said)]


def _count(kind: str, found: Mapping[str, str], said: str) -> Tried:
    wrong = tuple(f"{name}: {what}" for name, what in found.items() if what)
    return Tried(kind, len(found), len(found) - len(wrong), said, wrong)


def run_tests() -> list[Tried]:
    """The tests of each kind in ``evals/data/fault-kinds.toml``."""
    kinds = tomllib.loads((files("tastemaker.evals") / "data" / "fault-kinds.toml").read_text("utf-8"))
    return [_test(kind, files) for kind, files in kinds.items()]


def _test(kind: str, files: list[str]) -> Tried:
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
    return Tried(kind, ran, ran - len(bad), said, tuple(bad) if ran else ("no test ran",))


def table(rows: list[Tried]) -> str:
    """All rows as Markdown, and below it what was not survived."""
    lines = ["| tried | times | survived | figures |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.kind} | {row.tried:,} | {row.survived:,} | {row.said} |" for row in rows]
    lines += ["", *(f"- {row.kind}: {fault}" for row in rows for fault in row.faults)]
    return "\n".join(lines).rstrip() + "\n"
