"""What a tool returns: ranked item ids with the call they came from."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """A tool call that found an item, and the item's place in what it found.

    Attributes:
        tool: name of the tool.
        arguments: what it was called with, as plain JSON values.
        place: from 1.
        part: what it adds to the item's fused score; 0 where that is not known.
        shares: what this is made of, as shares by name; empty where the tool counts one thing only.
    """

    tool: str
    arguments: Mapping[str, object]
    place: int
    part: float = field(default=0.0, compare=False)
    shares: Mapping[str, float] = field(default_factory=dict, compare=False)

    def label(self) -> str:
        """The call and the place in a few words.

        >>> Source("rank", {"by": "sasrec"}, 2).label()
        "rank(by='sasrec') #2"
        """
        return f"{call_label(self.tool, self.arguments)} #{self.place}"

    @classmethod
    def of_label(cls, label: str) -> Source:
        """A source out of its label, as older traces and sessions have it; of another text, a tool of that name.

        >>> Source.of_label("rank(by='sasrec') #2") == Source("rank", {"by": "sasrec"}, 2), Source.of_label("luck").tool
        (True, 'luck')
        """
        call, _, place = label.rpartition("#")
        try:
            parsed = ast.parse(call.strip(), mode="eval").body
            if isinstance(parsed, ast.Name):
                return cls(parsed.id, {}, int(place))
            if isinstance(parsed, ast.Call) and isinstance(parsed.func, ast.Name):
                arguments = {str(one.arg): ast.literal_eval(one.value) for one in parsed.keywords}
                return cls(parsed.func.id, arguments, int(place))
        except (SyntaxError, ValueError):
            pass
        return cls(label, {}, 0)


@dataclass(frozen=True, slots=True)
class Candidates:
    """One tool call and what it found.

    Attributes:
        tool: name of the tool.
        arguments: what it was called with, as plain JSON values.
        ranked: (item id, score) from best to worst; a score says how many standard deviations the
            item lies above a typical one, so that scores of different tools can be added.
        round: 0 for the opening calls of a turn, then one per step of exploration.
        seconds: how long the call took.
        note: anything the caller should know, such as a fallback that was taken.
        shares: item id -> what its score is made of, see :class:`Source`.
    """

    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    ranked: tuple[tuple[str, float], ...] = ()
    round: int = 0
    seconds: float = 0.0
    note: str = ""
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)

    def label(self) -> str:
        """The call in a few words, as people and prompts see it.

        >>> Candidates("retrieve", {"text": "jury room"}).label()
        "retrieve(text='jury room')"
        """
        return call_label(self.tool, self.arguments)

    def source(self, place: int, part: float = 0.0, item_id: str = "") -> Source:
        """The call as what found the item at a place, from 1, and what that adds to its score."""
        return Source(self.tool, self.arguments, place, part, self.shares.get(item_id, {}))


def call_label(tool: str, arguments: Mapping[str, object]) -> str:
    """A call in a few words; arguments that are empty are left out."""
    shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items() if value)
    return f"{tool}({shown})"
