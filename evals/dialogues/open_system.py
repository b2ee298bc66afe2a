"""The systems of ``eval dialogues`` by name."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from tastemaker.evals.dialogues.llm_options import Asks
from tastemaker.evals.dialogues.system import DialogueSystem, Folds
from tastemaker.retrieval.errors import ConfigError

if TYPE_CHECKING:
    from tastemaker.tools.workspace.workspace import Workspace

NO_MODEL = "the system model needs a language model: give --llm local, or another"


def system_of(
    name: str,
    workspace: Workspace,
    folds: Folds,
    asks: Asks,
    held: ExitStack,
) -> DialogueSystem:
    """A system by its name on the command line; what has to be closed goes into ``held``."""
    from tastemaker.evals.dialogues.agent_system import AgentSystem
    from tastemaker.evals.dialogues.case import Names
    from tastemaker.evals.dialogues.external_system import CallableSystem, EndpointSystem, load_callable
    from tastemaker.evals.dialogues.model_system import ModelAlone
    from tastemaker.evals.dialogues.system import BASELINES, baseline

    if name == "conversation":
        folds.learn_all()
    if name in BASELINES:
        return baseline(name, folds.tool_context, folds)
    if name == "agent":
        agent = AgentSystem(workspace, asks.model(), asks.effort, folds if asks.learned else None, asks.words)
        held.callback(agent.close)
        return agent
    if name == "model":
        model = asks.model()
        if model is None:
            raise ConfigError(NO_MODEL)
        return ModelAlone(model, folds.tool_context.resolver)
    if name.startswith(("http://", "https://")):
        endpoint = EndpointSystem(name, folds.tool_context)
        held.callback(endpoint.close)
        return endpoint
    catalog = folds.tool_context.catalog
    return CallableSystem(load_callable(name), Names(catalog), {item.id: item.title for item in catalog})
