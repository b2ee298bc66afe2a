"""Conditions in the words that the chat understands, as well as in their own grammar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import QueryError

if TYPE_CHECKING:
    from tastemaker.retrieval.catalog.catalog import Catalog
    from tastemaker.retrieval.filters.conditions import Condition
    from tastemaker.retrieval.titles.resolver import TitleResolver


def read_where(text: str, catalog: Catalog, resolver: Callable[[], TitleResolver]) -> Condition:
    """``price under 40``, ``from the nineties``, ``no horror``, or the grammar of conditions.

    Words are taken only where all of them say a condition: a part that would be dropped is an error.

    Raises:
        QueryError: neither; says what the grammar misses.
    """
    from tastemaker.retrieval.filters.where_parser import parse_where

    try:
        return parse_where(text, catalog.schema)
    except QueryError as error:
        said = _in_words(text, catalog, resolver())
        if said is None:
            raise QueryError(
                f'{error}; in words it may say such as "under 40", "from the nineties", "no horror"'
            ) from None
        return said


def _in_words(text: str, catalog: Catalog, resolver: TitleResolver) -> Condition | None:
    from tastemaker.agent.nlu.rules.rule_reader import RulesReader
    from tastemaker.retrieval.filters.conditions import all_of

    read = RulesReader(catalog, resolver).read(text)
    if read.wish or read.mentions or read.forget or read.relative or not read.constraints:
        return None
    return all_of(read.constraints)
