"""A reply's words after the last check: what is not borne out is gone, and what is left still answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tastemaker.agent.events import Card, Emit, Fallback
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.memory.summary import earlier_lists
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.reply.grounding import Ground
from tastemaker.agent.reply.llm_wording import Worded
from tastemaker.agent.reply.odd_titles import hide_orders, holds_link
from tastemaker.agent.turn.state import TurnResources, TurnState
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, describe, leaves, values_of

SAID = 30
"""Earlier messages whose words may be used in prose."""

MAX_CHARS = 1_000
"""Characters of each of them."""

MAX_KNOWN_CHARS = 2_000
"""Items shown or named, the latest, that prose may speak of."""

HINTS = ("undo", "compare the first two")
"""What our own templates tell people that they may say, in quotation marks."""

WITH_ITEMS = "Here is what I found."
WITHOUT_ITEMS = "This catalogue bears out nothing that I could say to that."
NO_REASON = "It is in this catalogue and meets your conditions."


def check_grounding(
    worded: Worded,
    plain: Worded,
    state: TurnState,
    asking: PendingQuestion | None,
    told: Sequence[str],
    resources: TurnResources,
    emit: Emit,
) -> tuple[Worded, tuple[str, ...]]:
    """The words and notes of a reply without sentences that are not borne out; the trace says which went.

    Args:
        worded: as the person would read it.
        plain: the same by template; where the two differ, a model wrote it.
        state: the turn so far.
        asking: the question in it, if there is one.
        told: what else its template may speak of.
        resources: the catalogue and what finds its titles and names in prose.
        emit: takes an event for each sentence dropped.
    """
    ground = ground_of(state, worded.cards, asking, resources)
    ground.told = (*ground.told, *told)
    ground.phrases = " . ".join((ground.phrases, *(card.reason for card in plain.cards)))
    worded, plain = (_hide_orders(one, ground, resources) for one in (worded, plain))
    message = (
        ground.keep_supported(worded.message, by_model=worded.message != plain.message)
        or ground.keep_supported(plain.message)
        or (WITH_ITEMS if worded.cards else WITHOUT_ITEMS)
    )
    cards = tuple(
        card.model_copy(update={"reason": _reason(ground, card, by_template, resources)})
        for card, by_template in zip(worded.cards, plain.cards, strict=True)
    )
    notes = tuple(kept for note in state.notes if (kept := ground.keep_supported(note)))
    question = ground.keep_supported(worded.question)
    for fault in dict.fromkeys(ground.dropped):
        emit(Fallback(step="check", reason=f"sentence dropped: {fault}", model_failed=False))
    return replace(worded, message=message, cards=cards, question=question), notes


def _hide_orders(worded: Worded, ground: Ground, resources: TurnResources) -> Worded:
    """No title that is an order is repeated in prose, unless the person wrote it; on its card it stands as it is.

    A link isn't repeated even then: what a person was made to paste would get our word for it.
    """

    def may(title: str) -> bool:
        return ground.is_said(title) and not holds_link(title)

    def tame(prose: str) -> str:
        return hide_orders(prose, resources.entities, may)

    cards = tuple(card.model_copy(update={"reason": tame(card.reason)}) for card in worded.cards)
    return replace(worded, message=tame(worded.message), cards=cards, question=tame(worded.question))


def ground_of(
    state: TurnState,
    cards: Sequence[Card],
    asking: PendingQuestion | None,
    resources: TurnResources,
) -> Ground:
    """What the prose of a turn may speak of."""
    catalog, profile = resources.tool_context.catalog, state.profile
    near = dict.fromkeys(
        [
            *(card.id for card in cards),
            *state.named,
            *(card.id for card in state.last),
            *state.offered,
            *(asking.ids if asking else ()),
        ]
    )
    seen = [item_id for shown in earlier_lists(state.summary, state.messages) for item_id in shown]
    known = [
        *profile.history,
        *profile.likes,
        *profile.dislikes,
        *profile.rejected,
        *profile.shown,
        *seen,
        *near,
    ]
    said = [message.text[:MAX_CHARS] for message in state.messages[-SAID:] if message.role == "user"]
    return Ground(
        resources.entities,
        ids=[item_id for item_id in dict.fromkeys(known[-MAX_KNOWN_CHARS:]) if item_id in catalog],
        near=[catalog[item_id] for item_id in near],
        said=[state.message, state.about, *reversed(said)],
        told=[
            *HINTS,
            *catalog.schema.names(),
            *profile.wishes,
            *(_condition_text(one, catalog) for one in profile.constraints),
            *(text for one in profile.request.prefer for text in _let_go_texts(one, resources)),
            state.answer,
            *(asking.evidence(catalog) if asking else ()),
        ],
        claims=resources.claims,
        shown=[catalog[card.id] for card in cards],
        phrases=resources.reasons.evidence.phrases.vocabulary,
    )


def _let_go_texts(preference: Preference, resources: TurnResources) -> tuple[str, ...]:
    """A condition that was let go, as the notes have it; of other preferences nothing."""
    if preference.words:
        return ()
    phrase = resources.reasons.evidence.phrases.of_condition(preference.condition)
    return phrase, _condition_text(preference.condition, resources.tool_context.catalog)


def _reason(ground: Ground, card: Card, by_template: Card, resources: TurnResources) -> str:
    item = resources.tool_context.catalog[card.id]
    by_model = card.reason != by_template.reason
    kept = ground.keep_supported(card.reason, by_model, about=item)
    kept = kept or ground.keep_supported(by_template.reason)
    label = "" if kept else resources.reasons.evidence.label_text(item)
    return kept or ground.keep_supported(label) or NO_REASON


def _condition_text(condition: Condition, catalog: Catalog) -> str:
    values = (str(value) for leaf in leaves(condition) for value in values_of(leaf))
    return f"{describe(condition)} {condition_in_words(condition, catalog.schema)} {' '.join(values)}"
