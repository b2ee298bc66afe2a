"""The first step of a turn: read the message, edit the profile by it."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from tastemaker.agent.events import Emit, Fallback, Understood
from tastemaker.agent.llm.model_profile import stays_capable
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.foreign_phrases import say_in_english
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.acts.dialogue_acts import resolve_relatives
from tastemaker.agent.nlu.rules.acts.known_items import find_known_behind, find_known_places
from tastemaker.agent.nlu.rules.acts.list_questions import read_list_question
from tastemaker.agent.nlu.understanding import Act, Intent, Sentiment, Understanding
from tastemaker.agent.shortlist.named_candidates import resolve_candidates
from tastemaker.agent.turn.aggregate import resolve_references
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.left_out import leave_out
from tastemaker.agent.turn.meant_message import complete_message, name_items
from tastemaker.agent.turn.profile_update import ProfileUpdate, update_profile
from tastemaker.agent.turn.references import (
    as_list_question,
    comparison_items,
    end_recall,
    list_part,
    meant_items,
    referenced_item,
    speaks_of_the_list,
    with_like_it,
    without_comparison,
)
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.standing_conditions import note_for
from tastemaker.agent.turn.start import (
    answer_in,
    answer_turn,
    continue_from_small_talk,
    is_acceptance,
    take_along,
    which_one,
)
from tastemaker.agent.turn.state import Reading, TurnContext, TurnState
from tastemaker.retrieval.errors import ModelError
from tastemaker.retrieval.filters.aggregates import Aggregate

SORRY = "I am sorry. Say what is wrong with them, such as too long, too dark or too well known, and I look elsewhere."
STARTED_OVER = "I forgot what you told me in this conversation; “undo” brings it back."


def understand(state: TurnState, runtime: Runtime[TurnContext]) -> Reading:
    """Read the message, edit the profile by it, remember the profile as it was."""
    context, emit = runtime.context, runtime.stream_writer
    catalog = context.resources.tool_context.catalog
    written, before = state.message, state.profile
    state = state.model_copy(update={"message": name_items(written, state, context.resources)})
    state, thanks = take_along(state, context.resources)
    meant = complete_message(state.message, state, context.resources)
    state = state.model_copy(update={"message": meant.message})
    of_list = read_list_question(state.message) if state.last else None
    passes_over = is_acceptance(state) or of_list is not None  # they answer no question
    if not passes_over and (answer := answer_in(state, catalog)) is not None:
        return answer_turn(state, answer, emit)
    said, usage = read_message(state, context, emit)
    said = continue_from_small_talk(said, state)
    if said.act is Act.COMPLAIN and state.last:  # a list that displeases makes way for another
        said, thanks = said.model_copy(update={"act": None}), (*thanks, SORRY)
    if meant.scope is not None:
        said = said.model_copy(update={"scope": meant.scope, "intent": Intent.RECOMMEND})
    if meant.unclear:
        said = Understanding(intent=Intent.QUESTION)
    if of_list:
        said = as_list_question(said, of_list, catalog)
    asked: Aggregate | None = None
    if said.intent in (Intent.UNDO, Intent.REDO):
        update, timeline = _travel(said.intent, state.profile, state.timeline)
    else:
        update, asked = _edit(said, state, context)
        timeline = state.timeline.after_edit(before)
    asks = said.intent is Intent.QUESTION and said.act is None
    named = list_part(state.message, state, update.profile) if asks and state.last else ()
    named = named if named or of_list else update.named or meant_items(said, state)
    if said.act is Act.ACCEPT and len(named) > 1:
        named = ()  # "that one" after several were named
    asking = update.asking or (which_one(state, catalog) if said.act is Act.ACCEPT and not named else None)
    emit(
        Understood(
            understanding=said.model_dump(mode="json"),
            profile=update.profile.model_dump(mode="json"),
            notes=(*thanks, *update.notes),
        )
    )
    return Reading(
        profile=update.profile,
        timeline=timeline,
        turn=state.turn + 1,
        intent=said.intent,
        act=said.act,
        named=named,
        offered=update.offered,
        notes=(*thanks, *update.notes),
        about=state.message if state.message != written else "",
        asking=_with_purpose(asking, said, state.message, named),
        questions=state.questions_with(asking),
        asked=asked,
        usage=usage,
    )


def read_message(state: TurnState, context: TurnContext, emit: Emit) -> tuple[Understanding, Usage]:
    """What a message says, read by the model, and by the rules where they know better or it fails."""
    resources, message = context.resources, state.message
    shown = [card.id for card in state.last]
    plainly = resources.plain.reread(message, resources.rules.read(message), shown)
    leads = context.model_profile.leads
    asks = leads or (context.model_profile.reads and not (plainly.asked or plainly.act))
    if context.model is None or not asks:
        return plainly, Usage()
    try:
        if leads:
            said, filled, sha = resources.context_reader.read(message, state.talk, context.model, plainly)
        else:
            said, filled = resources.reader.read(message, context.model, plainly)
            sha = resources.reader.prompt_sha
    except ModelError as error:
        emit(Fallback(step="understand", reason=str(error), error=type(error).__name__))
        return plainly, Usage()
    emit_call(emit, "understand", sha, filled)
    if leads and not stays_capable(context.model.name, len(filled.failed)):
        return plainly, filled.usage  # a small model behind a capable one was not asked what it can answer
    return said, filled.usage


def _edit(
    said: Understanding, state: TurnState, context: TurnContext
) -> tuple[ProfileUpdate, Aggregate | None]:
    """What the message makes of the profile, and the question about many items in it."""
    tool_context, asked = context.resources.tool_context, None
    catalog = tool_context.catalog
    shown = [card.id for card in state.last]
    said = with_like_it(said, state.message, state, catalog)
    if not (shown or state.named or said.mentions):
        said = without_comparison(said, catalog)
    said, before = end_recall(said, state, state.message)
    update = update_profile(
        said, before, shown, catalog, tool_context.resolver, state.questions, state.message
    )
    phrases = context.resources.reasons.evidence.phrases
    profile = _with_whole_request(said, update.profile, context)
    notes = (*update.notes, *note_for(update.let_go, update.profile, phrases, catalog))
    told = [mention for mention in said.mentions if mention.title or mention.sentiment is Sentiment.SEEN]
    if not told:  # what is said to be known are these then
        places = find_known_places(say_in_english(state.message), len(shown))
        known = [shown[place - 1] for place in places]
        spoken_of = [item_id for item_id in state.named if item_id in known]
        if len(spoken_of) == 1 and find_known_behind(state.message, 0):
            known = spoken_of  # "seen that", of it alone
        profile = reduce(TasteProfile.with_seen, known, profile)
    if said.act is Act.RESTART:
        profile, notes = TasteProfile(), (STARTED_OVER,)
    if said.relative:
        compared = comparison_items(update.named, state, catalog)
        amounts = [one for one in said.relative if one.more is not None]
        others = [one for one in said.relative if one.more is None]
        # Before anything was shown, "something cheaper" compares with what the catalogue has; "not that director"
        # speaks of nobody then.
        sized, unclear = resolve_relatives(amounts, compared or list(catalog))
        same, nobody = resolve_relatives(others, compared)
        conditions, unclear = [*sized, *same], [*unclear, *nobody]
        profile, notes = reduce(TasteProfile.with_constraint, conditions, profile), (*notes, *unclear)
    if said.refused:
        profile, left_out = leave_out(said.refused, profile, catalog)
        notes = (*notes, *left_out)
    if said.asked:
        asked, more = resolve_references(
            said.asked, referenced_item(update.named, state, catalog), catalog, profile, state.message
        )
        if asked and said.asked.aggregate.among:  # a series, or the list in another order
            asked = asked.model_copy(update={"where": (), "called": ()})
        elif asked and len(update.named) > 1:
            asked = asked.model_copy(update={"among": update.named})
        elif asked and len(shown) > 1 and speaks_of_the_list(state.message):
            asked = asked.model_copy(update={"among": tuple(shown), "where": (), "called": ()})
        notes = (*notes, *more)
    return replace(update, profile=profile, notes=notes), asked


def _with_whole_request(said: Understanding, profile: TasteProfile, context: TurnContext) -> TasteProfile:
    """The profile with the request as a capable model wrote it: all of it, not only what is new."""
    if not said.whole or said.intent not in (Intent.RECOMMEND, Intent.MORE):
        return profile
    titles = said.candidates if context.model_profile.titles else ()
    candidates = resolve_candidates(titles, context.resources.tool_context.resolver)
    if said.intent is Intent.MORE and not (said.query or said.prefer):
        return profile.with_request(profile.request.model_copy(update={"candidates": candidates}))
    whole = {
        "other_person": said.other_person,
        "prefer": said.prefer,
        "avoid": said.avoid,
        "queries": (said.query,) if said.query else (),
        "critiques": said.critiques,
        "candidates": candidates,
        "unknown": said.unknown,
        "how_many": said.how_many,
    }
    return profile.with_request(profile.request.model_copy(update=whole))


def _with_purpose(
    asking: PendingQuestion | None, said: Understanding, message: str, named: tuple[str, ...]
) -> PendingQuestion | None:
    """The question back with what the person wanted when it had to be asked."""
    if asking is None:
        return None
    purpose = {"intent": said.intent, "act": said.act, "message": message, "named": named}
    return asking.model_copy(update=purpose)


def _travel(intent: Intent, now: TasteProfile, timeline: Timeline) -> tuple[ProfileUpdate, Timeline]:
    if intent is Intent.UNDO:
        profile, timeline = timeline.undone(now)
        words = "I took the last step back.", "There is nothing to take back."
    else:
        profile, timeline = timeline.redone(now)
        words = "I took the step again.", "There is nothing to bring back."
    return ProfileUpdate(profile, notes=(words[profile == now],)), timeline
