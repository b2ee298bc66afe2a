"""From what a worker process on a Ray cluster makes the agent and the users of a run: paths and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tastemaker.evals.runs.run_cases import Ask
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.run import SimulationCase, asking
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

    @contextmanager
    def open(self) -> Iterator[Ask[SimulationCase]]:
        """Open the agent, and cast the users."""
        opened = Workspace.open(self.workspace)
        with ExitStack() as held:
            agent = agent_of(opened, self.llm, self.effort, self.agent, self.k, held, None, (0.0, 1))
            audit, searching = LeakAudit(opened.catalog), opened.retriever()
            yield asking(cast_of(opened.catalog, audit, searching, self.user, self.seed), agent, self.turns)
