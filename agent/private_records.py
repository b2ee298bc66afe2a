"""Traces and feedback of sessions whose words are not to be written down: what happened, and no text of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tastemaker.agent.feedback import FeedbackLog, Record
from tastemaker.agent.trace import Trace

OWN_NAMES = frozenset(
    {"kind", "at", "llm", "effort", "tool", "step", "stopped", "error", "model", "prompt_sha", "id", "item"}
    | {"best", "session", "label"}
)
"""Fields that hold names, times and item ids of ours; any other may hold a person's or a model's words."""

SAID = frozenset({"understanding", "arguments", "answer", "profile", "attributes"})
"""Fields whose every part may."""


def without_words(value: Any, name: str = "", *, said: bool = False) -> Any:
    """A record with its numbers, names and item ids; every text that somebody may have said is empty.

    >>> without_words({"kind": "started", "message": "for my wife", "k": 5})
    {'kind': 'started', 'message': '', 'k': 5}
    """
    said = said or name in SAID
    if isinstance(value, dict):
        kept = {key: without_words(part, key, said=said) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in ("", [], {})} if said else kept
    if isinstance(value, (list, tuple)):
        return [without_words(part, name, said=said) for part in value]
    if isinstance(value, str):
        return value if name in OWN_NAMES and not said else ""
    return value


class PrivateTrace(Trace):
    """What happened in a session, without a word that was said in it."""

    def record(self, turn: int, event: Any) -> dict[str, Any]:
        """As in every trace, without words."""
        kept: dict[str, Any] = without_words(super().record(turn, event))
        return kept


class PrivateFeedback(FeedbackLog):
    """What was shown and what became of it; its turns can be judged and not be held again."""

    def _append(self, records: Sequence[Record]) -> None:
        bare = [
            {name: part for name, part in one.items() if name not in ("message", "state")} for one in records
        ]
        super()._append(bare)
