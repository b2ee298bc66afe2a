"""Processes killed at random moments while they build, train, enrich, talk and prune; what is left must be whole.

Each is a fork of one process that has everything imported, so that the moment of the kill falls into the work. After
every kill the workspace must open with all its parts, hold every turn that was answered exactly once, and have logs
that can be read. Run it by::

    python -m tastemaker.evals.studies.kills [--kills 200]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback import read_feedback
from tastemaker.agent.memory.retention import Retention
from tastemaker.evals.studies.injections import hostile_catalog
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.facets.definition import read_facets
from tastemaker.tools.workspace.build import add_recommender, build_workspace
from tastemaker.tools.workspace.inferred_facets import join_facets
from tastemaker.tools.workspace.workspace import Workspace

SESSION = "talk"
FACETS = 'name = "small"\n[facets.moods]\nkind = "tags"\nvalues = ["dark", "light"]\nquestion = "What mood has it?"\n'

Act = Callable[[Path, int, int], None]
"""Works on a workspace: its path, how many kills there were before, and a pipe to tell each thing that is done."""


def small_shop() -> tuple[Catalog, Interactions]:
    """A catalogue of some tens of items and a log."""
    catalog = hostile_catalog()
    users = [f"u{n % 30}" for n in range(300)]
    return catalog, Interactions.from_columns(users, [(n * 7) % len(catalog) for n in range(300)])


def _build(path: Path, number: int, done: int) -> None:
    catalog, log = small_shop()
    build_workspace(
        path, catalog, log, recommender="popularity", embedding="hashing", progress=False, seed=number
    )
    os.write(done, b"1")


def _train(path: Path, number: int, done: int) -> None:
    add_recommender(Workspace.open(path), "item-knn", seed=number, progress=False)
    os.write(done, b"1")


def _enrich(path: Path, number: int, done: int) -> None:
    workspace = Workspace.open(path)
    definition = path.parent / "facets.toml"
    values = {item_id: {"moods": ("dark",)} for item_id in workspace.built_catalog.ids[: 5 + number % 20]}
    join_facets(workspace, read_facets(definition), f"{FACETS}# {number}\n", values)
    os.write(done, b"1")


def _talk(path: Path, number: int, done: int) -> None:  # noqa: ARG001 - as every act
    with Tastemaker.open(path) as tm:
        session = tm.session(SESSION, person="ann")
        for message in ("a drama from 1980 on", "more", "no horror", "show me others"):
            session.send(message)
            os.write(done, b"1")


def _prune(path: Path, number: int, done: int) -> None:  # noqa: ARG001
    with Tastemaker.open(path) as tm:
        tm.prune(Retention(compress_days=0))
        os.write(done, b"1")


ACTS: Mapping[str, Act] = {
    "build": _build,
    "train": _train,
    "enrich": _enrich,
    "turn": _talk,
    "prune": _prune,
}


class Trial:
    """One workspace that goes through all the kills."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.path = folder / "shop"
        (folder / "facets.toml").write_text(FACETS, encoding="utf-8")
        self._random = random.Random(seed)  # noqa: S311 - when to kill is no secret
        self._answered = 0
        self.longest: dict[str, float] = {}
        catalog, log = small_shop()
        build_workspace(
            self.path,
            catalog,
            log,
            recommender="popularity",
            embedding="hashing",
            progress=False,
        )

    def measure(self) -> None:
        """How long each act takes undisturbed: kills fall into that time."""
        for name, act in ACTS.items():
            started = time.perf_counter()
            self._fork(act, 0, None, name)
            self.longest[name] = time.perf_counter() - started
        self.faults()

    def kill(self, name: str, number: int) -> bool:
        """Start an act and kill it at a random moment; whether it was killed before it was done."""
        wait = self._random.uniform(0, self.longest[name])
        return self._fork(ACTS[name], number, wait, name)

    def together(self, name: str, number: int) -> None:
        """Two processes at the same act on the same workspace, neither killed."""
        first = self._start(ACTS[name], number)
        second = self._start(ACTS[name], number + 1)
        for child, told in (first, second):
            os.waitpid(child, 0)
            self._count(told, name)

    def faults(self) -> list[str]:
        """What is not whole now, a line each."""
        found: list[str] = []
        child, told = self._start(lambda *_: _report(self.path, self._answered, told_to=_[2]), 0)
        os.waitpid(child, 0)
        content = os.read(told, 1 << 16).decode()
        os.close(told)
        if not content.endswith("whole\n"):
            found.append(content.strip() or "the check itself died")
        return found

    def _fork(self, act: Act, number: int, wait: float | None, name: str) -> bool:
        child, told = self._start(act, number)
        killed = False
        if wait is not None:
            latest = time.monotonic() + wait
            while time.monotonic() < latest:
                if os.waitpid(child, os.WNOHANG)[0]:
                    self._count(told, name)
                    return False
                time.sleep(0.001)
            os.kill(child, signal.SIGKILL)
            killed = True
        os.waitpid(child, 0)
        self._count(told, name)
        return killed

    def _start(self, act: Act, number: int) -> tuple[int, int]:
        told, done = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            status = 1
            try:
                with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device
                    os.dup2(nowhere.fileno(), 2)
                act(self.path, number, done)
                status = 0
            finally:
                os._exit(status)
        os.close(done)
        return child, told

    def _count(self, told: int, name: str) -> None:
        answered = 0
        while piece := os.read(told, 4096):
            answered += len(piece)
        os.close(told)
        self._answered += answered if name == "turn" else 0


def _report(path: Path, answered: int, told_to: int) -> None:
    """Tell what is not whole, and "whole" at the end where all is."""
    try:
        workspace = Workspace.open(path)
        workspace.tool_context().index.close()
        with Tastemaker.open(path) as tm:
            session = tm.session(SESSION)
            list(session.trace.read())
            list(read_feedback(path / "feedback" / f"{SESSION}.jsonl"))
            held = session._state().turn
            # One more than was told: killed between its being kept and its being told.
            if held < answered:
                os.write(told_to, f"{answered} turns were answered, {held} are kept\n".encode())
                return
        os.write(told_to, b"whole\n")
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        os.write(told_to, f"{type(error).__name__}: {error}\n".encode())


def run(folder: Path, kills: int, seed: int = 0) -> tuple[Counter[str], Counter[str], list[str]]:
    """Kills by act, those that fell into the work, and what was not whole afterwards."""
    trial = Trial(folder, seed)
    trial.measure()
    tried, hit = Counter[str](), Counter[str]()
    found: list[str] = []
    for number in range(kills):
        name = list(ACTS)[number % len(ACTS)]
        tried[name] += 1
        hit[name] += trial.kill(name, number)
        found += [f"after kill {number} ({name}): {fault}" for fault in trial.faults()]
    for number, name in enumerate(ACTS):
        trial.together(name, kills + 2 * number)
        found += [f"after two at once ({name}): {fault}" for fault in trial.faults()]
    return tried, hit, found


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tried, hit, found = run(Path(folder), chosen.kills, chosen.seed)
    for name in tried:
        print(f"{name:8} {tried[name]:4} killed, {hit[name]:4} before it was done")  # noqa: T201
    print(f"two processes at once: {', '.join(ACTS)}")  # noqa: T201
    print(f"{len(found)} times something was not whole", *found, sep="\n  ")  # noqa: T201


if __name__ == "__main__":
    main()
