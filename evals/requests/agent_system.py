"""The agent as a system under test: a session a conversation, the history as liked items."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tastemaker.agent import CardsByRules, Done, ItemShown, Session, Tastemaker
from tastemaker.agent.events import Card, Event, Reply
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.model_profile import ModelProfile
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.session_store import MEMORY
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.agent.turn.state import Words
from tastemaker.evals.dialogues.agent_system import TRACED
from tastemaker.evals.requests.case import RequestCase
from tastemaker.evals.requests.honesty import says_nothing_fits, says_unknown
from tastemaker.evals.requests.system import SHOWN, RequestAnswer, Talk
from tastemaker.evals.runs.reply_record import last_conditions
from tastemaker.retrieval.catalog.catalog import Catalog, plain
from tastemaker.tools.workspace.workspace import Workspace


class AgentSystem:
    """Tastemaker itself.

    Args:
        workspace: catalogue, index and recommender.
        model: None for rules.
        effort: see :class:`tastemaker.agent.turn.graph.Effort`.
        words: ``template`` spares the model the wording of replies.
        model_profile: what the model counts; by its name unless given.
    """

    def __init__(
        self,
        workspace: Workspace,
        model: LanguageModel | None,
        effort: str,
        words: str = Words.MODEL,
        model_profile: ModelProfile | None = None,
    ) -> None:
        self._agent = Tastemaker(
            workspace, model, effort, sessions=MEMORY, words=words, model_profile=model_profile
        )

    @contextmanager
    def open(self, first: RequestCase) -> Iterator[Talk]:
        """See :class:`tastemaker.evals.requests.system.RequestSystem`; the session is erased afterwards."""
        session = self._agent.session(liked=first.history)
        try:
            yield _AgentTalk(session, self._agent.workspace.catalog)
        finally:
            session.erase()

    def close(self) -> None:
        """Let go of stores and indexes."""
        self._agent.close()


class _AgentTalk:
    def __init__(self, session: Session, catalog: Catalog) -> None:
        self._session, self._catalog = session, catalog

    def answer(self, case: RequestCase) -> RequestAnswer:
        started, first = time.perf_counter(), None
        events = list[Event]()
        for event in self._session.stream(case.message, SHOWN):
            if isinstance(event, CardsByRules | ItemShown) and first is None:
                first = round(time.perf_counter() - started, 5)
            events.append(event)
        reply = next(event.reply for event in reversed(events) if isinstance(event, Done))
        trace = [event.model_dump(mode="json") for event in events if event.kind in TRACED]
        said = _beside_reasons(reply)
        return RequestAnswer(
            items=tuple(card.id for card in reply.items),
            text=said,
            reasons={card.id: card.reason for card in reply.items},
            abstained=not reply.items or says_nothing_fits(said),
            said_unknown=says_unknown(said),
            conditions=last_conditions(trace),
            first_seconds=first,
            usage=reply.usage.model_dump(),
            trace=trace,
        )

    def replace_shown(self, items: Sequence[str]) -> None:
        """What was said and liked stays; the reply to it is another list, which asked nothing back."""
        session = self._session
        profile = session.profile
        replaced = {*(card.id for card in session.last_items), *items}
        shown = (*(item for item in profile.shown if item not in replaced), *items)
        cards = tuple(map(self._card, items))
        said = [Message.model_validate(message) for message in session.messages]
        if said and said[-1].role == "assistant":
            said.pop()
        titles = "; ".join(card.title for card in cards)
        said.append(Message(role="assistant", text=f"Here is what I found: {titles}.", items=tuple(items)))
        state = SessionState(
            profile=profile.model_copy(update={"shown": shown}),
            messages=tuple(said),
            summary=session.summary,
            last=cards,
        )
        session.restore(state.to_json())

    def _card(self, item_id: str) -> Card:
        item = self._catalog[item_id]
        attributes = {name: plain(value) for name, value in item.attributes.items()}
        return Card(id=item.id, title=item.title, attributes=attributes, reason="", score=0.0, sources=())


def _beside_reasons(reply: Reply) -> str:
    return "\n".join(part for part in (*reply.notes, reply.message, reply.question) if part)
