"""From what a worker process, here or on a Ray cluster, makes the agent that holds turns again: paths and options."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.agent.llm.open_models import open_models
from tastemaker.evals.replay.log import LoggedTurn
from tastemaker.evals.replay.run import asking, miss_row
from tastemaker.evals.runs.held_asker import HeldAsker
from tastemaker.prompts import instead
from tastemaker.tools.workspace.workspace import Workspace


@dataclass(frozen=True)
class ReplayRecipe:
    """The agent of :func:`tastemaker.evals.run_replay`."""

    workspace: Path
    llm: str
    effort: str
    recommender: str | None
    prompts: Path | None

    @contextmanager
    def open(self) -> Iterator[HeldAsker[LoggedTurn]]:
        """Open the agent, with other prompts if so wished."""
        opened = Workspace.open(self.workspace)
        with ExitStack() as held:
            if self.prompts:
                held.enter_context(instead(self.prompts))
            home = Path(held.enter_context(tempfile.TemporaryDirectory()))
            tool_context = opened.tool_context(self.recommender)
            tm = Tastemaker(opened, open_models(self.llm), self.effort, tool_context=tool_context, home=home)
            yield HeldAsker(asking(held.enter_context(tm)), partial(miss_row, catalog=opened.catalog))
