"""From what a message says to what the profile becomes: titles resolved, edits applied, doubts noted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from tastemaker.agent.memory.contradictions import drop_contradictions
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Scope
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.acts.request_scope import adds, asks_for_others, offers_another
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import Intent, Mention, Sentiment, Understanding
from tastemaker.agent.turn.request_edit import (
    begin_request,
    edit_request,
    is_new_subject,
    settle_scope,
    with_added_labels,
    without_replaced,
)
from tastemaker.agent.turn.standing_conditions import relax_standing
from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.text.joined import either
from tastemaker.retrieval.titles.resolver import Resolution, TitleResolver
from tastemaker.retrieval.titles.same_titles import distinct_labels

NOT_THERE = "is not in this catalogue."
"""Ends the note on a title that nothing bears."""
SAID = 0.5
"""Weight from which a preference was said, and not only inferred."""
MAX_CHOICES = 6
"""Items that a question back names; of more it says so."""


@dataclass(frozen=True)
class ProfileUpdate:
    """The outcome of a message.

    Attributes:
        profile: the profile after the message's edits.
        notes: what the person should know: a title that is not there, a year that was corrected.
        asking: the question back where a title could be several items.
        named: ids of the items that the message is about, in order.
        offered: ids of the items that question and notes ask it to choose from.
        let_go: older conditions that are a preference now, as too little met them all.
    """

    profile: TasteProfile
    notes: tuple[str, ...] = ()
    asking: PendingQuestion | None = None
    named: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    let_go: tuple[Condition, ...] = ()


@dataclass
class _Edits:
    profile: TasteProfile
    notes: list[str] = field(default_factory=list)
    asking: PendingQuestion | None = None
    named: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    resembled: list[str] = field(default_factory=list)
    asked: Collection[str] = ()


def update_profile(
    understanding: Understanding,
    profile: TasteProfile,
    last_shown: Sequence[str],
    catalog: Catalog,
    resolver: TitleResolver,
    asked: Collection[str] = (),
    message: str = "",
) -> ProfileUpdate:
    """Apply an understanding to a profile.

    ``last_shown`` are the ids of the previous reply in order, for mentions by their place.
    A title is never mapped to its nearest neighbour: several matches are asked about,
    once in a session (``asked`` holds the keys of earlier questions); no match is said so.
    """
    edits = _Edits(profile, asked=asked)
    for mention in understanding.mentions:
        _apply_mention(edits, mention, last_shown, catalog, resolver, message)
    if understanding.intent is Intent.MORE or asks_for_others(message):
        edits.profile = edits.profile.withholding_shown()
    for name in understanding.forget:
        edits.profile = edits.profile.without_constraints_on(name)
    if adds(message):
        understanding = with_added_labels(understanding, edits.profile, catalog)
    scope = settle_scope(understanding, edits.profile, message, catalog)
    renewed = scope is not Scope.REFINE or not understanding.prefer
    if (
        renewed
        and not understanding.wish
        and is_new_subject(understanding.constraints, edits.profile, catalog)
    ):
        edits.profile = edits.profile.without_wishes()  # "warm to sleep in" says nothing about cooking
    another = scope is Scope.REFINE and offers_another(message)
    if another:
        edits.profile = without_replaced(edits.profile, understanding.prefer, understanding.constraints)
    edits.profile = begin_request(understanding, edits.profile, scope)
    if scope is Scope.REFINE:
        edits.profile = _drop_contradictions(edits.profile, understanding, catalog)
    for constraint in (*understanding.constraints, *understanding.required):
        edits.profile = edits.profile.with_constraint(constraint)
    like = [
        item_id for item_id in edits.named if item_id in edits.profile.likes or item_id in edits.resembled
    ]
    edits.profile = edits.profile.with_request(
        edit_request(understanding, edits.profile, scope, like, edits.named or last_shown, message)
    )
    explained = understanding.prefer and not understanding.unexplained
    if (
        understanding.intent is Intent.RECOMMEND
        and understanding.searched
        and not (scope is Scope.REFINE and explained and not another)
    ):
        edits.profile = edits.profile.with_wish(understanding.searched)
    edits.profile, let_go = relax_standing(understanding, profile, edits.profile, message, catalog)
    return ProfileUpdate(
        edits.profile, tuple(edits.notes), edits.asking, tuple(edits.named), tuple(edits.offered), let_go
    )


def _drop_contradictions(profile: TasteProfile, said: Understanding, catalog: Catalog) -> TasteProfile:
    """The profile without those wishes that exclude what the message wants."""
    new = [*said.constraints, *said.required, *(one.condition for one in said.prefer if one.weight >= SAID)]
    prefer = drop_contradictions(profile.request.prefer, new, catalog)
    return profile.with_request(profile.request.model_copy(update={"prefer": prefer}))


def _apply_mention(
    edits: _Edits,
    mention: Mention,
    last_shown: Sequence[str],
    catalog: Catalog,
    resolver: TitleResolver,
    message: str = "",
) -> None:
    if mention.place is not None:
        item_id = _at(mention.place, last_shown)
        if item_id is None:
            edits.notes.append(f"There is no number {mention.place} in what I showed you last.")
        else:
            _judge(edits, item_id, mention.sentiment)
        return
    resolution = _narrowed(resolver.resolve(mention.title), mention, message, catalog)
    if resolution.status == "one":
        _apply_title(edits, mention, resolution, catalog)
    elif resolution.status == "several":
        _ask_which(edits, mention, resolution, catalog)
    else:
        edits.notes.append(f"“{mention.title}” {NOT_THERE}")


def _apply_title(edits: _Edits, mention: Mention, resolution: Resolution, catalog: Catalog) -> None:
    match = resolution.matches[0]
    if match.flagged_year:
        edits.notes.append(f"I took “{mention.title}” to be {catalog[match.id].title}.")
    _judge(edits, match.id, mention.sentiment)


def _judge(edits: _Edits, item_id: str, sentiment: Sentiment) -> None:
    edits.named.append(item_id)
    if sentiment is Sentiment.LIKED:
        edits.profile = edits.profile.with_like(item_id)
    elif sentiment is Sentiment.DISLIKED:
        edits.profile = edits.profile.with_dislike(item_id)
    elif sentiment is Sentiment.SEEN:
        edits.profile = edits.profile.with_seen(item_id)


def _at(place: int, last_shown: Sequence[str]) -> str | None:
    """The item at a place, from 1, -1 for the last; None where the list has no such place."""
    index = len(last_shown) + place if place < 0 else place - 1
    return last_shown[index] if 0 <= index < len(last_shown) else None


def _narrowed(resolution: Resolution, mention: Mention, message: str, catalog: Catalog) -> Resolution:
    """The one of several items of a title that the message describes: "Hello by Otis Gray"."""
    if resolution.status != "several":
        return resolution
    said = {word.norm for word in words(message)} - {word.norm for word in words(mention.title)}
    values = {
        match.id: [
            {word.norm for word in words(value)}
            for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
            for value in as_tags(catalog[match.id].attributes.get(name))
        ]
        for match in resolution.matches
    }
    fits = [match for match in resolution.matches if any(one and one <= said for one in values[match.id])]
    return replace(resolution, status="one", matches=(fits[0],)) if len(fits) == 1 else resolution


def _ask_which(edits: _Edits, mention: Mention, resolution: Resolution, catalog: Catalog) -> None:
    """Ask which item is meant; of one that was asked about before, or beside another question, say it only."""
    matches = resolution.matches[:MAX_CHOICES]
    edits.offered += [match.id for match in matches]
    labels = distinct_labels([catalog[match.id] for match in matches], catalog)
    more = len(resolution.matches) - len(matches)
    titles = either([*labels, *([f"one of {more} more"] if more else [])])
    asking = PendingQuestion(
        kind="title",
        text=f"Which “{mention.title}” do you mean: {titles}?",
        ids=tuple(match.id for match in matches),
        mention=mention.title,
        sentiment=mention.sentiment,
    )
    if edits.asking is None and asking.key not in edits.asked:
        edits.asking = asking
    else:
        edits.notes.append(f"“{mention.title}” could be {titles}: I left it out until you name one in full.")
