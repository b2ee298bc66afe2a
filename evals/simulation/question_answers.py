"""How somebody with an item in mind answers what an agent asks back, by what the question names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tastemaker.agent.nlu.tokenizer import words
from tastemaker.evals.simulation.target_card import Fact, Sort
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import Condition, leaves
from tastemaker.retrieval.filters.constraints import satisfies
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.text.tokens import singular

_QUOTED = re.compile(r"“([^”]+)”")
_WHICH = re.compile(r"^\W*which\b.*\bdo you mean\b", re.IGNORECASE)
_AGAIN = re.compile(r"\bagain\b|\balready\b", re.IGNORECASE)


@dataclass(frozen=True)
class Answered:
    """An answer: the words, the facts it tells, and the attributes whose conditions it lets go."""

    text: str
    told: tuple[Fact, ...] = ()
    dropped: tuple[str, ...] = ()


def answer_question(question: str, target: Item, catalog: Catalog, facts: Sequence[Fact]) -> Answered:
    """Answer truthfully as far as the card goes; ``facts`` are those on it.

    A condition in quotes is dropped where the item breaks it and kept where it does not.
    A question that names values of an attribute gets those that are true, one that names an
    attribute gets its facts, any other gets no more than "I don't mind".
    """
    if _WHICH.search(question):
        return Answered("None of these, I was not naming anything.")
    quoted = [one for one in map(partial(_condition, catalog=catalog), _QUOTED.findall(question)) if one]
    if quoted:
        if satisfies(target, quoted[0]):
            return Answered("No, keep that.")
        return Answered("Yes, drop that.", dropped=tuple({leaf.field for leaf in leaves(quoted[0])}))
    if _AGAIN.search(question):
        return Answered("No, not again.")
    named = list(_values_in(question, catalog))
    true = [fact for fact in facts if (fact.field, fact.said.casefold()) in named]
    if true:
        return Answered(f"{true[0].said.capitalize()}.", (true[0],))
    field = named[0][0] if named else _field_in(question, catalog.schema.names())
    own = [fact for fact in facts if fact.field == field and fact.sort is not Sort.STORY]
    if own:
        return Answered(f"{'Neither, rather ' if named else ''}{own[0].said}.".capitalize(), (own[0],))
    return Answered("I don't remember that." if field else "I don't mind.")


def _condition(said: str, catalog: Catalog) -> Condition | None:
    """A condition that was quoted; None where the quotation is none."""
    try:
        return parse_where(said, catalog.schema)
    except QueryError:
        return None


def _values_in(question: str, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(attribute, value) of the values of few words that stand in the question."""
    spoken = f" {' '.join(_plain(question))} "
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        for value in catalog.values(name):
            if f" {' '.join(_plain(value))} " in spoken:
                yield name, value.casefold()


def _field_in(question: str, names: Sequence[str]) -> str | None:
    asked = set(_plain(question))
    return next((name for name in names if set(_plain(name.replace("_", " "))) <= asked), None)


def _plain(text: str) -> list[str]:
    return [singular(word.norm) for word in words(text)]
