"""The steps that a surrogate user can take: their shapes, and what each does to the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tastemaker.agent.llm.json_schema import list_shape, object_shape
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.item_rows import ItemRows
from tastemaker.agent.nlu.request_form import condition_properties, read_condition
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.agent.shortlist.model_ranking import id_shape, ranking_shape
from tastemaker.agent.shortlist.opening_calls import wanted_by
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.errors import ToolError
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.retrieval.text.tokens import singular
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.filter import filter_items
from tastemaker.tools.rank import rank
from tastemaker.tools.retrieve import retrieve
from tastemaker.tools.similar import similar
from tastemaker.tools.suit import suit
from tastemaker.tools.tool_context import ToolContext

MAX_TEXT, MAX_CONDITIONS, MAX_INSPECTED, MAX_VALUES = 200, 4, 3, 15
MAX_DETAILS = 700
"""Letters of an item that is inspected."""
SORTED = 100
"""Items of the merged list that are ranked by a number."""


def step_schema(catalog: Catalog, ids: Sequence[str], most: int, *, last: bool) -> dict[str, Any]:
    """JSON schema of the next step; of the last one, which can only finish."""
    text = {"type": "string", "maxLength": MAX_TEXT}
    numbers = list(catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY))
    rankable = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, provenance=EVERY))
    item = id_shape(ids)
    finish = ranking_shape(ids, most, action={"const": "finish"})
    shapes = [
        _step("retrieve", text=text),
        _step("filter", conditions=list_shape(object_shape(condition_properties(catalog)))),
        _step("similar", item=item),
        _step("critique", item=item, field={"enum": numbers}, more={"type": "boolean"}),
        _step("rank", by={"enum": rankable}, order={"enum": ["taste", "most", "least"]}),
        _step("facets", text=text),
        _step("inspect", items=list_shape(item)),
    ]
    needs = {
        "critique": bool(numbers and ids),
        "rank": bool(rankable),
        "similar": bool(ids),
        "inspect": bool(ids),
    }
    offered = [shape for shape in shapes if needs.get(shape["properties"]["action"]["const"], True)]
    return {
        "title": "step",
        "description": "the next step",
        **object_shape({"step": {"anyOf": [finish] if last else [*offered, finish]}}),
    }


def step_key(step: Mapping[str, Any]) -> str:
    """Equal for equal steps, letters' case and order of names aside."""
    return json.dumps(step, sort_keys=True).casefold()


def take_step(
    tool_context: ToolContext, step: Mapping[str, Any], profile: TasteProfile, merged: Sequence[Fused]
) -> Candidates:
    """Carry out a step that finds items, under the person's conditions.

    Raises:
        ToolError, QueryError: the step makes no sense for this catalogue.
        KeyError, TypeError, ValueError: it does not have its shape.
    """
    where, hide = profile.constraints, tuple(sorted(profile.hidden_ids()))
    match step["action"]:
        case "retrieve":
            return retrieve(tool_context, _text(step["text"]), where, hide)
        case "similar":
            return similar(tool_context, str(step["item"]), where, hide)
        case "filter":
            wanted = _conditions(step, tool_context.catalog)
            return _suiting(tool_context, profile, (*where, *wanted), hide, wanted)
        case "critique":
            beyond = _beyond(step, tool_context.catalog)
            found = similar(tool_context, str(step["item"]), (*where, beyond), hide)
            told = {**found.arguments, "where": describe(beyond)}
            return replace(found, arguments=told)
        case "rank" if step["order"] == "taste":
            return rank(tool_context, profile.taste(), str(step["by"]), where, hide)
        case "rank":
            return _by_number(tool_context, step, merged)
    raise ToolError(f"no step {str(step['action'])[:40]!r}; take one of those listed")


def look_up(tool_context: ToolContext, step: Mapping[str, Any], rows: ItemRows) -> str:
    """Carry out a step that only tells: values with some words in them, or all of an item.

    Raises:
        QueryError: an item that is not there.
    """
    catalog = tool_context.catalog
    if step["action"] == "facets":
        return values_like(catalog, _text(step["text"])) or "No attribute has such a value."
    items = step["items"] if isinstance(step["items"], list) else [step["items"]]
    found = [catalog[str(item_id)] for item_id in items[:MAX_INSPECTED]]
    fields = catalog.schema.names()
    return "\n".join(f"{item.id} | {rows.row(item, fields, MAX_DETAILS)}" for item in found)


def values_like(catalog: Catalog, text: str) -> str:
    """Values of any attribute that have words of a text, the most frequent first, each with its attribute."""
    wanted = {singular(word.norm) for word in words(text)}
    found = [
        (len(catalog.postings(name)[value.casefold()]), f"{name}: {value}")
        for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, provenance=EVERY)
        for value in catalog.values(name)
        if wanted & {singular(word.norm) for word in words(value)}
    ]
    found.sort(key=lambda pair: -pair[0])
    return "; ".join(f"{told} ({n})" for n, told in found[:MAX_VALUES])


def _suiting(
    tool_context: ToolContext,
    profile: TasteProfile,
    where: Sequence[Condition],
    hide: Sequence[str],
    wanted: Sequence[Condition],
) -> Candidates:
    if profile.request.is_empty() and not profile.wishes:
        return filter_items(tool_context, where, hide)
    found = suit(tool_context, wanted_by(profile), where, hide)
    return replace(found, tool="filter", arguments={"where": "; ".join(map(describe, wanted))})


def _conditions(step: Mapping[str, Any], catalog: Catalog) -> list[Constraint]:
    raw = [one for one in step["conditions"] if isinstance(one, dict)][:MAX_CONDITIONS]
    read = [read_condition(one, catalog) for one in raw]
    found = [one for one in read if one is not None]
    if not found:
        raise ToolError(
            f"no condition of {str(raw)[:120]} fits an attribute and its values; ask facets for values"
        )
    return found


def _beyond(step: Mapping[str, Any], catalog: Catalog) -> Constraint:
    name, value = str(step["field"]), None
    if str(step["item"]) in catalog:
        value = catalog[str(step["item"])].attributes.get(name)
    if not isinstance(value, int | float):
        raise ToolError(f"{name} of {str(step['item'])[:40]} is not known; take another item or attribute")
    more = bool(step["more"])
    return Constraint(
        field=name, op=Op.AT_LEAST if more else Op.AT_MOST, value=value + 1 if more else value - 1
    )


def _by_number(tool_context: ToolContext, step: Mapping[str, Any], merged: Sequence[Fused]) -> Candidates:
    name = str(step["by"])
    catalog = tool_context.catalog
    if catalog.schema[name].kind is not Kind.NUMBER:
        raise ToolError(f"{name} is no number; rank by it in the order of taste")
    ids = [one.id for one in merged[:SORTED]]
    column = catalog.numbers(name)
    spread = float(np.nanstd(column)) or 1.0
    sign = -1.0 if step["order"] == "least" else 1.0
    scores = sign * (column[catalog.rows(ids)] - float(np.nanmean(column))) / spread
    known = [(item_id, float(score)) for item_id, score in zip(ids, scores, strict=True) if score == score]
    ranked = tuple(sorted(known, key=lambda pair: -pair[1]))
    return Candidates("rank", {"by": name, "order": str(step["order"])}, ranked)


def _text(value: object) -> str:
    text = " ".join(str(value).split())[:MAX_TEXT]
    if not text:
        raise ToolError("the text is empty; write what descriptions would say")
    return text


def _step(action: str, **properties: Any) -> dict[str, Any]:
    return object_shape({"action": {"const": action}, **properties})
