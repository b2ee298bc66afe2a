"""One person's conversation: messages in, replies out, a profile that can be looked at and edited."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tastemaker.agent.async_stream import iterate_in_thread
from tastemaker.agent.events import Card, CardsByRules, Done, Event, Fallback, Reply, Started
from tastemaker.agent.feedback import FeedbackLog, state_to_log
from tastemaker.agent.llm.budget import BudgetedModel
from tastemaker.agent.llm.choice import choices_of, first_asked
from tastemaker.agent.llm.limits import Limits
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.model_profile import NO_MODEL, ModelProfile, own_profiles, profile_of
from tastemaker.agent.llm.open_models import RULES
from tastemaker.agent.memory.catalog_changes import catalog_notes, changed_by_catalog, with_gone
from tastemaker.agent.memory.manner import Manner
from tastemaker.agent.memory.message import Message, Role
from tastemaker.agent.memory.person import LongTermTaste, Person
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.session_store import SessionStore
from tastemaker.agent.memory.summary import Summary, fold_messages
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.observed_turn import ObservedModel, ObservedTurn, observe_turn
from tastemaker.agent.shortlist.exploration_slots import BEST_ONLY, Draw, ExplorationPolicy
from tastemaker.agent.trace import Trace
from tastemaker.agent.turn.allowance import FULL, WITHOUT_MODEL_NOW, Allowance
from tastemaker.agent.turn.first_cards import first_cards
from tastemaker.agent.turn.graph import TurnGraph
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.agent.turn.state import Effort, TurnContext, TurnResources, TurnState, Words
from tastemaker.retrieval.errors import DiskFull, QueryError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import canonicalise
from tastemaker.retrieval.text.whole_characters import whole_characters
from tastemaker.retrieval.titles.item_lookup import find_item

DEFAULT_K = 5
WITHOUT_MODEL = "The language model gave no usable answer, so part of this is written without it."
NOT_KEPT = "I will not remember this turn:"
MAX_K = 50
MAX_MESSAGE_CHARACTERS = 20_000


@dataclass(frozen=True)
class Engine:
    """What all sessions of one agent share; ``removed`` gives titles, by id, of items that the catalogue had once."""

    graph: TurnGraph
    store: SessionStore
    resources: TurnResources
    model: LanguageModel | None
    effort: Effort
    limits: Limits
    policy: ExplorationPolicy = BEST_ONLY
    words: Words = Words.MODEL
    removed: Callable[[], Mapping[str, str]] = dict
    model_profile: ModelProfile = NO_MODEL


class Session:
    """A conversation that survives restarts; made by :meth:`tastemaker.agent.Tastemaker.session`.

    Turns of one session run one after the other, in whatever thread or process they are
    asked for; different sessions never share state. A turn is kept as a whole or not at
    all: after a crash in its middle the session is where it was, and the message can be
    sent again.

    Args:
        session_id: which conversation.
        engine: whose.
        trace: where its events go.
        person: whose taste to begin with and to add to, where that is known.
        feedback: where it is written down what was shown and what became of it; nowhere unless given.
    """

    def __init__(
        self,
        session_id: str,
        engine: Engine,
        trace: Trace,
        person: Person | None = None,
        feedback: FeedbackLog | None = None,
    ) -> None:
        self.id = session_id
        self.person = person
        self.trace = trace
        self.feedback = feedback
        self._engine = engine
        self._resources = engine.resources
        self._catalog = engine.resources.tool_context.catalog
        self._lock = threading.Lock()
        if person:
            person.add_session(session_id)  # first: a lock's file has the session's name, and must be found
            self._begin_with(person)

    def send(self, message: str, k: int = DEFAULT_K, allowance: Allowance = FULL) -> Reply:
        """One turn: a message in, a reply out; ``allowance`` bounds what it may do.

        Raises:
            QueryError: an empty or over-long message, or a k out of range.
        """
        for event in self.stream(message, k, allowance):
            if isinstance(event, Done):
                return event.reply
        raise RuntimeError("a turn ended without a reply")

    def stream(self, message: str, k: int = DEFAULT_K, allowance: Allowance = FULL) -> Iterator[Event]:
        """One turn as it happens: typed events, the last of them :class:`~tastemaker.agent.events.Done`.

        Raises:
            QueryError: as :meth:`send`.
        """
        return self._stream(message, k, allowance, edited=False)

    def refresh(self, edit: str, k: int = DEFAULT_K, allowance: Allowance = FULL) -> Iterator[Event]:
        """The list anew, as :meth:`stream`, after the profile was edited by :meth:`set_profile` and the like.

        Args:
            edit: what was changed, in words for the person; kept as their message, and never read.
            k, allowance: as there.

        Raises:
            QueryError: as there.
        """
        return self._stream(edit, k, allowance, edited=True)

    def _stream(self, message: str, k: int, allowance: Allowance, *, edited: bool) -> Iterator[Event]:
        message = whole_characters(message)
        _check(message, k)
        with (
            self._alone() as state,
            observe_turn(self.id) as seen,
            closing(self._events(state, message, k, allowance, seen, edited)) as events,
            self.trace.turn(state.turn + 1, at_once=self._engine.model is not None) as trace,
        ):
            for event in events:
                trace.write(event)
                seen.see(event)
                yield event

    async def asend(self, message: str, k: int = DEFAULT_K) -> Reply:
        """:meth:`send` for asynchronous callers: the event loop is free while the turn runs."""
        return await asyncio.to_thread(self.send, message, k)

    def astream(self, message: str, k: int = DEFAULT_K, allowance: Allowance = FULL) -> AsyncIterator[Event]:
        """:meth:`stream` for asynchronous callers. A turn that nobody listens to any more still ends well."""
        return iterate_in_thread(lambda: self.stream(message, k, allowance))

    @property
    def profile(self) -> TasteProfile:
        """What is known of the person's taste now."""
        return self._state().profile

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The latest messages: role, text, and for replies the ids of the items shown.

        Of a long conversation the older part is in :attr:`summary`; all of it is in the trace.
        """
        return [_message_as_dict(message) for message in self._state().messages]

    @property
    def is_kept(self) -> bool:
        """Whether anything of it was stored yet."""
        return self._engine.store.load(self.id)[1] > 0

    def snapshot(self) -> dict[str, Any]:
        """What the next turn begins with, for :meth:`restore` of another session that goes on from here."""
        return state_to_log(self._state().to_json())

    @property
    def summary(self) -> Summary:
        """What is kept of the messages that are too old to be kept word by word."""
        return self._state().summary

    @property
    def last_items(self) -> tuple[Card, ...]:
        """The cards of the last reply that had any; "the second one" means the second of these."""
        return self._state().last

    def like(self, item_id: str) -> TasteProfile:
        """The person likes an item; returns the new profile. Raises QueryError for an unknown id."""
        known = self._resolve_id(item_id)
        return self._edit(lambda profile: profile.with_like(known))

    def dislike(self, item_id: str) -> TasteProfile:
        """The person dislikes an item; it is not shown again."""
        known = self._resolve_id(item_id)
        return self._edit(lambda profile: profile.with_dislike(known))

    def choose(self, item_id: str) -> TasteProfile:
        """The person takes an item: it joins what they had before, and is not shown again."""
        known = self._resolve_id(item_id)
        profile = self._edit(lambda now: now.with_seen(known))
        self._did("chosen", [known])
        return profile

    def open_item(self, item_id: str) -> None:
        """The person looked at an item more closely; this is written down and changes nothing."""
        self._did("opened", [self._resolve_id(item_id)])

    def forget(self, item_id: str) -> TasteProfile:
        """Take back whatever was said of an item."""
        known = self._resolve_id(item_id)
        return self._edit(lambda profile: profile.without(known))

    def begin(
        self, taken: Sequence[str] = (), liked: Sequence[str] = (), disliked: Sequence[str] = ()
    ) -> TasteProfile:
        """What is known of the person from elsewhere, in one edit however much it is: items by id."""
        had, likes, dislikes = ([self._resolve_id(i) for i in ids] for ids in (taken, liked, disliked))

        def told(profile: TasteProfile) -> TasteProfile:
            profile = reduce(TasteProfile.with_seen, had, profile)
            profile = reduce(TasteProfile.with_like, likes, profile)
            return reduce(TasteProfile.with_dislike, dislikes, profile)

        return self._edit(told)

    def add_history(self, item_ids: Sequence[str]) -> TasteProfile:
        """Items the person took before, the oldest first."""
        known = [self._resolve_id(item_id) for item_id in item_ids]
        return self._edit(lambda profile: reduce(TasteProfile.with_seen, known, profile))

    def recall(self, messages: Sequence[tuple[str, str]]) -> None:
        """Take over what was said before, elsewhere: (role, text) pairs, role ``user`` or ``assistant``.

        They are remembered and not answered.

        Raises:
            QueryError: another role.
        """
        told = [Message(role=_role(role), text=whole_characters(text)) for role, text in messages]
        with self._alone() as state:
            kept, summary = fold_messages(state.summary, (*state.messages, *told))
            self._save(state.model_copy(update={"messages": kept, "summary": summary}))

    def erase(self) -> None:
        """Delete the conversation, its trace and its log. What a person's long-term profile learned stays."""
        with self._alone():
            self._engine.store.delete(self.id)
            self.trace.erase()
            if self.feedback is not None:
                self.feedback.erase()

    def add_constraint(self, constraint: Condition) -> TasteProfile:
        """Add a hard condition, checked against the catalogue."""
        checked = canonicalise(constraint, self._resources.tool_context.catalog)
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
            self._resolve_id(item_id)
        checked = tuple(canonicalise(c, self._resources.tool_context.catalog) for c in profile.constraints)
        return self._edit(lambda _: profile.model_copy(update={"constraints": checked}))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put the session into the state that a feedback log has of it, to hold a turn again.

        Raises:
            QueryError: an item in it is not in the catalogue.
        """
        restored = SessionState.from_json(state)
        for item_id in restored.profile.hidden_ids():
            self._resolve_id(item_id)
        with self._alone() as now:
            self._save(
                restored.model_copy(update={"turn": now.turn, "revision": now.revision, "catalog": ""})
            )

    @property
    def manner(self) -> Manner:
        """How this conversation is answered: effort, variety and model, where somebody chose."""
        return self._state().manner

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models to choose from; ``rules`` last."""
        return choices_of(self._engine.model)

    def set_manner(self, manner: Manner) -> None:
        """Choose how this conversation is answered from the next message on.

        Raises:
            QueryError: no such model.
        """
        if manner.model and manner.model not in self.models:
            raise QueryError(f"no model {manner.model[:100]!r}; there are: {', '.join(self.models)}")
        with self._alone() as state:
            self._save(state.model_copy(update={"manner": manner}))

    def undo(self) -> TasteProfile:
        """Take back the last change of the profile, by a message or an edit, if there was one."""
        return self._travel(Timeline.undone)

    def redo(self) -> TasteProfile:
        """Make the change again that was last taken back, if there was one."""
        return self._travel(Timeline.redone)

    def _events(
        self,
        before: SessionState,
        message: str,
        k: int,
        allowance: Allowance,
        seen: ObservedTurn,
        edited: bool,
    ) -> Generator[Event, None, None]:
        engine, asks = self._engine, allowance.model
        chosen, own_effort, profile = self._answering(before.manner)
        limits, effort = allowance.limits_within(engine.limits), allowance.effort_within(own_effort)
        asked = ObservedModel(chosen, seen) if chosen and seen.is_observed else chosen
        model = BudgetedModel(asked, limits) if asked and asks else None
        started = Started(message=message, llm=model.name if model else RULES, effort=effort, edited=edited)
        yield started
        context = TurnContext(
            engine.resources,
            model,
            effort,
            k,
            policy=engine.policy,
            words=engine.words,
            model_profile=profile if asks else NO_MODEL,
        )
        gone = catalog_notes(before.to_json())
        told = {"catalog": self._catalog.content_hash, "gone_items": {}, "gone_notes": ()}
        turn, failed = TurnState.begin(before.model_copy(update=told), message, edited=edited), False
        if model and (early := first_cards(engine.graph, turn, context)):
            yield CardsByRules(cards=early)
        with closing(engine.graph.stream(turn, context)) as steps:
            for event in steps:
                if isinstance(event, TurnState):
                    turn = event
                    continue
                failed = failed or (isinstance(event, Fallback) and event.model_failed)
                yield event
        if turn.reply is None:
            raise RuntimeError("a turn ended without a reply")
        # Nothing is stored until here: a turn whose process is killed, or whose caller went away, has not happened.
        lost = self._lost_to_full_disk(before, turn.session)
        without = [WITHOUT_MODEL] if failed else [WITHOUT_MODEL_NOW] if chosen and not asks else []
        notes = (*gone, *turn.reply.notes, *without, *lost)
        own = {"notes": notes, "usage": turn.usage, "session": self.id, "trace": str(self.trace.path)}
        reply = turn.reply.model_copy(update=own)
        if not lost and not edited:  # the log is of what was said, to be held again
            self._log(before, turn, k, reply, started)
        yield Done(reply=reply)

    def _answering(self, manner: Manner) -> tuple[LanguageModel | None, Effort, ModelProfile]:
        """Who answers with how much effort: as the agent was opened, unless the conversation has its own."""
        engine = self._engine
        effort = Effort(manner.effort) if manner.effort else engine.effort
        model = first_asked(engine.model, manner.model)
        if model is None:
            return None, effort, NO_MODEL if engine.model else engine.model_profile
        if engine.model is None or model.name == engine.model.name:
            return model, effort, engine.model_profile
        return model, effort, profile_of(model.name, None, own_profiles())

    def _resolve_id(self, item_id: str) -> str:
        return self._resources.tool_context.catalog[item_id].id

    def _edit(self, change: Callable[[TasteProfile], TasteProfile]) -> TasteProfile:
        # An edit during a turn waits for it, so that neither overwrites the other.
        with self._alone() as state:
            before = state.profile
            after = change(before)
            self._save(_with_profile(state, after, state.timeline.after_edit(before)))
            self._learn(before, after)
        return after

    def _travel(
        self, step: Callable[[Timeline, TasteProfile], tuple[TasteProfile, Timeline]]
    ) -> TasteProfile:
        with self._alone() as state:
            before = state.profile
            after, timeline = step(state.timeline, before)
            if after != before:
                self._save(_with_profile(state, after, timeline))
                self._learn(before, after)
        return after

    def _log(self, before: SessionState, turn: TurnState, k: int, reply: Reply, started: Started) -> None:
        """Write down what a turn began with and what it showed."""
        if self.feedback is None:
            return
        engine, drawn = self._engine, turn.drawn or Draw(ranked=(), places=(), of=0)
        made_by = {
            "llm": started.llm,
            "effort": started.effort,
            "recommender": self._resources.tool_context.recommender.name,
        }
        shown = [card.id for card in reply.items]
        self.feedback.turn(turn.turn, turn.message, k, before.to_json(), made_by, engine.policy, drawn, shown)

    def _did(self, kind: str, item_ids: Iterable[str]) -> None:
        if self.feedback is not None:
            self.feedback.did(kind, item_ids)

    def _begin_with(self, person: Person) -> None:
        """Take over what is known of the person; a session opened again may find it grown elsewhere."""
        with self._alone() as state:
            if gone := person.newly_gone():
                titles = {item_id: self._engine.removed().get(item_id, item_id) for item_id in gone}
                state = state.model_copy(update={"gone_items": with_gone(state.to_json(), titles)})
                self._save(state)
                state = self._state()
            taste = person.taste
            if LongTermTaste.of(state.profile) != taste:
                known = state.profile.model_copy(update=dict(taste))
                self._save(_with_profile(state, known, state.timeline))

    def _learn(self, before: TasteProfile, after: TasteProfile) -> None:
        liked, disliked = set(before.likes), set(before.dislikes)
        self._did("liked", (i for i in after.likes if i not in liked))
        self._did("disliked", (i for i in after.dislikes if i not in disliked))
        if self.person:
            self.person.learn(before, after)

    @contextmanager
    def _alone(self) -> Iterator[SessionState]:
        """One turn or edit at a time, over threads and processes; gives the state that it begins with."""
        with self._lock, self._engine.store.lock(self.id):
            yield self._state()

    def _save(self, state: SessionState) -> None:
        if self.person and self.id not in self.person.sessions:
            self.person.add_session(
                self.id
            )  # erased while this turn ran: what is kept now must be found again
        self._engine.store.save(self.id, state.to_json(), state.revision)

    def _lost_to_full_disk(self, before: SessionState, after: SessionState) -> tuple[str, ...]:
        """Keep a turn; a note that it could not be kept, where there is no space: the answer is given all the same."""
        try:
            self._save(after)
            self._learn(before.profile, after.profile)
        except DiskFull as error:
            return (f"{NOT_KEPT} {error}.",)
        return ()

    def _state(self) -> SessionState:
        stored, revision = self._engine.store.load(self.id)
        changes = changed_by_catalog(stored, self._catalog, self._engine.removed)
        return SessionState.from_json({**stored, **changes}, revision)


def _with_profile(state: SessionState, profile: TasteProfile, timeline: Timeline) -> SessionState:
    return state.model_copy(update={"profile": profile, "timeline": timeline})


def _message_as_dict(message: Message) -> dict[str, Any]:
    return message.model_dump(mode="json", exclude={"items"} if message.role == "user" else None)


def _role(role: str) -> Role:
    if role == "user":
        return "user"
    if role == "assistant":
        return "assistant"
    raise QueryError(f"role {role!r}; use user or assistant")


def _check(message: str, k: int) -> None:
    if not message.strip():
        raise QueryError("the message is empty; say what you are looking for")
    if len(message) > MAX_MESSAGE_CHARACTERS:
        raise QueryError(
            f"the message has {len(message):,} characters; at most {MAX_MESSAGE_CHARACTERS:,} are read"
        )
    if not 1 <= k <= MAX_K:
        raise QueryError(f"k is {k}; ask for 1 to {MAX_K} items")


def titles_to_ids(titles: Sequence[str], resources: TurnResources) -> list[str]:
    """Item ids for typed titles (or ids), one each.

    Raises:
        QueryError: a title is not in the catalogue (names what looks alike), or could be several.
    """
    return [
        find_item(title, resources.tool_context.catalog, resources.tool_context.resolver) for title in titles
    ]
