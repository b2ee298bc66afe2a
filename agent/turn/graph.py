"""One turn as a graph of steps: understand, explore, conclude, reply.

Its state is typed and lives as long as the turn; what a session keeps of it is stored by the
session when the turn is over. What all turns share (the opened tools, the model) comes in as
the graph's runtime context.

The graph is walked here and not by LangGraph: four steps in a row need neither its channels nor its
checkpoints, importing it took as long as a search, and its pools of threads cost each turn (LOG.md).
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from queue import SimpleQueue

from pydantic import BaseModel

from tastemaker.agent.events import Event
from tastemaker.agent.nlu.understanding import Intent
from tastemaker.agent.turn.aggregate import tally
from tastemaker.agent.turn.conclude import conclude
from tastemaker.agent.turn.edited import take_up_edit
from tastemaker.agent.turn.explore import explore
from tastemaker.agent.turn.reply import reply
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import TurnContext, TurnState
from tastemaker.agent.turn.understand import understand

Step = Callable[[TurnState, Runtime[TurnContext]], BaseModel]

STEPS: Mapping[str, Step] = {
    "understand": understand,
    "take_up_edit": take_up_edit,
    "count_up": tally,
    "explore": explore,
    "conclude": conclude,
    "reply": reply,
}
FOLLOWING = {"take_up_edit": "explore", "count_up": "reply", "explore": "conclude", "conclude": "reply"}
"""What comes next; after reading it depends on what was read, and nothing comes after the reply."""


class TurnGraph:
    """The graph of a turn."""

    def stream(self, turn: TurnState, context: TurnContext) -> Generator[Event | TurnState, None, None]:
        """Events of the steps, and after each step the state.

        Where a model is asked, events come as they happen; rules are done with a step before anybody could look.
        """
        return self._in_thread(turn, context) if context.model else self._here(turn, context)

    def invoke(self, turn: TurnState, context: TurnContext) -> TurnState:
        """The state at the end; events are let go."""
        for at in _walk(turn, context, lambda _: None):
            turn = at
        return turn

    def _here(self, turn: TurnState, context: TurnContext) -> Generator[Event | TurnState, None, None]:
        events: list[Event] = []
        for at in _walk(turn, context, events.append):
            yield from events
            events.clear()
            yield at

    def _in_thread(self, turn: TurnState, context: TurnContext) -> Generator[Event | TurnState, None, None]:
        told: SimpleQueue[Event | TurnState | BaseException | None] = SimpleQueue()
        given_up = threading.Event()

        def work() -> None:
            try:
                for at in _walk(turn, context, told.put):
                    told.put(at)
                    if given_up.is_set():
                        break
                told.put(None)
            except BaseException as error:  # noqa: BLE001 - it is raised where the events are taken
                told.put(error)

        # The request's id, and whose span this is part of, go with it.
        worker = threading.Thread(
            target=contextvars.copy_context().run, args=(work,), name="turn", daemon=True
        )
        worker.start()
        try:
            while (one := told.get()) is not None:
                if isinstance(one, BaseException):
                    raise one
                yield one
        finally:
            given_up.set()
            worker.join()  # whoever stops listening still holds the session until the step is over


def _walk(turn: TurnState, context: TurnContext, emit: Callable[[Event], None]) -> Iterator[TurnState]:
    """The state after each step."""
    runtime = Runtime(context, emit)
    name: str | None = "take_up_edit" if turn.edited else "understand"
    while name:
        made = STEPS[name](turn, runtime)
        turn = turn.model_copy(update={field: getattr(made, field) for field in type(made).model_fields})
        yield turn
        name = _after_reading(turn) if name == "understand" else FOLLOWING.get(name)


def _after_reading(state: TurnState) -> str:
    if state.asked and not state.asking:
        return "count_up"
    if state.asking and not state.profile.has_evidence():
        return "reply"
    talks = state.act or state.intent in (Intent.QUESTION, Intent.CHAT)
    return "reply" if talks else "explore"
