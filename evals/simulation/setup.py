"""Who takes part in a simulated conversation: the agent under test, and the cast of users."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import ConfigError

if TYPE_CHECKING:
    from tastemaker.evals.simulation.leak_audit import LeakAudit
    from tastemaker.evals.simulation.run import Cast
    from tastemaker.evals.simulation.user import AgentUnderTest
    from tastemaker.retrieval.catalog.catalog import Catalog
    from tastemaker.retrieval.search.retriever import Retriever
    from tastemaker.tools.workspace.workspace import Workspace


def cast_of(catalog: Catalog, audit: LeakAudit, searching: Retriever, name: str, seed: int) -> Cast:
    """Who plays the users: rules, or a model."""
    from tastemaker.agent.llm.open_models import open_models
    from tastemaker.evals.simulation.paraphrases import Paraphrases
    from tastemaker.evals.simulation.run import Cast

    return Cast(catalog, audit, Paraphrases(catalog, searching.ways.phrases), open_models(name), seed)


def agent_of(
    workspace: Workspace,
    llm: str,
    effort: str,
    place: str | None,
    k: int,
    held: ExitStack,
    log: Path | None,
    explore: tuple[float, int],
) -> AgentUnderTest:
    """Our agent with sessions in a folder of their own, or somebody else's."""
    from tastemaker.agent import Tastemaker
    from tastemaker.agent.llm.open_models import open_models
    from tastemaker.agent.shortlist.exploration_slots import ExplorationPolicy
    from tastemaker.evals.dialogues.external_system import load_callable
    from tastemaker.evals.simulation.agents_under_test import CallableUnderTest, TastemakerUnderTest

    if place:
        return CallableUnderTest(load_callable(place), k)
    share, pool = explore
    if not 0 <= share < 1 or pool < 1:
        raise ConfigError(
            f"--explore-share must be 0 to below 1, such as 0.05, and --explore-pool at least 1, got {share}, {pool}"
        )
    home = Path(held.enter_context(tempfile.TemporaryDirectory()))
    policy = ExplorationPolicy(share=share, pool=pool)
    tm = Tastemaker(workspace, open_models(llm), effort, home=home, log=log, policy=policy)
    return TastemakerUnderTest(held.enter_context(tm), k)
