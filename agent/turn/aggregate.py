"""The step that answers a question about many items: what "this" means, the number, the cards."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from tastemaker.agent.events import Card, ItemShown
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request, Scope
from tastemaker.agent.nlu.understanding import AggregateQuestion
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.field_answers import compare_on
from tastemaker.agent.turn.call_events import tool_event
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import Tally, TurnContext, TurnState
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags, plain
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE, POPULARITY, RATING
from tastemaker.retrieval.catalog.schema import STATED, Attribute, Kind, Provenance, Value
from tastemaker.retrieval.catalog.value_words import (
    attribute_in_words,
    plain_number,
    said_of_item,
    value_in_words,
)
from tastemaker.retrieval.filters.aggregate_words import name_end
from tastemaker.retrieval.filters.aggregates import ALL, Aggregate, Answer, What, titles_with
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, describe
from tastemaker.retrieval.text.joined import number_in_words
from tastemaker.retrieval.text.tokens import singular
from tastemaker.tools.aggregate import count_up
from tastemaker.tools.candidates import Candidates

MAX_COMPARED = 3
"""Items that are compared one by one."""
MAX_SHOWN = 12
"""Items that are shown where so many are asked for: a series, the ten best."""
MIN_LIST = 2
"""Items that make a list, from which the talk may go on."""
COMPUTED_SAID = {
    POPULARITY: "{} people here chose it.",
    RATING: "Rated {} here on average.",
    PERCENTILE: "More people here chose it than {} % of the rest.",
}
"""What a log tells of an item, as a reason."""
_OF_ALL = re.compile(
    r"\b(?:of (?:them )?all|overall|altogether|at all|in (?:the|this|your) (?:whole |"
    r"entire )?(?:catalogue|catalog|shop|store|collection)|of everything)\b",
    re.IGNORECASE,
)
"""Words that ask beyond the conditions that stand."""


def tally(state: TurnState, runtime: Runtime[TurnContext]) -> Tally:
    """Answer a question about many items from the catalogue alone."""
    context, emit = runtime.context, runtime.stream_writer
    tool_context = context.resources.tool_context
    if state.asked is None:
        raise ValueError("no question about many items to answer")
    started = time.perf_counter()
    answer, sentence = count_up(tool_context, state.asked)
    if is_order(state.asked):
        sentence = _say_order(answer, [card.id for card in state.last])
    elif 1 < len(state.asked.among) <= MAX_COMPARED and state.asked.field and answer.ids:
        sentence = _compare(answer, tool_context.catalog, context.resources.reasons.evidence)
    found = replace(as_candidates(answer), seconds=round(time.perf_counter() - started, 5))
    emit(tool_event(found, tool_context))
    cards = cards_of(answer, tool_context.catalog, max(context.k, min(state.asked.k, MAX_SHOWN)))
    if is_order(state.asked):
        cards = _with_reasons(cards, state, context)
    for card in cards:
        emit(ItemShown(card=card))
    profile = with_superlative(state.profile, answer, cards, tool_context.catalog)
    return Tally(answer=sentence, shortlist=tuple(cards), profile=profile)


def with_superlative(
    profile: TasteProfile, answer: Answer, cards: Sequence[Card], catalog: Catalog
) -> TasteProfile:
    """The profile after a list by a superlative: "leave out the action" goes on from "the most popular of 1997".

    What was asked of all of them stands; how far they reach at that end is preferred from then on.
    """
    asked = answer.asked
    if asked.field is None or asked.among or len(cards) < MIN_LIST:
        return profile
    field = PERCENTILE if asked.field == POPULARITY and PERCENTILE in catalog.schema else asked.field
    if catalog.schema[field].kind is not Kind.NUMBER:
        return profile
    numbers = [float(value) for card in cards if isinstance(value := card.attributes.get(field), int | float)]
    if not numbers:
        return profile
    highest = asked.what is What.HIGHEST
    limit = Constraint(
        field=field,
        op=Op.AT_LEAST if highest else Op.AT_MOST,
        value=min(numbers) if highest else max(numbers),
    )
    standing = reduce(TasteProfile.with_constraint, asked.where, profile)
    request = standing.request.edit(Request(prefer=(Preference(condition=limit),)), Scope.REFINE)
    return standing.model_copy(update={"request": request})


def is_order(asked: Aggregate) -> bool:
    """Whether items are put in an order, all of them: the list shown before, or a series."""
    return len(asked.among) > 1 and asked.k == ALL


def _with_reasons(cards: Sequence[Card], state: TurnState, context: TurnContext) -> list[Card]:
    """Cards whose place says what they are ordered by, with reasons as on every list."""
    items = [context.resources.tool_context.catalog[card.id] for card in cards]
    told = context.resources.reasons.for_list(items, state.profile)
    return [
        card.model_copy(update={"reason": reason, "cites": cites})
        for card, (reason, cites) in zip(cards, told, strict=True)
    ]


def _say_order(answer: Answer, shown: Sequence[str]) -> str:
    """What is said of items that are put in an order: the list shown before, or a series."""
    field, top = answer.asked.field or "", answer.asked.what is What.HIGHEST
    order = f"the {name_end(field, top)} first"
    if set(answer.ids) <= set(shown):
        return f"The same {number_in_words(len(answer.ids))}, {order}."
    return f"{number_in_words(len(answer.ids)).capitalize()} of them are here, {order}."


def _compare(answer: Answer, catalog: Catalog, evidence: Evidence) -> str:
    """Which of a few items it is, and what is known of each of them."""
    others = [item_id for item_id in answer.asked.among if item_id not in answer.ids]
    items = [catalog[item_id] for item_id in (*answer.ids, *others)]
    told = compare_on(answer.asked.field or "", items, catalog, evidence)
    return told if others else f"They are level. {told}"


def resolve_references(
    asked: AggregateQuestion,
    spoken_of: Item | None,
    catalog: Catalog,
    profile: TasteProfile | None = None,
    message: str = "",
) -> tuple[Aggregate | None, tuple[str, ...]]:
    """The question with "this director" and the like filled in, and what the person should know of it.

    A superlative ("the cheapest") is asked within the conditions that stand, those of ``profile``; a question with
    "of all" in its ``message`` is not. The question is None where no item says what is meant.
    """
    where = list(_within_standing(asked.aggregate, None if asked.same else profile, message))
    for field in asked.same:
        if spoken_of is None:
            return None, ()
        if field not in spoken_of.attributes:
            return None, (f"This catalogue does not know the {field} of {spoken_of.title}.",)
        where.append(_same_value(field, spoken_of.attributes[field], catalog.schema[field].kind))
    called, left = _title_words(asked, catalog)
    notes = (f"I left out “{' '.join(left)}”: no exact condition.",) if left else ()
    return asked.aggregate.model_copy(update={"where": tuple(where), "called": called}), notes


def _within_standing(asked: Aggregate, profile: TasteProfile | None, message: str) -> Sequence[Condition]:
    if profile is None or asked.what not in (What.HIGHEST, What.LOWEST) or _OF_ALL.search(message):
        return asked.where
    return reduce(TasteProfile.with_constraint, asked.where, profile).constraints


def _title_words(asked: AggregateQuestion, catalog: Catalog) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words of a superlative's question that titles have ("the cheapest lamp"), and those that say nothing exact."""
    if asked.aggregate.what not in (What.HIGHEST, What.LOWEST):
        return (), asked.left_out
    titled = tuple(singular(word) for word in asked.left_out if titles_with(catalog, [singular(word)]).any())
    if not titled or not titles_with(catalog, titled).any():
        return (), asked.left_out
    return titled, tuple(word for word in asked.left_out if singular(word) not in titled)


def _same_value(field: str, value: Value, kind: Kind) -> Constraint:
    values = tuple(as_tags(value)) if kind is Kind.TAGS else (str(value),)
    if len(values) == 1:
        return Constraint(field=field, op=Op.IS, value=values[0])
    return Constraint(field=field, op=Op.ANY_OF, value=values)


def as_candidates(answer: Answer) -> Candidates:
    """The call as it stands in the trace."""
    asked = answer.asked
    where = "; ".join(describe(condition) for condition in asked.where)
    arguments = {"what": asked.what.value, "field": asked.field, "where": where}
    return Candidates("aggregate", arguments, tuple((item_id, 0.0) for item_id in answer.ids))


def cards_of(answer: Answer, catalog: Catalog, k: int) -> list[Card]:
    """The items that were asked for, at most ``k``; none where the answer is a number or values."""
    field = answer.asked.field
    if field is None or answer.asked.what not in (What.HIGHEST, What.LOWEST):
        return []
    call = as_candidates(answer)
    return [
        Card(
            id=item.id,
            title=item.title,
            attributes={name: plain(value) for name, value in item.attributes.items()},
            reason=_reason(item, catalog.schema[field]),
            score=0.0,
            sources=(call.source(place),),
        )
        for place, item in enumerate((catalog[item_id] for item_id in answer.ids[:k]), 1)
    ]


def _reason(item: Item, attribute: Attribute) -> str:
    value = item.attributes[attribute.name]
    if attribute.provenance is Provenance.COMPUTED and attribute.name in COMPUTED_SAID:
        return COMPUTED_SAID[attribute.name].format(plain_number(value))
    if attribute.provenance in STATED:
        return f"{attribute_in_words(attribute.name).capitalize()}: {value_in_words(attribute, value)}."
    said = said_of_item(attribute, value)
    return f"{said[0].upper()}{said[1:]}."
