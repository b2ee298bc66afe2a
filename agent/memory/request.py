"""The request: what the person asks for now, carried and edited from message to message.

What was said outright and must hold are the profile's ``constraints``; everything here bends the
ranking and, but for ``left_out``, never hides an item.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from tastemaker.retrieval.filters.conditions import Condition, describe, leaves
from tastemaker.retrieval.filters.constraints import turns_down

MAX_PREFERENCES = 40
"""Preferences that are carried; the oldest fade."""
CARRIED = 0.95
"""What a preference weighs after another message that goes on with the same request."""
MAX_QUERIES = 3


class Scope(StrEnum):
    """What a message does to the standing request."""

    NEW = "new"
    REFINE = "refine"
    REPLACE = "replace"
    REVERSE = "reverse"


class Preference(BaseModel):
    """A condition that is wanted (weight above 0) or unwanted (below), and never required.

    Attributes:
        condition: on one attribute, or several joined.
        weight: how strongly, -1 to 1.
        words: of the message that it rests on.
    """

    model_config = ConfigDict(frozen=True)

    condition: Condition
    weight: float = Field(default=1.0, ge=-1, le=1)
    words: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """The attributes it speaks of."""
        return frozenset(leaf.field for leaf in leaves(self.condition))


class Critique(BaseModel):
    """More or less of something than some items have: "less violent than Heat", "funnier".

    Attributes:
        field: a number attribute, such as a level; "" for an open word.
        word: the quality, where no attribute holds it.
        more: the direction.
        than: ids of the items compared with; none means the last list.
    """

    model_config = ConfigDict(frozen=True)

    field: str = ""
    word: str = ""
    more: bool
    than: tuple[str, ...] = ()


class Request(BaseModel):
    """Everything that is asked for now besides hard conditions.

    Attributes:
        other_person: whether it is for somebody else, so that the person's own taste does not rank.
        prefer: what is wanted or unwanted, by attribute.
        avoid: what is unwanted, in words that no attribute holds.
        queries: what is searched for, in the catalogue's language, the latest last.
        quote: the person's words for it, for replies.
        like, unlike: ids of items that the wanted ones resemble, or do not.
        critiques: more or less of something than certain items.
        candidates: ids of items that a model thinks of by name.
        unknown: properties asked for that no attribute holds, in words.
        said: the person's messages for what is asked for now, the latest last.
        how_many: items asked for, None where that was not said.
        left_out: ids of items that have what was turned down in their titles or texts; these are hidden.
    """

    model_config = ConfigDict(frozen=True)

    other_person: bool = False
    prefer: tuple[Preference, ...] = ()
    avoid: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    quote: str = ""
    said: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    critiques: tuple[Critique, ...] = ()
    candidates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    how_many: int | None = Field(default=None, ge=1)
    left_out: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Whether it says nothing of what is wanted."""
        return not (
            self.prefer
            or self.avoid
            or self.queries
            or self.like
            or self.unlike
            or self.critiques
            or self.candidates
        )

    def edit(self, new: Request, scope: Scope) -> Self:
        """The request after another message.

        Args:
            new: what that message says by itself.
            scope: ``refine`` goes on with this one, where the new one wins on attributes that both speak
                of; all else puts the new one in its place.
        """
        if scope is not Scope.REFINE:
            return self.model_copy(update=dict(new))
        return self.model_copy(
            update={
                "other_person": self.other_person or new.other_person,
                "prefer": self._joined_preferences(new),
                "avoid": tuple(dict.fromkeys((*self.avoid, *new.avoid))),
                "queries": tuple(dict.fromkeys((*self.queries, *new.queries)))[-MAX_QUERIES:],
                "quote": new.quote or self.quote,
                "said": tuple(dict.fromkeys((*self.said, *new.said)))[-MAX_QUERIES:],
                "like": tuple(dict.fromkeys((*self.like, *new.like))),
                "unlike": tuple(dict.fromkeys((*self.unlike, *new.unlike))),
                "critiques": new.critiques or self.critiques,
                "candidates": new.candidates,
                "unknown": new.unknown,
                "how_many": new.how_many,
            }
        )

    def _joined_preferences(self, new: Request) -> tuple[Preference, ...]:
        """Those of before, a little fainter, without the ones that the new ones speak against, and the new ones."""
        now = {describe(preference.condition) for preference in new.prefer}
        kept = [
            preference.model_copy(update={"weight": preference.weight * CARRIED})
            for preference in self.prefer
            if describe(preference.condition) not in now
            and not any(_oppose(preference, other) for other in new.prefer)
        ]
        return (*kept, *new.prefer)[-MAX_PREFERENCES:]

    def without(self, item_id: str) -> Self:
        """Nothing said of an item any more."""
        return self.model_copy(
            update={
                name: tuple(i for i in getattr(self, name) if i != item_id)
                for name in ("like", "unlike", "candidates")
            }
        )


SCALES = frozenset({"at_least", "at_most", "between", "is", "before", "after"})


def _oppose(old: Preference, new: Preference) -> bool:
    """Whether the new one takes the old one's place: the same scale, or the same values with another sign."""
    if not old.fields & new.fields:
        return False
    if _wants(old) != _wants(new):
        return bool(_values(old) & _values(new)) or _is_scale(old)
    return _is_scale(old) and _is_scale(new)


def _wants(preference: Preference) -> bool:
    """Whether it asks for values, and not against them."""
    return (preference.weight > 0) != turns_down(preference.condition)


def _is_scale(preference: Preference) -> bool:
    return all(
        leaf.op.value in SCALES and not isinstance(leaf.value, str) for leaf in leaves(preference.condition)
    )


def _values(preference: Preference) -> set[str]:
    return {
        str(value).casefold()
        for leaf in leaves(preference.condition)
        for value in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
    }
