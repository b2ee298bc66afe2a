"""The whole replay of logged sessions, from a feedback log to a report."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tastemaker.agent import Tastemaker
from tastemaker.agent.llm.open_models import RULES, open_models
from tastemaker.evals.next_item.questions import sample
from tastemaker.evals.replay import run
from tastemaker.evals.replay.log import LoggedTurn, read_log
from tastemaker.evals.replay.recipe import ReplayRecipe
from tastemaker.evals.replay.report import REPORT
from tastemaker.evals.reports.run_report import RunReport
from tastemaker.evals.runs.options import RunOptions, check_at_least
from tastemaker.evals.runs.ray_runner import run_cases_on_ray
from tastemaker.evals.runs.run_cases import run_cases_in
from tastemaker.evals.runs.run_folder import Head, RunFolder, folder_name, is_finished, run_head
from tastemaker.evals.runs.worker_processes import processes
from tastemaker.prompts import file_hashes, instead
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.workspace import Workspace

MANY_TURNS = 400
"""Fewer turns by rules are held sooner than processes start. A model is waited for, which threads do as well."""


def run_replay(
    workspace: Path | str,
    *,
    log: Path | None = None,
    llms: Sequence[str] = (RULES,),
    effort: str = "balanced",
    recommender: str | None = None,
    prompts: Path | None = None,
    reward: str = "chosen",
    supported_only: bool = False,
    limit: int | None = None,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008  frozen
) -> RunReport:
    """Hold logged turns again from the state they began with: hits, agreement, changes, off-policy estimates.

    >>> from tastemaker.evals import run_replay
    >>> report = run_replay("workspaces/ml-100k", llms=["rules", "local"])  # doctest: +SKIP

    Args:
        workspace: folder that ``tastemaker build`` wrote.
        log: folder of the feedback log; None means the one in the workspace.
        llms: ``rules``, ``local``, ``http://host/v1#MODEL``, or ``PROVIDER:MODEL``; a run each, the first is
            the baseline.
        effort: ``fast``, ``balanced`` or ``thorough``.
        recommender: another one of the workspace; None means the one that serves.
        prompts: folder of prompts that take the place of those of the same names.
        reward: what counts in estimates, of :data:`tastemaker.evals.replay.run.HITS`.
        supported_only: estimate from the turns that the log could have shown as replayed.
        limit: only so many turns, drawn at random; None means all.
        seed: of the draw and of intervals.
        options: where rows go, and how many turns are held at once.

    Raises:
        ConfigError: an option that is not possible, or prompts of unknown names.
        DataError: no logged turns there.
        WorkspaceError: no workspace there, or the folder of runs holds other ones.
    """
    if reward not in run.HITS:
        raise ConfigError(f"no reward {reward!r}; {nearest_of(reward, list(run.HITS))}")
    check_at_least({"--workers": (options.workers, 1), "--limit": (limit, 1)})
    opened = Workspace.open(workspace)
    turns = sample(read_log(log or Path(workspace) / "feedback"), limit, seed)
    options.say(f"{len(turns):,} turns of {len({turn.group for turn in turns}):,} sessions")
    data = {
        "name": opened.manifest.name,
        "catalog": opened.catalog.content_hash,
        "sha256": _hash_of(turns),
        "turns": len(turns),
    }
    recipe = ReplayRecipe(Path(workspace), RULES, effort, recommender, prompts)
    with options.place() as place, ExitStack() as held:
        if prompts:
            try:
                held.enter_context(instead(prompts))
            except FileNotFoundError as error:
                raise ConfigError(f"--prompts: {error}") from error
        tool_context = opened.tool_context(recommender)
        parameters = {
            "recommender": tool_context.recommender.name,
            "reward": reward,
            "supported_only": supported_only,
        }
        runs = _Runs(opened, tool_context, turns, data, parameters, recipe, place, seed, options)
        folders = [runs.hold(llm) for llm in dict.fromkeys(llms or (RULES,))]
        return RunReport.read_with(opened.catalog, folders, folders[0].name, REPORT)


@dataclass(frozen=True)
class _Runs:
    """The runs of one call; ``recipe`` is that of the rules."""

    workspace: Workspace
    tool_context: ToolContext
    turns: Sequence[LoggedTurn]
    data: dict[str, Any]
    parameters: dict[str, Any]
    recipe: ReplayRecipe
    place: Path
    seed: int
    options: RunOptions

    def hold(self, llm: str) -> Path:
        """Hold all turns with one model; gives the run's folder."""
        recipe = replace(self.recipe, llm=llm)
        name = "-".join([llm, recipe.effort, self.tool_context.recommender.name])
        folder, head = self.place / folder_name(name), self._head(recipe)
        if self.options.ray:
            self._hold_on_ray(recipe, folder, head, self.options.ray)
            return folder
        if is_finished(folder, head, [turn.id for turn in self.turns]):
            return folder
        if llm == RULES and self.options.workers > 1 and len(self.turns) >= MANY_TURNS:
            with processes(recipe, self.options.workers) as pool, RunFolder.open(folder, head) as rows:
                run_cases_in(pool, rows, self.turns, metric=run.METRIC, progress=self.options.progress)
            return folder
        with (
            tempfile.TemporaryDirectory() as home,
            Tastemaker(
                self.workspace,
                open_models(llm),
                recipe.effort,
                tool_context=self.tool_context,
                home=Path(home),
            ) as tm,
        ):
            workers, progress = self.options.workers, self.options.progress
            run.run_turns(self.turns, tm, folder, head, workers=workers, progress=progress)
        return folder

    def _hold_on_ray(self, recipe: ReplayRecipe, folder: Path, head: Head, address: str) -> None:
        with RunFolder.open(folder, head) as rows:
            run_cases_on_ray(
                rows,
                self.turns,
                recipe,
                partial(run.miss_row, catalog=self.workspace.catalog),
                address,
                workers=self.options.workers,
                metric=run.METRIC,
                progress=self.options.progress,
            )

    def _head(self, recipe: ReplayRecipe) -> Head:
        return run_head(
            run.KIND,
            recipe.llm,
            data=self.data,
            parameters={"llm": recipe.llm, "effort": recipe.effort, **self.parameters},
            prompts=file_hashes(),
            seed=self.seed,
            command=self.options.command,
        )


def _hash_of(turns: Sequence[LoggedTurn]) -> str:
    return hashlib.sha256("\n".join(turn.id + turn.message for turn in turns).encode()).hexdigest()
