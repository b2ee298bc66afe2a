"""The whole evaluation on logged dialogues, from a file of conversations to a report."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tastemaker.agent.llm.open_models import RULES
from tastemaker.evals.dialogues.case import DialogueCase, Names, link
from tastemaker.evals.dialogues.external_system import load_callable, model_of
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.llm_options import Asks
from tastemaker.evals.dialogues.open_system import NO_MODEL, system_of
from tastemaker.evals.dialogues.recipe import DialogueRecipe
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
from tastemaker.evals.dialogues.system import Folds
from tastemaker.evals.dialogues.system_names import DEFAULT_SYSTEMS, LLM_SYSTEMS, MANY_CASES, SYSTEMS
from tastemaker.evals.reports.run_report import RunReport
from tastemaker.evals.runs.options import RunOptions, check_at_least, check_different
from tastemaker.evals.runs.ray_runner import run_cases_on_ray
from tastemaker.evals.runs.run_folder import Head, RunFolder, file_sha256, folder_name, run_head
from tastemaker.evals.runs.worker_processes import Processes, processes
from tastemaker.prompts import file_hashes
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.workspace import Workspace


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
    file_format: str | None = None,
    ids: Path | None = None,
    limit: int | None = None,
    answers: Path | None = None,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008  frozen
) -> RunReport:
    """Ask systems what they would recommend at each moment of logged conversations.

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
        learned: the agent gets a conversation ranker that learned from the other folds' conversations.
        file_format: of the file; None means that its first line tells.
        ids: for the format ``ids``, what the numbers mean.
        limit: only so many cases, of whole conversations drawn at random; None means all.
        answers: file in which the language model's answers are kept from run to run.
        seed: of samples, fitting and intervals.
        options: where rows go, and how many cases are asked at once. Turns by rules of 400
            cases and more are asked in so many processes.

    Raises:
        ConfigError: a system, baseline or option that is not possible.
        DataError: the file cannot be read.
        WorkspaceError: no workspace there, or the folder of runs holds other ones.
    """
    check_different(systems, baseline)
    check_at_least({"--workers": (options.workers, 1), "--limit": (limit, 1)})
    _check_systems(systems, llm)
    opened = Workspace.open(workspace)
    data_file = Path(data_file)
    cases = link(read_dialogues(data_file, file_format, ids), Names(opened.catalog))
    asked = sample(cases, limit, seed)
    options.say(_describe(asked))
    data = {
        "name": data_file.name,
        "sha256": file_sha256(data_file),
        "cases": len(asked),
        "limit": limit,
        "catalog": opened.catalog.content_hash,
    }
    asks = Asks(llm, effort, words, learned, answers)
    recipe = DialogueRecipe(Path(workspace), data_file, file_format, ids, "agent", asks, seed, limit)
    with options.place() as place:
        runs = _Runs(opened, cases, asked, data, recipe, place, options)
        runs.ask_all(systems)
        folders = [runs.folder(name) for name in systems]
        return RunReport.read(folders, runs.folder(baseline or systems[0]).name)


@dataclass(frozen=True)
class _Runs:
    """The runs of one call.

    Attributes:
        cases: those to learn from; ``asked`` are those to ask.
        recipe: of the agent; other systems differ in name alone.
    """

    workspace: Workspace
    cases: Sequence[DialogueCase]
    asked: Sequence[DialogueCase]
    data: dict[str, Any]
    recipe: DialogueRecipe
    place: Path
    options: RunOptions

    def folder(self, name: str) -> Path:
        """Where a system's rows go."""
        return self.place / folder_name(name)

    def ask_all(self, names: Sequence[str]) -> None:
        """Ask one system after the other; the agent in processes where that is sooner done."""
        with ExitStack() as held, ExitStack() as working:
            pool = shared = None
            if self._asks_in_processes(names):
                shared = Path(held.enter_context(tempfile.TemporaryDirectory()))
            progress = self.options.progress
            folds = Folds(
                self.workspace.tool_context(), self.cases, self.recipe.seed, progress=progress, place=shared
            )
            if shared:
                pool = working.enter_context(
                    processes(replace(self.recipe, place=shared), self.options.workers)
                )
                if self.recipe.asks.learned:
                    learn_in(pool, folds, progress=progress)
            for name in names:
                if self.options.ray:
                    self._ask_on_ray(name, self.options.ray)
                elif pool and name == "agent":
                    self._ask_in(pool)
                    working.close()  # each process holds a gigabyte and a half
                else:
                    self._ask_here(name, folds, held)

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
        return run_head(
            KIND,
            name,
            data=self.data,
            parameters={
                **_parameters(name, self.recipe.asks),
                "recommender": self.workspace.manifest.recommender,
            },
            prompts=file_hashes() if name in LLM_SYSTEMS or _is_endpoint(name) else {},
            seed=self.recipe.seed,
            command=self.options.command,
        )


def _describe(cases: Sequence[DialogueCase]) -> str:
    outside = sum(len(case.outside) for case in cases)
    gold = outside + sum(len(case.gold) for case in cases)
    return (
        f"{len(cases):,} cases of {len({case.group for case in cases}):,} conversations; {gold:,} items to find, "
        f"{outside:,} of them outside the catalogue"
    )


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
