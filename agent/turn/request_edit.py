"""From what a message says to the standing request: what is carried, what is dropped, what is turned round."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.memory.contradictions import is_limit
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request, Scope
from tastemaker.agent.nlu.rules.acts.request_scope import read_scope
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import Intent, Sentiment, Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op, values_of
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask, turns_down

_LABELLED = frozenset({Op.IS, Op.ALL_OF})
MAX_SAID = 300
"""Letters of a message that are kept to rank by: a sentence vector reads little more."""
MIN_SAID = 5
"""Words of a message of which nothing is read and which is ranked by all the same."""
MIN_BOTH = 3
"""Items that must have two labels for both to be asked for."""


def settle_scope(
    understanding: Understanding, profile: TasteProfile, message: str, catalog: Catalog
) -> Scope:
    """The scope that the reader gave, or else what the words say."""
    if understanding.scope is not None:
        return understanding.scope
    standing = bool(profile.wishes or profile.constraints or not profile.request.is_empty())
    new = is_new_subject(understanding.constraints, profile, catalog)
    scope = read_scope(message, standing=standing, new_subject=new)
    if scope is Scope.NEW and standing and not new and not _names_subject(understanding):
        return Scope.REFINE  # however long it is: "she has seen that one so often. From the forties, maybe"
    return scope


def _names_subject(said: Understanding) -> bool:
    """Whether a message says what the things asked for are about or like, and not only their limits."""
    liked = any(one.sentiment is Sentiment.LIKED and one.place is None for one in said.mentions)
    wants = any(one.weight > 0 and not is_limit(one.condition) for one in said.prefer)
    labels = any(not is_limit(one) for one in said.constraints)
    return bool(said.searched or liked or wants or labels or said.required)


def begin_request(understanding: Understanding, profile: TasteProfile, scope: Scope) -> TasteProfile:
    """The profile before what the message says is added: what another subject leaves behind is gone.

    What was turned down stays so: who can't stand dramas can't stand them in another story either.
    """
    if understanding.intent is not Intent.RECOMMEND or scope in (Scope.REFINE, Scope.NEW):
        return profile
    refused = tuple(filter(turns_down, profile.constraints))
    return profile.without_wishes().model_copy(update={"constraints": refused})


def edit_request(
    understanding: Understanding,
    profile: TasteProfile,
    scope: Scope,
    like: Sequence[str],
    compared: Sequence[str] = (),
    message: str = "",
) -> Request:
    """The standing request after a message.

    Args:
        understanding: what the message says.
        profile: its request is the one so far.
        scope: see :func:`settle_scope`.
        like: ids of items that the wanted ones should resemble.
        compared: ids of items that a comparison is with, where it names none itself.
        message: as it was said.
    """
    if understanding.intent is not Intent.RECOMMEND:
        return profile.request
    new = Request(
        other_person=understanding.other_person,
        prefer=understanding.prefer,
        avoid=understanding.avoid,
        queries=(understanding.query,) if understanding.query and not understanding.translated else (),
        quote=understanding.wish,
        said=() if understanding.translated or not message else (message[:MAX_SAID],),
        like=tuple(like),
        critiques=tuple(
            critique if critique.than else critique.model_copy(update={"than": tuple(compared)})
            for critique in understanding.critiques
            if critique.than or compared
        ),
        unknown=understanding.unknown,
        how_many=understanding.how_many,
    )
    if new.is_empty() and not understanding.constraints and not understanding.wish:
        said = profile.request.said or (new.said if len(words(message)) >= MIN_SAID else ())
        return profile.request.model_copy(update={"unknown": new.unknown, "said": said})
    if scope is Scope.REVERSE and not new.prefer:
        new = new.model_copy(update={"prefer": tuple(map(_turn_round, profile.request.prefer))})
    return profile.request.edit(new, scope)


def with_added_labels(said: Understanding, profile: TasteProfile, catalog: Catalog) -> Understanding:
    """A message whose labels stand beside those asked for before ("also a musical"), where anything has both."""
    tags = set(catalog.schema.of_kind(Kind.TAGS))
    wanted = {
        one.field: one for one in profile.constraints if isinstance(one, Constraint) and one.op in _LABELLED
    }

    def join(one: Constraint) -> Constraint:
        before = wanted.get(one.field)
        if before is None or one.field not in tags or one.op not in _LABELLED:
            return one
        labels = tuple(dict.fromkeys((*values_of(before), *values_of(one))))
        both = Constraint(field=one.field, op=Op.ALL_OF, value=labels)
        return both if mask(catalog, [both]).sum() >= MIN_BOTH else one

    return said.model_copy(update={"constraints": tuple(map(join, said.constraints))})


def without_replaced(
    profile: TasteProfile, wanted: Sequence[Preference], conditions: Sequence[Constraint] = ()
) -> TasteProfile:
    """The profile without what "what about planes?" stands in the place of: wishes on the same attributes."""
    fields = {name for one in wanted if one.weight > 0 for name in one.fields}
    fields |= {one.field for one in conditions if one.op not in NEGATIVE}
    kept = tuple(one for one in profile.request.prefer if one.weight <= 0 or not one.fields & fields)
    if len(kept) == len(profile.request.prefer):
        return profile
    request = profile.request.model_copy(update={"prefer": kept})
    return profile.model_copy(update={"wishes": (), "request": request})


def is_new_subject(constraints: Sequence[Constraint], profile: TasteProfile, catalog: Catalog) -> bool:
    """Whether a label or tag that was asked for gives way to another."""
    labels = set(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS))
    positive = [c for c in profile.constraints if isinstance(c, Constraint) and c.op not in NEGATIVE]
    current = {c.field: c for c in positive if c.field in labels}
    return any(c.op not in NEGATIVE and c != current.get(c.field, c) for c in constraints)


def _turn_round(preference: Preference) -> Preference:
    return preference.model_copy(update={"weight": -preference.weight})
