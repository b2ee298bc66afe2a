"""One person's conversation: messages in, replies out, a profile that can be looked at and edited."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

from langchain_core.runnables import RunnableConfig

from tastemaker.agent.events import Card, Done, Event, Fallback, Reply, Started
from tastemaker.agent.llm import RULES, LanguageModel
from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.trace import Trace
from tastemaker.agent.turn import MOST_UNDO, Effort, Mind, TurnContext, TurnGraph, TurnState
from tastemaker.agent.usage import Usage
from tastemaker.retrieval.conditions import Condition
from tastemaker.retrieval.constraints import spelled
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.item_names import item_named

DEFAULT_K = 5
WITHOUT_MODEL = "The language model gave no usable answer, so part of this is written without it."
MOST_K = 50
MOST_MESSAGE_CHARACTERS = 20_000


class Session:
    """A conversation that survives restarts; made by :meth:`tastemaker.agent.Tastemaker.session`.

    Turns of one session run one after the other; different sessions never share state.
    """

    def __init__(
        self,
        session_id: str,
        graph: TurnGraph,
        mind: Mind,
        model: LanguageModel | None,
        effort: Effort,
        trace: Trace,
    ) -> None:
        self.id = session_id
        self._graph = graph
        self._mind = mind
        self._model = model
        self._effort = effort
        self.trace = trace
        self._lock = threading.Lock()
        self._config: RunnableConfig = {"configurable": {"thread_id": session_id}}

    def send(self, message: str, k: int = DEFAULT_K) -> Reply:
        """One turn: a message in, a reply out.

        Raises:
            QueryError: an empty or over-long message, or a k out of range.
        """
        for event in self.stream(message, k):
            if isinstance(event, Done):
                return event.reply
        raise RuntimeError("a turn ended without a reply")

    def stream(self, message: str, k: int = DEFAULT_K) -> Iterator[Event]:
        """One turn as it happens: typed events, the last of them :class:`~tastemaker.agent.events.Done`.

        Raises:
            QueryError: as :meth:`send`.
        """
        _check(message, k)
        with self._lock:
            turn = self._state().get("turn", 0) + 1
            for event in self._events(message, k):
                self.trace.write(turn, event)
                yield event

    @property
    def profile(self) -> TasteProfile:
        """What is known of the person's taste now."""
        return TasteProfile.model_validate(self._state().get("profile", {}))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation so far: role, text, and for replies the ids of the items shown."""
        return list(self._state().get("messages", []))

    @property
    def last_items(self) -> tuple[Card, ...]:
        """The cards of the last reply that had any; "the second one" means the second of these."""
        return tuple(Card.model_validate(card) for card in self._state().get("last", []))

    def like(self, item_id: str) -> TasteProfile:
        """The person likes an item; returns the new profile. Raises QueryError for an unknown id."""
        known = self._known(item_id)
        return self._edit(lambda profile: profile.with_like(known))

    def dislike(self, item_id: str) -> TasteProfile:
        """The person dislikes an item; it is not shown again."""
        known = self._known(item_id)
        return self._edit(lambda profile: profile.with_dislike(known))

    def forget(self, item_id: str) -> TasteProfile:
        """Take back whatever was said of an item."""
        known = self._known(item_id)
        return self._edit(lambda profile: profile.without(known))

    def add_history(self, item_ids: Sequence[str]) -> TasteProfile:
        """Items the person took before, the oldest first."""
        known = [self._known(item_id) for item_id in item_ids]
        return self._edit(lambda profile: reduce(TasteProfile.with_seen, known, profile))

    def add_constraint(self, constraint: Condition) -> TasteProfile:
        """Add a hard condition, checked against the catalogue."""
        checked = spelled(constraint, self._mind.shelf.catalog)
        return self._edit(lambda profile: profile.with_constraint(checked))

    def set_profile(self, profile: TasteProfile) -> TasteProfile:
        """Replace the profile as a whole; every id and constraint in it is checked first."""
        for item_id in (
            *profile.history,
            *profile.likes,
            *profile.dislikes,
            *profile.shown,
            *profile.rejected,
        ):
            self._known(item_id)
        checked = tuple(spelled(c, self._mind.shelf.catalog) for c in profile.constraints)
        return self._edit(lambda _: profile.model_copy(update={"constraints": checked}))

    def undo(self) -> TasteProfile:
        """Take back the last change of the profile, by a message or an edit, if there was one."""
        with self._lock:
            past = list(self._state().get("past", []))
            if past:
                self._update({"profile": past.pop(), "past": past})
        return self.profile

    def _events(self, message: str, k: int) -> Iterator[Event]:
        llm = self._model.name if self._model else RULES
        yield Started(message=message, llm=llm, effort=self._effort)
        context = TurnContext(self._mind, self._model, self._effort, k)
        turn: TurnState = {"message": message}
        failed = False
        for event in self._graph.stream(turn, self._config, context=context, stream_mode="custom"):
            failed = failed or (isinstance(event, Fallback) and event.model_failed)
            yield event  # type: ignore[misc]
        state = self._state()
        answered = dict(state["reply"])
        if failed:
            answered["notes"] = [*answered["notes"], WITHOUT_MODEL]
        yield Done(
            reply=Reply(
                **answered,
                usage=Usage.model_validate(state["usage"]),
                session=self.id,
                trace=str(self.trace.path),
            )
        )

    def _known(self, item_id: str) -> str:
        return self._mind.shelf.catalog[item_id].id

    def _edit(self, change: Callable[[TasteProfile], TasteProfile]) -> TasteProfile:
        with self._lock:  # an edit during a turn waits for it, so that neither overwrites the other
            before = self.profile
            after = change(before)
            past = [*self._state().get("past", []), before.model_dump(mode="json")][-MOST_UNDO:]
            self._update({"profile": after.model_dump(mode="json"), "past": past})
        return after

    def _update(self, values: TurnState) -> None:
        self._graph.update_state(self._config, values, as_node="reply")

    def _state(self) -> TurnState:
        return self._graph.get_state(self._config).values  # type: ignore[return-value]


def _check(message: str, k: int) -> None:
    if not message.strip():
        raise QueryError("the message is empty; say what you are looking for")
    if len(message) > MOST_MESSAGE_CHARACTERS:
        raise QueryError(
            f"the message has {len(message):,} characters; at most {MOST_MESSAGE_CHARACTERS:,} are read"
        )
    if not 1 <= k <= MOST_K:
        raise QueryError(f"k is {k}; ask for 1 to {MOST_K} items")


def titles_to_ids(titles: Sequence[str], mind: Mind) -> list[str]:
    """Item ids for typed titles (or ids), one each.

    Raises:
        QueryError: a title is not in the catalogue (names what looks alike), or could be several.
    """
    return [item_named(title, mind.shelf.catalog, mind.shelf.resolver) for title in titles]
