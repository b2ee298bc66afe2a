"""The whole evaluation on logged dialogues, from a file of conversations to a report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tastemaker.agent.llm.open_models import RULES
from tastemaker.evals.dialogues.case import DialogueCase, Names, link
from tastemaker.evals.dialogues.external_system import load_callable, model_of
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.leak_check import stop_at
from tastemaker.evals.dialogues.lessons import Lessons, describe_learning
from tastemaker.evals.dialogues.llm_options import Asks
from tastemaker.evals.dialogues.open_system import NO_MODEL, system_of
from tastemaker.evals.dialogues.recipe import DialogueRecipe
from tastemaker.evals.dialogues.report import REPORT
from tastemaker.evals.dialogues.run import (
    KIND,
    METRIC,
    DialogueAsker,
    Rows,
    Slices,
    learn_in,
    run_system,
    run_system_in,
)
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.dialogues.split import Split, Way
from tastemaker.evals.dialogues.system import UNTAUGHT, Folds
from tastemaker.evals.dialogues.system_names import (
    DEFAULT_SYSTEMS,
    LEARNING,
    LLM_SYSTEMS,
    MANY_CASES,
    SYSTEMS,
)
from tastemaker.evals.reports.run_report import RunReport
from tastemaker.evals.runs.options import RunOptions, check_at_least, check_different
from tastemaker.evals.runs.ray_runner import run_cases_on_ray
from tastemaker.evals.runs.run_folder import (
    Head,
    RunFolder,
    file_sha256,
    folder_name,
    is_finished,
    run_head,
)
from tastemaker.evals.runs.worker_processes import Processes, processes
from tastemaker.prompts import file_hashes
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.conversation_ranker.ranker import ConversationRanker
from tastemaker.tools.workspace.workspace import Workspace

UNLINKED_SHOWN = 5
UNCHECKED = "NOT CHECKED for leaks: an older version taught this workspace."
LEARNED = "learned"
"""Folder beside the runs for what they learned."""


def run_dialogues(
    data_file: Path | str,
    workspace: Path | str,
    systems: Sequence[str] = DEFAULT_SYSTEMS,
    *,
    baseline: str | None = None,
    llm: str = RULES,
    effort: str = "balanced",
    words: str = "model",
    learned: bool = True,
    learn_from: Path | str | None = None,
    folds: int | None = None,
    time_split: float | None = None,
    allow_leaks: bool = False,
    file_format: str | None = None,
    ids: Path | None = None,
    limit: int | None = None,
    answers: Path | None = None,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008  frozen
) -> RunReport:
    """Ask systems what they would recommend at each moment of logged conversations.

    What they rank by is what ``tastemaker learn`` taught the workspace, unless ``learn_from``, ``folds`` or
    ``time_split`` say what to learn from instead. A run that would score what was learned from stops.

    >>> from tastemaker.evals import run_dialogues
    >>> report = run_dialogues("talks.jsonl", "workspaces/ml-100k", ["copy", "agent"])  # doctest: +SKIP

    Args:
        data_file: logged conversations, see :func:`tastemaker.evals.dialogues.files.read_dialogues`.
        workspace: folder that ``tastemaker build`` wrote.
        systems: names of :mod:`tastemaker.evals.dialogues.system_names`; ``module:function`` for a Python
            callable; ``http://host/v1#MODEL`` for an endpoint with tools.
        baseline: one of them that the others are compared with; None means the first.
        llm: for agent and model: ``rules``, ``local``, ``http://host/v1#MODEL``, or ``PROVIDER:MODEL``.
        effort: of the agent: ``fast``, ``balanced`` or ``thorough``.
        words: of the agent's replies: ``model``, or ``template``, which is faster and ranks the same.
        learned: the agent gets the conversation ranker; False leaves it without.
        learn_from: another file of logged conversations to learn from.
        folds: learn from the other folds of the file itself, so many in all.
        time_split: learn from this share of the file's conversations, the earliest, and score the later ones.
        allow_leaks: score conversations that were learned from, and say so in the report.
        file_format: of the file; None means that its first line tells.
        ids: for the format ``ids``, what the numbers mean.
        limit: only so many cases, of whole conversations drawn at random; None means all.
        answers: file in which the language model's answers are kept from run to run.
        seed: of samples, fitting and intervals.
        options: where rows go, and how many cases are asked at once. Turns by rules of 400
            cases and more are asked in so many processes.

    Raises:
        ConfigError: a system, baseline or option that is not possible.
        DataError: a file cannot be read, or what is scored was learned from.
        WorkspaceError: no workspace there, or the folder of runs holds other ones.
    """
    check_different(systems, baseline)
    check_at_least({"--workers": (options.workers, 1), "--limit": (limit, 1)})
    _check_systems(systems, llm)
    lessons = Lessons(Path(learn_from) if learn_from is not None else None, folds, time_split, allow_leaks)
    opened = Workspace.open(workspace)
    data_file = Path(data_file)
    names = Names(opened.catalog)
    cases = link(read_dialogues(data_file, file_format, ids), names)
    split, scored = lessons.split(cases, names, ids)
    own = _own_ranker(opened) if split.way is Way.WORKSPACE and _learning(systems, learned=learned) else None
    if split.way is Way.WORKSPACE and own is None:
        learned = False  # the agent as it serves: nothing taught it
        if set(systems) & set(LEARNING):
            raise ConfigError(UNTAUGHT)
    asked = sample(scored, limit, seed)
    options.say(_describe(asked))
    data = {
        "name": data_file.name,
        "sha256": file_sha256(data_file),
        "cases": len(asked),
        "limit": limit,
        "catalog": opened.catalog.content_hash,
        **({"time_split": time_split} if time_split is not None else {}),
    }
    learning: dict[str, Any] = {"learning": lessons.parameters(split, own)}
    if _learning(systems, learned=learned):
        leaks = lessons.leaks(split, cases, asked, own)
        learning["leak_check"] = leaks.describe() if leaks is not None else UNCHECKED
        learning["leaks"] = leaks.to_json() if leaks is not None else None
        options.say(f"{describe_learning(learning['learning'])} {learning['leak_check']}")
        if leaks:
            stop_at(leaks, allowed=allow_leaks)
    asks = Asks(llm, effort, words, learned, answers)
    recipe = DialogueRecipe(
        Path(workspace), data_file, file_format, ids, "agent", asks, seed, limit, lessons=lessons
    )
    with options.place() as place:
        runs = _Runs(opened, cases, asked, split, data, learning, recipe, place, options)
        runs.ask_all(systems)
        folders = [runs.folder(name) for name in systems]
        baseline = runs.folder(baseline or systems[0]).name
        return RunReport.read_with(opened.catalog, folders, baseline, REPORT)


def _own_ranker(workspace: Workspace) -> ConversationRanker | None:
    own = workspace.tool_context().conversation
    return own if isinstance(own, ConversationRanker) else None


def _learning(systems: Sequence[str], *, learned: bool) -> list[str]:
    """Those of some systems that learn from conversations."""
    return [name for name in systems if name in LEARNING or (name == "agent" and learned)]


@dataclass(frozen=True)
class _Runs:
    """The runs of one call.

    Attributes:
        cases: all of the file; ``asked`` are those to ask.
        split: what is learned from.
        learning: what the heads of systems that learn say of it.
        recipe: of the agent; other systems differ in name alone.
    """

    workspace: Workspace
    cases: Sequence[DialogueCase]
    asked: Sequence[DialogueCase]
    split: Split
    data: dict[str, Any]
    learning: dict[str, Any]
    recipe: DialogueRecipe
    place: Path
    options: RunOptions

    def folder(self, name: str) -> Path:
        """Where a system's rows go."""
        return self.place / folder_name(name)

    def ask_all(self, names: Sequence[str]) -> None:
        """Ask one system after the other; the agent in processes where that is sooner done.

        What was fitted stays with the runs: a run that goes on, or has another system, learns nothing twice.
        """
        left = [name for name in names if not self._is_finished(name)]
        with ExitStack() as held, ExitStack() as working:
            pool, shared = None, self._learned_folder()
            progress = self.options.progress
            folds = Folds(
                self.workspace.tool_context(taught=self.split.way is Way.WORKSPACE),
                self.cases,
                self.recipe.seed,
                progress=progress,
                place=shared,
                split=self.split,
            )
            if self._asks_in_processes(left):
                pool = working.enter_context(
                    processes(replace(self.recipe, place=shared), self.options.workers)
                )
                if self.recipe.asks.learned:
                    learn_in(pool, folds, progress=progress)
            for name in left:
                if self.options.ray:
                    self._ask_on_ray(name, self.options.ray)
                elif pool and name == "agent":
                    self._ask_in(pool)
                    working.close()  # each process holds a gigabyte and a half
                else:
                    self._ask_here(name, folds, held)

    def _is_finished(self, name: str) -> bool:
        return is_finished(self.folder(name), self._head(name), [case.id for case in self.asked])

    def _learned_folder(self) -> Path:
        """Where vectors and rankers of these very lessons are kept, beside the runs."""
        manifest = self.workspace.manifest
        key = {
            **{name: self.data[name] for name in ("sha256", "catalog")},
            "learning": self.learning["learning"],
            "seed": self.recipe.seed,
            "recommender": manifest.recommender,
            "embedding": manifest.embedding,
            "version": version("tastemaker"),
        }
        told = json.dumps(key, sort_keys=True, default=str)
        return self.place / LEARNED / hashlib.sha256(told.encode()).hexdigest()[:16]

    def _asks_in_processes(self, names: Sequence[str]) -> bool:
        several = self.options.workers > 1 and not self.options.ray and len(self.asked) >= MANY_CASES
        return several and "agent" in names and self.recipe.asks.llm == RULES

    def _ask_here(self, name: str, folds: Folds, held: ExitStack) -> None:
        run_system(
            self.asked,
            self.workspace.catalog,
            system_of(name, self.workspace, folds, self.recipe.asks, held),
            self.folder(name),
            self._head(name),
            workers=self.options.workers,
            progress=self.options.progress,
        )

    def _ask_in(self, pool: Processes[DialogueAsker]) -> None:
        head = self._head("agent")
        run_system_in(pool, self.asked, self.folder("agent"), head, progress=self.options.progress)

    def _ask_on_ray(self, name: str, address: str) -> None:
        catalog = self.workspace.catalog
        rows = Rows(Names(catalog), Slices.of(self.asked, catalog))
        with RunFolder.open(self.folder(name), self._head(name)) as run:
            run_cases_on_ray(
                run,
                self.asked,
                replace(self.recipe, name=name),
                rows.miss_row,
                address,
                workers=self.options.workers,
                metric=METRIC,
                progress=self.options.progress,
            )

    def _head(self, name: str) -> Head:
        learns = _learning([name], learned=self.recipe.asks.learned)
        return run_head(
            KIND,
            name,
            data=self.data | (self.learning if learns else {}),
            parameters={
                **_parameters(name, self.recipe.asks),
                "recommender": self.workspace.manifest.recommender,
            },
            prompts=file_hashes() if name in LLM_SYSTEMS or _is_endpoint(name) else {},
            seed=self.recipe.seed,
            command=self.options.command,
        )


def _describe(cases: Sequence[DialogueCase]) -> str:
    outside = Counter(name for case in cases for name in case.outside)
    lost = sum(outside.values())
    gold = lost + sum(len(case.gold) for case in cases)
    told = (
        f"{len(cases):,} cases of {len({case.group for case in cases}):,} conversations; {gold:,} items to find, "
        f"{lost:,} of them outside the catalogue"
    )
    if not lost:
        return told
    most = ", ".join(f"{name!r} ({n:,})" for name, n in outside.most_common(UNLINKED_SHOWN))
    rows = sum(bool(case.outside) for case in cases)
    return f"{told}, in {rows:,} cases that could not be linked in full; most often {most}"


def _check_systems(names: Sequence[str], llm: str) -> None:
    """Fail now for a system that cannot be had, rather than once the ones before it have run for hours."""
    for name in names:
        if name not in SYSTEMS and ":" not in name:
            raise ConfigError(
                f"no system {name!r}; {nearest_of(name, list(SYSTEMS))}, module:function or a URL"
            )
    for name in names:
        if name == "model" and llm == RULES:
            raise ConfigError(NO_MODEL)
        if _is_endpoint(name):
            model_of(name)
        elif name not in SYSTEMS:
            load_callable(name)


def _is_endpoint(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _parameters(name: str, asks: Asks) -> dict[str, Any]:
    answers = {"answers": asks.answers.name} if asks.answers else {}
    if name == "agent":
        return {
            "llm": asks.llm,
            "effort": asks.effort,
            "words": asks.words,
            "learned": asks.learned,
            **answers,
        }
    return {"llm": asks.llm, **answers} if name == "model" else {}
