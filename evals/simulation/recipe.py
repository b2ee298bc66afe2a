"""From what a worker process, here or on a Ray cluster, makes the agent and the users of a run: paths and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tastemaker.evals.runs.held_asker import HeldAsker
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.run import SimulationCase, asking, failure_row
from tastemaker.evals.simulation.setup import agent_of, cast_of
from tastemaker.tools.workspace.workspace import Workspace


@dataclass(frozen=True)
class SimulationRecipe:
    """The agent and the users of :func:`tastemaker.evals.run_simulation`."""

    workspace: Path
    llm: str
    effort: str
    agent: str | None
    user: str
    k: int
    turns: int
    seed: int
    log: Path | None = None
    explore: tuple[float, int] = (0.0, 1)

    @contextmanager
    def open(self) -> Iterator[HeldAsker[SimulationCase]]:
        """Open the agent, and cast the users."""
        opened = Workspace.open(self.workspace)
        with ExitStack() as held:
            agent = agent_of(opened, self.llm, self.effort, self.agent, self.k, held, self.log, self.explore)
            audit, searching = LeakAudit(opened.catalog), opened.retriever()
            cast = cast_of(opened.catalog, audit, searching, self.user, self.seed)
            yield HeldAsker(asking(cast, agent, self.turns), partial(failure_row, most_turns=self.turns))
