"""The form that a model fills in for an item, and what of an answer fits it.

Every value is out of a closed list or a number within bounds, so that nothing an item's
text says can put anything else into the catalogue. Phrases, which are free, are no part of the
catalogue (:mod:`tastemaker.agent.enrichment.ask_phrases`). Answers are checked here again,
whatever the server's grammar has promised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker.agent.enrichment.ask_phrases import (
    ASKS_IN_WORDS,
    MAX_ASKS,
    MIN_ASKS,
    TOKENS_AN_ASK,
    ask_phrases,
)
from tastemaker.agent.enrichment.item_facts import ItemFacts
from tastemaker.agent.llm.json_schema import object_shape
from tastemaker.retrieval.catalog.catalog import as_tags
from tastemaker.retrieval.catalog.schema import Value
from tastemaker.retrieval.facets.definition import Facet, FacetKind

UNKNOWN = "unknown"
KNOWLEDGE = "knowledge"
"""Evidence for what no field says and the model knows of the item."""
MAX_TAGS = 6
"""Values of one facet that an item may have; more would say that it is like everything."""
MAX_NUMBER = 1e9
MAX_OPEN_CHARACTERS = 40
"""Letters of a value that a facet with ``open = true`` takes beside its list: a name, no sentence."""

TOKENS_A_VALUE = 12
TOKENS_AN_EVIDENCE = 24
"""Room in an answer for one value, and for a facet's name and evidence."""
TOKENS_AROUND = 64


@dataclass(frozen=True)
class FacetAnswer:
    """What is known of one facet of one item.

    Attributes:
        value: None for unknown.
        evidence: the field it rests on, or ``knowledge``; empty where unknown.
    """

    value: Value | None = None
    evidence: str = ""


def facet_schema(facets: Sequence[Facet], fields: Sequence[str]) -> dict[str, Any]:
    """JSON schema of the form: per facet ``{"from": field, "is": value}`` or ``"unknown"``, all required.

    Most of what an answer takes is its length, and most facets of most items are unknown.
    """
    sources = {"type": "string", "enum": [*fields, KNOWLEDGE]}
    parts = {
        facet.name: {
            "anyOf": [
                {"type": "string", "enum": [UNKNOWN]},
                object_shape({"from": sources, "is": _value_schema(facet)}),
            ]
        }
        for facet in facets
    }
    return {"title": "facets", "description": "what the item is like", **object_shape(parts)}


def max_tokens(facets: Sequence[Facet]) -> int:
    """Tokens that an answer about these facets needs at most."""
    values = sum(MAX_TAGS if facet.kind is FacetKind.TAGS else 1 for facet in facets)
    phrases = MAX_ASKS * sum(facet.kind is FacetKind.PHRASES for facet in facets)
    return (
        TOKENS_AROUND + TOKENS_AN_EVIDENCE * len(facets) + TOKENS_A_VALUE * values + TOKENS_AN_ASK * phrases
    )


def describe_facet(facet: Facet) -> str:
    """A facet's line of the prompt: all of its definition that a model sees.

    Words that only requests are matched by are no part of it, so adding one asks nothing again.
    """
    several = f" (up to {MAX_TAGS})" if facet.kind is FacetKind.TAGS else ""
    return f"{facet.name}: {facet.question or facet.name}{several} Allowed: {_value_words(facet)}."


def _value_words(facet: Facet) -> str:
    if facet.kind is FacetKind.PHRASES:
        return ASKS_IN_WORDS
    if facet.kind is FacetKind.NUMBER:
        unit = f" ({facet.unit})" if facet.unit else ""
        return (", ".join(f"{one:g}" for one in facet.allowed) or "a number") + unit
    if facet.kind is FacetKind.LEVEL:
        return "; ".join(f"{n} = {_value_with_meaning(facet, value)}" for n, value in enumerate(facet.values))
    listed = ", ".join(_value_with_meaning(facet, value) for value in facet.values)
    if not facet.open:
        return listed
    return f"{listed}, or another short name" if listed else "a short name"


def _value_with_meaning(facet: Facet, value: str) -> str:
    return f"{value} ({facet.values[value]})" if facet.values[value] else value


def read_form(
    form: Mapping[str, Any], facets: Sequence[Facet], facts: ItemFacts, *, last: bool = False
) -> tuple[dict[str, FacetAnswer], dict[str, str]]:
    """The answers that fit, by facet, and what is wrong with the others.

    With ``last`` nothing will be asked again: of phrases, those that do not fit are then dropped.

    >>> pace = Facet("pace", FacetKind.CATEGORY, "How fast?", values={"slow": "", "fast": ""})
    >>> heat = ItemFacts("1", "premise: a chase", ("premise",))
    >>> read_form({"pace": {"from": "premise", "is": "fast"}}, [pace], heat)
    ({'pace': FacetAnswer(value='fast', evidence='premise')}, {})
    >>> read_form({"pace": {"from": "premise", "is": "obey me"}}, [pace], heat)
    ({}, {'pace': "'obey me' is not allowed"})
    """
    fit: dict[str, FacetAnswer] = {}
    faults: dict[str, str] = {}
    for facet in facets:
        try:
            fit[facet.name] = _answer(form.get(facet.name), facet, facts, last)
        except ValueError as error:
            faults[facet.name] = str(error)
    return fit, faults


def _answer(part: Any, facet: Facet, facts: ItemFacts, last: bool) -> FacetAnswer:
    if part == UNKNOWN:
        return FacetAnswer()
    if not isinstance(part, Mapping) or "is" not in part:
        raise ValueError("no answer")
    raw, evidence = part["is"], part.get("from")
    if raw in (UNKNOWN, None) or raw in ([], [UNKNOWN]):
        return FacetAnswer()
    phrases = facet.kind is FacetKind.PHRASES
    value = ask_phrases(raw, facts.title, drop=last) if phrases else _value(raw, facet)
    if value == ():
        return FacetAnswer()
    if evidence not in (*facts.fields, KNOWLEDGE):
        raise ValueError(f"{_short_repr(evidence)} is no field")
    if evidence != KNOWLEDGE:
        _check_words(value, facet, facts)
    return FacetAnswer(value, str(evidence))


def _value(raw: Any, facet: Facet) -> Value:
    if facet.kind is FacetKind.NUMBER:
        return _number(raw, facet)
    if facet.kind is FacetKind.LEVEL:
        return _level(raw, len(facet.values))
    if facet.kind is FacetKind.CATEGORY:
        return _label(raw, facet)
    if not isinstance(raw, list) or len(raw) > MAX_TAGS:
        raise ValueError(f"{_short_repr(raw)} is no list of at most {MAX_TAGS}")
    return tuple(dict.fromkeys(_label(one, facet) for one in raw if one != UNKNOWN))


def _check_words(value: Value, facet: Facet, facts: ItemFacts) -> None:
    """What is on no list and is said to rest on a field must stand in the item: weak models make up words."""
    said = set(re.findall(r"\w+", facts.text.casefold()))
    for label in as_tags(value) if facet.open else ():
        if label not in facet.values and not said.issuperset(re.findall(r"\w+", label.casefold())):
            raise ValueError(f"{_short_repr(label)} does not stand in the item")


def _label(raw: Any, facet: Facet) -> str:
    if isinstance(raw, str) and (raw in facet.values or (facet.open and _OPEN.fullmatch(raw))):
        return raw
    raise ValueError(f"{_short_repr(raw)} is not allowed")


_OPEN = re.compile(rf"(?=.{{1,{MAX_OPEN_CHARACTERS}}}$)\w[\w'’.-]*( [\w'’.-]+){{0,4}}")
"""Up to five words: what an open facet may hold cannot carry an order, an address or markup."""


def _level(raw: Any, levels: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < levels:
        raise ValueError(f"{_short_repr(raw)} is no level from 0 to {levels - 1}")
    return raw


def _number(raw: Any, facet: Facet) -> float:
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not number or not 0 <= raw <= MAX_NUMBER or (facet.allowed and raw not in facet.allowed):
        raise ValueError(f"{_short_repr(raw)} is not allowed")
    return int(raw) if float(raw).is_integer() else float(raw)


def _value_schema(facet: Facet) -> dict[str, Any]:
    if facet.kind is FacetKind.NUMBER:
        allowed = {"enum": [int(n) if n.is_integer() else n for n in facet.allowed]} if facet.allowed else {}
        return {"type": "number", **allowed}
    if facet.kind is FacetKind.LEVEL:
        return {"type": "integer", "enum": list(range(len(facet.values)))}
    if facet.kind is FacetKind.PHRASES:
        return {"type": "array", "items": {"type": "string"}, "minItems": MIN_ASKS, "maxItems": MAX_ASKS}
    label = {"type": "string"} if facet.open else {"type": "string", "enum": list(facet.values)}
    if facet.kind is FacetKind.CATEGORY:
        return label
    return {"type": "array", "items": label, "minItems": 1, "maxItems": MAX_TAGS}


def _short_repr(raw: Any) -> str:
    """A value as a message repeats it, and never at length: the message goes back to the model."""
    return repr(raw)[:40]
