"""The agent: sessions, turns, and the Python API.

>>> from tastemaker.agent import Tastemaker

A name is imported when it is first asked for: a search needs no turn, and the graph of a turn takes a second.
"""

from typing import TYPE_CHECKING

from tastemaker.retrieval.names_on_demand import names_on_demand

if TYPE_CHECKING:
    from tastemaker.agent.events import (
        Card,
        CardsByRules,
        Done,
        Event,
        ItemShown,
        Reply,
        Text,
        ToolCalled,
        Understood,
    )
    from tastemaker.agent.llm.usage import Usage
    from tastemaker.agent.memory.profile import TasteProfile
    from tastemaker.agent.session import Session
    from tastemaker.agent.tastemaker import Tastemaker

__all__ = [
    "Card",
    "CardsByRules",
    "Done",
    "Event",
    "ItemShown",
    "Reply",
    "Session",
    "TasteProfile",
    "Tastemaker",
    "Text",
    "ToolCalled",
    "Understood",
    "Usage",
]

__getattr__ = names_on_demand(
    __name__,
    {
        "Card": "events",
        "CardsByRules": "events",
        "Done": "events",
        "Event": "events",
        "ItemShown": "events",
        "Reply": "events",
        "Session": "session",
        "TasteProfile": "memory.profile",
        "Tastemaker": "tastemaker",
        "Text": "events",
        "ToolCalled": "events",
        "Understood": "events",
        "Usage": "llm.usage",
    },
)
