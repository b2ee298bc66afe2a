"""The last step of a turn: the words of the reply, by template, then by the model, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace

from tastemaker.agent.events import Emit, Fallback, Reply, Text
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import earlier_lists, fold_messages
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.acts.list_questions import read_list_question
from tastemaker.agent.nlu.understanding import Act, Intent
from tastemaker.agent.reply.explanations import explain
from tastemaker.agent.reply.lead_in import ORDINALS, lead_in
from tastemaker.agent.reply.llm_wording import MAX_WORDED, Worded, reword
from tastemaker.agent.reply.no_results import MAX_NEAREST, nothing_fits
from tastemaker.agent.reply.prose_writer import MAX_OFFERED, point
from tastemaker.agent.reply.recalled import tell_which_it_was
from tastemaker.agent.reply.shown_before import name_shown_before
from tastemaker.agent.shortlist.nearest import nearest
from tastemaker.agent.turn import item_answers as answer
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.edited import what_is_new
from tastemaker.agent.turn.grounded_reply import check_grounding
from tastemaker.agent.turn.profile_update import NOT_THERE
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import Answered, Effort, TurnContext, TurnResources, TurnState, Words
from tastemaker.retrieval.errors import ModelError
from tastemaker.retrieval.text.joined import either
from tastemaker.retrieval.text.languages import ENGLISH, detect_language

NOTHING_FITS = "Nothing here truly fits that; these come nearest."
"""Said where a model that saw the best candidates would show none of them."""
TO_GET_IT_RIGHT = "I want to get this right."


def reply(state: TurnState, runtime: Runtime[TurnContext]) -> Answered:
    """Word the answer, remember what was shown."""
    context, emit = runtime.context, runtime.stream_writer
    plain, offer, told = plain_words(state, context.resources)
    worded, used = plain, Usage()
    if state.ranking.best:
        worded = ranking_words(state, plain, context)
    elif state.ranking.vetoes and plain.cards:
        worded = plain = replace(plain, message=NOTHING_FITS)
    elif _is_worded_by_model(state, context):
        worded, used = model_words(state.message, plain, state.profile, context, emit)
    asking = offer or state.asking
    worded, notes = check_grounding(worded, plain, state, asking, told, context.resources, emit)
    emit(Text(text=worded.message))
    shown = tuple(card.id for card in worded.cards)
    profile = state.profile if state.answer else state.profile.with_shown(shown)
    if state.act is Act.ACCEPT and state.named:
        profile = profile.with_taken(state.named[0])
    # Which of the list is the oldest: what is spoken of next is that one, and places are those of the list.
    of_shown = bool(shown) and state.asked is not None and len(state.asked.among) > state.asked.k
    said = Message(role="user", text=state.message)
    answered = Message(role="assistant", text=worded.message, items=shown)
    messages, summary = fold_messages(state.summary, (*state.messages, said, answered))
    return Answered(
        reply=Reply(
            items=worded.cards,
            message=worded.message,
            question=worded.question,
            notes=(*notes, *what_is_new(state, worded.cards)),
        ),
        profile=profile,
        messages=messages,
        summary=summary,
        last=state.last if of_shown else worded.cards or state.last,
        named=shown
        if of_shown
        else state.named
        if state.act or worded.cards
        else items_in_words(worded.message, state),
        asking=asking if worded.question else None,
        questions=state.questions_with(offer),
        usage=state.usage + used,
    )


def items_in_words(words: str, state: TurnState) -> tuple[str, ...]:
    """The items that the message was about; of a question on the list those that the answer names."""
    listed = {card.id: card.title for card in state.last}
    if state.named and (
        state.intent is not Intent.QUESTION or not read_list_question(state.about or state.message)
    ):
        return state.named
    told = tuple(item_id for item_id, title in listed.items() if title in words.split(";")[0])
    if words.startswith("All but "):
        return tuple(item_id for item_id in listed if item_id not in told)
    return told


def plain_words(
    state: TurnState, resources: TurnResources
) -> tuple[Worded, PendingQuestion | None, tuple[str, ...]]:
    """The reply by template; where nothing fits, the offer in it, and what it speaks of that nobody said."""
    talks = state.act or state.intent in (Intent.QUESTION, Intent.CHAT)
    if state.shortlist or state.answer or state.question or talks:
        plain = _plain(state, resources)
        # An answer on the list names whom it was asked for as the catalogue has them, and where else they are.
        of_list = state.intent is Intent.QUESTION and read_list_question(state.about or state.message)
        return plain, None, (plain.message,) if of_list else ()
    tool_context, profile = resources.tool_context, state.profile
    near = nearest(tool_context, profile, state.recent_texts, MAX_NEAREST)
    kind = tool_context.facets.item if tool_context.facets else "item"
    said = nothing_fits(resources.reasons.evidence, profile, state.questions, near, kind)
    return Worded(said.message, (), said.offer.text if said.offer else ""), said.offer, said.told


def _plain(state: TurnState, resources: TurnResources) -> Worded:
    said, cards, profile = state.about or state.message, state.shortlist, state.profile
    if state.answer:
        return Worded(state.answer, cards)
    if state.act and state.intent is Intent.QUESTION and not (state.question and not state.named):
        earlier = earlier_lists(state.summary, state.messages)
        told = explain(state.act, said, state.named, state.last, earlier, profile, resources.tool_context)
        return Worded(told, (), state.question)
    if state.question and not cards and state.act:
        return Worded(TO_GET_IT_RIGHT, (), state.question)
    if state.act is Act.ACCEPT and state.named:
        return Worded(answer.accepted(resources.tool_context.catalog[state.named[0]].title), ())
    if state.act is Act.ACCEPT:
        return Worded(answer.WHICH_TITLE, (), state.question)
    if state.act is Act.ABOUT_US:
        return Worded(answer.about_us(said, resources), ())
    if state.act is Act.OFF_TOPIC:
        return Worded(answer.off_topic(resources), ())
    if state.act is Act.COMPLAIN:
        return Worded(answer.SORRY, ())
    if state.act:
        return Worded(answer.small_talk(profile), ())
    missing = not state.named and any(note.endswith(NOT_THERE) for note in state.notes)
    if state.intent is Intent.QUESTION and missing:
        return Worded(answer.NOT_HERE, (), state.question)
    if state.intent is Intent.QUESTION:
        return Worded(answer.about(said, state.named, state.last, resources), (), state.question)
    if state.question and not cards:
        return Worded(TO_GET_IT_RIGHT, (), state.question)
    if state.intent is Intent.CHAT:
        return Worded(answer.small_talk(profile), ())
    catalog = resources.tool_context.catalog
    if recalled := tell_which_it_was(state.message, cards, resources.tool_context):
        return Worded(recalled, cards, state.question)
    lead = lead_in([catalog[card.id] for card in cards], profile, resources.reasons.evidence, catalog)
    return Worded(lead, cards, state.question)


def _is_worded_by_model(state: TurnState, context: TurnContext) -> bool:
    allowed = context.effort is not Effort.FAST and context.words is Words.MODEL
    allowed = allowed and not context.model_profile.chooses  # reasons come with its order
    return allowed and bool(state.shortlist) and not state.answer


def ranking_words(state: TurnState, plain: Worded, context: TurnContext) -> Worded:
    """The reasons and the opening sentence that came with a model's order, still to be checked."""
    if not context.model_profile.words or context.words is not Words.MODEL or state.answer:
        return plain
    reasons = state.ranking.reasons
    cards = tuple(
        card.model_copy(update={"reason": reasons.get(card.id, card.reason)}) for card in plain.cards
    )
    if not (cards and state.ranking.lead):
        return Worded(plain.message, cards, plain.question)
    unknown = state.profile.request.unknown
    admitted = f" I don't know {either(unknown)}: this catalogue does not say." if unknown else ""
    catalog = context.resources.tool_context.catalog
    again = name_shown_before([catalog[card.id] for card in cards], state.profile.shown, ORDINALS)
    again = f" {again}" if again and detect_language(state.ranking.lead) == ENGLISH else ""
    return Worded(state.ranking.lead + again + admitted, cards, plain.question)


def _point_to_facts(
    said: str, words: Worded, profile: TasteProfile, model: LanguageModel, context: TurnContext, emit: Emit
) -> tuple[Worded, Usage]:
    """The reply by template with reasons of the facts that a small model points to."""
    reasons, catalog = context.resources.reasons, context.resources.tool_context.catalog
    offered = reasons.offered([catalog[card.id] for card in words.cards], profile, MAX_OFFERED)[:MAX_WORDED]
    try:
        chosen, filled, sha = point(model, said, [[fact.text for fact in facts] for facts in offered])
    except ModelError as error:
        emit(Fallback(step="reply", reason=str(error), error=type(error).__name__))
        return words, Usage()
    emit_call(emit, "reply", sha, filled)
    cards = list(words.cards)
    for at, (facts, places) in enumerate(zip(offered, chosen, strict=True)):
        if places:
            reason, cites = reasons.of_facts([facts[place] for place in places])
            cards[at] = cards[at].model_copy(update={"reason": reason, "cites": cites})
    return replace(words, cards=tuple(cards)), filled.usage


def model_words(
    said: str, words: Worded, profile: TasteProfile, context: TurnContext, emit: Emit
) -> tuple[Worded, Usage]:
    """The reply in the model's words where they are borne out, and what they cost."""
    tool_context, model = context.resources.tool_context, context.model
    if model is None:
        return words, Usage()
    if not context.model_profile.words:
        return _point_to_facts(said, words, profile, model, context, emit)
    facts = [
        context.resources.reasons.brief(tool_context.catalog[card.id]) for card in words.cards[:MAX_WORDED]
    ]
    try:
        worded, filled, sha = reword(model, said, context.resources.rules.without_titles(said), words, facts)
    except ModelError as error:
        emit(Fallback(step="reply", reason=str(error), error=type(error).__name__))
        return words, Usage()
    emit_call(emit, "reply", sha, filled)
    for refused in worded.refused:
        emit(Fallback(step="reply", reason=f"not borne out by the facts: {refused}", model_failed=False))
    return worded, filled.usage
