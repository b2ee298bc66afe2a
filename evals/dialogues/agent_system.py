"""The agent as a system under test: each moment a session of its own, with what had been said and named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tastemaker.agent import CardsByRules, Done, ItemShown, Session, Tastemaker
from tastemaker.agent.events import Card, Event, Understood
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.session_store import MEMORY
from tastemaker.agent.turn.state import Words
from tastemaker.evals.dialogues.case import DialogueCase, Names, link
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.system import DEEP, Answer, Folds
from tastemaker.tools.conversation_ranker.ranker import ConversationRanker
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.workspace import Workspace

NOTHING_SAID = "recommend me something"
ASKED_AGAIN = "asked again"
"""The kind of the entry in a row's trace that tells of a turn which only talked."""
ROLES = {"seeker": "user", "recommender": "assistant"}
TRACED = ("understood", "tool", "fallback", "model", "text")
"""Events that a row keeps."""


class AgentSystem:
    """Tastemaker itself.

    Args:
        workspace: catalogue, index and recommender.
        model: None for rules.
        effort: see :class:`tastemaker.agent.turn.graph.Effort`.
        folds: if given, the agent's conversation ranker is the one that has not learned from the
            conversation it is asked about; else it has none.
        words: ``template`` spares the model the wording of replies, which changes no ranking.
    """

    def __init__(
        self,
        workspace: Workspace,
        model: LanguageModel | None,
        effort: str,
        folds: Folds | None,
        words: str = Words.MODEL,
    ) -> None:
        tool_context = workspace.tool_context(taught=False)
        rankers: Iterable[tuple[int | None, ConversationRanker | None]] = (
            folds.learn_all().items() if folds else ((None, None),)
        )
        self._part = folds.part if folds else lambda _: None
        self._agents = {
            fold: Tastemaker(
                workspace,
                model,
                effort,
                sessions=MEMORY,
                tool_context=replace(tool_context, conversation=ranker),
                words=words,
            )
            for fold, ranker in rankers
        }

    def answer(self, case: DialogueCase) -> Answer:
        """One turn on what the seeker said last; where it only talks, a second one that asks for suggestions.

        At every moment of a log somebody does recommend. "Great!" or "what is that about?" is answered in words, which
        is right and ranks nothing; the seeker who waits for the suggestion is then taken to ask for it.
        """
        with self._session_for(case) as session:
            first = read_answer(lambda: session.stream(case.message or NOTHING_SAID, DEEP))
            if first.items or not case.message:
                return first
            second = read_answer(lambda: session.stream(NOTHING_SAID, DEEP))
            talk = [
                *(first.trace or ()),
                {"kind": ASKED_AGAIN, "message": NOTHING_SAID, "answer": first.text},
            ]
            return replace(second, trace=[*talk, *(second.trace or ())])

    def shortlist(self, case: DialogueCase, k: int) -> tuple[tuple[Card, ...], TasteProfile]:
        """The first ``k`` cards for what the seeker said last, and the profile they were found for."""
        with self._session_for(case) as session:
            events = list(session.stream(case.message or NOTHING_SAID, k))
        profile = next((event.profile for event in events if isinstance(event, Understood)), {})
        cards = tuple(event.card for event in events if isinstance(event, ItemShown))
        return cards, TasteProfile.model_validate(profile)

    def tool_context_of(self, case: DialogueCase) -> ToolContext:
        """What the tools work on for a case, with the ranker that has not learned from it."""
        return self._agent(case).resources.tool_context

    def _agent(self, case: DialogueCase) -> Tastemaker:
        return self._agents[self._part(case.group)]

    @contextmanager
    def _session_for(self, case: DialogueCase) -> Iterator[Session]:
        """A session that knows what had been said and named, erased afterwards."""
        session = self._agent(case).session()
        try:
            said = [one for one in case.context if one.text.strip()]
            before = said[: _last_of_seeker(said)]
            session.recall([(ROLES[one.speaker], one.text) for one in before])
            _tell(session, case)
            yield session
        finally:
            session.erase()

    def close(self) -> None:
        """Let go of stores and indexes."""
        for agent in self._agents.values():
            agent.close()


@contextmanager
def teach_agent(
    workspace: Path, data_file: Path, seed: int
) -> Iterator[tuple[AgentSystem, list[DialogueCase]]]:
    """The agent by rules, taught fold by fold from a file of logged conversations, and that file's moments."""
    opened = Workspace.open(workspace)
    cases = list(link(read_dialogues(data_file), Names(opened.catalog)))
    agent = AgentSystem(opened, None, "balanced", Folds(opened.tool_context(), cases, seed, progress=True))
    try:
        yield agent, cases
    finally:
        agent.close()


def read_answer(turn: Callable[[], Any]) -> Answer:
    """A turn's events as an answer."""
    started, first = time.perf_counter(), None
    events = list[Event]()
    for event in turn():
        if isinstance(event, CardsByRules | ItemShown) and first is None:
            first = round(time.perf_counter() - started, 5)
        events.append(event)
    done = next(event for event in reversed(events) if isinstance(event, Done))
    return Answer(
        tuple(item.id for item in done.reply.items),
        text=done.reply.text,
        first_seconds=first,
        usage=done.reply.usage.model_dump(),
        trace=[event.model_dump(mode="json") for event in events if event.kind in TRACED],
        places={card.id: _places(card) for card in done.reply.items},
        question=done.reply.question,
    )


def _sum(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any]:
    """What two turns cost."""
    costs = dict(one or {})
    for name, cost in (other or {}).items():
        costs[name] = costs[name] + cost if isinstance(costs.get(name), int | float) else cost
    return costs


def _places(card: Card) -> list[int]:
    return [source.place for source in card.sources]


def _tell(session: Session, case: DialogueCase) -> None:
    """Mentioned items count as liked unless they are known to be disliked; all are out of the running."""
    profile = session.profile
    for item_id in case.mentioned:
        disliked = case.sentiment.get(item_id) == "disliked"
        profile = profile.with_dislike(item_id) if disliked else profile.with_like(item_id)
    session.set_profile(profile)


def _last_of_seeker(said: Sequence[Any]) -> int:
    places = [place for place, one in enumerate(said) if one.speaker == "seeker"]
    return places[-1] if places else len(said)
