"""The form of a whole request that a capable model fills in, and what is taken from it.

Nothing in it is trusted: fields and values are those of the catalogue or vanish, lists are cut to
their bounds, and a hard condition needs the person's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker.agent.llm.json_schema import list_shape, object_shape
from tastemaker.agent.memory.request import Preference, Scope
from tastemaker.agent.nlu.tokenizer import fold, shorten, words
from tastemaker.agent.nlu.understanding import Intent, Mention, Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST
from tastemaker.retrieval.catalog.schema import STATED, Kind
from tastemaker.retrieval.errors import ModelNonsense, QueryError
from tastemaker.retrieval.filters.constraints import NEGATIVE, SEVERAL, Constraint, Op, canonicalise
from tastemaker.retrieval.text.tokens import singular

MAX_MUST, MAX_PREFER, MAX_AVOID, MAX_UNKNOWN = 6, 12, 4, 3
MAX_MENTIONS, MAX_CANDIDATES, MAX_CRITIQUES = 8, 12, 4
"""Entries of each list that count; a model may write more."""
MAX_VALUES = 12
MAX_TEXT, MAX_TITLE, MAX_QUERY = 80, 100, 200
MAX_NEAR = 8
"""Values of the catalogue that one value of the model's own wording stands for."""
MAX_ITEMS = 50

OPS = (Op.IS, Op.IS_NOT, Op.ANY_OF, Op.NONE_OF, Op.AT_LEAST, Op.AT_MOST, Op.BETWEEN)


@dataclass(frozen=True)
class MentionedCritique:
    """More or less of an attribute than items that are named by title or place."""

    field: str
    more: bool
    than: tuple[str, ...]


@dataclass(frozen=True)
class RequestForm:
    """What a model wrote, as far as it makes sense for the catalogue.

    Attributes:
        must: hard conditions that the message's words bear.
        prefer: preferences; conditions without words of the message among them.
    """

    intent: Intent = Intent.RECOMMEND
    scope: Scope = Scope.NEW
    other_person: bool = False
    must: tuple[Constraint, ...] = ()
    drop: tuple[str, ...] = ()
    prefer: tuple[Preference, ...] = ()
    avoid: tuple[str, ...] = ()
    query: str = ""
    mentions: tuple[Mention, ...] = ()
    critiques: tuple[MentionedCritique, ...] = ()
    candidates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    how_many: int | None = None


def request_schema(catalog: Catalog) -> dict[str, Any]:
    """JSON schema of the form. Values are checked afterwards, so that it stays small."""
    text = {"type": "string"}
    fields = {"enum": [n for n in catalog.schema.names() if catalog.schema[n].kind is not Kind.TEXT]}
    condition = condition_properties(catalog)
    mention = {
        "title": text,
        "place": {"type": "integer"},
        "sentiment": {"enum": [str(s) for s in Sentiment]},
    }
    critique = {"field": fields, "more": {"type": "boolean"}, "than": list_shape(text)}
    shape = {
        "intent": {"enum": [str(intent) for intent in Intent if intent is not Intent.REDO]},
        "scope": {"enum": [str(scope) for scope in Scope]},
        "audience": {"enum": ["self", "other"]},
        "must": list_shape(object_shape({**condition, "words": text})),
        "drop": list_shape(fields),
        "mentions": list_shape(object_shape(mention, ["title", "sentiment"])),
        "prefer": list_shape(object_shape({**condition, "weight": {"type": "number"}})),
        "avoid": list_shape(text),
        "query": text,
        "critiques": list_shape(object_shape(critique)),
        "candidates": list_shape(text),
        "unknown": list_shape(text),
        "how_many": {"type": "integer"},
    }
    return {"title": "request", "description": "the request form", **object_shape(shape)}


def condition_properties(catalog: Catalog) -> dict[str, Any]:
    """Properties of a condition on an attribute; what they hold is checked by :func:`read_condition`."""
    text = {"type": "string"}
    scalar = {"anyOf": [text, {"type": "number"}]}
    value = {"anyOf": [text, {"type": "number"}, list_shape(scalar)]}
    fields = {"enum": [n for n in catalog.schema.names() if catalog.schema[n].kind is not Kind.TEXT]}
    return {"field": fields, "op": {"enum": [str(op) for op in OPS]}, "value": value}


def read_form(form: Mapping[str, Any], message: str, catalog: Catalog) -> RequestForm:
    """What of a filled form makes sense.

    Raises:
        ModelNonsense: it has no intent that there is.
    """
    try:
        intent = Intent(str(form.get("intent")))
    except ValueError as error:
        raise ModelNonsense(f"the request form does not fit: {str(form)[:200]}") from error
    must, softened = list[Constraint](), list[Preference]()
    for raw in _rows(form, "must", MAX_MUST):
        condition = read_condition(raw, catalog)
        if condition is None:
            continue
        said = str(raw.get("words") or "")
        if _stands_in(said, message) and _decides(condition, catalog):
            must.append(condition)
        else:
            softened.append(Preference(condition=condition, weight=1.0, words=said[:MAX_TEXT]))
    return RequestForm(
        intent=intent,
        scope=_scope(form.get("scope")),
        other_person=form.get("audience") == "other",
        must=tuple(dict.fromkeys(must)),
        drop=tuple(n for n in _texts(form, "drop", MAX_MUST) if n in catalog.schema),
        prefer=_distinct((*softened, *_preferences(form, catalog))),
        avoid=_texts(form, "avoid", MAX_AVOID),
        query=shorten(str(form.get("query") or ""), MAX_QUERY),
        mentions=tuple(_mentions(form)),
        critiques=tuple(_critiques(form, catalog)),
        candidates=_texts(form, "candidates", MAX_CANDIDATES, MAX_TITLE),
        unknown=_texts(form, "unknown", MAX_UNKNOWN),
        how_many=_count(form.get("how_many")),
    )


def _distinct(preferences: Iterable[Preference]) -> tuple[Preference, ...]:
    """Each condition once, where it is first."""
    return tuple({one.condition: one for one in reversed(list(preferences))}.values())[::-1]


def _preferences(form: Mapping[str, Any], catalog: Catalog) -> Iterator[Preference]:
    for raw in _rows(form, "prefer", MAX_PREFER):
        condition = read_condition(raw, catalog)
        weight = raw.get("weight", 1.0)
        if condition is not None and isinstance(weight, int | float) and weight == weight and weight:
            yield Preference(condition=condition, weight=max(-1.0, min(1.0, float(weight))))


def read_condition(raw: Mapping[str, Any], catalog: Catalog) -> Constraint | None:
    """A condition in the catalogue's own values; None where it makes no sense there."""
    try:
        name, op, value = str(raw["field"]), Op(str(raw["op"])), raw["value"]
        kind = catalog.schema[name].kind
        values = value if isinstance(value, list) else [value]
        values = [one for one in values if isinstance(one, str | int | float)][:MAX_VALUES]
        if kind in (Kind.CATEGORY, Kind.TAGS):
            return _tags_condition(name, op, [str(one) for one in values], catalog)
        if catalog.schema[name].levels:
            values = [_level(one, catalog.schema[name].levels) for one in values]
        shaped: Any = tuple(values) if op in SEVERAL or op is Op.BETWEEN else values[0]
        return canonicalise(Constraint(field=name, op=op, value=shaped), catalog)
    except (KeyError, ValueError, IndexError, TypeError, QueryError):
        return None


def _tags_condition(name: str, op: Op, values: Sequence[str], catalog: Catalog) -> Constraint | None:
    known = list(dict.fromkeys(one for value in values for one in _near_values(name, value, catalog)))
    if not known or op not in (Op.IS, Op.IS_NOT, Op.ANY_OF, Op.NONE_OF):
        return None
    if len(known) > 1:
        op = Op.NONE_OF if op in NEGATIVE else Op.ANY_OF
    return canonicalise(
        Constraint(field=name, op=op, value=tuple(known) if op in SEVERAL else known[0]), catalog
    )


def _near_values(name: str, value: str, catalog: Catalog) -> list[str]:
    """The catalogue's spelling of a value; of an open attribute also those with all its words."""
    spellings = catalog.spellings(name)
    if exact := spellings.get(value.casefold().strip()):
        return [exact]
    wanted = {singular(w.norm) for w in words(value)}
    if not wanted or len(spellings) <= LABELS_AT_MOST:
        return []
    near = (own for own in catalog.values(name) if wanted <= {singular(w.norm) for w in words(own)})
    return [own for own, _ in zip(near, range(MAX_NEAR), strict=False)]


def _level(value: object, levels: Sequence[str]) -> object:
    """A level by its number or its name."""
    return levels.index(value) if isinstance(value, str) and value in levels else value


def _decides(condition: Constraint, catalog: Catalog) -> bool:
    """Whether an attribute is sure enough to hide items: what is inferred as free tags is not."""
    attribute = catalog.schema[condition.field]
    return attribute.provenance in STATED or attribute.kind is not Kind.TAGS


def _stands_in(said: str, message: str) -> bool:
    """Whether words stand in the message as written, letters' case and punctuation aside.

    >>> _stands_in("no Horror", "something tense, no horror!"), _stands_in("", "hi")
    (True, False)
    """
    wanted, has = ([w.norm for w in words(fold(text))] for text in (said, message))
    return bool(wanted) and any(has[i : i + len(wanted)] == wanted for i in range(len(has)))


def _mentions(form: Mapping[str, Any]) -> Iterator[Mention]:
    for raw in _rows(form, "mentions", MAX_MENTIONS):
        place, title = raw.get("place"), " ".join(str(raw.get("title") or "").split())[:MAX_TITLE]
        if title.startswith("#") and title[1:].isdigit():
            place, title = int(title[1:]), ""
        try:
            sentiment = Sentiment(str(raw.get("sentiment")))
        except ValueError:
            continue
        if title:
            yield Mention(title=title, sentiment=sentiment)
        elif isinstance(place, int) and not isinstance(place, bool) and place:
            yield Mention(place=place, sentiment=sentiment)


def _critiques(form: Mapping[str, Any], catalog: Catalog) -> Iterator[MentionedCritique]:
    for raw in _rows(form, "critiques", MAX_CRITIQUES):
        name = str(raw.get("field"))
        if name in catalog.schema and catalog.schema[name].kind is Kind.NUMBER:
            yield MentionedCritique(name, bool(raw.get("more")), _texts(raw, "than", MAX_MENTIONS, MAX_TITLE))


def _scope(value: object) -> Scope:
    return next((scope for scope in Scope if scope.value == value), Scope.REFINE)


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return min(value, MAX_ITEMS)
    return None


def _rows(form: Mapping[str, Any], name: str, most: int) -> Iterable[Mapping[str, Any]]:
    raw = form.get(name)
    return [one for one in raw if isinstance(one, dict)][:most] if isinstance(raw, list) else []


def _texts(form: Mapping[str, Any], name: str, most: int, letters: int = MAX_TEXT) -> tuple[str, ...]:
    raw = form.get(name)
    told = (
        [" ".join(one.split())[:letters] for one in raw if isinstance(one, str)]
        if isinstance(raw, list)
        else []
    )
    return tuple(dict.fromkeys(filter(None, told)))[:most]
