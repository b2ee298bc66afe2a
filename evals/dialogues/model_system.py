"""A language model on its own: it is shown the conversation and lists titles from memory."""

from __future__ import annotations

from tastemaker import prompts
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.evals.dialogues.system import Answer
from tastemaker.retrieval.titles.resolver import ARTICLE_COST, EDIT_COST, TitleResolver

TITLES = 10
"""Titles asked for: as many as reports look at first; a small model repeats itself beyond."""

MAX_TOKENS = 200
LAST = 8
"""Utterances shown."""

MIN_LIBERTY = min(ARTICLE_COST, EDIT_COST)
"""What a title may not lose: nothing but its spaces."""

SCHEMA = {
    "title": "Titles",
    "type": "object",
    "properties": {
        "titles": {
            "type": "array",
            "items": {"type": "string", "maxLength": 60},
            "minItems": 1,
            "maxItems": TITLES,
        }
    },
    "required": ["titles"],
    "additionalProperties": False,
}


class ModelAlone:
    """Zero-shot: titles are resolved strictly, one that fits nothing or several items counts as outside.

    Args:
        model: which.
        resolver: of the catalogue.
        kind: what the items are, in the prompt's words.
    """

    def __init__(self, model: LanguageModel, resolver: TitleResolver, kind: str = "films") -> None:
        self._model, self._resolver, self._kind = model, resolver, kind

    def answer(self, case: DialogueCase) -> Answer:
        """What the model lists for the conversation."""
        system = prompts.load("titles_from_memory", kind=self._kind, number=str(TITLES))
        said = "\n".join(f"{one.speaker}: {one.text}" for one in case.context[-LAST:] if one.text.strip())
        told = prompts.fence("conversation", said or "seeker: hello")
        filled = self._model.complete(SCHEMA, [("system", system.text), ("user", told)], MAX_TOKENS)
        return resolve_titles(filled.value["titles"], self._resolver, filled.usage.model_dump())


def resolve_titles(
    titles: list[str], resolver: TitleResolver, usage: dict[str, object] | None = None
) -> Answer:
    """Titles as ids, in order; what is not the very title of exactly one item is outside.

    The year may be missing where one item is called so. A misspelt title, part of one, or one with
    another item's year would be mapped to its nearest neighbour: it counts as outside.
    """
    items, outside = dict[str, None](), list[str]()
    for title in titles:
        found = resolver.resolve(title)
        match = found.matches[0] if found.status == "one" else None
        if match and match.likeness > 1 - MIN_LIBERTY and not match.flagged_year:
            items[match.id] = None
        else:
            outside.append(title)
    return Answer(tuple(items), tuple(outside), text="; ".join(titles), usage=usage)
