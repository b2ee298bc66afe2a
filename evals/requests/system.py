"""What a system gives for a request, and what it takes to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tastemaker.evals.requests.case import RequestCase

SHOWN = 5
"""Items that a system is asked for, and that are judged."""


@dataclass(frozen=True)
class RequestAnswer:
    """What a system answered.

    Attributes:
        items: ids, the best first.
        text: what it said apart from reasons: notes, lead-in, question.
        reasons: item id -> why it is there.
        abstained: whether it said that nothing fits.
        said_unknown: whether it said that it does not know what was asked for.
        conditions: the hard ones it read, as JSON; None where it does not tell.
        first_seconds: until the first item was there, where that is known.
        usage: calls, tokens, cost.
        trace: what happened.
    """

    items: tuple[str, ...] = ()
    text: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    abstained: bool = False
    said_unknown: bool = False
    conditions: Sequence[Mapping[str, Any]] | None = None
    first_seconds: float | None = None
    usage: Mapping[str, Any] | None = None
    trace: Sequence[Mapping[str, Any]] | None = None


class Talk(Protocol):
    """One conversation with a system, asked message after message."""

    def answer(self, case: RequestCase) -> RequestAnswer:
        """What it gives for a message; it must not look at relevance lists."""

    def replace_shown(self, items: Sequence[str]) -> None:
        """Another list in place of the one it showed last."""


class RequestSystem(Protocol):
    """Anything that can hold conversations, several at a time in threads."""

    def open(self, first: RequestCase) -> AbstractContextManager[Talk]:
        """Begin a conversation with somebody who has the first message's history."""


class Ranking(Protocol):
    """A system without a memory: each message is answered by itself."""

    def rank(self, case: RequestCase, exclude: Sequence[str]) -> RequestAnswer:
        """At most :data:`SHOWN` items that are not excluded."""


@dataclass(frozen=True)
class Memoryless:
    """Conversations with a ranking: what the person likes and what was shown is not shown again."""

    ranking: Ranking

    @contextmanager
    def open(self, first: RequestCase) -> Iterator[Talk]:
        """See :class:`RequestSystem`."""
        yield _RankedTalk(self.ranking, list(first.history))


@dataclass
class _RankedTalk:
    ranking: Ranking
    hidden: list[str]
    last: tuple[str, ...] = ()

    def answer(self, case: RequestCase) -> RequestAnswer:
        answer = self.ranking.rank(case, (*self.hidden, *self.last))
        self.hidden += self.last
        self.last = answer.items
        return answer

    def replace_shown(self, items: Sequence[str]) -> None:
        self.last = tuple(items)
