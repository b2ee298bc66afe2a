"""The answer to a question about many items as one sentence; every number and name in it is the catalogue's."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.computed_attributes import POPULARITY, RATING
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.catalog.value_words import (
    attribute_in_words,
    number_with_unit,
    provenance_mark,
    value_in_words,
)
from tastemaker.retrieval.filters.aggregates import Answer, What
from tastemaker.retrieval.filters.condition_words import quoted_with_mark
from tastemaker.retrieval.filters.conditions import all_of

ENDS = {
    "year": ("newest", "oldest"),
    "runtime": ("longest", "shortest"),
    "price": ("dearest", "cheapest"),
    RATING: ("best rated", "worst rated"),
    POPULARITY: ("most popular", "least popular"),
}
"""What items at the upper and the lower end of an attribute are called."""
MAX_LISTED = 5
"""Values or titles that a sentence names."""


def in_words(answer: Answer, catalog: Catalog) -> str:
    """One plain sentence that says what was counted and what came out.

    >>> from tastemaker.retrieval.filters.aggregates import Aggregate, aggregate
    >>> from tastemaker.retrieval.catalog.schema import Schema
    >>> empty = Catalog([], Schema(attributes=()))
    >>> in_words(aggregate(empty, Aggregate(what=What.COUNT)), empty)
    'There are 0 items in this catalogue.'
    """
    asked, field = answer.asked, attribute_in_words(answer.asked.field or "")
    parts = [quoted_with_mark(all_of(asked.where), catalog.schema)] if asked.where else []
    parts += [f"“{' '.join(asked.called)}” in the title"] if asked.called else []
    condition = " and ".join(parts)
    if asked.what is What.COUNT:
        verb, noun = ("is", "item") if answer.matching == 1 else ("are", "items")
        where = f"here with {condition}" if condition else "in this catalogue"
        return f"There {verb} {answer.matching:,} {noun} {where}."
    if not answer.matching:
        return f"Nothing in this catalogue has {condition}." if condition else "This catalogue is empty."
    scope = (
        f"the {count_in_words(answer.matching)} shown"
        if asked.among
        else (
            f"the {count_in_words(answer.matching)} with {condition}"
            if condition
            else f"all {count_in_words(answer.matching)}"
        )
    )
    if not answer.ids:
        return f"Of {scope}, none has a known {field}."
    return _sentence(answer, catalog, scope, field)


def _sentence(answer: Answer, catalog: Catalog, scope: str, field: str) -> str:
    known = "" if len(answer.ids) == answer.matching else f" ({len(answer.ids):,} have a known {field})"
    match answer.asked.what:
        case What.AVERAGE:
            average = f"{answer.value:.2f}".rstrip("0").rstrip(".")
            return f"The average {field} of {scope} is {_value_in_words(average, answer, catalog)}{known}."
        case What.RANGE:
            upper = _value_in_words(answer.upper, answer, catalog)
            return f"The {field} of {scope} goes from {answer.value} to {upper}{known}."
        case What.DISTINCT:
            return f"Among {scope} there are {answer.value:,} different values of {field}{known}."
        case What.COMMONEST:
            named = _join_list([f"{value} ({count:,})" for value, count in answer.values])
            return f"The most frequent {field} among {scope}: {named}."
    named = _join_list(_titles(answer, catalog))
    return f"The {_extreme(answer, catalog)} of {scope}: {named}."


def _titles(answer: Answer, catalog: Catalog) -> list[str]:
    return [catalog[item_id].title for item_id in answer.ids]


def _extreme(answer: Answer, catalog: Catalog) -> str:
    field, top = answer.asked.field or "", answer.asked.what is What.HIGHEST
    if catalog.schema[field].kind is Kind.DATE or "year" in field.casefold():
        return f"{name_end('year', top)} ({value_in_words(catalog.schema[field], answer.value)})"
    value = _value_in_words(answer.value, answer, catalog)
    return f"{name_end(field, top)} ({value})"


def name_end(field: str, top: bool) -> str:
    """What the items at one end of an attribute are called.

    >>> name_end("runtime", top=True), name_end("stamina", top=False)
    ('longest', 'lowest stamina')
    """
    if field in ENDS:
        return ENDS[field][0 if top else 1]
    return f"{'highest' if top else 'lowest'} {attribute_in_words(field)}"


def _value_in_words(value: object, answer: Answer, catalog: Catalog) -> str:
    """A number of the attribute that was asked of, with its unit, and what the catalogue does not state marked."""
    attribute = catalog.schema[answer.asked.field or ""]
    mark = provenance_mark(attribute)
    return number_with_unit(attribute, value) + (f", {mark}" if mark else "")


def count_in_words(n: int) -> str:
    """A number of items in words.

    >>> count_in_words(1), count_in_words(1200)
    ('1 item', '1,200 items')
    """
    return f"{n:,} item" if n == 1 else f"{n:,} items"


def _join_list(names: Sequence[str]) -> str:
    shown = list(names[:MAX_LISTED])
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown):,} more")
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
