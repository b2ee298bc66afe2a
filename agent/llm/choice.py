"""Which of the configured models is asked first."""

from __future__ import annotations

from tastemaker.agent.llm.fallback import ModelChain
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.open_models import RULES


def choices_of(model: LanguageModel | None) -> tuple[str, ...]:
    """Names of the models to choose from, the one asked first unless told otherwise first; ``rules`` last."""
    if model is None:
        return (RULES,)
    models = model.models if isinstance(model, ModelChain) else (model,)
    return (*(one.name for one in models), RULES)


def first_asked(model: LanguageModel | None, name: str) -> LanguageModel | None:
    """The models with that of a name before the others; as they are for an empty name or one that is not there."""
    if name == RULES:
        return None
    if not isinstance(model, ModelChain):
        return model
    chosen = [one for one in model.models if one.name == name]
    return ModelChain([*chosen, *(one for one in model.models if one.name != name)]) if chosen else model
