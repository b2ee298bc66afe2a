"""A turn after an edit: nothing is read, the list is made anew for the request as it stands now."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.events import Card, Understood
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.understanding import Intent
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import Reading, TurnContext, TurnState
from tastemaker.retrieval.text.joined import number_in_words

SAME = "The list stays as it was."


def take_up_edit(state: TurnState, runtime: Runtime[TurnContext]) -> Reading:
    """The step in place of reading: items of the last list may come again, as what they are compared with is new."""
    last = {card.id for card in state.last}
    shown = tuple(item_id for item_id in state.profile.shown if item_id not in last)
    profile = state.profile.model_copy(update={"shown": shown})
    runtime.stream_writer(Understood(understanding={}, profile=profile.model_dump(mode="json")))
    return Reading(
        profile=profile,
        timeline=state.timeline,
        turn=state.turn + 1,
        intent=Intent.RECOMMEND,
        act=None,
        named=(),
        offered=(),
        notes=(),
        about="",
        asking=None,
        questions=state.questions,
        asked=None,
        usage=Usage(),
    )


def what_is_new(state: TurnState, cards: Sequence[Card]) -> tuple[str, ...]:
    """What an edit made of the list, in a sentence; none where there is nothing to compare."""
    if not (state.edited and cards and state.last):
        return ()
    before = [card.id for card in state.last]
    new = sum(card.id not in before for card in cards)
    if not new:
        return (SAME,) if [card.id for card in cards] == before else ("The same ones, in another order.",)
    if new == len(cards):
        return ("All of these are new.",) if new > 1 else ("This one is new.",)
    said = number_in_words(new).capitalize()
    return (f"{said} of these {number_in_words(len(cards))} {'is' if new == 1 else 'are'} new.",)
