"""Answers about the conversation itself, out of scores, conditions and the catalogue: nothing is made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import numpy as np

from tastemaker.agent.events import Card
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.rules.acts.dialogue_acts import at_first, is_pair, why_not_title
from tastemaker.agent.nlu.rules.ordinals import ORDINALS
from tastemaker.agent.nlu.understanding import Act
from tastemaker.agent.reply.citations import source_in_words
from tastemaker.agent.reply.reasons import display_values
from tastemaker.agent.shortlist.fusion import fuse
from tastemaker.agent.shortlist.opening_calls import opening_calls
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.schema import SHOWN_ONLY, Attribute, Kind, Provenance, Value
from tastemaker.retrieval.catalog.value_words import attribute_in_words
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.constraints import satisfies
from tastemaker.retrieval.text.joined import join_and, joined
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.rank import taste_scores
from tastemaker.tools.tool_context import ToolContext

MAX_COMPARED, MAX_VALUES = 4, 4
"""Items that are compared at once, and values of one attribute that are named of each."""
COMPUTED_SAID = ("rating_mean",)

_ORDINAL = re.compile(rf"\b(?:({'|'.join(ORDINALS)})|([1-9]))\b", re.IGNORECASE)
_THEM = re.compile(r"\b(?:them|these|those|both)\b|^\W*compare\W*$", re.IGNORECASE)


def explain(
    act: Act,
    message: str,
    named: Sequence[str],
    last: Sequence[Card],
    earlier: Sequence[Sequence[str]],
    profile: TasteProfile,
    tool_context: ToolContext,
) -> str:
    """The answer to an act.

    Args:
        act: which.
        message: as said.
        named: ids that the message names.
        last: the cards shown last.
        earlier: ids of every list shown in this session, the oldest first.
        profile: of the person.
        tool_context: the catalogue and what ranks it.
    """
    if act is Act.RECALL:
        return recall(message, earlier, tool_context)
    if act is Act.COMPARE:
        ids = list(dict.fromkeys(named))
        if len(ids) < 2:
            ids = _referenced_ids(message, last) or ids
        if len(ids) < 2:
            return "Name two titles to compare, or say “compare the first two”."
        return compare([tool_context.catalog[i] for i in ids[:MAX_COMPARED]], profile, tool_context)
    if not named and (asked := why_not_title(message)):
        return f"I cannot show “{asked}”: this catalogue does not have it under that name."
    if not named:
        return "Which title do you mean? Name it, and I can say what kept it off the list."
    return " ".join(
        why_not(tool_context.catalog[i], profile, last, tool_context) for i in dict.fromkeys(named)
    )


def _referenced_ids(message: str, last: Sequence[Card]) -> list[str]:
    """The items of the last list that a message means without naming any: by number, or as "these two"."""
    numbers = [int(digit) if digit else ORDINALS[word.lower()] for word, digit in _ORDINAL.findall(message)]
    places = list(dict.fromkeys(len(last) if number < 0 else number for number in numbers))
    if len(places) > 1:
        return [last[place - 1].id for place in places if place <= len(last)]
    return [card.id for card in last[:2]] if is_pair(message) or _THEM.search(message) else []


def recall(message: str, earlier: Sequence[Sequence[str]], tool_context: ToolContext) -> str:
    """What was shown, first or last."""
    if not earlier:
        return "I have not shown you anything yet."
    ids = earlier[0] if at_first(message) else earlier[-1]
    when = "First I showed you " if at_first(message) else "I showed you "
    return when + join_and([tool_context.catalog[i].title for i in ids]) + "."


def compare(
    items: Sequence[Item],
    profile: TasteProfile,
    tool_context: ToolContext,
    phrases: ValuePhrases | None = None,
) -> str:
    """What items share, what each has of its own, what is not known, and which suits the person better, as lines."""
    schema = tool_context.catalog.schema
    phrases = phrases or ValuePhrases(schema, tool_context.facets)
    rows = [_Row() for _ in items]
    both = _Row()
    missing: dict[str, list[str]] = {item.title: [] for item in items}
    for attribute in schema.attributes:
        held = [item.attributes.get(attribute.name) for item in items]
        if attribute.kind in {Kind.TEXT, *SHOWN_ONLY} or all(value is None for value in held):
            continue
        said = [_said(attribute, value, phrases) for value in held]
        shared = [one for one in said[0] if all(one in other for other in said[1:])]
        both.add(attribute, shared)
        for item, row, value, own in zip(items, rows, held, said, strict=True):
            row.add(attribute, [one for one in own if one not in shared])
            if value is None and attribute.provenance is not Provenance.COMPUTED:
                missing[item.title].append(attribute_in_words(attribute.name))
    lines = [f"{'Both' if len(items) == 2 else 'All'}: {both.text}."] if both.text else []
    lines += [f"{item.title}: {row.text}." for item, row in zip(items, rows, strict=True) if row.text]
    lines += [f"Of {title} I don't know: {join_and(names)}." for title, names in missing.items() if names]
    return "\n".join([*lines, _compare_preference(items, profile, tool_context)]).strip()


class _Row:
    """Phrases of one column: what is stated, then what is inferred."""

    def __init__(self) -> None:
        self._stated: list[str] = []
        self._inferred: list[str] = []

    def add(self, attribute: Attribute, said: Sequence[str]) -> None:
        """Add phrases of an attribute."""
        if said:
            is_sure = attribute.provenance is not Provenance.INFERRED
            (self._stated if is_sure else self._inferred).append(joined(said[:MAX_VALUES]))

    @property
    def text(self) -> str:
        """The whole row."""
        inferred = f"as far as I can tell {', '.join(self._inferred)}" if self._inferred else ""
        return "; ".join(filter(None, (", ".join(self._stated), inferred)))


def _said(attribute: Attribute, value: Value | None, phrases: ValuePhrases) -> list[str]:
    if value is None or (attribute.provenance is Provenance.COMPUTED and attribute.name not in COMPUTED_SAID):
        return []
    values = display_values(value)
    return [phrase for one in values if (phrase := phrases.of(attribute.name, cast(Value, one)))]


def why_not(item: Item, profile: TasteProfile, last: Sequence[Card], tool_context: ToolContext) -> str:
    """What keeps an item off the list: what the person said of it, a condition, or its place."""
    title = item.title
    if any(card.id == item.id for card in last):
        return f"{title} is on the list."
    if item.id in profile.dislikes:
        return f"You told me that you do not like {title}."
    if item.id in profile.likes or item.id in profile.history:
        return f"You know {title} already, so I leave it out."
    if item.id in profile.withheld:
        return f"I showed you {title} before, and you asked for others since."
    schema = tool_context.catalog.schema
    broken = [condition_in_words(c, schema) for c in profile.constraints if not satisfies(item, c)]
    if broken:
        return f"{title} does not meet your condition{'s' * (len(broken) > 1)}: {join_and(broken)}."
    lists = [call() for call in opening_calls(tool_context, profile, [])]
    places = {fused.id: place for place, fused in enumerate(fuse(lists), 1)}
    if item.id not in places:
        return f"{title} meets your conditions, but none of my searches and rankings brought it up for what you asked."
    before = places[item.id] - 1
    if not before:
        return f"{title} meets your conditions, and may come when you ask for more."
    others = "one other" if before == 1 else f"{before:,} others"
    return f"{title} meets your conditions, but {others} came before it{_by_tool(item, lists)}."


def _by_tool(item: Item, lists: Sequence[Candidates]) -> str:
    found = []
    for one in lists:
        ids = [item_id for item_id, _ in one.ranked]
        if item.id in ids:
            found.append(source_in_words(one.source(ids.index(item.id) + 1)))
        else:
            found.append(f"not among the best by {one.tool}")
    return f" ({join_and(found)})" if found else ""


def _compare_preference(items: Sequence[Item], profile: TasteProfile, tool_context: ToolContext) -> str:
    taste = profile.taste()
    if not taste:
        return ""
    scores = taste_scores(tool_context, taste)
    places = {
        item.title: 1 + int(np.sum(scores > scores[tool_context.catalog.row(item.id)])) for item in items
    }
    order = sorted(places, key=lambda title: places[title])
    if places[order[0]] == places[order[-1]]:
        return "Going by what you like, I could not say which suits you better."
    others = join_and(order[1:])
    return f"Going by what you like, {order[0]} suits you {'better' if len(order) == 2 else 'best'}, before {others}."
