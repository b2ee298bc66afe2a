"""How a turn begins: with a bare answer to the last question, or with a message."""

from __future__ import annotations

import re

from tastemaker.agent.events import Emit, Understood
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.clarification_answers import Answered, read_answer
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.acts.accepting import accepts, split_acceptance
from tastemaker.agent.nlu.rules.ordinals import read_places
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import Intent, Sentiment, Understanding
from tastemaker.agent.turn.item_answers import accepted
from tastemaker.agent.turn.state import Reading, TurnResources, TurnState
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.text.joined import either
from tastemaker.retrieval.titles.same_titles import distinct_labels

_LEAVING = re.compile(r"\b(?:thanks|thank you|thx|bye|goodbye|good night)\b", re.IGNORECASE)


def continue_from_small_talk(said: Understanding, state: TurnState) -> Understanding:
    """Small talk ("hi", "ok") from somebody whose taste is known and who was shown nothing yet asks for a list."""
    waiting = state.profile.has_evidence() and not state.last
    if said.intent is Intent.CHAT and not said.act and waiting and not _LEAVING.search(state.message):
        return said.model_copy(update={"intent": Intent.RECOMMEND})
    return said


def is_acceptance(state: TurnState) -> bool:
    """Whether a message takes an item of the list, and is no answer to the question below it."""
    return (
        bool(state.last)
        and state.asking is not None
        and state.asking.kind != "title"
        and accepts(state.message, names=False)
    )


_SAYS_NO_MORE = frozenset(
    "and another one more for after afterwards later tomorrow next night tonight weekend please something else too as "
    "well also thanks thank you a the second to follow then maybe of it same kind sort two others other what".split()
)
"""Words of a further wish that says nothing of its own: what was asked for before goes on."""


def take_along(state: TurnState, resources: TurnResources) -> tuple[TurnState, tuple[str, ...]]:
    """The turn with the item taken that a message takes before it asks for more, and what is said to that.

    "I'll go with that. And for tomorrow one in the same vein": what is left to read is the second sentence.
    """
    if not state.last:
        return state, ()
    split = split_acceptance(state.message, names=resources.rules.names_title)
    if split is None or not split[1]:
        return state, ()
    taken = _taken_item(split[0], state, resources)
    if taken is None:
        return state, ()
    title = resources.tool_context.catalog[taken].title
    profile = state.profile.with_taken(taken)
    if not any(word.norm not in _SAYS_NO_MORE for word in words(split[1])):  # "and one more for afterwards"
        profile = state.profile.model_copy(update={"taken": profile.taken, "history": profile.history})
        split = (split[0], "what else?")
    update = {"message": split[1], "named": (taken,), "profile": profile}
    return state.model_copy(update=update), (accepted(title),)


def _taken_item(message: str, state: TurnState, resources: TurnResources) -> str | None:
    """The item that words of taking name: by its place, by its title, or as what was spoken of last."""
    shown = [card.id for card in state.last]
    for _, places in read_places(message):
        index = len(shown) + places[0] if places[0] < 0 else places[0] - 1
        return shown[index] if 0 <= index < len(shown) else None
    titles = resources.rules.read(message).mentions
    for mention in titles:
        matches = [match.id for match in resources.tool_context.resolver.resolve(mention.title).matches]
        listed = [item_id for item_id in matches if item_id in shown] or matches
        return listed[0] if len(listed) == 1 else None
    spoken_of = [item_id for item_id in state.named if item_id in shown] or (shown if len(shown) == 1 else [])
    return spoken_of[0] if len(spoken_of) == 1 else None


def which_one(state: TurnState, catalog: Catalog) -> PendingQuestion | None:
    """The question which item of the list is taken; None where nothing was shown."""
    if not state.last:
        return None
    shown = [card.id for card in state.last if card.id in catalog]
    ids = [
        item_id for item_id in shown if item_id in state.named
    ] or shown  # "that one" after several were named
    titles = either(distinct_labels([catalog[item_id] for item_id in ids], catalog))
    return PendingQuestion(
        kind="title",
        text=f"Which one do you take: {titles}?",
        ids=tuple(ids),
        sentiment=Sentiment.ASKED,
    )


def answer_in(state: TurnState, catalog: Catalog) -> Answered | None:
    """The message as a bare answer to the question asked last, if it is one."""
    return read_answer(state.message, state.asking, state.profile, catalog) if state.asking else None


def answer_turn(state: TurnState, answer: Answered, emit: Emit) -> Reading:
    """The turn after a bare answer: what it was asked for is done now."""
    asking = state.asking
    if asking is None:
        raise ValueError("an answer without a question")
    intent, act = (asking.intent, asking.act) if answer.title else (Intent.RECOMMEND, None)
    form = Understanding(intent=intent, act=act, by=f"answer to: {asking.text}")
    emit(
        Understood(
            understanding=form.model_dump(mode="json"),
            profile=answer.profile.model_dump(mode="json"),
            notes=answer.notes,
        )
    )
    return Reading(
        profile=answer.profile,
        timeline=state.timeline.after_edit(state.profile),
        turn=state.turn + 1,
        intent=intent,
        act=act,
        named=answer.named,
        offered=(),
        notes=answer.notes,
        about=asking.message if answer.title else "",
        asking=None,
        questions=state.questions,
        asked=None,
        usage=Usage(),
    )
