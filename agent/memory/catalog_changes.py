"""A session that was held over another catalogue: what no longer holds goes, and is said once.

After a rebuild, what a session remembers may name items, attributes or values that the catalogue
no longer has. A step of a turn may then rely on everything in the state: it is made to fit before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Critique, Preference, Request
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.retrieval.catalog.catalog import Catalog, plain
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import (
    CONDITION,
    AllOf,
    Condition,
    Constraint,
    Not,
    Op,
    all_of,
    any_of,
    describe,
)
from tastemaker.retrieval.filters.constraints import ALLOWED, NEGATIVE, check, values_of

CATALOG, GONE_ITEMS, GONE_NOTES = "catalog", "gone_items", "gone_notes"
"""Keys of a session's state: the hash of its catalogue, and what is still to be said (titles by id; sentences)."""

MAX_TITLES = 5
"""Titles that are said of items that are gone; of others only how many."""

MAX_GONE = 1_000
"""Items that are gone and kept until it is said."""

State = Mapping[str, Any]


def changed_by_catalog(
    state: State, catalog: Catalog, removed: Callable[[], Mapping[str, str]]
) -> dict[str, Any]:
    """The parts of a session's state that change so that it fits a catalogue; empty where it does.

    Args:
        state: of a session, JSON values.
        catalog: the one to fit.
        removed: gives the titles, by id, of items that it had before; asked only where some are gone.
    """
    if not state or state.get(CATALOG) == catalog.content_hash:
        return {}
    profile = TasteProfile.model_validate(state.get("profile", {}))
    fitted, said = _fit_profile(profile, catalog)
    timeline = Timeline.of(state)
    steps = Timeline(
        past=tuple(_fit_profile(step, catalog)[0] for step in timeline.past),
        future=tuple(_fit_profile(step, catalog)[0] for step in timeline.future),
    )
    own = {card["id"]: card["title"] for card in state.get("last", [])}
    lost = [item_id for item_id in dict.fromkeys(_items_of(state, profile)) if item_id not in catalog]
    titles = removed() if lost else {}
    gone = {item_id: titles.get(item_id) or own.get(item_id) or item_id for item_id in lost}
    after = {
        CATALOG: catalog.content_hash,
        "profile": fitted.model_dump(mode="json"),
        **steps.to_json(fitted),
        "last": _cards(state.get("last", []), catalog),
        "asking": _question(state.get("asking"), catalog),
        "messages": [_message(message, catalog) for message in state.get("messages", [])],
        "summary": _summary(state.get("summary"), catalog),
        "named": _ids_in_catalog(state.get("named", []), catalog),
        "offered": _ids_in_catalog(state.get("offered", []), catalog),
        GONE_ITEMS: with_gone(state, gone),
        GONE_NOTES: [*state.get(GONE_NOTES, []), *said],
    }
    return {
        name: value for name, value in after.items() if value != state.get(name) and (value or name in state)
    }


def with_gone(state: State, gone: Mapping[str, str]) -> dict[str, str]:
    """The items of which it is still to be said that they are gone, with more of them."""
    both = {**state.get(GONE_ITEMS, {}), **gone}
    return dict(list(both.items())[:MAX_GONE])


def catalog_notes(state: State) -> list[str]:
    """What a reply says of all that went since the last one."""
    titles = list(dict.fromkeys(state.get(GONE_ITEMS, {}).values()))
    return [*([_say_gone(titles)] if titles else []), *dict.fromkeys(state.get(GONE_NOTES, []))]


def fitting_condition(condition: Condition, catalog: Catalog) -> tuple[Condition | None, list[str]]:
    """What is left of a condition that can still be met, and why the rest went; None where nothing is left.

    A value that no item has any more stays where it is not wanted: it may come back.
    """
    said: list[str] = []
    return _fit_condition(condition, catalog, said, wanted=True), list(dict.fromkeys(said))


def _fit_condition(
    condition: Condition, catalog: Catalog, said: list[str], *, wanted: bool
) -> Condition | None:
    if isinstance(condition, Constraint):
        return _fit_constraint(condition, catalog, said, wanted=wanted)
    if isinstance(condition, Not):
        part = _fit_condition(condition.none_of, catalog, said, wanted=not wanted)
        return Not(none_of=part) if part is not None else None
    joined = condition.all_of if isinstance(condition, AllOf) else condition.any_of
    parts = [_fit_condition(part, catalog, said, wanted=wanted) for part in joined]
    kept = [part for part in parts if part is not None]
    if not kept or (isinstance(condition, AllOf) and not wanted and len(kept) < len(parts)):
        return None  # "not both" without one of the two would forbid the other
    if list(joined) == kept:
        return condition
    return all_of(kept) if isinstance(condition, AllOf) else any_of(kept)


def _fit_constraint(
    constraint: Constraint, catalog: Catalog, said: list[str], *, wanted: bool
) -> Constraint | None:
    name = constraint.field
    if name not in catalog.schema:
        said.append(f"“{name}” is no longer in this catalogue")
        return None
    kind = catalog.schema[name].kind
    try:
        checked = check(constraint, catalog.schema)
    except QueryError:
        other = constraint.op not in ALLOWED[kind]
        why = f"is now of the kind {kind} in this catalogue" if other else "takes no such value any more"
        said.append(f"“{name}” {why}")
        return None
    named = kind in (Kind.CATEGORY, Kind.TAGS) and constraint.op is not Op.CONTAINS
    if not named or wanted == (constraint.op in NEGATIVE):
        return checked
    spellings = catalog.spellings(name)
    values = [value for value in values_of(checked) if str(value).casefold() in spellings]
    if len(values) == len(values_of(checked)):
        return checked
    lost = [str(value) for value in values_of(checked) if value not in values]
    said.append(f"{_quote(lost)} ({name}) {'is' if len(lost) == 1 else 'are'} no longer in this catalogue")
    return checked.model_copy(update={"value": tuple(values)}) if values else None


def _fit_profile(profile: TasteProfile, catalog: Catalog) -> tuple[TasteProfile, list[str]]:
    """The profile without what is gone, and what is to be said of its conditions."""
    said, kept = list[str](), list[Condition]()
    for condition in profile.constraints:
        left, why = fitting_condition(condition, catalog)
        if left is not None:
            kept.append(left)
        if why:
            now = f"now it is “{describe(left)}”" if left is not None else "it is dropped"
            said.append(f"Of your condition “{describe(condition)}”: {' and '.join(why)}; {now}.")
    lists = ("history", "likes", "dislikes", "shown", "withheld", "rejected", "taken")
    ids = {name: tuple(_ids_in_catalog(getattr(profile, name), catalog)) for name in lists}
    request = _fit_request(profile.request, catalog)
    return profile.model_copy(update={**ids, "constraints": tuple(kept), "request": request}), said


def _fit_request(request: Request, catalog: Catalog) -> Request:
    """The request without what is gone; of its attributes nothing is said: it bends a ranking and was no condition."""
    lists = ("like", "unlike", "candidates", "left_out")
    ids = {name: tuple(_ids_in_catalog(getattr(request, name), catalog)) for name in lists}
    prefer = (_fit_preference(one, catalog) for one in request.prefer)
    critiques = (_fit_critique(one, catalog) for one in request.critiques)
    return request.model_copy(
        update={
            **ids,
            "prefer": tuple(one for one in prefer if one is not None),
            "critiques": tuple(one for one in critiques if one is not None),
        }
    )


def _fit_preference(preference: Preference, catalog: Catalog) -> Preference | None:
    left, _ = fitting_condition(preference.condition, catalog)
    return preference.model_copy(update={"condition": left}) if left is not None else None


def _fit_critique(critique: Critique, catalog: Catalog) -> Critique | None:
    """None where nothing is left to compare with: without items it would compare with the last list instead."""
    than = tuple(_ids_in_catalog(critique.than, catalog))
    if critique.than and not than:
        return None
    schema = catalog.schema
    if critique.field and (critique.field not in schema or schema[critique.field].kind is not Kind.NUMBER):
        return None
    return critique.model_copy(update={"than": than})


def _items_of(state: State, profile: TasteProfile) -> Iterable[str]:
    """Ids that a session speaks of, those first that matter most to the person."""
    request = profile.request
    yield from (*profile.likes, *profile.dislikes, *profile.history)
    yield from (
        *request.like,
        *request.unlike,
        *(one for critique in request.critiques for one in critique.than),
    )
    yield from (card["id"] for card in state.get("last", []))
    yield from (state.get("asking") or {}).get("ids", ())
    yield from state.get("named", [])
    yield from (*reversed(profile.shown), *profile.rejected)


def _cards(cards: Sequence[Mapping[str, Any]], catalog: Catalog) -> list[dict[str, Any]]:
    """The last list as the catalogue has it now; none where an item of it is gone, as "the second" would be another."""
    if not all(card["id"] in catalog for card in cards):
        return []
    return [_card(card, catalog) for card in cards]


def _card(card: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    item = catalog[card["id"]]
    fields = {"title", *catalog.schema.names()}
    return {
        **card,
        "title": item.title,
        "attributes": {name: plain(value) for name, value in item.attributes.items()},
        "cites": [c for c in card.get("cites", ()) if c["item"] in catalog and c["field"] in fields],
    }


def _question(asking: Mapping[str, Any] | None, catalog: Catalog) -> dict[str, Any] | None:
    """The pending question, where each of its answers still makes sense."""
    if not asking:
        return None
    ids = (*asking.get("ids", ()), *asking.get("named", ()))
    field, choices = asking.get("field") or "", asking.get("choices", ())
    conditions = [
        CONDITION.validate_python(one)
        for one in (*asking.get("conditions", ()), asking.get("instead"))
        if one
    ]
    sound = (
        all(item_id in catalog for item_id in ids)
        and (not field or _choices_stand(field, choices, catalog))
        and all(not fitting_condition(condition, catalog)[1] for condition in conditions)
    )
    return dict(asking) if sound else None


def _choices_stand(field: str, choices: Iterable[str], catalog: Catalog) -> bool:
    if field not in catalog.schema:
        return False
    if catalog.schema[field].kind not in (Kind.CATEGORY, Kind.TAGS):
        return True
    return all(str(choice).casefold() in catalog.spellings(field) for choice in choices)


def _message(message: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    if not message.get("items"):
        return dict(message)
    return {**message, "items": _ids_in_catalog(message["items"], catalog)}


def _summary(summary: Mapping[str, Any] | None, catalog: Catalog) -> dict[str, Any]:
    if not summary:
        return {}
    return {**summary, "first_shown": _ids_in_catalog(summary.get("first_shown", ()), catalog)}


def _ids_in_catalog(ids: Iterable[str], catalog: Catalog) -> list[str]:
    return [item_id for item_id in ids if item_id in catalog]


def _say_gone(titles: Sequence[str]) -> str:
    more = len(titles) - MAX_TITLES
    if more > 0:
        return f"{', '.join(f'“{t}”' for t in titles[:MAX_TITLES])} and {more:,} more are no longer in this catalogue."
    return f"{_quote(titles)} {'is' if len(titles) == 1 else 'are'} no longer in this catalogue."


def _quote(texts: Sequence[str]) -> str:
    quoted = [f"“{text}”" for text in texts]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
