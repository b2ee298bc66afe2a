"""The model ranks: it sees the best candidates with their facets and says which it would show, and why.

It can only name ids on the list. Its list comes first as far as its profile says, then the rest in the
order of the tools; what it vetoes goes to the end and is still there, should nothing else be left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tastemaker import prompts
from tastemaker.agent.llm.json_schema import object_shape
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.item_rows import ItemRows, fields_of_conditions
from tastemaker.agent.nlu.talk import Talk, request_in_words
from tastemaker.agent.shortlist.fusion import CHOICE, Fused
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import ModelNonsense
from tastemaker.retrieval.filters.conditions import leaves, values_of
from tastemaker.tools.candidates import Source

POOL = 34
"""Candidates that are ranked."""
EXTRA = 3
"""Items beyond those to show that the model names, for where some may not be shown."""
MAX_ANSWER_TOKENS = 4000
MAX_WHY, MAX_LEAD, MAX_FIELDS = 240, 240, 6

OnCall = Callable[[str, FormAnswer], None]


@dataclass(frozen=True)
class Pick:
    """An item that the model would show.

    Attributes:
        why: its reason, unchecked.
        fields: attributes that the reason is said to rest on.
    """

    id: str
    why: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """What a model says of candidates: the best in order, what does not suit, and an opening sentence."""

    best: tuple[Pick, ...] = ()
    vetoes: frozenset[str] = frozenset()
    lead: str = ""

    @property
    def reasons(self) -> Mapping[str, str]:
        """Reasons by item id, unchecked."""
        return {pick.id: pick.why for pick in self.best if pick.why}


def rank_candidates(
    model: LanguageModel,
    ids: Sequence[str],
    talk: Talk,
    message: str,
    k: int,
    rows: ItemRows,
    catalog: Catalog,
    kinds: str,
    on_call: OnCall,
) -> Ranking:
    """One call: the model's order of some candidates, with reasons.

    Args:
        model: asked once.
        ids: candidates, the best first.
        talk: the conversation; its profile is that after the message.
        message: what is answered.
        k: items that will be shown.
        rows: writes the candidates.
        catalog: of the items.
        kinds: what items are called.
        on_call: told the hash of what changes in the prompt and the raw answer.

    Raises:
        ModelError: the model did not answer, or named no candidate.
    """
    system = prompts.load("rank_candidates", kinds=kinds, most=str(k + EXTRA))
    table = rows.table(
        ids,
        fields_of_request(talk.profile),
        asked_for=values_of_request(talk.profile),
        shown=talk.profile.shown,
    )
    state = prompts.load(
        "rank_candidates_state",
        talk=talk.lines(catalog),
        taste="" if talk.profile.request.other_person else talk.taste(catalog),
        request=request_in_words(talk.profile),
        message=prompts.fence("message", message),
        candidates=prompts.fence("candidates", table, len(table)),
    )
    filled = model.complete(
        ranking_schema(ids, k + EXTRA), [("system", system.text), ("user", state.text)], MAX_ANSWER_TOKENS
    )
    on_call(state.sha, filled)
    return read_ranking(filled.value, ids, k + EXTRA)


def fields_of_request(profile: TasteProfile) -> list[str]:
    """The attributes that a request speaks of, hard conditions first, then the heaviest preferences."""
    by_weight = sorted(profile.request.prefer, key=lambda preference: -abs(preference.weight))
    return fields_of_conditions(
        [
            *(leaf.field for one in profile.constraints for leaf in leaves(one)),
            *(leaf.field for one in by_weight for leaf in leaves(one.condition)),
        ]
    )


def values_of_request(profile: TasteProfile) -> dict[str, set[str]]:
    """The values that a request speaks of, wanted or not, by attribute and case folded."""
    found: dict[str, set[str]] = {}
    conditions = [*profile.constraints, *(one.condition for one in profile.request.prefer)]
    for leaf in (leaf for one in conditions for leaf in leaves(one)):
        found.setdefault(leaf.field, set()).update(str(value).casefold() for value in values_of(leaf))
    return found


def ranking_schema(ids: Sequence[str], most: int) -> dict[str, Any]:
    """JSON schema of a ranking of some items."""
    return {"title": "ranking", "description": "the ranking form", **ranking_shape(ids, most)}


def id_shape(ids: Sequence[str]) -> dict[str, Any]:
    """One of some ids; any text where there are none, as no grammar knows an empty choice."""
    return {"enum": list(ids)} if ids else {"type": "string"}


def ranking_shape(ids: Sequence[str], most: int, **more: Any) -> dict[str, Any]:
    """The same as a part of another form, with further properties before it."""
    one = id_shape(ids)
    pick = {
        "id": one,
        "why": {"type": "string"},
        "fields": {"type": "array", "items": {"type": "string"}},
    }
    properties = {
        **more,
        "best": {"type": "array", "items": object_shape(pick), "maxItems": most},
        "vetoes": {"type": "array", "items": one},
        "lead": {"type": "string"},
    }
    return object_shape(properties)


def read_ranking(form: Mapping[str, Any], ids: Sequence[str], most: int) -> Ranking:
    """What of a filled form names candidates; a bare id counts as a pick without a reason.

    Raises:
        ModelNonsense: no candidate is named.
    """
    known, picks = set(ids), dict[str, Pick]()
    for raw in _as_list(form.get("best")):
        told = raw if isinstance(raw, dict) else {"id": raw}
        item_id = str(told.get("id"))
        if item_id in known and item_id not in picks and len(picks) < most:
            fields = tuple(str(one) for one in _as_list(told.get("fields")))[:MAX_FIELDS]
            picks[item_id] = Pick(item_id, _one_line(told.get("why"), MAX_WHY), fields)
    vetoes = {str(one) for one in _as_list(form.get("vetoes"))} & known - picks.keys()
    if not picks and not vetoes:
        raise ModelNonsense(f"no candidate is named: {str(form)[:120]}")
    return Ranking(tuple(picks.values()), frozenset(vetoes), _one_line(form.get("lead"), MAX_LEAD))


def apply_ranking(ranked: Sequence[Fused], ranking: Ranking, weight: float = 1.0) -> list[Fused]:
    """A fused list in the order of a ranking: its items first, those vetoed last, all others as they were.

    With a weight below 1 each item's place is the weighted mean of its place in both orders.

    >>> tools = [Fused("x", 3.0, ()), Fused("y", 2.0, ()), Fused("z", 1.0, ())]
    >>> told = Ranking((Pick("z"),), frozenset("x"))
    >>> [one.id for one in apply_ranking(tools, told)], [one.id for one in apply_ranking(tools, told, 0.0)]
    (['z', 'y', 'x'], ['x', 'y', 'z'])
    """
    chosen = {pick.id: place for place, pick in enumerate(ranking.best, 1)}
    by_tools = {one.id: place for place, one in enumerate(ranked)}

    def by_model(one: Fused) -> tuple[int, int]:
        return (2 if one.id in ranking.vetoes else one.id not in chosen, chosen.get(one.id, by_tools[one.id]))

    places = {one.id: place for place, one in enumerate(sorted(ranked, key=by_model))}
    share = min(1.0, weight)
    order = sorted(ranked, key=lambda one: share * places[one.id] + (1 - share) * by_tools[one.id])
    return [_with_source(one, chosen) for one in order]


def pool_of(ranked: Sequence[Fused], lists: Sequence[Sequence[str]], most: int = POOL) -> list[str]:
    """The candidates that the model is shown: the best of the fused list, and a few of every route.

    What one route holds to be best is worth a look, however little the others think of it.
    """
    may = {one.id for one in ranked}
    first = [one.id for one in ranked][: most - SHARE * len(lists)]
    routes = [item_id for found in lists for item_id in [i for i in found if i in may][:SHARE]]
    rest = [one.id for one in ranked]
    return list(dict.fromkeys([*first, *routes, *rest]))[:most]


SHARE = 3
"""Places in the pool that each route has for its best."""


def _with_source(one: Fused, chosen: Mapping[str, int]) -> Fused:
    if one.id not in chosen:
        return one
    return replace(one, sources=(*one.sources, Source(CHOICE, {}, chosen[one.id])))


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _one_line(value: object, most: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= most else ""
