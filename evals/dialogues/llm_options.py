"""How much the systems of a run ask of a language model, and of which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.open_models import open_models
from tastemaker.evals.runs.llm_cache import RememberingModel


@dataclass(frozen=True)
class Asks:
    """Options of the agent and of the model alone.

    Attributes:
        llm: rules, local, http://host/v1#MODEL, or PROVIDER:MODEL.
        effort: fast, balanced or thorough.
        words: model or template.
        learned: whether the agent gets a conversation ranker of the other folds.
        answers: file in which the model's answers are kept from run to run.
    """

    llm: str
    effort: str
    words: str
    learned: bool
    answers: Path | None = None

    def model(self) -> LanguageModel | None:
        """Open the model; None for rules."""
        model = open_models(self.llm)
        return RememberingModel(model, self.answers) if model and self.answers else model
