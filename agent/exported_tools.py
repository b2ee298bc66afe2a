"""What the agent offers to other agents, as plain typed functions: recommend, search, inspect, profile.

The signatures and docstrings are what a language model is shown, both as LangChain tools
(:func:`langchain_tools`) and over the Model Context Protocol (:mod:`tastemaker.agent.mcp_server`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import Field

from tastemaker.agent.nlu.llm_reader import describe_attributes
from tastemaker.agent.session import titles_to_ids
from tastemaker.agent.turn.text_search import TextSearch
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.media import media_fields
from tastemaker.retrieval.errors import TastemakerError, ToolError
from tastemaker.retrieval.filters.conditions import Condition, all_of
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.filter import filter_items
from tastemaker.tools.similar import similar

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from tastemaker.agent.events import Reply
    from tastemaker.agent.memory.person import Person
    from tastemaker.agent.turn.state import TurnResources

MAX_K = 50
MAX_START = 500
Record = dict[str, Any]

MAX_TITLES = 100
"""In one list; a person's history is for whoever opens sessions in Python."""
MAX_CHARACTERS = 20_000

Titles = Annotated[
    list[str], Field(max_length=MAX_TITLES, description="Titles as the catalogue spells them, or item ids.")
]
Count = Annotated[int, Field(ge=1, le=MAX_K, description="How many items at most.")]


Start = Annotated[
    int, Field(ge=0, le=MAX_START, description="How many items to pass over: an earlier answer's next.")
]


class Conversation(Protocol):
    """What the functions use of :class:`tastemaker.agent.Session`."""

    def send(self, message: str, k: int) -> Reply:
        """One turn."""


class Agent(Protocol):
    """What the functions use of :class:`tastemaker.agent.Tastemaker`."""

    @property
    def resources(self) -> TurnResources:
        """The catalogue and what searches it."""

    def session(
        self, session_id: str | None = None, *, liked: Sequence[str] = (), disliked: Sequence[str] = ()
    ) -> Conversation:
        """A conversation, new or gone on with."""

    def person(self, person_id: str) -> Person:
        """The long-term taste of somebody."""


class ExportedTools:
    """The four functions over one agent. Whatever they return is JSON, and every item in it exists.

    Raises (each of them):
        TastemakerError: an argument that does not fit; says what is allowed.
    """

    def __init__(self, tm: Agent) -> None:
        self._tm = tm
        self._catalog = tm.resources.tool_context.catalog
        self._media = media_fields(self._catalog)
        self._text_search = TextSearch(tm.resources.tool_context, tm.resources.rules)

    def recommend(
        self,
        message: Annotated[str, Field(description="What the person wants, in their own words.")],
        liked: Titles = [],  # noqa: B006 - the schema shows the default, and it is not changed
        disliked: Titles = [],  # noqa: B006
        session: Annotated[
            str, Field(description="The id that an earlier answer gave, to go on there.")
        ] = "",
        k: Count = 5,
    ) -> Record:
        """Recommend items to one person. Conditions in the message are kept, what they know is left out.

        Returns items with reasons and with the addresses of their picture and page where they have them,
        perhaps one question to ask back, notes, and the session's id: pass it on with the person's next
        message, so that what they said before still counts.
        """
        _check_length(message, session, *liked, *disliked)
        _check_count(liked)
        _check_count(disliked)
        conversation = self._tm.session(session or None, liked=liked, disliked=disliked)
        reply = conversation.send(message, k)
        items = [
            {"id": card.id, "title": card.title, "reason": card.reason, **self._media.of(card.attributes)}
            for card in reply.items
        ]
        return {
            "items": items,
            "message": reply.message,
            "question": reply.question,
            "notes": list(reply.notes),
            "session": reply.session,
        }

    def search(
        self,
        text: Annotated[
            str, Field(description="What the item is about or like, as a person would say it; may be empty.")
        ] = "",
        where: Annotated[str, Field(description="Hard conditions; may be empty.")] = "",
        like: Annotated[str, Field(description="A title to find similar items for; may be empty.")] = "",
        k: Count = 10,
        start: Start = 0,
    ) -> Record:
        """Find items by what they are about, by hard conditions, or by likeness to an item.

        Conditions read like: year between 1990 and 1999 and (genres any of Comedy, Drama) and not
        director is "Ada Stone". Operators: is, is not, any of, none of, all of, at least, at most,
        between, before, after, contains. Notes say how the text was understood. Where there is more, ``next`` is the
        start of the next page.
        """
        _check_length(text, where, like)
        conditions = [parse_where(where, self._catalog.schema)] if where.strip() else []
        if text.strip() and not like.strip():
            condition = all_of(conditions) if conditions else None
            found = self._text_search.search(Search(text.strip(), where=condition, k=start + k + 1)).result
            ids, notes = [hit.id for hit in found.hits], list(found.notes)
        else:
            ranked = self._find(text.strip(), conditions, like.strip(), start + k + 1).ranked
            ids, notes = [item_id for item_id, _ in ranked], []
        items = [self._brief(self._catalog[item_id]) for item_id in ids[start : start + k]]
        more = len(ids) > start + k and start + k <= MAX_START
        return {"items": items, "notes": notes, "next": start + k if more else None}

    def inspect(
        self, item: Annotated[str, Field(description="A title as the catalogue spells it, or an item id.")]
    ) -> Record:
        """Everything the catalogue says about one item."""
        _check_length(item)
        found = self._catalog[titles_to_ids([item], self._tm.resources)[0]]
        return {**found.as_dict(), **self._media.of(found.attributes)}

    def profile(self, person: Annotated[str, Field(description="The person's id.")]) -> Record:
        """What is known of a person across sessions: titles taken, liked and disliked."""
        return {
            name: [self._catalog[item_id].title for item_id in ids]
            for name, ids in self._tm.person(person).taste
        }

    def functions(self) -> Mapping[str, tuple[Callable[..., Record], str]]:
        """Name -> function and description; the search's description lists this catalogue's attributes."""
        attributes = f"\n\nAttributes of this catalogue:\n{describe_attributes(self._catalog)}"
        offered = (self.recommend, self.search, self.inspect, self.profile)
        return {
            one.__name__: (one, cleandoc(one.__doc__ or "") + (attributes if one == self.search else ""))
            for one in offered
        }

    def _find(self, text: str, conditions: list[Condition], like: str, k: int) -> Candidates:
        tool_context = self._tm.resources.tool_context
        if like and text:
            raise ToolError("give either text or like, not both")
        if like:
            return similar(tool_context, titles_to_ids([like], self._tm.resources)[0], conditions, k=k)
        if not conditions:
            raise ToolError("nothing to search for; give text, where, or like")
        return filter_items(tool_context, conditions, k=k)

    def _brief(self, item: Item) -> Record:
        own: Record = item.as_dict()["attributes"]  # type: ignore[assignment]
        return {"id": item.id, "title": item.title, **self._media.of(item.attributes), **own}


def _check_length(*texts: str) -> None:
    longest = max(map(len, texts))
    if longest > MAX_CHARACTERS:
        raise ToolError(f"a text of {longest:,} characters; give at most {MAX_CHARACTERS:,}")


def _check_count(titles: Sequence[str]) -> None:
    if len(titles) > MAX_TITLES:
        raise ToolError(f"a list of {len(titles):,} titles; give at most {MAX_TITLES}, those that say most")


def langchain_tools(offered: ExportedTools) -> list[BaseTool]:
    """The functions as LangChain tools, for anybody's agent; what goes wrong is told to its model."""
    from langchain_core.tools import StructuredTool  # half a second to import
    from langchain_core.tools.base import create_schema_from_function

    return [
        StructuredTool.from_function(
            _telling(function),
            name=name,
            description=description,
            args_schema=create_schema_from_function(name, function),
            handle_tool_error=True,
        )
        for name, (function, description) in offered.functions().items()
    ]


def _telling(function: Callable[..., Record]) -> Callable[..., Record]:
    from langchain_core.tools import ToolException

    def call(**arguments: Any) -> Record:
        try:
            return function(**arguments)
        except TastemakerError as error:
            raise ToolException(str(error)) from error

    return call
