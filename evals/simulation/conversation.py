"""Conversations between an agent and a simulated user, and what they come to.

The user accepts the very item it has in mind (which a catalogue may list twice) and nothing else. Every
message of the user is audited; a conversation that leaks counts in no figure and is reported.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tastemaker.evals.simulation.leak_audit import Leak, LeakAudit
from tastemaker.evals.simulation.user import AgentTurn, AgentUnderTest, Said, SimulatedUser
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import satisfies

METRICS = ("success", "turns", "questions", "violations", "violation_rate", "told")
"""Figures of a conversation; ``turns`` to success, where a failure counts one more than there were."""


@dataclass(frozen=True)
class Wanted:
    """Somebody and what they want.

    Attributes:
        person: who.
        target: id of the item in mind.
        history: item ids that they took before, the oldest first; the agent is given them.
        twins: ids under which the catalogue lists the very same title a second time.
    """

    person: str
    target: str
    history: tuple[str, ...]
    twins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """A message, the reply, and what was wrong with either; ``standing`` conditions held for what was shown."""

    said: Said
    turn: AgentTurn
    leaks: tuple[Leak, ...]
    violations: tuple[str, ...]
    seconds: float
    standing: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A conversation that is over; with a ``farewell`` where the user lost patience."""

    exchanges: tuple[Exchange, ...]
    success: bool
    farewell: str = ""

    @property
    def leaks(self) -> list[Leak]:
        """All leaks of it."""
        return [leak for one in self.exchanges for leak in one.leaks]

    def metrics(self, most_turns: int) -> dict[str, float | None]:
        """Its figures; all None where it leaked, and the rate where nothing was shown."""
        if self.leaks:
            return dict.fromkeys(METRICS)
        shown = sum(len(one.turn.items) for one in self.exchanges)
        violations = sum(len(one.violations) for one in self.exchanges)
        return {
            "success": float(self.success),
            "turns": float(len(self.exchanges) if self.success else most_turns + 1),
            "questions": float(sum(bool(one.turn.question) for one in self.exchanges)),
            "violations": float(violations),
            "violation_rate": violations / shown if shown else None,
            "told": float(sum(len(one.said.told) for one in self.exchanges)),
        }

    def trace(self, catalog: Catalog) -> list[dict[str, Any]]:
        """The transcript as JSON."""
        return [
            {
                "user": one.said.text,
                "told": [fact.key for fact in one.said.told],
                "agent": one.turn.text,
                "items": list(one.turn.items),
                "question": one.turn.question,
                "violations": [catalog[item_id].title for item_id in one.violations],
                "leaks": [asdict(leak) for leak in one.leaks],
                "usage": {"agent": one.turn.usage, "user": one.said.usage},
                "seconds": round(one.seconds, 4),
            }
            for one in self.exchanges
        ]


def converse(
    wanted: Wanted,
    user: SimulatedUser,
    agent: AgentUnderTest,
    catalog: Catalog,
    audit: LeakAudit,
    most_turns: int,
) -> Outcome:
    """One conversation: at most ``most_turns`` messages of the user, fewer where the item is found."""
    conversation, secrets = agent.begin(wanted.history), audit.secrets(catalog[wanted.target])
    standing: tuple[Condition, ...] = ()
    exchanges: list[Exchange] = []
    said = user.opening()
    while True:
        standing = (*(c for c in standing if c not in said.taken_back), *said.stated)
        started = time.perf_counter()
        turn = conversation.send(said.text)
        seconds = time.perf_counter() - started
        broken = violations(turn.items, standing, catalog)
        leaks = tuple(audit.leaks(said.text, secrets))
        exchanges.append(Exchange(said, turn, leaks, broken, seconds, standing))
        found = next((i for i in turn.items if i in (wanted.target, *wanted.twins)), None)
        if found:
            conversation.accept(found)
        if found or len(exchanges) == most_turns:
            return Outcome(tuple(exchanges), bool(found))
        said = user.answer(turn)
        if said.leaves:
            return Outcome(tuple(exchanges), False, said.text)


def violations(items: Sequence[str], standing: Sequence[Condition], catalog: Catalog) -> tuple[str, ...]:
    """The items shown that break a condition, or do not exist and so meet none."""
    return tuple(
        item_id
        for item_id in items
        if item_id in catalog and not all(satisfies(catalog[item_id], one) for one in standing)
    )
