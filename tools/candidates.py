"""What a tool returns: ranked item ids with the call they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    """

    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    ranked: tuple[tuple[str, float], ...] = ()
    round: int = 0
    seconds: float = 0.0
    note: str = ""

    def label(self) -> str:
        """The call in a few words, as people and prompts see it.

        >>> Candidates("retrieve", {"text": "jury room"}).label()
        "retrieve(text='jury room')"
        """
        shown = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items() if value)
        return f"{self.tool}({shown})"
