"""Systems that need no language model: the plain bot, popularity, search, and the request read perfectly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tastemaker.agent.turn.text_search import TextSearch
from tastemaker.evals.requests.case import RequestCase
from tastemaker.evals.requests.ideal_reading import IdealReader
from tastemaker.evals.requests.system import SHOWN, Memoryless, Ranking, RequestAnswer, RequestSystem
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.suit import suit
from tastemaker.tools.tool_context import ToolContext


@dataclass(frozen=True)
class Bot:
    """Retrieval as in a plain RAG bot: the items whose texts' vectors are nearest to the message's."""

    tool_context: ToolContext

    def rank(self, case: RequestCase, exclude: Sequence[str]) -> RequestAnswer:
        """See :class:`tastemaker.evals.requests.system.Ranking`."""
        index = self.tool_context.index
        scores = np.asarray(index.vectors @ index.embed(case.message), np.float32)
        keep = self.tool_context.allowed_rows((), exclude)
        return RequestAnswer(tuple(item_id for item_id, _ in self.tool_context.best(scores, keep, SHOWN)))


@dataclass(frozen=True)
class Popularity:
    """The items that most people took, whatever is asked for."""

    tool_context: ToolContext

    def rank(self, case: RequestCase, exclude: Sequence[str]) -> RequestAnswer:  # noqa: ARG002 - as all rankings
        """See :class:`tastemaker.evals.requests.system.Ranking`."""
        scores = self.tool_context.popularity.astype(np.float32)
        keep = self.tool_context.allowed_rows((), exclude)
        return RequestAnswer(tuple(item_id for item_id, _ in self.tool_context.best(scores, keep, SHOWN)))


class TypedSearch:
    """``tastemaker search`` with the message as its text: no memory of what was said before."""

    def __init__(self, tool_context: ToolContext) -> None:
        self._search = TextSearch(tool_context)

    def rank(self, case: RequestCase, exclude: Sequence[str]) -> RequestAnswer:
        """See :class:`tastemaker.evals.requests.system.Ranking`."""
        found = self._search.search(Search(case.message, exclude=exclude, k=SHOWN))
        items = tuple(hit.id for hit in found.result.hits)
        return RequestAnswer(
            items,
            abstained=not items,
            said_unknown=bool(found.read.unknown),
            conditions=[condition.model_dump(mode="json") for condition in found.read.required],
        )


class Ideal:
    """The catalogue ranked for what a request means, which tells reading from ranking."""

    def __init__(self, tool_context: ToolContext) -> None:
        self._tool_context = tool_context
        self._reader = IdealReader(tool_context)

    def rank(self, case: RequestCase, exclude: Sequence[str]) -> RequestAnswer:
        """See :class:`tastemaker.evals.requests.system.Ranking`; nothing for a message without a form."""
        if case.ideal is None:
            return RequestAnswer()
        read = self._reader.read(case.ideal)
        hidden = (*exclude, *case.ideal.like, *case.ideal.unlike)
        found = suit(self._tool_context, read.wanted, read.constraints, hidden, SHOWN)
        items = tuple(item_id for item_id, _ in found.ranked)
        return RequestAnswer(
            items,
            abstained=not items,
            said_unknown=bool(read.unknown),
            conditions=[condition.model_dump(mode="json") for condition in read.constraints],
        )


BASELINES: Mapping[str, Callable[[ToolContext], Ranking]] = {
    "bot": Bot,
    "popularity": Popularity,
    "ideal": Ideal,
    "search": TypedSearch,
}


def baseline_system(name: str, tool_context: ToolContext) -> RequestSystem:
    """A system by name, out of :data:`BASELINES`."""
    return Memoryless(BASELINES[name](tool_context))
