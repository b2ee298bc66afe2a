"""The question that a reply ends with, kept in the session so that a bare answer to it is understood."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.nlu.tokenizer import fold
from tastemaker.agent.nlu.understanding import Act, Intent, Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, describe


class PendingQuestion(BaseModel):
    """One question, and what its answers would mean.

    Attributes:
        kind: ``title``: which item is meant. ``taste``: which value of an attribute is wanted. ``change``:
            whether to drop or widen a condition. ``weakest``: which condition matters least. ``again``:
            whether to show items again.
        text: as asked.
        ids: the items to choose from, for ``title``.
        mention: what the person called it, and ``sentiment`` how they spoke of it.
        intent, act, message, named: what the person wanted when it had to be asked.
        field, choices: attribute and its values to choose from, for ``taste``.
        conditions: the one to change, or all to choose from.
        instead: what would take its place; None where it would go.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["title", "taste", "change", "weakest", "again"]
    text: str
    ids: tuple[str, ...] = ()
    mention: str = ""
    sentiment: Sentiment = Sentiment.LIKED
    intent: Intent = Intent.RECOMMEND
    act: Act | None = None
    message: str = ""
    named: tuple[str, ...] = ()
    field: str = ""
    choices: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    instead: Condition | None = None

    @property
    def key(self) -> str:
        """What tells it from other questions: the same key is not asked about twice in a session."""
        parts = [fold(self.mention), self.field, *map(describe, self.conditions)]
        if self.instead is not None:
            parts.append(describe(self.instead))
        return ": ".join([self.kind, *filter(None, parts)])

    def evidence(self, catalog: Catalog) -> list[str]:
        """What it may speak of: titles, values and conditions to choose from."""
        conditions = [*self.conditions, *([self.instead] if self.instead is not None else [])]
        return [
            *(catalog[i].title for i in self.ids),
            *self.choices,
            *map(describe, conditions),
            self.mention,
        ]
