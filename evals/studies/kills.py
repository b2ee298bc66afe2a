"""Processes killed at random moments, at each act that writes, alone and two at once; what is left must be whole.

Each is a fork of one process that has everything imported and has started nothing, so that the moment of the kill
falls into the work. After every kill the workspace must open with all its parts, hold every turn that was answered,
have logs that can be read and rows of evaluations once each, and forget wholly whom it was told to forget.
What was not killed must have ended well, or with an error of ours that says why. Run it by::

    python -m tastemaker.evals.studies.kills [--kills 200] [--pairs all]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path

import httpx

from tastemaker.agent import Tastemaker
from tastemaker.agent.event_log import append_events
from tastemaker.agent.feedback import read_feedback
from tastemaker.agent.memory.retention import Retention
from tastemaker.evals import RunOptions, run_dialogues
from tastemaker.evals.studies.injections import hostile_catalog
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import TastemakerError, WorkspaceError
from tastemaker.retrieval.facets.definition import read_facets
from tastemaker.tools.workspace.build import add_recommender, build_workspace
from tastemaker.tools.workspace.inferred_facets import join_facets
from tastemaker.tools.workspace.workspace import Workspace

SESSION = "talk"
MESSAGES = ("a drama from 1980 on", "more", "no horror", "show me others")
FORGOTTEN = "xylophagous"
"""Part of the name and the words of somebody who is erased."""
REFUSED, CRASHED = 3, 1
"""How an act ends that an error of ours stopped, and one that a fault did."""
FACETS = 'name = "small"\n[facets.moods]\nkind = "tags"\nvalues = ["dark", "light"]\nquestion = "What mood has it?"\n'

Act = Callable[[Path, int, int], None]
"""Works on a workspace: its path, how many kills there were before, and a pipe to tell each thing that is done."""


def small_shop() -> tuple[Catalog, Interactions]:
    """A catalogue of some tens of items and a log."""
    catalog = hostile_catalog(17)
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
        for message in MESSAGES:
            session.send(message)
            os.write(done, b"1")


def _prune(path: Path, number: int, done: int) -> None:  # noqa: ARG001
    with Tastemaker.open(path) as tm:
        tm.prune(Retention(compress_days=0))
        os.write(done, b"1")


def _index(path: Path, number: int, done: int) -> None:
    """A catalogue that grew by an item is indexed; its models are kept."""
    catalog, log = small_shop()
    more = Item(f"n{number}", f"Newer Harbour {number} (1990)", {"year": 1990, "genres": ("Drama",)})
    build_workspace(
        path,
        Catalog([*catalog, more], catalog.schema),
        log,
        embedding="hashing",
        keep_models=True,
        progress=False,
    )
    os.write(done, b"1")


def _evaluate(path: Path, number: int, done: int) -> None:
    """An evaluation goes on where a killed one was; where the workspace is another now, there is a new one."""
    rows = [
        {
            "id": f"m{n}",
            "context": [{"speaker": "seeker", "text": f"I liked Amber Harbour, {MESSAGES[n % 4]}"}],
            "mentioned": [],
            "gold": ["Quiet Orchard (1980)"],
        }
        for n in range(EVALUATED)
    ]
    talks = path.parent / f"talks-{os.getpid()}.jsonl"
    talks.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = path.parent / "runs" / "begun"
    for folder in (out, path.parent / "runs" / f"of-{number}"):
        try:
            run_dialogues(talks, path, ["lexical", "rank"], options=RunOptions(out=folder, progress=False))
            break
        except WorkspaceError:  # another workspace by now, or another process at work there
            continue
    os.write(done, b"1")


def _serve(path: Path, number: int, done: int) -> None:
    """The server, and somebody who talks to it; both are killed."""
    command = [sys.executable, "-m", "tastemaker.ui.cli.main", "serve", "--workspace", str(path)]
    command += ["--llm", "rules", "--no-page", "--port", str(9000 + number % 900)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            if not url:
                raise WorkspaceError(server.stderr.read()[-500:] if server.stderr else "no server")
            with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:
                for message in MESSAGES:
                    told = http.post(f"/v1/sessions/{SESSION}/messages", json={"message": message, "k": 3})
                    if told.status_code == 200:
                        os.write(done, b"1")
                    elif told.status_code not in (404, 409):  # not begun yet; another process holds it
                        raise AssertionError(f"{told.status_code} {told.text[:200]}")
        finally:
            server.terminate()


def _erase(path: Path, number: int, done: int) -> None:  # noqa: ARG001
    with Tastemaker.open(path) as tm:
        append_events(path, [{"user": f"{FORGOTTEN}-bob", "item": "f1", "kind": "liked"}])
        tm.session(f"{FORGOTTEN}-talk", person=f"{FORGOTTEN}-bob").send(f"a {FORGOTTEN} drama")
        tm.person(f"{FORGOTTEN}-bob").erase()
        os.write(done, b"1")


EVALUATED = 12
ACTS: Mapping[str, Act] = {
    "build": _build,
    "train": _train,
    "index": _index,
    "enrich": _enrich,
    "turn": _talk,
    "eval": _evaluate,
    "serve": _serve,
    "prune": _prune,
    "erase": _erase,
}
TALKING = ("turn", "serve")
"""Acts that tell each turn that was answered."""


class Trial:
    """One workspace that goes through all the kills."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.path = folder / "shop"
        (folder / "facets.toml").write_text(FACETS, encoding="utf-8")
        self._random = random.Random(seed)  # noqa: S311 - when to kill is no secret
        self._answered = 0
        self.longest: dict[str, float] = {}
        self.refused = Counter[str]()
        self._crashed = folder / "crashed"
        self._crashed.mkdir()
        # In a fork as well: Chroma's threads, once started here, would be missing in every fork.
        self._fork(_build, 0, None, "build")

    def measure(self, names: Iterable[str] = ACTS) -> None:
        """How long acts take undisturbed: kills fall into that time."""
        for name, act in ((name, ACTS[name]) for name in names):
            started = time.perf_counter()
            self._fork(act, 0, None, name)
            self.longest[name] = time.perf_counter() - started

    def kill(self, name: str, number: int) -> bool:
        """Start an act and kill it at a random moment; whether it was killed before it was done."""
        wait = self._random.uniform(0, self.longest[name])
        return self._fork(ACTS[name], number, wait, name)

    def together(self, one: str, other: str, number: int) -> list[str]:
        """Two processes at work on the same workspace, neither killed; what went wrong in them, a line each."""
        both = [(name, *self._start(ACTS[name], number + n)) for n, name in enumerate((one, other))]
        for name, child, told in both:
            self._wait(child, name)
            self._count(told, name)
        return self._crashes()

    def faults(self) -> list[str]:
        """What is not whole now, a line each."""
        found: list[str] = []
        child, told = self._start(lambda *_: _report(self.path, self._answered, told_to=_[2]), 0)
        os.waitpid(child, 0)
        found += self._crashes()
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
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    self._note(status, name)
                    self._count(told, name)
                    return False
                time.sleep(0.001)
            os.killpg(child, signal.SIGKILL)
            killed = True
            os.waitpid(child, 0)
        else:
            self._wait(child, name)
        self._count(told, name)
        return killed

    def _wait(self, child: int, name: str) -> None:
        self._note(os.waitpid(child, 0)[1], name)

    def _note(self, status: int, name: str) -> None:
        self.refused[name] += os.waitstatus_to_exitcode(status) == REFUSED

    def _crashes(self) -> list[str]:
        """What acts ended by since this was asked last, other than by a kill or an error of ours."""
        found = [file.read_text("utf-8").strip() for file in sorted(self._crashed.iterdir())]
        for file in self._crashed.iterdir():
            file.unlink()
        return [crash for crash in found if crash]

    def _start(self, act: Act, number: int) -> tuple[int, int]:
        told, done = os.pipe()
        child = os.fork()
        if child == 0:
            status = CRASHED
            try:
                with suppress(OSError):
                    os.setpgid(0, 0)  # what it starts is killed with it
                os.close(told)
                with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device
                    os.dup2(nowhere.fileno(), 1)
                    os.dup2(nowhere.fileno(), 2)
                act(self.path, number, done)
                status = 0
            except TastemakerError:
                status = REFUSED
            except BaseException:  # noqa: BLE001 - told to the parent
                (self._crashed / str(os.getpid())).write_text(traceback.format_exc()[-1500:], "utf-8")
            finally:
                os._exit(status)
        os.close(done)
        with suppress(OSError):
            os.setpgid(child, child)  # whichever of the two is first
        return child, told

    def _count(self, told: int, name: str) -> None:
        answered = 0
        while piece := os.read(told, 4096):
            answered += len(piece)
        os.close(told)
        self._answered += answered if name in TALKING else 0


def _report(path: Path, answered: int, told_to: int) -> None:
    """Tell what is not whole, and "whole" at the end where all is."""
    try:
        workspace = Workspace.open(path)
        workspace.tool_context().index.close()
        with Tastemaker.open(path) as tm:
            session = tm.session(SESSION)
            list(session.trace.read())
            list(read_feedback(path / "feedback" / f"{SESSION}.jsonl"))
            tm.person(f"{FORGOTTEN}-bob").erase()
            held = session._state().turn
            # One more than was told: killed between its being kept and its being told.
            if held < answered:
                os.write(told_to, f"{answered} turns were answered, {held} are kept\n".encode())
                return
        found = [*_leaks(path), *_double_rows(path.parent / "runs"), *_double_turns(path)]
        os.write(told_to, ("\n".join(found) or "whole").encode() + b"\n")
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        os.write(told_to, f"{type(error).__name__}: {error}\n".encode())


def _leaks(path: Path) -> Iterator[str]:
    """Files that still know somebody who was erased."""
    for file in path.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        if FORGOTTEN in file.name or FORGOTTEN.encode() in content:
            yield f"{file.relative_to(path)} knows somebody who was erased"


def _double_rows(folder: Path) -> Iterator[str]:
    """Evaluations with a row twice, or a whole line that is none."""
    for file in folder.rglob("rows.jsonl"):
        lines = file.read_text("utf-8").split("\n")[:-1]  # what a kill tore is behind the last end of a line
        cases = Counter(json.loads(line)["case"] for line in lines)
        yield from (f"{file}: case {case} stands there {n} times" for case, n in cases.items() if n > 1)


def _double_turns(path: Path) -> Iterator[str]:
    """Turns that stand in the log twice."""
    logged = [
        one["turn"] for one in read_feedback(path / "feedback" / f"{SESSION}.jsonl") if one["kind"] == "turn"
    ]
    yield from (f"turn {turn} is logged {n} times" for turn, n in Counter(logged).items() if n > 1)


@dataclass
class Outcome:
    """What came of all kills and pairs.

    Attributes:
        seconds: how long each act takes undisturbed.
        tried, hit: kills by act, and those that fell into the work.
        pairs: of acts, two at once.
        refused: acts that were not killed and that an error of ours stopped, such as a second build.
        faults: what was not whole, a line each.
    """

    seconds: Mapping[str, float]
    tried: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run(
    folder: Path,
    kills: int,
    seed: int = 0,
    *,
    acts: Sequence[str] = tuple(ACTS),
    pairs: Sequence[tuple[str, str]] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Kill the acts in turn, then do the pairs at once: if none are given, each act with itself."""
    trial = Trial(folder, seed)
    trial.measure(acts if kills else ())  # the time in which kills fall
    told = Outcome(
        trial.longest, refused=trial.refused, faults=[f"at first: {one}" for one in trial.faults()]
    )
    say(f"undisturbed: {', '.join(f'{name} {seconds:.1f} s' for name, seconds in trial.longest.items())}")
    for number in range(kills):
        name = acts[number % len(acts)]
        told.tried[name] += 1
        told.hit[name] += trial.kill(name, number)
        told.faults += [f"after kill {number} ({name}): {fault}" for fault in trial.faults()]
        say(f"{number + 1} kills, {sum(told.hit.values())} in the work, {len(told.faults)} not whole")
    both = list(zip(acts, acts, strict=True)) if pairs is None else pairs
    for number, (one, other) in enumerate(both):
        wrong = trial.together(one, other, kills + 2 * number)
        told.faults += [f"two at once ({one}, {other}): {fault}" for fault in wrong + trial.faults()]
        told.pairs += 1
        say(f"{one} and {other} at once, {len(told.faults)} not whole")
    return told


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--acts", nargs="+", choices=list(ACTS), default=list(ACTS))
    parser.add_argument(
        "--pairs", choices=["same", "all"], default="same", help="which acts two processes do"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(
            Path(folder),
            chosen.kills,
            chosen.seed,
            acts=chosen.acts,
            pairs=list(combinations_with_replacement(chosen.acts, 2)) if chosen.pairs == "all" else None,
            say=lambda line: print(line, flush=True),  # noqa: T201
        )
    for name, seconds in told.seconds.items():
        print(  # noqa: T201
            f"{name:8} {seconds:5.1f} s undisturbed, {told.tried[name]:4} killed,"
            f" {told.hit[name]:4} before it was done, {told.refused[name]:3} refused"
        )
    print(f"two processes at once: {told.pairs} pairs of {', '.join(chosen.acts)}")  # noqa: T201
    print(f"{len(told.faults)} times something was not whole", *told.faults, sep="\n  ")  # noqa: T201
    sys.exit(bool(told.faults))


if __name__ == "__main__":
    main()
