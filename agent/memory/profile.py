"""What the agent knows of one person's taste, and how it changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.memory.request import Request
from tastemaker.retrieval.filters.conditions import AnyOf, Condition, Constraint, Op, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE

LOWER = frozenset({Op.AT_LEAST, Op.AFTER})
UPPER = frozenset({Op.AT_MOST, Op.BEFORE})

MAX_WISHES = 2
"""Older wishes than this have faded: a person who changes the subject means it."""


class TasteProfile(BaseModel):
    """One person's taste, as ids and constraints. Immutable: every edit gives a new profile.

    Attributes:
        history: item ids in the order in which the person took them.
        likes, dislikes: item ids the person judged, in order.
        constraints: hard; nothing shown ever breaks one.
        wishes: what is wanted in the person's own words, the oldest first.
        request: what else is asked for now: preferences, comparisons, for whom.
        shown: item ids already recommended in this session; what fits a later request best may come again.
        withheld: those of them shown before other ones were asked for.
        rejected: item ids shown and turned down.
        taken: item ids that the person said they take.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    history: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    constraints: tuple[Condition, ...] = ()
    wishes: tuple[str, ...] = ()
    request: Request = Request()
    shown: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    def taste(self) -> tuple[str, ...]:
        """History and likes as one sequence for the recommenders, the newest last, dislikes left out."""
        return tuple(dict.fromkeys(i for i in self.history + self.likes if i not in self.dislikes))

    def has_evidence(self) -> bool:
        """Whether there is something to go by."""
        return bool(self.taste() or self.wishes or self.constraints or not self.request.is_empty())

    def hidden_ids(self) -> frozenset[str]:
        """Items never to be shown again unless asked for."""
        return frozenset(
            self.history + self.likes + self.dislikes + self.withheld + self.rejected + self.request.left_out
        )

    def with_like(self, item_id: str) -> Self:
        """The person likes this item; an earlier dislike or rejection of it is taken back."""
        return self._edit(
            likes=_append(self.likes, item_id),
            dislikes=_without(self.dislikes, item_id),
            rejected=_without(self.rejected, item_id),
        )

    def with_dislike(self, item_id: str) -> Self:
        """The person dislikes this item: it leaves the likes and is not shown again."""
        return self._edit(
            likes=_without(self.likes, item_id),
            dislikes=_append(self.dislikes, item_id),
            rejected=_append(self.rejected, item_id) if item_id in self.shown else self.rejected,
        )

    def with_seen(self, item_id: str) -> Self:
        """The person has had this item already, without a judgement."""
        return self._edit(history=_append(self.history, item_id))

    def without(self, item_id: str) -> Self:
        """Forget what was said of an item."""
        return self._edit(
            history=_without(self.history, item_id),
            likes=_without(self.likes, item_id),
            dislikes=_without(self.dislikes, item_id),
        )

    def with_shown(self, item_ids: Iterable[str]) -> Self:
        """These items were put before the person."""
        return self._edit(shown=tuple(dict.fromkeys((*self.shown, *item_ids))))

    def withholding_shown(self) -> Self:
        """Others are asked for: nothing shown so far comes again."""
        return self._edit(withheld=self.shown)

    def with_wish(self, wish: str) -> Self:
        """A new wish; the same one said again moves to the end."""
        return self._edit(wishes=_append(self.wishes, wish)[-MAX_WISHES:])

    def without_wishes(self) -> Self:
        """Drop all wishes, as after a change of subject."""
        return self._edit(wishes=())

    def with_request(self, request: Request) -> Self:
        """Another standing request; hard conditions and wishes stay."""
        return self._edit(request=request)

    def with_taken(self, item_id: str) -> Self:
        """The person takes this item: the search is over, and it counts as had."""
        return self._edit(
            taken=_append(self.taken, item_id),
            history=_append(self.history, item_id),
            wishes=(),
            constraints=(),
            request=Request(),
        )

    def with_constraint(self, new: Condition) -> Self:
        """Add a condition; it replaces older ones that it revises.

        A positive constraint revises older positive ones on its field and any
        negative one that names the same value; a negative one revises a
        positive one that names the same value, of several values only that one, and
        otherwise adds up. So does a condition joined by and, or, not, but for alternatives
        ("Italian": from there or in that language), which others on the same fields replace.
        """
        kept = (_without_values(c, new) for c in self.constraints)
        return self._edit(constraints=(*(c for c in kept if not _revises(new, c)), new))

    def without_constraints_on(self, field: str) -> Self:
        """Drop every condition and preference that says something of a field."""
        kept = (c for c in self.constraints if all(leaf.field != field for leaf in leaves(c)))
        prefer = tuple(one for one in self.request.prefer if field not in one.fields)
        return self._edit(constraints=tuple(kept), request=self.request.model_copy(update={"prefer": prefer}))

    def _edit(self, **changes: object) -> Self:
        return self.model_copy(update=changes)


def _append(ids: tuple[str, ...], item_id: str) -> tuple[str, ...]:
    return (*_without(ids, item_id), item_id)


def _without(ids: tuple[str, ...], item_id: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != item_id)


def _values(constraint: Constraint) -> set[str]:
    value = constraint.value
    values = value if isinstance(value, tuple | list) else (value,)
    return {str(v).casefold() for v in values}


def _complements(one: Constraint, other: Constraint) -> bool:
    """A lower and an upper bound that leave room between them are two halves of one wish."""
    lower, upper = (one, other) if one.op in LOWER else (other, one)
    return lower.op in LOWER and upper.op in UPPER and _bound_of(lower) <= _bound_of(upper)


def _bound_of(constraint: Constraint) -> float:
    value = constraint.value
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int | float) else float("nan")


def _without_values(old: Condition, new: Condition) -> Condition:
    """Several values that are wanted, without those turned down now: "Berlin or Hamburg", "not Hamburg"."""
    if not isinstance(old, Constraint) or not isinstance(new, Constraint):
        return old
    if old.op is not Op.ANY_OF or new.op not in NEGATIVE or old.field != new.field:
        return old
    values = old.value if isinstance(old.value, tuple) else (old.value,)
    left = tuple(value for value in values if str(value).casefold() not in _values(new))
    if len(left) == 1:
        return old.model_copy(update={"op": Op.IS, "value": left[0]})
    return old.model_copy(update={"value": left}) if left else old


def _revises(new: Condition, old: Condition) -> bool:
    if isinstance(new, AnyOf) and isinstance(old, AnyOf):  # "Japanese?" after "an Italian film"
        return {leaf.field for leaf in leaves(new)} == {leaf.field for leaf in leaves(old)}
    if not isinstance(new, Constraint) or not isinstance(old, Constraint):
        return new == old
    if new.field != old.field:
        return False
    if new.op not in NEGATIVE and old.op not in NEGATIVE:
        return not _complements(new, old)
    same_sign = (new.op in NEGATIVE) == (old.op in NEGATIVE)
    return new == old if same_sign else bool(_values(new) & _values(old))
