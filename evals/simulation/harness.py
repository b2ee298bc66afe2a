"""The whole evaluation with simulated users, from a workspace to a report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tastemaker.agent.llm.open_models import RULES
from tastemaker.agent.shortlist.exploration_slots import POOL
from tastemaker.evals.reports.run_report import RunReport
from tastemaker.evals.runs.options import RunOptions, check_at_least
from tastemaker.evals.runs.ray_runner import run_cases_on_ray
from tastemaker.evals.runs.run_cases import run_cases_in
from tastemaker.evals.runs.run_folder import Head, RunFolder, folder_name, is_finished, run_head
from tastemaker.evals.runs.worker_processes import processes
from tastemaker.evals.simulation import run
from tastemaker.evals.simulation.everyday_personas import Level, personas_of
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.recipe import SimulationRecipe
from tastemaker.evals.simulation.report import REPORT
from tastemaker.evals.simulation.setup import agent_of, cast_of
from tastemaker.evals.simulation.user import AgentUnderTest
from tastemaker.prompts import file_hashes
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.tools.workspace.data_files import log_hash
from tastemaker.tools.workspace.workspace import Workspace

MANY_CONVERSATIONS = 100
"""Fewer by rules are held sooner than processes start. A model is waited for, which threads do as well."""


def run_simulation(
    workspace: Path | str,
    *,
    llm: str = RULES,
    effort: str = "balanced",
    agent: str | None = None,
    users: Sequence[str] = (RULES,),
    level: Level | str = Level.EASY,
    personas: Sequence[str] = (),
    people: int = 50,
    turns: int = 5,
    repeats: int = 1,
    k: int = 5,
    history: int = 50,
    log: Path | None = None,
    explore_share: float = 0.0,
    explore_pool: int = POOL,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008  frozen
) -> RunReport:
    """Let simulated users look for an item that they may not name.

    >>> from tastemaker.evals import run_simulation
    >>> report = run_simulation("workspaces/ml-100k", people=10, personas=["terse"])  # doctest: +SKIP

    Args:
        workspace: folder that ``tastemaker build`` wrote.
        llm: of the agent: ``rules``, ``local``, ``http://host/v1#MODEL``, or ``PROVIDER:MODEL``.
        effort: of the agent: ``fast``, ``balanced`` or ``thorough``.
        agent: ``MODULE:FUNCTION`` of another agent, see ``Answering`` in :mod:`.agents_under_test`.
        users: who plays them: ``rules``, or models as for ``llm``; a run each.
        level: ``easy`` people read attributes of their item out; ``hard`` ones say in everyday words how it should
            feel, turn near misses down, change their minds and leave when nothing comes near.
        personas: of the level, see :func:`.everyday_personas.personas_of`; empty for all.
        people: so many are drawn from the log, each with their last item in mind.
        turns: messages of a user at most.
        repeats: conversations about each wish, for pass^k.
        k: items a turn.
        history: earlier items of a person that the agent is given.
        log: folder for the agent's feedback log, for :func:`tastemaker.evals.run_replay`.
        explore_share: share of turns in which one item is drawn from the next ones.
        explore_pool: how many of the next ones take part in that draw.
        seed: of the draw, of users by rules and of intervals.
        options: where rows go, and how many conversations are held at once.

    Raises:
        ConfigError: an option that is not possible.
        WorkspaceError: no workspace there, or the folder of runs holds other ones.
        DataError: nobody in the log has three interactions.
    """
    if options.ray and log:
        raise ConfigError(
            "--log is written where the agent runs: leave it out with --ray, or run without --ray"
        )
    check_at_least(
        {
            "--people": (people, 1),
            "--turns": (turns, 1),
            "--repeats": (repeats, 1),
            "-k": (k, 1),
            "--workers": (options.workers, 1),
            "--history": (history, 0),
        }
    )
    chosen = personas_of(level, list(personas))
    opened = Workspace.open(workspace)
    audit, searching = LeakAudit(opened.catalog), opened.retriever()
    cases = run.simulation_cases(
        run.people(opened.log, opened.catalog, audit, people, seed, history, searching.groups),
        chosen,
        repeats,
    )
    options.say(f"{len(cases):,} conversations of {len({case.group for case in cases}):,} people")
    data = {
        "name": opened.manifest.name,
        "sha256": log_hash(opened.log),
        "catalog": opened.catalog.content_hash,
        "people": people,
        "level": str(level),
        "personas": [one.name for one in chosen],
        "repeats": repeats,
    }
    parameters = {
        **({"agent": agent} if agent else _agent_parameters(opened, llm, effort)),
        "explore_share": explore_share,
        "explore_pool": explore_pool,
        "turns": turns,
        "k": k,
        "history": history,
    }
    recipe = SimulationRecipe(
        Path(workspace), llm, effort, agent, RULES, k, turns, seed, log, (explore_share, explore_pool)
    )
    with options.place() as place, ExitStack() as held:
        tested = None
        if not options.ray:
            explore = (explore_share, explore_pool)
            tested = agent_of(opened, llm, effort, agent, k, held, log, explore)
        runs = _Runs(opened, audit, searching, cases, data, parameters, recipe, place, options)
        folders = [runs.hold(user, tested) for user in dict.fromkeys(users or (RULES,))]
        return RunReport.read_with(opened.catalog, folders, folders[0].name, REPORT)


@dataclass(frozen=True)
class _Runs:
    """The runs of one call; ``recipe`` is that of users by rules."""

    workspace: Workspace
    audit: LeakAudit
    searching: Retriever
    cases: Sequence[run.SimulationCase]
    data: dict[str, Any]
    parameters: dict[str, Any]
    recipe: SimulationRecipe
    place: Path
    options: RunOptions

    def hold(self, user: str, tested: AgentUnderTest | None) -> Path:
        """Hold all conversations of one player of users, on Ray if no agent is open here; gives the run's folder."""
        recipe = replace(self.recipe, user=user)
        agent = recipe.agent or f"{recipe.llm}-{recipe.effort}"
        folder, head = self.place / folder_name(f"{agent}-with-{user}-users"), self._head(recipe)
        if is_finished(folder, head, [case.id for case in self.cases]):
            return folder
        rules = recipe.agent is None and recipe.llm == user == RULES
        many = self.options.workers > 1 and len(self.cases) >= MANY_CONVERSATIONS
        if rules and many and not self.options.ray:
            with processes(recipe, self.options.workers) as pool, RunFolder.open(folder, head) as rows:
                run_cases_in(pool, rows, self.cases, metric=run.METRIC, progress=self.options.progress)
            return folder
        if tested is None:
            self._hold_on_ray(recipe, folder, head)
            return folder
        cast = cast_of(self.workspace.catalog, self.audit, self.searching, user, recipe.seed)
        run.run_conversations(
            self.cases,
            cast,
            tested,
            folder,
            head,
            recipe.turns,
            workers=self.options.workers,
            progress=self.options.progress,
        )
        return folder

    def _hold_on_ray(self, recipe: SimulationRecipe, folder: Path, head: Head) -> None:
        with RunFolder.open(folder, head) as rows:
            run_cases_on_ray(
                rows,
                self.cases,
                recipe,
                partial(run.failure_row, most_turns=recipe.turns),
                self.options.ray or "",
                workers=self.options.workers,
                metric=run.METRIC,
                progress=self.options.progress,
            )

    def _head(self, recipe: SimulationRecipe) -> Head:
        return run_head(
            run.KIND,
            f"{recipe.agent or recipe.llm}, {recipe.user} users",
            data=self.data,
            parameters={**self.parameters, "user": recipe.user},
            prompts=file_hashes() if {recipe.llm, recipe.user} != {RULES} else {},
            seed=recipe.seed,
            command=self.options.command,
        )


def _agent_parameters(workspace: Workspace, llm: str, effort: str) -> dict[str, Any]:
    return {"llm": llm, "effort": effort, "recommender": workspace.manifest.recommender}
