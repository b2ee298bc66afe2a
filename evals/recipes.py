"""From what a worker process, here or on a Ray cluster, makes an ``eval`` command's system: paths and options."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tastemaker.evals.dialogues.llm_options import Asks
    from tastemaker.evals.dialogues.run import DialogueAsker
    from tastemaker.evals.replay.log import LoggedTurn
    from tastemaker.evals.runs.run_cases import Ask
    from tastemaker.evals.simulation.run import SimulationCase


@dataclass(frozen=True)
class DialogueRecipe:
    """A system of ``eval dialogues``.

    Attributes:
        place: folder that the processes of one machine share, see :class:`tastemaker.evals.dialogues.system.Folds`.
    """

    workspace: Path
    data_file: Path
    file_format: str | None
    ids: Path | None
    name: str
    asks: Asks
    seed: int
    limit: int | None
    place: Path | None = None

    @contextmanager
    def open(self) -> Iterator[DialogueAsker]:
        """Read the same cases and open the system: when the first case comes if folds are learned before."""
        from tastemaker.evals.dialogues.case import Names, link
        from tastemaker.evals.dialogues.files import read_dialogues
        from tastemaker.evals.dialogues.open_system import system_of
        from tastemaker.evals.dialogues.run import DialogueAsker, Rows, Slices
        from tastemaker.evals.dialogues.sample import sample
        from tastemaker.evals.dialogues.system import Folds
        from tastemaker.tools.workspace.workspace import Workspace

        opened = Workspace.open(self.workspace)
        names = Names(opened.catalog)
        cases = link(read_dialogues(self.data_file, self.file_format, self.ids), names)
        rows = Rows(names, Slices.of(sample(cases, self.limit, self.seed), opened.catalog))
        with ExitStack() as held:
            folds = Folds(opened.tool_context(), cases, self.seed, place=self.place)
            asker = DialogueAsker(folds, lambda: system_of(self.name, opened, folds, self.asks, held), rows)
            if self.place is None:
                asker.open()
            yield asker


@dataclass(frozen=True)
class SimulationRecipe:
    """The agent and the users of ``eval simulate``."""

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
        from tastemaker.evals.simulation.leak_audit import LeakAudit
        from tastemaker.evals.simulation.run import asking
        from tastemaker.evals.simulation.setup import agent_of, cast_of
        from tastemaker.tools.workspace.workspace import Workspace

        opened = Workspace.open(self.workspace)
        with ExitStack() as held:
            agent = agent_of(opened, self.llm, self.effort, self.agent, self.k, held, None, (0.0, 1))
            audit, searching = LeakAudit(opened.catalog), opened.retriever()
            yield asking(cast_of(opened.catalog, audit, searching, self.user, self.seed), agent, self.turns)


@dataclass(frozen=True)
class ReplayRecipe:
    """The agent of ``eval replay``."""

    workspace: Path
    llm: str
    effort: str
    recommender: str | None
    prompts: Path | None

    @contextmanager
    def open(self) -> Iterator[Ask[LoggedTurn]]:
        """Open the agent, with other prompts if so wished."""
        from tastemaker.agent import Tastemaker
        from tastemaker.agent.llm.open_models import open_models
        from tastemaker.evals.replay.run import asking
        from tastemaker.prompts import instead
        from tastemaker.tools.workspace.workspace import Workspace

        opened = Workspace.open(self.workspace)
        with ExitStack() as held:
            if self.prompts:
                held.enter_context(instead(self.prompts))
            home = Path(held.enter_context(tempfile.TemporaryDirectory()))
            tool_context = opened.tool_context(self.recommender)
            tm = Tastemaker(opened, open_models(self.llm), self.effort, tool_context=tool_context, home=home)
            yield asking(held.enter_context(tm))
