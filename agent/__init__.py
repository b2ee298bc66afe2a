"""The agent: sessions, turns, and the Python API.

>>> from tastemaker.agent import Tastemaker
"""

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
